"""Scenes: strokes with the pen on the canvas, and what the live preview makes of them."""

import hashlib
import subprocess
from contextlib import contextmanager

from docker_scenery import choose, docker, main, panel, photograph, session
from PyQt5.QtCore import QPoint
from scenery import APP, add_layer, close, kill_daemon, new_document, until

from inkwash.krita.watch import canvas_of

WHITE = b"\xff\xff\xff\xff"


class Eye:
    """Sees what the live runner is asked for and what it gives."""

    def __init__(self):
        self.states, self.shown = [], []
        session().live_runner.state_changed.connect(self.states.append)
        session().live_runner.finished.connect(self.shown.append)

    @property
    def begun(self):
        """How often work has begun."""
        return self.states.count("reading")

    def quiet(self):
        """Until nothing happens for half a second."""
        seen = -1
        while session().live_runner.running or seen != len(self.states):
            seen = len(self.states)
            yield 0.5

    def close(self):
        session().live_runner.state_changed.disconnect(self.states.append)
        session().live_runner.finished.disconnect(self.shown.append)


def begin(filter, wait=True):
    """A document with lines and hints, the hints active, the docker on `filter`, live preview on."""
    document = yield from new_document(400, 300)
    add_layer(document, "Lines", WHITE * (400 * 300))
    hints = add_layer(document, "Hints")
    document.setActiveNode(hints)
    choose(filter)
    APP.action("KritaShape/KisToolBrush").trigger()
    yield 0.5
    eye = Eye()
    panel().console.live.set_on(True)
    if wait:
        yield from eye.quiet()
    return document, hints, eye


def pen(*commands):
    """Move the mouse over the canvas: "down", "up", or a place from its middle (x, y)."""
    canvas = canvas_of(main())
    middle = canvas.mapToGlobal(QPoint(canvas.width() // 2, canvas.height() // 2))
    words = []
    for command in commands:
        if isinstance(command, tuple):
            words += ["mousemove", str(middle.x() + command[0]), str(middle.y() + command[1])]
        else:
            words += [{"down": "mousedown", "up": "mouseup"}[command], "1"]
    done = subprocess.Popen(["xdotool", *words])
    while done.poll() is None:
        yield 0.02
    yield 0.1


def stroke(y=0):
    yield from pen((-60, y), "down", (-30, y), (0, y + 5), (30, y), (60, y), "up")


def preview(document):
    return [node for node in document.rootNode().childNodes() if node.name().startswith("Inkwash preview")]


def pixel(node, x, y):
    """Blue, green, red, alpha."""
    return list(bytes(node.pixelData(x, y, 1, 1)))


def print_of(node, document):
    """What tells one content of a layer from another, wherever on it the pen came down."""
    return hashlib.sha256(bytes(node.pixelData(0, 0, document.width(), document.height()))).hexdigest()


def off(document, eye):
    panel().console.live.set_on(False)
    yield 0.3
    eye.close()
    yield from close(document)


def scene_a_stroke_is_followed():
    document, hints, eye = yield from begin("echo_hints")
    found = {"at first": [eye.begun, [node.name() for node in document.rootNode().childNodes()]]}
    layer = preview(document)[0]
    found["locked"] = layer.locked()
    empty = print_of(layer, document)
    begun = eye.begun
    yield from stroke()
    yield from eye.quiet()
    found["one stroke"] = [eye.begun - begun, print_of(layer, document), print_of(hints, document), empty]
    found["still one layer"] = len(preview(document))
    APP.action("edit_undo").trigger()
    yield from eye.quiet()
    found["undone"] = [eye.begun - begun, print_of(layer, document), print_of(hints, document)]
    APP.action("edit_redo").trigger()
    yield from eye.quiet()
    found["redone"] = [eye.begun - begun, print_of(layer, document)]
    found["words"] = panel().console.live_words.text()
    found["picture"] = photograph("live", docker())
    panel().console.live.set_on(False)
    yield 0.5
    found["removed"] = [node.name() for node in document.rootNode().childNodes()]
    yield from stroke(30)
    yield 0.6
    found["off"] = eye.begun - begun
    eye.close()
    yield from close(document)
    return found


def scene_never_within_a_stroke():
    document, hints, eye = yield from begin("echo_hints")
    begun = eye.begun
    yield from pen((-60, 0), "down", (-30, 0), (0, 5))
    yield 0.8
    during = eye.begun - begun
    yield from pen((60, 0), "up")
    yield from eye.quiet()
    after = eye.begun - begun
    for y in (-40, -20, 20, 40):
        yield from stroke(y)
    yield from eye.quiet()
    layer = preview(document)[0]
    canvas = [[x, y] for y in range(0, 300, 3) for x in (180, 200, 220) if pixel(layer, x, y) != pixel(hints, x, y)]
    found = {"during": during, "after": after, "differences after many": canvas}
    yield from off(document, eye)
    return found


def scene_it_pauses():
    document, hints, eye = yield from begin("echo_hints")
    begun = eye.begun
    document.setActiveNode(document.nodeByName("Background"))
    yield 0.3
    yield from stroke()
    yield from eye.quiet()
    found = {"a stroke elsewhere": eye.begun - begun}
    document.setActiveNode(hints)
    APP.action("select_all").trigger()
    yield from eye.quiet()
    found["selection"] = [eye.begun - begun, panel().console.live_words.text()]
    yield from stroke(20)
    yield from eye.quiet()
    found["next stroke"] = eye.begun - begun
    other = yield from new_document(200, 200)
    yield 0.6
    found["other document"] = [panel().console.live_words.text()]
    yield from stroke()
    yield 0.6
    found["other document"].append(eye.begun - begun)
    yield from close(other)
    yield 0.6
    found["back"] = panel().console.live_words.text()
    yield from stroke(40)
    yield from eye.quiet()
    found["going on"] = eye.begun - begun
    yield from off(document, eye)
    return found


def scene_it_is_kept():
    document, hints, eye = yield from begin("flats")
    panel().console.keep.click()
    yield 0.5
    (layer,) = preview(document)
    found = {"name": layer.name(), "locked": layer.locked(), "on": panel().console.live.is_on()}
    eye.close()
    yield from close(document)
    return found


def scene_settings_count():
    document, hints, eye = yield from begin("flats")
    begun = eye.begun
    field = next(field for field in panel().form.fields if field.parameter["name"] == "red")
    field.set(9)
    yield from eye.quiet()
    found = {"begun": eye.begun - begun, "red": pixel(preview(document)[0], 300, 10)[2]}
    field.set(255)
    yield from eye.quiet()
    yield from off(document, eye)
    return found


def scene_krita_heeds_events_while_it_makes_the_layer():
    """As it may whenever a document is made: a further result comes, or the artist switches live preview off."""
    from inkwash.krita.document import stencils
    from inkwash.protocol import Layer

    real, meanwhile = stencils.scratch, []

    @contextmanager
    def heeding(space):
        with real(space) as document:
            for deed in meanwhile:
                deed()
            yield document

    result = Layer("x", 400, 300, order="BGRA", data=b"\x00\x00\xff\xff" * (400 * 300))
    stencils.scratch = heeding
    try:
        stencils.forget()
        meanwhile[:] = [lambda: session().live_runner.previewed.emit(result, None)] * 2
        document, hints, eye = yield from begin("echo_hints")
        found = {"a result": len(preview(document))}
        meanwhile.clear()
        panel().console.live.set_on(False)
        yield 0.5
        stencils.forget()
        meanwhile[:] = [lambda: panel().console.live.set_on(False)]
        panel().console.live.set_on(True)
        yield from until(lambda: not panel().console.live.is_on())
        yield 1.0
        found["switched off"] = len(preview(document))
    finally:
        stencils.scratch = real
    yield from off(document, eye)
    return found


def scene_its_document_is_closed():
    document, hints, eye = yield from begin("sleeper", wait=False)
    yield from stroke()
    yield from until(lambda: session().live_runner.running)
    eye.close()
    yield from close(document)
    yield 1.0
    return {"on": panel().console.live.is_on(), "running": session().live_runner.running}


def scene_the_daemon_is_killed_meanwhile():
    document, hints, eye = yield from begin("echo_hints")
    kill_daemon()
    yield 0.5
    yield from stroke()
    yield from eye.quiet()
    yield from until(lambda: not session().live_runner.running)
    yield 1.0
    layer = preview(document)[0]
    found = {"words": panel().console.live_words.text(), "same": pixel(layer, 200, 152) == pixel(hints, 200, 152)}
    yield from off(document, eye)
    return found
