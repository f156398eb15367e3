"""What scenes do in live preview, with pen and keys. Imported inside Krita only."""

import subprocess

from docker_scenery import choose, main, panel, session
from PyQt5.QtCore import QPoint
from scenery import APP, add_layer, close, new_document

from inkwash.krita.watch import canvas_of

WHITE = b"\xff\xff\xff\xff"
OPEN_PAPER = b"\x00\x00\x00\x00"


class Eye:
    """Sees what the live runner is asked for."""

    def __init__(self):
        self.states = []
        session().live_runner.state_changed.connect(self.states.append)

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


def bar():
    return panel().console.live_bar


def preview():
    return bar()._live.preview


def begin(filter, wait=True, paper=WHITE, depth="U8"):
    """A document with lines and hints, the hints active, the docker on `filter`, live preview on."""
    document = yield from new_document(400, 300, depth=depth)
    add_layer(document, "Lines", paper * (400 * 300) if depth == "U8" else None)
    hints = add_layer(document, "Hints")
    document.setActiveNode(hints)
    choose(filter)
    APP.action("KritaShape/KisToolBrush").trigger()
    yield 0.5
    document.setModified(False)
    eye = Eye()
    bar().live.set_on(True)
    if wait:
        yield from eye.quiet()
    return document, hints, eye


def pen(*commands, canvas=None):
    """Move the mouse over the canvas: "down", "up", or a place from its middle (x, y)."""
    canvas = canvas or canvas_of(main())
    middle = canvas.mapToGlobal(QPoint(canvas.width() // 2, canvas.height() // 2))
    for command in commands:  # one at a time: a Krita that is busy makes one event of all that it finds
        if isinstance(command, tuple):
            words = ["mousemove", str(middle.x() + command[0]), str(middle.y() + command[1])]
        else:
            words = [{"down": "mousedown", "up": "mouseup"}[command], "1"]
        done = subprocess.Popen(["xdotool", *words])
        while done.poll() is None:
            yield 0.02
        yield 0.02
    yield 0.1


def stroke(y=0, canvas=None):
    yield from pen((-60, y), "down", (-30, y), (0, y + 5), (30, y), (60, y), "up", canvas=canvas)


def seen(x, y):
    """Red, green, blue, alpha of what the preview shows at a pixel of the document."""
    return list(preview().look.whole.pixelColor(x, y).getRgb())


def coloured(image):
    """How many pixels of every third row and column are no grey."""
    found = 0
    for y in range(0, image.height(), 3):
        for x in range(0, image.width(), 3):
            colour = image.pixelColor(x, y)
            found += colour.alpha() > 0 and colour.saturation() > 30
    return found


def off(document, eye):
    bar().live.set_on(False)
    yield 0.3
    eye.close()
    yield from close(document)
