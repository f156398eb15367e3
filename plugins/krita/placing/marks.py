"""What our groups looked like when they were placed, to know whether the artist has painted on one since.

Checksums by the groups' ids, kept in Krita's own settings: a file opened on another day is known again.
"""

from __future__ import annotations

import json
import zlib
from typing import Any, Dict, List, Optional

from inkwash.protocol import Frame

from ..document.nodes import children
from ..document.pieces import Work

SETTING = ("inkwash", "marks")
KEPT = 300  # groups, the latest ones
FRAMES = 100  # of an animated one, the latest ones
STRIP_BYTES = 4 * 2**20  # summed up at once
ROWS = 256  # read at once
_ALL = ""  # stands for a group that is not animated
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


def of_group(group: Any, areas: List[Mark], time: Optional[int] = None) -> Work[List[Mark]]:
    """The marks of the layers that are in `group`, at frame `time`, of the areas that `areas` have, in pieces."""
    found = []
    for layer, mark in zip(children(group), areas):
        left, top, width, height = mark[:4]
        total = 0
        for row in range(top, top + height, ROWS):
            strip = left, row, width, min(ROWS, top + height - row)
            pixels = layer.pixelData(*strip) if time is None else layer.pixelDataAtTime(*strip, time)
            total = zlib.crc32(bytes(pixels), total)
            yield
        found.append([left, top, width, height, total])
    return found


def keep(group: Any, marks: List[Mark], time: Optional[int] = None, old: Any = None) -> None:
    """Remember that `group` has just been placed, with layers of these marks.

    At frame `time` if it is animated; the others are those of `old`.
    """
    known = _read()
    frames = {} if old is None else _frames(known.get(_id(old)))
    frames[_ALL if time is None else str(time)] = marks
    known[_id(group)] = {at: frames[at] for at in list(frames)[-FRAMES:]}
    _write({id: known[id] for id in list(known)[-KEPT:]})


def holds(group: Any, time: Optional[int] = None) -> Work[bool]:
    """Whether the layers of `group` are as they were placed at `time`, in pieces; False too if that is not known."""
    marks = _frames(_read().get(_id(group))).get(_ALL if time is None else str(time))
    if marks is None or len(marks) != len(children(group)):
        return False
    return (yield from of_group(group, marks, time)) == marks


def _frames(known: Any) -> Dict[str, List[Mark]]:
    """What is known of a group: marks by their frames."""
    return dict(known) if isinstance(known, dict) else {}


def _id(group: Any) -> str:
    return str(group.uniqueId().toString())


def _read() -> Dict[str, Any]:
    from krita import Krita

    try:
        known = json.loads(Krita.instance().readSetting(*SETTING, "{}"))
    except (ValueError, RecursionError):
        known = {}
    return known if isinstance(known, dict) else {}


def _write(known: Dict[str, Any]) -> None:
    from krita import Krita

    Krita.instance().writeSetting(*SETTING, json.dumps(known))
