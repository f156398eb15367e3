"""What our groups looked like when they were placed, to know whether the artist has painted on one since.

Checksums by the groups' ids, kept in Krita's own settings: a file opened on another day is known again.
"""

from __future__ import annotations

import json
import zlib
from typing import Any, Dict, List

from inkwash.protocol import Frame

from ..document.nodes import children
from ..document.pieces import Work

SETTING = ("inkwash", "marks")
KEPT = 300  # groups, the latest ones
STRIP_BYTES = 4 * 2**20  # summed up at once
ROWS = 256  # read at once
Mark = List[int]  # of a layer: x, y, width, height of what was written, and the checksum of its pixels


def of_frame(frame: Frame) -> Work[List[Mark]]:
    """The marks of a result's layers, bottom first, in pieces."""
    layers = {layer.name: layer for layer in frame.layers}
    found = []
    for output in frame.message["outputs"]:
        layer, total = layers[output["name"]], 0
        pixels = layer.memory()
        for begin in range(0, pixels.nbytes, STRIP_BYTES):
            total = zlib.crc32(pixels[begin : begin + STRIP_BYTES], total)
            yield
        found.append([layer.x, layer.y, layer.width, layer.height, total])
    return found


def of_group(group: Any, areas: List[Mark]) -> Work[List[Mark]]:
    """The marks of the layers that are in `group` now, of the areas that `areas` have, in pieces."""
    found = []
    for layer, mark in zip(children(group), areas):
        left, top, width, height = mark[:4]
        total = 0
        for row in range(top, top + height, ROWS):
            strip = bytes(layer.pixelData(left, row, width, min(ROWS, top + height - row)))
            total = zlib.crc32(strip, total)
            yield
        found.append([left, top, width, height, total])
    return found


def keep(group: Any, marks: List[Mark]) -> None:
    """Remember that `group` has just been placed, with layers of these marks."""
    known = _read()
    known[_id(group)] = marks
    _write({id: known[id] for id in list(known)[-KEPT:]})


def holds(group: Any) -> Work[bool]:
    """Whether the layers of `group` are as they were placed, in pieces; False too if that is not known."""
    known = _read().get(_id(group))
    if known is None or len(known) != len(children(group)):
        return False
    return (yield from of_group(group, known)) == known


def _id(group: Any) -> str:
    return str(group.uniqueId().toString())


def _read() -> Dict[str, List[Mark]]:
    from krita import Krita

    try:
        known = json.loads(Krita.instance().readSetting(*SETTING, "{}"))
    except (ValueError, RecursionError):
        known = {}
    return known if isinstance(known, dict) else {}


def _write(known: Dict[str, List[Mark]]) -> None:
    from krita import Krita

    Krita.instance().writeSetting(*SETTING, json.dumps(known))
