"""Scenes that end while a job runs: Krita quits next."""

import os

from scenery import Listener, add_layer, new_document, until

kept = []  # as a docker would


def begun(side, warm):
    document = yield from new_document(side, side)
    lines = add_layer(document, "Lines", bytes([5, 6, 7, 255]) * side * side)
    listener = Listener()
    kept.append(listener)
    if warm:
        yield from listener.run(document, "identity", {"picture": lines})
    return document, lines, listener


def quit_while_it_runs():
    document, lines, listener = yield from begun(50, warm=True)
    listener.start(document, "sleeper", {"picture": lines}, {"seconds": 300.0})
    yield from until(lambda: listener.progress)
    return "left running" if listener.runner.running else "not running"


def quit_while_it_reads():
    document, lines, listener = yield from begun(3000, warm=True)
    listener.start(document, "identity", {"picture": lines})
    return "left running" if listener.states[-1] == "reading" else "not reading"


def quit_while_the_daemon_starts():
    from scenery import FILTERS

    FILTERS["sleeper"] = {"id": "sleeper", "inputs": [{"name": "picture"}]}  # to be had without the daemon
    document, lines, listener = yield from begun(50, warm=False)
    listener.start(document, "sleeper", {"picture": lines}, {"seconds": 300.0})
    yield from until(lambda: listener.states[-1] == "starting")
    there = os.path.exists(os.path.join(os.environ["INKWASH_HOME"], "endpoint.json"))
    return "left running" if not there else "the daemon was quicker"
