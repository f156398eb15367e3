"""Scenes: results that concern the whole document: its frames, its size."""

import os

from docker_scenery import choose, ended, main, panel, session
from PyQt5.QtGui import QImage
from PyQt5.QtWidgets import QMessageBox
from scenery import APP, SRGB, Listener, add_layer, close, names, new_document, trigger

SIZE = 60, 40
RED, GREEN = [0, 0, 255, 255], [0, 255, 0, 255]


def animation(model="RGBA", depth="U8", profile=SRGB):
    """A document with lines that have frames at 0, 4 and 8, one line more on each."""
    document = yield from new_document(*SIZE, model, depth, profile)
    document.setBatchmode(True)
    for number in range(3):
        image = QImage(*SIZE, QImage.Format_ARGB32)
        image.fill(0)
        for y in range(SIZE[1]):
            image.setPixel(10 + 10 * number, y, 0xFF000000)
        file = os.path.join(os.environ["INKWASH_FOLDER"], f"frame-{number}.png")
        image.save(file)
        assert document.importAnimation([file], 4 * number, 1)
        document.waitForDone()
        if number:
            document.rootNode().childNodes()[-1].mergeDown()
            document.waitForDone()
    lines = document.rootNode().childNodes()[-1]
    lines.setName("Lines")
    if (lines.colorModel(), lines.colorDepth()) != (model, depth):
        lines.setColorSpace(model, depth, document.rootNode().colorProfile())
    document.setActiveNode(lines)
    yield 0.3
    return document, lines


def go_to(document, time):
    document.setCurrentTime(time)
    document.waitForDone()
    yield 0.2
    document.waitForDone()


def run(listener, *what, **options):
    """A run that comes to a result; its notices."""
    end = yield from listener.run(*what, **options)
    assert end.get("type") == "result", end
    return end["notices"]


def group_in(document, place=-1):
    return [node for node in document.rootNode().childNodes() if node.type() == "grouplayer"][place]


def frames_of(group, pixel=(50, 20)):
    """The keyframes of its lowest layer, each with what is there."""
    layer = group.childNodes()[0]
    times = [time for time in range(12) if layer.hasKeyframeAtTime(time)]
    return {time: list(bytes(layer.pixelDataAtTime(*pixel, 1, 1, time))) for time in times}


def seen(document, time):
    yield from go_to(document, time)
    return list(bytes(document.pixelData(50, 20, 1, 1)))


def scene_a_frame():
    """A result is on its frame, one undo step takes it back; other frames are added, and replaced one by one."""
    document, lines = yield from animation()
    listener = Listener()
    yield from go_to(document, 4)
    notices = yield from run(listener, document, "flats", {"lines": lines})
    found = {"names": names(document), "first": frames_of(group_in(document)), "notices": notices}
    found["blends"] = [node.blendingMode() for node in group_in(document).childNodes()]
    found["now"] = list(bytes(document.pixelData(50, 20, 1, 1)))
    yield from trigger(document, "edit_undo")
    found["undone"] = names(document)
    yield from trigger(document, "edit_redo")
    found["seen"] = []
    for time in (0, 4, 7, 8):
        found["seen"].append((yield from seen(document, time)))
    yield from run(listener, document, "flats", {"lines": lines}, {"red": 100})  # at 8, where nothing is yet
    found["second"] = [len(document.rootNode().childNodes()), frames_of(group_in(document))]
    yield from go_to(document, 4)
    yield from run(listener, document, "flats", {"lines": lines}, {"red": 50}, update_existing=True)
    found["replaced"] = [len(document.rootNode().childNodes()), frames_of(group_in(document))]
    yield from run(listener, document, "flats", {"lines": lines}, {"red": 70})  # where something is
    found["beside"] = [len(document.rootNode().childNodes()), frames_of(group_in(document))]
    group_in(document).remove()
    yield from go_to(document, 8)
    group_in(document).childNodes()[0].setPixelData(bytes(GREEN), 50, 20, 1, 1)
    notices = yield from run(listener, document, "flats", {"lines": lines}, {"red": 9}, update_existing=True)
    found["touched"] = [notices, frames_of(group_in(document))]
    found["kept"] = [group_in(document, 0).visible(), frames_of(group_in(document, 0))]
    yield from close(document)
    return found


def scene_every_space():
    """Keyframes in other colour spaces; held until the next line, whichever frame in between is seen."""
    found = {}
    for model, depth in (("RGBA", "U16"), ("GRAYA", "U8"), ("CMYKA", "U8"), ("RGBA", "F32")):
        document, lines = yield from animation(model, depth, "" if model != "RGBA" else SRGB)
        listener = Listener()
        yield from go_to(document, 5)
        yield from run(listener, document, "flats", {"lines": lines})
        layer = group_in(document).childNodes()[0]
        times = [time for time in range(12) if layer.hasKeyframeAtTime(time)]
        space = [layer.colorModel(), layer.colorDepth()] == [model, depth]
        shown = []
        for time in (4, 5, 8):
            yield from go_to(document, time)
            image = document.thumbnail(*SIZE)
            shown.append(list(image.pixelColor(50, 20).getRgb())[:3])
        found[f"{model} {depth}"] = [times, space, shown]
        yield from close(document)
    return found


def scene_what_is_still():
    """A layer that is not animated is told of."""
    document, lines = yield from animation()
    hints = add_layer(document, "Strokes", bytes(RED) * 25, (5, 5, 5, 5))
    listener = Listener()
    yield from go_to(document, 4)
    notices = yield from run(listener, document, "echo_hints", {"lines": lines, "hints": hints})
    found = [notices]
    notices = yield from run(listener, document, "identity", {"picture": hints})
    found.append(notices)
    group = group_in(document)
    found.append([group.name(), *frames_of(group, (6, 6)).items()])
    yield from close(document)
    return found


def questions():
    return [box for box in main().findChildren(QMessageBox) if box.isVisible()]


def answer(words):
    (box,) = questions()
    next(button for button in box.buttons() if button.text().replace("&", "") == words).click()


def scene_larger():
    """A result that is larger: asked once, then the picture grows, or another one is made."""
    document = yield from new_document(*SIZE)
    ink = add_layer(document, "Ink", bytes(RED) * 100, (5, 10, 10, 10))
    document.setActiveNode(ink)
    choose("doubled")
    yield 0.5
    session().run("doubled")
    yield 0.5
    found = {"asked": [button.text().replace("&", "") for box in questions() for button in box.buttons()]}
    found["not yet"] = [document.width(), document.height()]
    answer("Scale the picture")
    yield 0.2
    yield from ended()
    found["scaled"] = [document.width(), document.height()]
    found["layers"] = {n.name(): [n.bounds().width(), n.bounds().height()] for n in document.rootNode().childNodes()}
    found["ink"] = [ink.bounds().x(), ink.bounds().y()]
    found["choice"] = panel()._growth.currentText()
    found["undone"] = []
    for _ in range(2):
        yield from trigger(document, "edit_undo")
        found["undone"].append([document.width(), document.height()])
    session().memory.keep_option("enlarged", "new")
    session().run("doubled")
    yield 0.2
    found["asked again"] = len(questions())
    yield from ended()
    found["old"] = [document.width(), document.height(), names(document)]
    other = APP.activeDocument()
    found["new"] = [other.width(), other.height(), names(other), list(bytes(other.pixelData(12, 22, 1, 1)))]
    session().memory.keep_option("enlarged", "")
    yield from close(other)
    yield from close(document)
    return found
