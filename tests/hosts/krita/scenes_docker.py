"""Scenes: what the artist sees of Inkwash in Krita, and what happens when it is used."""

import os

from PyQt5.QtCore import Qt
from PyQt5.QtGui import QImage
from PyQt5.QtWidgets import QApplication, QComboBox, QLabel, QMessageBox, QPushButton, QScrollArea
from scenery import APP, add_layer, close, new_document, tree, trigger, until

FOLDER = os.environ["INKWASH_FOLDER"]
DRAWING = os.path.join(os.path.dirname(os.environ["INKWASH_SCENES"]), "../../data/cartoon-line.png")


def main():
    return APP.activeWindow().qwindow()


def docker():
    """The docker, brought to the front."""
    (found,) = [docker for docker in APP.dockers() if docker.objectName() == "inkwash"]
    found.setVisible(True)
    found.raise_()
    return found


def panel():
    return docker().panel


def session():
    return panel().console._session


def session_of():
    """The same, without showing the docker."""
    return next(docker for docker in APP.dockers() if docker.objectName() == "inkwash").panel.console._session


def photograph(name, widget=None):
    """Save what `widget`, or the whole window, looks like."""
    file = os.path.join(FOLDER, name + ".png")
    (widget or main()).grab().save(file)
    return file


def choose(filter):
    box = panel().choice
    box.setCurrentIndex(box.findData(filter))
    box.activated.emit(box.currentIndex())


def ended():
    yield from until(lambda: not session().runner.running)
    yield 0.3


def drawing(file):
    """A colour document with the drawing `file` (its lines) and its hints, as an artist has them."""
    lines = QImage(file).convertToFormat(QImage.Format_ARGB32)
    hints = QImage(file.replace("-line", "-hints")).convertToFormat(QImage.Format_ARGB32)
    document = yield from new_document(lines.width(), lines.height())
    nodes = []
    for name, image in (("Lines", lines), ("Hints", hints)):
        bits = image.constBits()
        bits.setsize(image.sizeInBytes())
        nodes.append(add_layer(document, name, bytes(bits)))
    document.refreshProjection()
    document.setActiveNode(nodes[0])
    yield 0.5
    return document


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


def message_boxes():
    """Those that the artist sees."""
    return [box for box in QApplication.topLevelWidgets() if isinstance(box, QMessageBox) and box.isVisible()]


def scene_an_action_without_a_document():
    docker().setVisible(False)
    APP.action("inkwash_run_identity").trigger()
    yield from until(message_boxes)
    boxes = message_boxes()
    said = [box.text() for box in boxes]
    for box in boxes:
        box.close()
    docker()
    yield 0.1
    return said


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
    other = add_layer(document, "Sketch")
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


def scene_run_by_the_button():
    document = yield from new_document()
    lines = add_layer(document, "Lines", bytes(300 * 200 * 4))
    document.setActiveNode(lines)
    choose("flats")
    field = next(field for field in panel().form.fields if field.parameter["name"] == "red")
    field.set(7)
    panel().console.start_button.click()
    yield from ended()
    group = [node for node in document.rootNode().childNodes() if node.type() == "grouplayer"]
    pixel = bytes(group[0].childNodes()[0].pixelData(250, 10, 1, 1)) if group else b""
    found = {
        "tree": tree(document.rootNode()),
        "red": pixel[2] if pixel else None,
        "report": panel().console.report.text(),
    }
    field.set(255)
    yield from close(document)
    return found


def scene_repeat_by_its_action():
    document = yield from new_document()
    add_layer(document, "Lines", bytes(300 * 200 * 4))
    docker().setVisible(False)
    APP.action("inkwash_repeat").trigger()
    yield from ended()
    APP.action("inkwash_repeat").trigger()
    yield from ended()
    docker()
    found = [node["name"] for node in tree(document.rootNode())]
    yield from close(document)
    return found


def scene_closing_the_docker_stops_nothing():
    document = yield from new_document()
    add_layer(document, "Lines", bytes(300 * 200 * 4))
    choose("flats")
    panel().console.start_button.click()
    docker().setVisible(False)
    yield from until(lambda: len(document.rootNode().childNodes()) == 3)
    yield from until(lambda: not session_of().runner.running)
    yield 0.5  # to close a document at once after layers were put into it is more than this Krita can bear
    docker()
    yield from close(document)
    return True


def scene_progress_and_cancel():
    document = yield from new_document()
    choose("sleeper")
    console = panel().console
    console.start_button.click()
    yield from until(lambda: console.words.text().endswith(" s left") and console.bar.value() > 0)
    yield 1.0
    APP.action("inkwash_keep").trigger()
    nothing = console.report.text(), console.stop_button.isVisible()
    said = {
        "nothing to keep": nothing,
        "words": console.words.text(),
        "run": console.start_button.isEnabled(),
        "bar": console.bar.isVisible(),
    }
    said["picture"] = photograph("progress", docker())
    APP.action("inkwash_run_sleeper").trigger()
    yield 0.2
    said["while it runs"] = console.report.text()
    console.cancel_button.click()
    yield from ended()
    said["after"] = [console.report.text(), console.bar.isVisible(), console.start_button.isEnabled()]
    said["layers"] = len(document.rootNode().childNodes())
    yield from close(document)
    return said


def scene_stop_and_keep():
    """A filter that would take hours is stopped with what it has; then one undo."""
    document = yield from new_document(64, 48)
    add_layer(document, "Style", bytes(255 if i % 4 == 3 else i * 7 % 256 for i in range(64 * 48 * 4)))
    lines = add_layer(document, "Lines", bytes([200, 120, 40, 255]) * (64 * 48))
    document.setActiveNode(lines)
    yield 0.5
    choose("restyle")
    fields = {field.parameter["name"]: field for field in panel().form.fields}
    fields["size"].set(64)
    fields["steps"].set(10_000)
    console = panel().console
    found = {"before": console.stop_button.isVisible()}
    console.start_button.click()
    found["at first"] = console.stop_button.isVisible(), console.stop_button.isEnabled()
    yield from until(lambda: console.bar.value() > 0)
    yield 0.2
    found["at work"] = console.stop_button.isVisible(), console.stop_button.isEnabled()
    found["picture"] = photograph("stop-and-keep", docker())
    found["percent"] = 100 * console.bar.value() / console.bar.maximum()
    console.stop_button.click()
    found["asked"] = console.stop_button.isEnabled()
    APP.action("inkwash_keep").trigger()  # once more does no harm
    yield from ended()
    found["after"] = console.stop_button.isVisible()
    found["report"] = console.report.text()
    found["tree"] = tree(document.rootNode())
    yield from trigger(document, "edit_undo")
    found["undone"] = [node["name"] for node in tree(document.rootNode())]
    for name in ("size", "steps"):
        fields[name].set(fields[name].parameter["default"])
    yield from close(document)
    return found


def scene_an_error_has_a_hint_and_details():
    document = yield from new_document()
    choose("failing")
    panel().console.start_button.click()
    yield from ended()
    report = panel().console.report
    found = {"text": report.text(), "details": report.details, "picture": photograph("error", docker())}
    report._more.click()
    yield 0.3
    dialog = next(w for w in QApplication.topLevelWidgets() if w.windowTitle() == "Inkwash: details" and w.isVisible())
    found["dialog"] = photograph("details", dialog)
    next(button for button in dialog.findChildren(QPushButton) if "Copy" in button.text().replace("&", "")).click()
    found["copied"] = QApplication.clipboard().text()
    dialog.close()
    yield from close(document)
    return found


def scene_the_daemon_is_killed():
    document = yield from new_document()
    choose("sleeper")
    console = panel().console
    console.start_button.click()
    yield from until(lambda: "sleeping" in console.words.text().lower())
    console.look()
    yield from until(lambda: session().service.status)
    os.kill(session().service.status["pid"], 9)
    yield from ended()
    found = {"text": console.report.text(), "details": console.report.details}
    choose("identity")
    console.start_button.click()
    yield from ended()
    found["again"] = [console.report.text(), [node["name"] for node in tree(document.rootNode())]]
    yield from close(document)
    return found


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
            panel().console.report.fail(RuntimeError("This is what an error looks like in a narrow docker."))
            yield 0.3
            found[name] = [docker().width(), cut_off(docker()), photograph(name, docker())]
            panel().console.report.clear()
    docker().setFloating(False)
    themes()["Krita dark"].trigger()
    yield from close(document)
    return found


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
    APP.action("inkwash_run_colorize").trigger()
    yield from ended()
    found = {"report": panel().console.report.text(), "tree": tree(document.rootNode())}
    yield 2.0
    found["pictures"] = [before, photograph("portrait")]
    yield from close(document)
    return found


def scene_a_job_runs_while_krita_is_closed():
    """The last one: then the driver quits."""
    yield from new_document()
    choose("sleeper")
    panel().console.start_button.click()
    yield from until(lambda: "sleeping" in panel().console.words.text().lower())
    return session().runner.running
