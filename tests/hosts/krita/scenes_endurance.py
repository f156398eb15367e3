"""Scenes: many runs in one Krita."""

import gc
import os
from time import monotonic

from scenery import Listener, add_layer, close, leftovers, new_document, trigger

RUNS = int(os.environ.get("INKWASH_RUNS", "1000"))
LOOKS = 10


def look(runs):
    gc.collect()
    with open("/proc/self/statm") as file:
        resident = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return {"runs": runs, "resident": resident, **leftovers()}


def scene_many_runs():
    """Colour a small picture again and again, each time undone, as Krita's history would grow by itself."""
    document = yield from new_document(256, 256)
    lines = add_layer(document, "Lines", bytes([5, 6, 7, 255]) * 65536)
    listener = Listener()
    looks, failures, begun = [], 0, monotonic()
    for run in range(1, RUNS + 1):
        end = yield from listener.run(document, "flats", {"lines": lines}, {"red": run % 256})
        failures += end.get("type") != "result"
        yield from trigger(document, "edit_undo")
        if run % (RUNS // LOOKS) == 0 or run == 1:
            yield 0.5
            looks.append(look(run))
    seconds = monotonic() - begun
    yield from close(document)
    yield 1
    return {"runs": RUNS, "seconds": seconds, "failures": failures, "looks": looks, "closed": look(RUNS)}
