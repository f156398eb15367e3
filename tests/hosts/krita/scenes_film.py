"""Scenes of an artist at work on a small screen, photographed step by step."""

import os
import subprocess
import zipfile
from time import perf_counter

from docker_scenery import FOLDER, choose, ended, inkwash_docker, main, panel, photograph
from krita import ManagedColor
from live_scenery import Eye, bar, pen, preview
from PyQt5.QtCore import QPoint
from PyQt5.QtGui import QImage
from scenery import APP, add_layer, close, names, new_document, until

from inkwash.krita.watch import HISTORY, canvas_of, view

DRAWING = os.path.join(os.path.dirname(os.environ["INKWASH_SCENES"]), "../../data/cartoon-line.png")
COLOURS = (0.9, 0.2, 0.2), (0.2, 0.5, 0.9), (0.3, 0.7, 0.3), (0.9, 0.7, 0.2), (0.7, 0.3, 0.8)
PLACES = (-120, -60), (60, -70), (-60, 40), (90, 60), (0, -10)
DARK, STRONG = 90, 60  # what counts as a line, and as colour


def lines(paper):
    """The drawing on white paper, or its lines alone."""
    image = QImage(DRAWING).convertToFormat(QImage.Format_Grayscale8)
    if paper == "opaque":
        return image.convertToFormat(QImage.Format_ARGB32)
    image.invertPixels()
    ink = QImage(image.size(), QImage.Format_ARGB32)
    ink.fill(0xFF000000)
    ink.setAlphaChannel(image)
    return ink.convertToFormat(QImage.Format_ARGB32)


def drawn_document(paper, hints=True, side=None):
    image = lines(paper)
    image = image if side is None else image.scaled(side, side)
    document = yield from new_document(image.width(), image.height())
    bits = image.constBits()
    bits.setsize(image.sizeInBytes())
    add_layer(document, "Lines", bytes(bits))
    if hints:
        document.setActiveNode(add_layer(document, "Hints"))
    document.refreshProjection()
    APP.action("zoom_to_fit").trigger()
    APP.action("KritaShape/KisToolBrush").trigger()
    APP.activeWindow().activeView().setBrushSize(14)
    yield 0.5
    return document


def take(colour):
    """The brush in another colour."""
    managed = ManagedColor("RGBA", "U8", "")
    red, green, blue = colour
    managed.setComponents([blue, green, red, 1.0])
    APP.activeWindow().activeView().setForeGroundColor(managed)
    yield 0.1


def draw(number, lift=True):
    yield from take(COLOURS[number])
    x, y = PLACES[number]
    yield from pen((x - 15, y), "down", (x, y + 3), (x + 15, y), *(["up"] if lift else []))


def shot(name):
    """A photograph, and how much of the canvas is line and how much is colour, in hundredths."""
    yield 0.3
    canvas = canvas_of(main()).grab().toImage()
    dark = coloured = count = 0
    for y in range(0, canvas.height(), 4):
        for x in range(0, canvas.width(), 4):
            colour = canvas.pixelColor(x, y)
            count += 1
            dark += colour.value() < DARK
            coloured += colour.saturation() > STRONG and colour.value() >= DARK
    return {
        "picture": photograph(name),
        "lines": 100 * dark / count,
        "colour": 100 * coloured / count,
        "overlay": [bar().overlay.is_seen, bar().overlay.opacity],
    }


def history():
    model = view(main(), HISTORY).model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def strip(paper):
    document = yield from drawn_document(paper)
    choose("colorize")
    eye, film = Eye(), {}
    before = len(history())

    def current():
        yield from eye.quiet()
        yield from until(lambda: preview().is_fresh)

    bar().live.set_on(True)
    yield from current()
    yield from draw(0)
    yield from current()
    film["one stroke"] = yield from shot(paper + "-1-stroke")
    yield from draw(1)
    yield from draw(2, lift=False)
    film["within a stroke"] = yield from shot(paper + "-2-within")
    yield from pen("up")
    yield from draw(3)
    yield from draw(4)
    yield from current()
    film["five strokes"] = yield from shot(paper + "-3-five")
    for _ in range(2):
        APP.action("edit_undo").trigger()
        yield 0.2
    yield from current()
    film["two undone"] = yield from shot(paper + "-4-undone")
    canvas = APP.activeWindow().activeView().canvas()
    canvas.setZoomLevel(1.3 * canvas.zoomLevel())
    canvas.setRotation(20)
    film["turned"] = yield from shot(paper + "-5-turned")
    yield from draw(4)
    yield from current()
    film["going on"] = yield from shot(paper + "-6-going-on")
    file = os.path.join(FOLDER, paper + ".kra")
    document.saveAs(file)
    yield from current()
    film["saved"] = yield from shot(paper + "-7-saved")
    with zipfile.ZipFile(file) as archive:
        (inside,) = [name for name in archive.namelist() if name.endswith("maindoc.xml")]
        is_saved = "nkwash" in archive.read(inside).decode()
    bar().keep.click()
    yield from until(lambda: len(names(document)) > 3)
    yield 1.0
    film["kept"] = yield from shot(paper + "-8-kept")
    found = {"film": film, "preview saved": is_saved, "history": history()[before:], "layers": names(document)}
    canvas.resetRotation()
    eye.close()
    yield from close(document)
    return found


def click(widget):
    """A click by the mouse, where the artist sees the widget."""
    assert not widget.visibleRegion().isEmpty()
    place = widget.mapToGlobal(QPoint(widget.width() // 2, widget.height() // 2))
    done = subprocess.Popen(["xdotool", "mousemove", str(place.x()), str(place.y()), "click", "1"])
    while done.poll() is None:
        yield 0.02
    yield 0.3


def scene_first_colour():
    """The first start: a drawing is opened, a stroke made, a button pressed."""
    main().showMaximized()
    document = yield from drawn_document("opaque", hints=False)
    yield 1.5
    found = {"seen": not inkwash_docker().visibleRegion().isEmpty(), "size": [main().width(), main().height()]}
    shown = inkwash_docker().panel
    found["form"] = shown._scroll.height()
    found["pictures"] = [photograph("first-1-start")]
    (button,) = [one for one in shown.form.findChildren(type(bar().keep)) if one.text() == "New hints layer"]
    shown._scroll.ensureWidgetVisible(button)
    yield from click(button)
    for number in range(2):
        yield from draw(number)
    found["pictures"].append(photograph("first-2-stroke"))
    yield from click(shown.console.start_button)
    clicks = 1
    yield from until(lambda: shown.console._session.runner.running or len(names(document)) > 3)
    yield from ended()
    yield 1.0
    found["clicks"] = clicks
    found["after"] = yield from shot("first-3-coloured")
    found["report"] = shown.console.report.text()
    found["layers"] = names(document)
    shown.console.report.fail(NotADirectoryError("This is what an error looks like when there is little room for it."))
    yield 0.5
    found["pictures"].append(photograph("first-4-error"))
    report = shown.console.report
    found["error is whole"] = all(
        label.height() >= label.heightForWidth(label.width()) for label in (report._message, report._hint)
    )
    report.clear()
    yield from close(document)
    return found


def scene_strip_on_opaque_paper():
    panel()
    return (yield from strip("opaque"))


def scene_strip_on_open_paper():
    return (yield from strip("open"))


def scene_live_rounds():
    """How long it takes from the lift of the pen to colour, at 1024 pixels."""
    document = yield from drawn_document("opaque", side=1024)
    choose("colorize")
    eye, seconds = Eye(), []
    bar().live.set_on(True)
    yield from eye.quiet()
    yield from until(lambda: preview().is_fresh)
    for number in range(len(PLACES)):
        yield from draw(number, lift=False)
        lifted = perf_counter()
        yield from pen("up")
        yield from until(lambda: not preview().is_fresh)
        yield from until(lambda: preview().is_fresh and not panel().console._session.live_runner.running)
        seconds.append(perf_counter() - lifted)
    bar().live.set_on(False)
    eye.close()
    yield from close(document)
    return seconds
