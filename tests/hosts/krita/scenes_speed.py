"""Scenes: a large picture, and how long the window does not answer meanwhile."""

import os
from itertools import pairwise
from time import perf_counter

from krita import Krita
from PyQt5.QtCore import QObject, QTimer
from scenery import Listener, add_layer, close, new_document

SIDE = int(os.environ.get("INKWASH_SIDE", "4096"))
BEAT = 0.002  # seconds between two looks whether the window answers
SETTLED = 1.0  # seconds in which Krita has shown a change
ROUNDS = 5


class Heart(QObject):
    """Beats on the UI thread, and knows when it could not."""

    def __init__(self):
        super().__init__()
        self.beats = [perf_counter()]
        self.timer = QTimer(self)
        self.timer.timeout.connect(lambda: self.beats.append(perf_counter()))
        self.timer.start(int(BEAT * 1000))

    def between(self, begin, end):
        """For how long the window did not answer, in all and at a time."""
        gaps = [after - before - BEAT for before, after in pairwise(self.beats) if begin <= after <= end]
        return {"blocked": sum(gap for gap in gaps if gap > BEAT), "longest": max(gaps)}


def settle(document):
    """Let Krita show what has changed: that is part of the cost."""
    document.waitForDone()
    yield SETTLED


def krita_alone(document, source, target):
    """The same pixels through Krita's own calls, at once; the seconds of each."""
    marks = [perf_counter()]
    pixels = source.pixelData(0, 0, SIDE, SIDE)
    marks.append(perf_counter())
    target.setPixelData(pixels, 0, 0, SIDE, SIDE)
    marks.append(perf_counter())
    document.refreshProjection()
    document.waitForDone()
    marks.append(perf_counter())
    return [after - before for before, after in pairwise(marks)]


def scene_large_picture():
    document = yield from new_document(SIDE, SIDE)
    lines = add_layer(document, "Lines", os.urandom(SIDE * 64 * 4) * (SIDE // 64))
    yield 2
    listener = Listener()
    states = []
    listener.runner.state_changed.connect(lambda state: states.append((state, perf_counter())))
    yield from listener.run(document, "identity", {"picture": lines})  # warm: libraries, stencil, profile
    yield from undo(document)
    rounds = []
    for _ in range(ROUNDS):
        target = add_layer(document, "Target")  # as ours: new, and seen
        yield 1
        heart = Heart()
        yield 0.1
        begin = perf_counter()
        calls = krita_alone(document, lines, target)
        yield from settle(document)
        alone = {"calls": calls, **heart.between(begin, perf_counter())}
        yield from undo(document)

        states.clear()
        begin = perf_counter()
        end = yield from listener.run(document, "identity", {"picture": lines})
        yield from settle(document)
        at = dict(states)
        read, wait, put = (begin, at["starting"]), (at["starting"], at["placing"]), (at["placing"], perf_counter())
        parts = {"read": heart.between(*read), "wait": heart.between(*wait), "put": heart.between(*put)}
        same = bytes(listener.node.childNodes()[0].pixelData(0, SIDE - 1, SIDE, 1)) == bytes(
            lines.pixelData(0, SIDE - 1, SIDE, 1)
        )
        rounds.append(
            {"alone": alone, **parts, "round trip": at["idle"] - begin, "filter": end["seconds"], "same": same}
        )
        yield from undo(document)
    yield from close(document)
    return {"side": SIDE, "rounds": rounds}


def undo(document):
    Krita.instance().action("edit_undo").trigger()
    yield from settle(document)
