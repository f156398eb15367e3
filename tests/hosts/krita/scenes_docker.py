"""Scenes: what the artist sees of Inkwash in Krita, and chooses there."""

import os

from docker_scenery import FOLDER, choose, docker, drawing, ended, main, panel, photograph, session
from PyQt5.QtCore import Qt
from PyQt5.QtGui import QImage
from PyQt5.QtWidgets import QComboBox, QLabel, QPushButton, QScrollArea
from scenery import APP, add_layer, close, new_document, tree, until

DRAWING = os.path.join(os.path.dirname(os.environ["INKWASH_SCENES"]), "../../data/cartoon-line.png")


def cut_off(widget):
    """The texts in `widget` that do not fit into their labels, and whatever is wider than its place."""
    wrong = []
    for label in widget.findChildren(QLabel):
        if label.isVisible() and label.text() and label.height() < label.heightForWidth(label.width()):
            wrong.append(label.text())
    for area in widget.findChildren(QScrollArea):
        if area.isVisible() and area.widget().width() > area.viewport().width():
            wrong.append("the form is wider than its place")
    return wrong


def scene_without_a_document():
    shown = panel()
    yield from until(lambda: session().models)
    pickers = [picker.findChild(QComboBox).currentText() for picker in shown.form.pickers]
    shown.console.start_button.click()
    yield 0.2
    return {
        "filters": [shown.choice.itemText(index) for index in range(shown.choice.count())],
        "pickers": pickers,
        "state": shown.console.state.text(),
        "report": shown.console.report.text(),
        "picture": photograph("no-document"),
    }


def scene_actions():
    """Where they are, their shortcuts, and those that something else of Krita's has too."""
    found, keys = {}, {}
    for top in main().menuBar().actions():
        for action in top.menu().actions() if top.menu() else ():
            if action.objectName() == "scripts":
                for inner in action.menu().actions():
                    if inner.objectName() == "inkwash_scripts":
                        found["scripts"] = [one.text() for one in inner.menu().actions() if one.text()]
            if action.objectName() == "inkwash_filter":
                found["filter"] = [one.text() for one in action.menu().actions() if one.text()]
    for action in APP.actions():
        for key in action.shortcuts():
            keys.setdefault(key.toString(), set()).add(action.objectName())
    ours = {key: sorted(names) for key, names in keys.items() if any(name.startswith("inkwash_") for name in names)}
    yield 0.1
    return {"menus": found, "shortcuts": ours}


def scene_pickers_follow_the_layers():
    document = yield from new_document()
    choose("flats")
    said = []

    def say():
        yield 0.6
        said.append([picker.findChild(QComboBox).currentText() for picker in panel().form.pickers])

    yield from say()
    lines = add_layer(document, "Lines")
    add_layer(document, "My hints")
    document.setActiveNode(lines)
    yield from say()
    other = add_layer(document, "Sketch", bytes([0, 0, 0, 255]) * 300, (50, 50, 100, 3))
    document.setActiveNode(other)
    yield from say()
    picker = panel().form.pickers[1]
    box = picker.findChild(QComboBox)
    box.setCurrentIndex(0)
    box.activated.emit(0)  # (none)
    yield from say()
    lines.remove()
    other.remove()
    yield from say()
    yield from close(document)
    yield from say()
    return said


def scene_choices_are_remembered_with_the_file():
    document = yield from new_document()
    add_layer(document, "one")
    two = add_layer(document, "two")
    document.setActiveNode(two)
    file = os.path.join(FOLDER, "remembered.kra")
    document.saveAs(file)
    yield 0.5
    choose("flats")
    box = panel().form.pickers[0].findChild(QComboBox)
    box.setCurrentIndex(box.findText("one"))
    box.activated.emit(box.currentIndex())
    document.save()
    yield from close(document)
    document = APP.openDocument(file)
    APP.activeWindow().addView(document)
    yield 1.0
    said = [picker.findChild(QComboBox).currentText() for picker in panel().form.pickers]
    yield from close(document)
    return said


def pick(number, text):
    """Choose an entry of the input `number`, as a click does."""
    box = panel().form.pickers[number].findChild(QComboBox)
    box.setCurrentIndex(next(i for i in range(box.count()) if box.itemText(i).strip() == text))
    box.activated.emit(box.currentIndex())


def offered(number):
    box = panel().form.pickers[number].findChild(QComboBox)
    return [box.itemText(index).strip() for index in range(box.count())], box.currentText().strip()


def scene_pictures_from_everywhere():
    """The whole picture, another document, a file; layers of the same name."""
    other = yield from new_document(30, 20)
    other.setName("Palette")
    document = yield from new_document(60, 40)
    lower = add_layer(document, "Ink", b"\x00\x00\xff\xff" * (60 * 40))
    upper = add_layer(document, "Ink", b"\xff\x00\x00\xff" * (60 * 20), (0, 0, 60, 20))
    document.refreshProjection()
    document.setActiveNode(lower)
    choose("learn")
    yield 0.6
    found = {"picture": offered(0), "style": offered(1)[0]}
    session().run("learn")
    yield from ended()
    made = next(node for node in document.rootNode().childNodes() if node.type() == "grouplayer").childNodes()[0]
    found["whole"] = [[node.name() for node in document.rootNode().childNodes()]]
    found["whole"].append([list(bytes(made.pixelData(5, y, 1, 1))) for y in (5, 35)])
    pick(1, "Document: Palette")
    yield 0.3
    session().run("learn")
    yield from ended()
    found["document"] = panel().console.report.text()
    file = os.path.join(FOLDER, "reference.png")
    image = QImage(13, 7, QImage.Format_RGB32)
    image.fill(0xFF102030)
    image.save(file)
    panel().form.pickers[1].picked.emit("style", "file:" + file)
    yield 0.3
    found["file shown"] = offered(1)[1]
    session().run("learn")
    yield from ended()
    found["file"] = panel().console.report.text()
    os.unlink(file)
    session().run("learn")
    yield from ended()
    found["file gone"] = panel().console.report.text()
    pick(0, "Ink (2)")
    yield 0.3
    found["chosen"] = offered(0)[1]
    del upper
    yield from close(document)
    yield from close(other)
    return found


def scene_hints():
    """A button makes the layer; afterwards it may be hidden."""
    document = yield from new_document()
    lines = add_layer(document, "Lines")
    document.setActiveNode(lines)
    choose("flats")
    yield 0.5
    (button,) = [one for one in panel().form.findChildren(QPushButton) if one.text() == "New hints layer"]
    button.click()
    yield 0.6
    found = {"active": document.activeNode().name(), "pickers": [offered(0)[1], offered(1)[1]]}
    session().memory.keep_option("hide_hints", True)
    session().run("flats")
    yield from ended()
    found["seen"] = {node.name(): node.visible() for node in document.rootNode().childNodes()}
    session().memory.keep_option("hide_hints", False)
    yield from close(document)
    return found


def scene_key_strokes_are_hints():
    document = yield from new_document()
    lines = add_layer(document, "Lines")
    document.setActiveNode(lines)
    choose("flats")
    yield 0.5
    before = [picker.findChild(QComboBox).currentText() for picker in panel().form.pickers]
    lines.addChildNode(document.createColorizeMask("My mask"), None)
    yield 0.8
    after = [picker.findChild(QComboBox).currentText().strip() for picker in panel().form.pickers]
    yield from close(document)
    return [before, after]


def themes():
    """The entries of Settings > Themes, by name."""
    actions = {}
    for top in main().menuBar().actions():
        for action in top.menu().actions() if top.menu() else ():
            if action.menu() is not None and "heme" in action.text():
                actions = {one.text().replace("&", ""): one for one in action.menu().actions()}
    return actions


def scene_every_width_and_theme():
    document = yield from drawing(DRAWING)
    main().resize(1500, 950)
    choose("colorize")
    found = {"themes": sorted(themes())}
    for theme in ("Krita dark", "Krita bright"):
        themes()[theme].trigger()
        yield 1.0
        for width in (220, 460):
            docker().setFloating(True)
            docker().resize(width, 800)
            yield 0.5
            name = f"{theme.split()[1]}-{width}"
            photograph(f"docker-{name}", docker())
            panel().console.report.fail(RuntimeError("This is what an error looks like in a narrow docker."))
            yield 0.3
            found[name] = [docker().width(), cut_off(docker()), photograph(name, docker())]
            panel().console.report.clear()
    docker().setFloating(False)
    themes()["Krita dark"].trigger()
    yield from close(document)
    return found


def small(document, name):
    """The picture as the manual has it."""
    whole = document.projection(0, 0, document.width(), document.height())
    image = whole.scaled(300, 300, Qt.KeepAspectRatio, Qt.SmoothTransformation).copy(0, 42, 300, 216)
    image.convertToFormat(QImage.Format_RGB32).save(os.path.join(FOLDER, name + ".png"))


def scene_portrait():
    """The picture of the README."""
    document = yield from drawing(DRAWING)
    main().resize(1440, 960)
    for each in APP.dockers():
        if each.objectName() not in ("inkwash", "KisLayerBox", "ToolBox"):
            each.setVisible(False)
    layers = next(each for each in APP.dockers() if each.objectName() == "KisLayerBox")
    main().resizeDocks([docker()], [330], Qt.Horizontal)
    main().resizeDocks([layers, docker()], [310, 640], Qt.Vertical)
    choose("colorize")
    yield 0.5
    APP.action("zoom_to_fit").trigger()
    yield 1.0
    before = photograph("before")
    small(document, "manual-hints")
    APP.action("inkwash_run_colorize").trigger()
    yield from ended()
    found = {"report": panel().console.report.text(), "tree": tree(document.rootNode())}
    yield 2.0
    found["pictures"] = [before, photograph("portrait")]
    small(document, "manual-result")
    yield from close(document)
    return found
