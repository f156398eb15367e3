"""What a document's layers look like, from a few rows of each: enough to tell lines from strokes of colour."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence, Tuple

from inkwash.client.looks import BLANK, SIDE, UNKNOWN, look

from ..qt import QImage, Qt
from .area import Area
from .paint import Desk
from .pixels import canvas

LOOKED_AT = 40  # layers, the topmost; more would take too long, and their names must do
KEPT = 400  # looks; each until its layer has other bounds
LOOKED = ("paintlayer", "vectorlayer", "clonelayer", "filelayer")  # a group has no looks of its own

_known: Dict[Tuple[str, Area], str] = {}


def looks(document: Any, nodes: Sequence[Any]) -> List[str]:
    """What each of `nodes` looks like, in the words of `inkwash.client.looks`; "" where that is not known."""
    desk = Desk()
    try:
        area = canvas(document)
        found = [_look(desk, area, node) for node in nodes[:LOOKED_AT]]
    finally:
        desk.close()
    return found + [UNKNOWN] * (len(nodes) - len(found))


def _look(desk: Desk, area: Area, node: Any) -> str:
    if node.type() not in LOOKED:
        return UNKNOWN
    bounds = Area.of(node.bounds()).within(area)
    key = (str(node.uniqueId().toString()), bounds)
    if key not in _known:
        if len(_known) >= KEPT:
            _known.clear()
        _known[key] = _seen(desk, area, node, bounds)
    return _known[key]


def _seen(desk: Desk, area: Area, node: Any, bounds: Area) -> str:
    """By some of the rows in `bounds`; all around them is nothing."""
    if not bounds.width:
        return BLANK
    strip, columns, rows = desk.node_strip(node), min(SIDE, bounds.width), min(SIDE, bounds.height)
    pixels = b""
    for row in range(rows):
        y = bounds.y + (2 * row + 1) * bounds.height // (2 * rows)
        image = strip(Area(bounds.x, y, bounds.width, 1))
        if image is not None:
            small = image.scaled(columns, 1, Qt.AspectRatioMode.IgnoreAspectRatio)
            straight = small.convertToFormat(QImage.Format.Format_RGBA8888)
            bits = straight.constBits()
            bits.setsize(columns * 4)
            pixels += bytes(bits)
    around = area.width * area.height / (bounds.width * bounds.height) - 1
    return look(pixels + bytes(4 * round(around * columns * rows)))
