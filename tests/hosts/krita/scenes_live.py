"""Scenes: strokes with the pen on the canvas, and what the live preview makes of them."""

import os
import time
import zipfile

from docker_scenery import FOLDER, main, panel, photograph, session
from live_scenery import OPEN_PAPER, bar, begin, off, pen, preview, seen, stroke
from PyQt5.QtGui import QColor, QImage
from PyQt5.QtWidgets import QMdiArea
from scenery import APP, PATIENCE, add_layer, close, kill_daemon, names, new_document, until

from inkwash.krita.watch import canvas_of, canvases_in


def print_of(look):
    """What tells one look from another."""
    image = look.whole
    bits = image.constBits()
    bits.setsize(image.sizeInBytes())
    return hash(bytes(bits))


def difference(one, other):
    """The largest difference of two pictures' channels, looked at in every second row and column."""
    assert one.size() == other.size()
    worst = 0
    for y in range(0, one.height(), 2):
        for x in range(0, one.width(), 2):
            a, b = one.pixelColor(x, y), other.pixelColor(x, y)
            if a.alpha() or b.alpha():
                worst = max(worst, *(abs(c - d) for c, d in zip(a.getRgb(), b.getRgb(), strict=True)))
    return worst


def scene_a_stroke_is_followed():
    document, hints, eye = yield from begin("echo_hints")
    found = {"at first": [eye.begun, names(document), document.modified(), bar().words.text()]}
    empty, begun = print_of(preview().look), eye.begun
    yield from stroke()
    yield from eye.quiet()
    drawn = print_of(preview().look)
    found["one stroke"] = [eye.begun - begun, drawn != empty, seen(200, 152)]
    APP.action("edit_undo").trigger()
    yield from eye.quiet()
    found["undone"] = [eye.begun - begun, print_of(preview().look) == empty, document.modified()]
    APP.action("edit_redo").trigger()
    yield from eye.quiet()
    found["redone"] = [eye.begun - begun, print_of(preview().look) == drawn]
    file = os.path.join(FOLDER, "live.kra")
    document.saveAs(file)
    yield 0.5
    with zipfile.ZipFile(file) as archive:
        (inside,) = [name for name in archive.namelist() if name.endswith("maindoc.xml")]
        found["saved"] = "nkwash" in archive.read(inside).decode()
    found["pictures"] = [photograph("live")]
    yield from eye.quiet()
    begun = eye.begun
    bar().live.set_on(False)
    yield 0.5
    found["off"] = [names(document), preview().look is None, bar().overlay.is_seen, document.modified()]
    yield from stroke(30)
    yield 0.6
    found["off"].append(eye.begun - begun)
    eye.close()
    yield from close(document)
    return found


def scene_never_within_a_stroke():
    document, hints, eye = yield from begin("echo_hints")
    begun = eye.begun
    yield from pen((-60, 0), "down", (-30, 0), (0, 5))
    yield 0.6
    found = {"during": [eye.begun - begun, bar().overlay.opacity < 0.5]}
    yield from pen((60, 0), "up")
    yield from eye.quiet()
    found["after"] = [eye.begun - begun, bar().overlay.opacity]
    for y in (-40, -20, 20, 40):
        yield from stroke(y)
    yield from eye.quiet()
    look = preview().look.whole.copy()
    bar().keep.click()
    yield from until(lambda: any(node.type() == "grouplayer" for node in document.rootNode().childNodes()))
    yield 0.6
    found["differs"] = difference(look, document.projection(0, 0, 400, 300))
    eye.close()
    yield from close(document)
    return found


def scene_it_pauses():
    document, hints, eye = yield from begin("echo_hints")
    begun, before = eye.begun, print_of(preview().look)
    document.setActiveNode(document.nodeByName("Background"))
    document.nodeByName("Lines").setOpacity(100)
    yield 0.3
    yield from stroke()
    yield from eye.quiet()
    found = {"a stroke elsewhere": [eye.begun - begun, print_of(preview().look) != before]}
    document.setActiveNode(hints)
    other = yield from new_document(200, 200)
    yield 0.6
    found["other document"] = [bar().words.text(), bar().overlay.is_seen]
    yield from stroke()
    yield 0.6
    found["other document"].append(eye.begun - begun)
    yield from close(other)
    yield 0.6
    found["back"] = [bar().words.text(), bar().overlay.is_seen]
    yield from stroke(40)
    yield from eye.quiet()
    found["going on"] = eye.begun - begun
    yield from off(document, eye)
    return found


def scene_keeping():
    """On opaque and open paper, over an earlier result, in 16 bits: the document becomes what was seen."""
    found = {}
    for name, paper, depth in (("opaque", b"\xc0\xe0\xff\xff", "U8"), ("open", OPEN_PAPER, "U8"), ("deep", b"", "U16")):
        document, hints, eye = yield from begin("flats", paper=paper, depth=depth)
        yield from stroke()
        yield from eye.quiet()
        yield from until(lambda: preview().is_fresh)
        look = preview().look.whole.copy()
        bar().keep.click()
        yield from until(lambda: any("Inkwash" in str(one) for one in names(document)))  # noqa: B023
        yield 0.5
        found[name] = [names(document), bar().live.is_on(), difference(look, document.projection(0, 0, 400, 300))]
        if name == "open":
            bar().live.set_on(True)
            yield from eye.quiet()
            found["over the earlier one"] = difference(preview().look.whole, document.projection(0, 0, 400, 300))
            bar().live.set_on(False)
            yield 0.3
        APP.action("edit_undo").trigger()
        yield 0.5
        found[name].append(names(document))
        eye.close()
        yield from close(document)
    return found


def scene_settings_count():
    document, hints, eye = yield from begin("flats", paper=OPEN_PAPER)
    begun = eye.begun
    field = next(field for field in panel().form.fields if field.parameter["name"] == "red")
    field.set(9)
    yield from eye.quiet()
    found = {"begun": eye.begun - begun, "red": seen(300, 10)}
    field.set(255)
    yield from eye.quiet()
    yield from off(document, eye)
    return found


def canvas_picture():
    """What the canvas shows now, overlay and all."""
    yield 0.5
    return canvas_of(main()).grab().toImage()


def scene_the_overlay_lies_on_the_picture():
    """A picture of squares, and its look, which is the same: at each zoom and turn nothing may move."""
    document = yield from new_document(640, 480)
    squares = QImage(640, 480, QImage.Format_ARGB32)
    for y in range(480):
        for x in range(640):
            squares.setPixelColor(x, y, QColor(*((20, 90, 200) if (x // 40 + y // 40) % 2 else (250, 220, 90))))
    bits = squares.constBits()
    bits.setsize(squares.sizeInBytes())
    layer = add_layer(document, "Squares", bytes(bits))
    document.refreshProjection()
    document.setActiveNode(layer)
    from docker_scenery import choose

    choose("identity")
    bar().live.set_on(True)
    yield from until(lambda: preview().is_fresh)
    found = {}
    canvas = APP.activeWindow().activeView().canvas()
    for name, zoom, turn, mirror in (("far", 0.4, 0, False), ("near", 1.7, 33, False), ("mirrored", 0.8, 200, True)):
        canvas.setZoomLevel(zoom)
        canvas.setRotation(turn)
        canvas.setMirror(mirror)
        bar().on_canvas.setChecked(False)
        alone = yield from canvas_picture()
        bar().on_canvas.setChecked(True)
        covered = yield from canvas_picture()
        total = count = 0
        for y in range(0, alone.height(), 5):
            for x in range(0, alone.width(), 5):
                a, b = alone.pixelColor(x, y), covered.pixelColor(x, y)
                count += 1
                total += abs(a.red() - b.red()) > 60
        found[name] = [bar().overlay.is_seen, total / count, photograph("overlay-" + name)]
    canvas.resetRotation()
    canvas.setMirror(False)
    bar().live.set_on(False)
    yield from close(document)
    return found


def scene_split_view():
    """The same document in two views: the pen is seen in the one that is drawn on."""
    document, hints, eye = yield from begin("echo_hints")
    APP.activeWindow().addView(document)
    yield 0.5
    area = main().centralWidget().findChild(QMdiArea)
    area.setViewMode(QMdiArea.SubWindowView)
    area.tileSubWindows()
    yield 1.0
    canvases = canvases_in(area)
    found = {"canvases": len(canvases), "during": []}
    for canvas in canvases:
        yield from pen((0, 0), "down", "up", canvas=canvas)  # comes to the front
        yield from eye.quiet()
        begun = eye.begun
        yield from pen((-20, 20), "down", (10, 20), canvas=canvas)
        yield 0.5
        found["during"].append([eye.begun - begun, bar()._live._pen.is_down, canvas_of(main()) is canvas])
        yield from pen((20, 30), "up", canvas=canvas)
        yield from eye.quiet()
    found["picture"] = photograph("split")
    area.setViewMode(QMdiArea.TabbedView)
    yield from off(document, eye)
    return found


def scene_the_picture_leaves_the_docker():
    document, hints, eye = yield from begin("flats")
    found = {"in the docker": bar().place.isVisible()}
    bar().detach.click()
    yield 0.5
    window = bar().picture.window()
    found["away"] = [window is not main(), bar().place.isVisible(), photograph("away", window)]
    window.close()
    yield 0.3
    found["back"] = [bar().picture.window() is main(), bar().place.isVisible()]
    yield from off(document, eye)
    return found


def scene_a_leftover_goes_when_it_is_opened():
    document = yield from new_document()
    node = add_layer(document, "Inkwash preview", b"\x00\x00\xff\xff" * (300 * 200))
    node.setLocked(True)
    mine = add_layer(document, "Inkwash preview")  # the artist's own: it is not locked
    file = os.path.join(FOLDER, "leftover.kra")
    document.saveAs(file)
    yield from close(document)
    document = APP.openDocument(file)
    APP.activeWindow().addView(document)
    yield 1.0
    found = names(document)
    yield from close(document)
    del mine
    return found


def scene_a_run_shows_what_it_has():
    """Not live: what the artist's own run has so far is seen, beside the document."""
    document = yield from new_document(300, 200)
    layer = add_layer(document, "Red", b"\x00\x00\xff\xff" * (300 * 200))
    document.refreshProjection()
    document.setActiveNode(layer)
    yield 0.5
    document.setModified(False)
    session().run("sleeper")
    yield from until(lambda: preview().is_fresh)
    found = {"seen": seen(5, 5), "overlay": bar().overlay.is_seen, "document": [names(document), document.modified()]}
    found["in the docker"] = bar().place.isVisible()
    session().cancel()
    yield 0.3
    found["afterwards"] = [preview().look is None, bar().overlay.is_seen]
    yield from close(document)
    return found


def scene_its_document_is_closed():
    document, hints, eye = yield from begin("sleeper", wait=False)
    yield from stroke()
    yield from until(lambda: session().live_runner.running)
    eye.close()
    yield from close(document)
    yield 1.0
    return {"on": bar().live.is_on(), "running": session().live_runner.running, "look": preview().look is None}


def scene_the_daemon_is_killed_meanwhile():
    """Within a run: it goes on by itself."""
    document, hints, eye = yield from begin("crash", wait=False)
    said, begun = set(), time.monotonic()
    while eye.begun < 2:
        assert time.monotonic() < begun + PATIENCE
        said.add(bar().words.text())
        yield 0.05
    bar().live.set_on(False)
    yield 0.3
    found = {"begun": eye.begun, "said": sorted(said)}
    yield from off(document, eye)
    document, hints, eye = yield from begin("echo_hints")
    before = seen(200, 152)
    kill_daemon()
    yield from stroke()
    yield from until(lambda: seen(200, 152) != before)  # quiet it is also while it waits for the service
    yield from until(lambda: preview().is_fresh and not session().live_runner.running)
    found["afterwards"] = [bar().words.text(), seen(200, 152)]
    yield from off(document, eye)
    return found
