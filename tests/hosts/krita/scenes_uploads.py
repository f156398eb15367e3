"""Scenes: a large page on its way to the daemon when the artist, or the daemon, thinks better of it."""

import json
import os
import signal
from contextlib import suppress
from time import monotonic

from docker_scenery import choose, session
from live_scenery import Eye, bar, pen
from scenery import APP, Listener, add_layer, close, kill_daemon, new_document, until

SIDE = 4096
CANCELS = 20


def page():
    document = yield from new_document(SIDE, SIDE)
    return document, add_layer(document, "Lines", bytes([250, 251, 252, 255]) * (SIDE * SIDE))


def daemon():
    with open(os.path.join(os.environ["INKWASH_HOME"], "endpoint.json")) as file:
        return json.load(file)["pid"]


def sockets(process):
    """How many it has."""
    folder = f"/proc/{process}/fd"
    links = []
    for name in os.listdir(folder):
        with suppress(OSError):  # closed meanwhile
            links.append(os.readlink(f"{folder}/{name}"))
    return sum(link.startswith("socket:") for link in links)


def uploading(document, lines, listener, seconds, idle):
    """A run whose upload stands still: the daemon does, from `seconds` after it has more sockets than when `idle`."""
    listener.states.clear()
    listener.start(document, "sleeper", {"picture": lines}, {"seconds": 60.0})
    yield from until(lambda: listener.states[-1] == "starting")
    yield from until(lambda: sockets(daemon()) > idle)
    begun = monotonic()
    yield from until(lambda: monotonic() - begun >= seconds)
    os.kill(daemon(), signal.SIGSTOP)
    yield 0.15


def scene_cancel_in_the_upload():
    document, lines = yield from page()
    listener = Listener()
    yield from listener.run(document, "sleeper", {"picture": lines}, {"seconds": 0.1})
    ends, accepted, idle = [], 0, sockets(daemon())
    for number in range(CANCELS):
        yield from uploading(document, lines, listener, number % 10 * 0.008, idle)
        listener.runner.cancel()
        ends.append(listener.ends[-1]["code"])
        os.kill(daemon(), signal.SIGCONT)
        accepted += "running" in listener.states
        yield 0.05
    end = yield from listener.run(document, "sleeper", {"picture": lines}, {"seconds": 0.1})
    found = {"ends": ends, "accepted before": accepted, "afterwards": end["type"]}
    yield from close(document)
    return found


def scene_the_daemon_dies_in_the_upload():
    document, lines = yield from page()
    listener = Listener()
    yield from listener.run(document, "sleeper", {"picture": lines}, {"seconds": 0.1})
    yield from uploading(document, lines, listener, 0.02, sockets(daemon()))
    kill_daemon()
    yield from until(lambda: listener.ends)
    found = {"end": listener.ends[-1]}
    end = yield from listener.run(document, "sleeper", {"picture": lines}, {"seconds": 0.1})
    found["afterwards"] = end["type"]
    yield from close(document)
    return found


def scene_live_strokes_during_uploads():
    document, lines = yield from page()
    hints = add_layer(document, "Hints")
    document.setActiveNode(hints)
    choose("echo_hints")
    APP.action("KritaShape/KisToolBrush").trigger()
    yield 0.5
    eye, shown = Eye(), []
    session().live_runner.finished.connect(shown.append)
    bar().live.set_on(True)
    yield from eye.quiet()
    for y in range(-100, 100, 40):
        yield from pen((-60, y), "down", (0, y + 5), (60, y), "up")
        yield from until(lambda: session().live_runner.running)
        yield 0.1 + (y + 100) * 0.002
    yield from eye.quiet()
    found = {"begun": eye.begun, "shown": len(shown)}
    bar().live.set_on(False)
    yield 0.3
    eye.close()
    session().live_runner.finished.disconnect(shown.append)
    yield from close(document)
    return found
