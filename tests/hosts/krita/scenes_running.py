"""Scenes: filters are started, followed, stopped and repeated from the docker and the menus."""

from docker_scenery import choose, docker, ended, panel, photograph, session
from PyQt5.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QToolButton
from scenery import APP, add_layer, close, kill_daemon, new_document, tree, trigger, until


def message_boxes():
    """Those that the artist sees."""
    return [box for box in QApplication.topLevelWidgets() if isinstance(box, QMessageBox) and box.isVisible()]


def scene_an_action_without_a_document():
    docker()  # who looks at it starts the service
    yield from until(lambda: APP.action("inkwash_run_identity"))
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


def scene_run_by_the_button():
    document = yield from new_document()
    lines = add_layer(document, "Lines", bytes(300 * 200 * 4))
    document.setActiveNode(lines)
    yield 0.5
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
    yield from until(lambda: not session().runner.running)
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
    (line,) = [label.text() for label in console.waiting.findChildren(QLabel) if label.isVisible()]
    (drop,) = [button for button in console.waiting.findChildren(QToolButton) if button.isVisible()]
    said["waiting"] = [line, photograph("waiting", docker())]
    drop.click()
    yield 0.2
    said["dropped"] = [len(session().waiting), console.waiting.isVisible()]
    console.cancel_button.click()
    yield from ended()
    said["after"] = [console.report.text(), console.bar.isVisible(), console.start_button.isEnabled()]
    said["layers"] = len(document.rootNode().childNodes())
    yield from close(document)
    return said


def scene_a_second_run_waits():
    document = yield from new_document()
    lines = add_layer(document, "Lines", bytes(300 * 200 * 4))
    document.setActiveNode(lines)
    yield 0.5
    session().run("flats")
    session().run("gray")
    waited = len(session().waiting)
    yield from until(lambda: not session().waiting and not session().runner.running)
    yield 0.3
    said = panel().console.report.text()
    found = [waited, said, [node.name() for node in document.rootNode().childNodes()]]
    yield from close(document)
    return found


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
    fields["steps"].set(1_000)  # the bar moves with the first, on a busy machine too
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
    choose("broken")
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
    kill_daemon()
    yield from ended()
    found = {"text": console.report.text(), "details": console.report.details}
    choose("identity")
    console.start_button.click()
    yield from ended()
    found["again"] = [console.report.text(), [node["name"] for node in tree(document.rootNode())]]
    yield from close(document)
    return found


def scene_a_job_runs_while_krita_is_closed():
    """The last one: then the driver quits."""
    yield from new_document()
    choose("sleeper")
    panel().console.start_button.click()
    yield from until(lambda: "sleeping" in panel().console.words.text().lower())
    return session().runner.running
