"""What scenes inside Krita have in common: documents, layers, runs. Imported inside Krita only."""

import json
import os
import signal
import time

from krita import Krita

from inkwash.krita.runner import Request, Runner

APP = Krita.instance()
SRGB = "sRGB-elle-V2-srgbtrc.icc"
PATIENCE = 60.0
SETTLING_SECONDS = 0.6  # Krita's layers docker draws layers a little later, by pointers that may be stale by then
FILTERS = {}


def until(holds, patience=PATIENCE):
    """Wait until `holds()`."""
    begun = time.monotonic()
    while not holds():
        if time.monotonic() - begun > patience:
            raise AssertionError("this never came true")
        yield 0.01


def new_document(width=300, height=200, model="RGBA", depth="U8", profile=SRGB, shown=True):
    """A document with one white layer; `shown` gives it a window, as an artist has it."""
    document = APP.createDocument(width, height, "test", model, depth, profile, 72.0)
    if shown:
        APP.activeWindow().addView(document)
        yield from until(lambda: APP.activeDocument() == document and document.activeNode() is not None)
    return document


def add_layer(document, name, pixels=None, area=None, parent=None):
    """A paint layer on top, with `pixels` in `area` (x, y, width, height)."""
    node = document.createNode(name, "paintlayer")
    if pixels is not None:
        node.setPixelData(pixels, *(area or (0, 0, document.width(), document.height())))
    parent = parent or document.rootNode()
    siblings = parent.childNodes()
    parent.addChildNode(node, siblings[-1] if siblings else None)
    document.waitForDone()
    return node


def tree(node):
    """Name, blending mode and visible pixels' place of each layer, bottom to top; groups with their children."""
    found = []
    for child in node.childNodes():
        rect = child.bounds()
        bounds = [rect.x(), rect.y(), rect.width(), rect.height()]
        entry = {"name": child.name(), "type": child.type(), "blend": child.blendingMode(), "bounds": bounds}
        if child.childNodes():
            entry["children"] = tree(child)
        found.append(entry)
    return found


def names(document):
    """The layers' names, bottom to top, groups as [name, [...]]."""

    def inside(node):
        return [[c.name(), inside(c)] if c.type() == "grouplayer" else c.name() for c in node.childNodes()]

    return inside(document.rootNode())


class Listener:
    """A runner and all that it said."""

    def __init__(self):
        self.runner = Runner()
        self.states, self.progress, self.previews, self.ends = [], [], [], []
        self.runner.state_changed.connect(self.states.append)
        self.runner.progressed.connect(lambda *said: self.progress.append(said))
        self.runner.previewed.connect(lambda request, frame: self.previews.append(frame))
        self.runner.finished.connect(self.finished)
        self.runner.failed.connect(self.failed)

    def finished(self, message):
        self.node = message["node"]
        self.ends.append({key: value for key, value in message.items() if key != "node"})

    def failed(self, error):
        said = {name: getattr(error, name, None) for name in ("code", "message", "hint")}
        self.ends.append({**said, "error": repr(error)})

    def run(self, document, filter, nodes, params=None, **options):
        """Start and wait for the end; what it was."""
        self.start(document, filter, nodes, params, **options)
        yield from until(lambda: self.ends)
        yield 0.1
        return self.ends[-1]

    def start(self, document, filter, nodes, params=None, **options):
        self.node = None
        self.ends.clear()
        self.runner.start(Request(declaration(filter), params or {}, nodes, document, **options))


def declaration(id):
    """What the daemon declares; asked once, on the UI thread: the tests may wait."""
    if not FILTERS:
        from inkwash.client import connect

        FILTERS.update({each["id"]: each for each in connect().filters()})
    return FILTERS[id]


def kill_daemon():
    with open(os.path.join(os.environ["INKWASH_HOME"], "endpoint.json")) as file:
        os.kill(json.load(file)["pid"], signal.SIGKILL)


def trigger(document, action):
    """Let Krita do what the menu entry does."""
    APP.action(action).trigger()
    document.waitForDone()
    yield 0.2
    document.waitForDone()


def close(document):
    """Close it without a question, once Krita has drawn what changed: closed sooner, it may crash."""
    yield SETTLING_SECONDS
    document.setModified(False)
    document.close()
    yield 0.1


def leftovers():
    """Threads and files that we must not leave behind."""
    import tempfile

    folder = tempfile.gettempdir()
    ours = [name for name in os.listdir(folder) if name.startswith("inkwash-profile-")]
    return {"threads": len(os.listdir("/proc/self/task")), "documents": len(APP.documents()), "files": ours}
