"""Scenes: the form of a filter, as the artist fills it in."""

from docker_scenery import choose, docker, panel, photograph, session
from PyQt5.QtWidgets import QComboBox, QToolButton
from scenery import APP, add_layer, close, new_document, until


def field(name):
    return next(each for each in panel().form.fields if each.parameter["name"] == name)


def scene_presets():
    """Settings under a name: saved, chosen again, known to others, deleted."""
    yield from until(lambda: session().models)
    choose("every_type")
    field("amount").set(1.5)
    field("finish").set("flat")
    bar = panel().form.presets
    found = {"empty": [bar.save.isEnabled(), bar.delete.isEnabled()]}
    bar.box.setEditText("Mine: ünï")
    bar.save.click()
    yield from until(bar.names)
    from inkwash.client import connect

    (preset,) = connect().presets()
    found["kept"] = [preset["filter"], preset["name"], preset["settings"]["amount"], preset["settings"]["finish"]]
    for name in ("amount", "finish"):
        field(name).set(field(name).parameter["default"])
    choose("flats")
    yield 0.2
    found["of another filter"] = panel().form.presets.names()
    choose("every_type")
    yield 0.2
    bar = panel().form.presets
    bar.box.setCurrentIndex(bar.box.findText("Mine: ünï"))
    bar.box.activated.emit(bar.box.currentIndex())
    found["chosen"] = [field("amount").value(), field("finish").value()]
    found["remembered"] = session().memory.values("every_type")
    bar.delete.click()
    yield from until(lambda: not bar.names())
    found["deleted"] = connect().presets()
    for name in ("amount", "finish"):
        field(name).set(field(name).parameter["default"])
    return found


def scene_what_counts():
    """Settings are grey while they do not count, for another setting or for a layer that there is not."""
    document = yield from new_document()
    lines = add_layer(document, "Lines")
    document.setActiveNode(lines)
    choose("lineart")
    yield 0.4
    found = {"smooth": [field("width").isEnabled(), field("block").isEnabled()]}
    field("method").set("adaptive")
    found["adaptive"] = [field("width").isEnabled(), field("block").isEnabled()]
    field("method").set("smooth")
    choose("colorize")
    yield 0.4
    found["without hints"] = field("strength").isEnabled()
    add_layer(document, "Hints")
    document.setActiveNode(lines)
    yield 0.6
    found["with hints"] = field("strength").isEnabled()
    yield from close(document)
    return found


def scene_gallery():
    """Styles side by side; in a wide docker, two columns."""
    choose("stylize")
    yield from until(lambda: session().models)
    yield 0.3
    found = {"kind": type(field("style").control).__name__, "styles": field("style").control.count()}
    field("style").control.setCurrentRow(field("style").control.findData("great-wave"))
    found["chosen"] = session().memory.values("stylize").get("style")
    docker().setFloating(True)
    for width in (260, 600):
        docker().resize(width, 800)
        yield 0.5
        found[str(width)] = len({each.mapTo(docker(), each.rect().topLeft()).x() for each in panel().form.fields})
        photograph(f"gallery-{width}", docker())
    docker().setFloating(False)
    field("style").set(field("style").parameter["default"])
    return found


def press(widget, words):
    next(button for button in widget.findChildren(QToolButton) if button.text() == words).click()


def canvas_colour(document):
    return list(bytes(document.pixelData(30, 30, 1, 1)))


def scene_history():
    """Some results of other random numbers: looked at over the canvas, one is placed, one thrown away."""
    document = yield from new_document(120, 90)
    layer = add_layer(document, "Paint", bytes([200, 100, 50, 255]) * (120 * 90))
    document.setActiveNode(layer)
    choose("lottery")
    yield 0.4
    console, history = panel().console, session().history
    history.clear()
    found = {"button": console.vary_button.isVisible()}
    press(console, "Try 4")
    yield from until(lambda: len(history.results) == 4 and all(one.picture is not None for one in history.results))
    yield 0.3
    bar = console.history
    found["placed"] = [node.name() for node in document.rootNode().childNodes()]
    found["listed"] = [bar.isVisible(), bar.list.count()]
    found["greys"] = len({one.picture.pixelColor(20, 20).red() for one in history.results})
    photograph("history", docker())
    bar.list.setCurrentRow(2)
    bar.compare.click()
    preview = bar._live.preview
    yield from until(lambda: preview.look is not None)
    wanted = history.results[2].picture.pixelColor(20, 20).red()
    found["compared"] = abs(preview.look.whole.pixelColor(30, 30).red() - wanted) < 3
    found["untouched"] = [node.name() for node in document.rootNode().childNodes()]
    bar.compare.click()
    found["not compared"] = preview.look is None
    bar.apply.click()
    yield from until(lambda: len(document.rootNode().childNodes()) == 3)
    yield 0.3
    found["applied"] = [
        [n.name() for n in document.rootNode().childNodes()],
        abs(canvas_colour(document)[0] - wanted) < 3,
    ]
    bar.list.setCurrentRow(0)
    bar.apply.click()
    wanted = history.results[0].picture.pixelColor(20, 20).red()
    yield from until(lambda: console.report.details or abs(canvas_colour(document)[0] - wanted) < 3)
    assert not console.report.details, console.report.details
    yield 0.5
    found["replaced"] = len(document.rootNode().childNodes())
    bar.discard.click()
    found["discarded"] = len(history.results)
    choose("flats")
    found["no numbers"] = console.vary_button.isVisible()
    yield from close(document)
    yield 0.3
    history.clear()
    history.changed.emit()
    found["hidden"] = bar.isVisible()
    return found


def swatches():
    """The colours that have one."""
    buttons = [one for one in field("recolour").findChildren(QToolButton) if one.isVisible()]
    return [one.accessibleName() for one in buttons if one.accessibleName().startswith("#")]


def choose_for(colour, words):
    menu = field("recolour").menu(colour)
    next(action for action in menu.actions() if action.text() == words).trigger()
    menu.close()


def scene_hint_colours():
    """Each colour of the hints has a swatch, and may stand for the brush's, one of the palette, or for nothing."""
    document = yield from new_document(120, 90)
    lines = add_layer(document, "Lines")
    red, blue = bytes([0, 0, 255, 255]), bytes([255, 0, 0, 255])
    add_layer(document, "Hints", red * 200 + blue * 100, (10, 10, 20, 15))
    document.setActiveNode(lines)
    choose("colorize")
    yield from until(lambda: len(swatches()) == 2)
    found = {"swatches": swatches()}
    choose_for("#0000ff", "Paint with it")
    found["brush"] = [
        round(value, 2) for value in APP.activeWindow().activeView().foregroundColor().componentsOrdered()
    ]
    yield 0.1
    choose_for("#ff0000", "The brush's colour")
    found["swapped"] = field("recolour").value()
    menu = field("recolour").menu("#ff0000")
    palette = next(action for action in menu.actions() if action.text() == "From the palette").menu().actions()
    found["palette"] = len(palette)
    menu.close()
    yield 0.1
    choose_for("#0000ff", "Leave empty")
    yield 0.3
    found["empty"] = session().memory.values("colorize")["recolour"]
    photograph("swatches", docker())
    for colour in swatches():
        choose_for(colour, "As it is painted")
        yield 0.1
    found["back"] = field("recolour").value()
    yield from close(document)
    return found


def scene_looks():
    """Layers are told by what is on them where their names say nothing, in every format."""
    found = {}
    for depth in ("U8", "F32"):
        document = yield from new_document(120, 90, depth=depth)
        four = 4 if depth == "F32" else 1
        ink, none = (b"\0" * 12 + b"\0\0\x80\x3f", bytes(16)) if depth == "F32" else (b"\0\0\0\xff", bytes(4))
        colour = b"\0\0\x80\x3f" + b"\0" * 8 + b"\0\0\x80\x3f" if depth == "F32" else b"\0\0\xff\xff"
        assert len(ink) == 4 * four
        add_layer(document, "Layer 1", (none * 20 + ink * 2 + none * 98) * 90)
        add_layer(document, "Layer 2", colour * 200, (30, 30, 20, 10))
        document.setActiveNode(document.rootNode().childNodes()[0])
        choose("flats")
        yield 0.8
        found[depth] = [picker.findChild(QComboBox).currentText().strip() for picker in panel().form.pickers]
        yield from close(document)
    return found
