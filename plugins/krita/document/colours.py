"""Colours as the artist has them: of the brush, of the palette, of the strokes on a layer; written as #rrggbb."""

from __future__ import annotations

from array import array
from collections import Counter
from typing import Any, List

from ..qt import QColor, QImage, Qt
from . import strokes
from .area import Area
from .paint import Desk
from .pieces import Work
from .pixels import canvas

SEEN = 128  # of 255, alpha from which on a pixel counts
SHADE = 24  # of 255, in a channel: what differs by no more is a shade of the same colour
MOST = 12  # colours of a layer
FEW = 0.002  # of all that is drawn: less is an edge
ROWS = 128  # read at once
SIDE = 1024  # pixels of the longer side that are counted at most
PALETTE = 60  # colours that are offered


def brush() -> str:
    """The foreground colour; empty if no picture is open."""
    view = _view()
    return "" if view is None else _hex(view.foregroundColor())


def take_up(colour: str) -> None:
    """Make `colour` the foreground colour."""
    from krita import ManagedColor

    view = _view()
    if view is not None:
        wanted = QColor(colour)
        made = ManagedColor("RGBA", "U8", strokes.SRGB)
        made.setComponents([wanted.blueF(), wanted.greenF(), wanted.redF(), 1.0])
        view.setForeGroundColor(made)


def palette() -> List[str]:
    """The colours of the palette that Krita's palette docker shows, as far as that is known."""
    from krita import Krita, Palette

    known = Krita.instance().resources("palette")
    name = Krita.instance().readSetting("", "defaultPalette", "Default")
    resource = known.get(name) or known.get("Default")
    if resource is None:
        return []
    found = Palette(resource)
    swatches = [found.colorSetEntryByIndex(place) for place in range(min(found.numberOfEntries(), PALETTE))]
    return list(dict.fromkeys(_hex(one.color()) for one in swatches if one is not None and one.isValid()))


def on(document: Any, node: Any) -> Work[List[str]]:
    """The colours of the strokes on `node`, the most frequent first, in pieces."""
    bounds = Area.of(node.bounds()).within(canvas(document))
    counted: Counter[int] = Counter()
    desk = Desk()
    try:
        strip = desk.node_strip(node)
        for top in range(bounds.y, bounds.y + bounds.height, ROWS):
            rows = min(ROWS, bounds.y + bounds.height - top)
            image = strip(Area(bounds.x, top, bounds.width, rows)) if bounds.width else None
            if image is not None:
                counted.update(_pixels(image, max(bounds.width, bounds.height)))
            yield
    finally:
        desk.close()
    return _main(counted)


def _pixels(image: Any, side: int) -> Any:
    """Some of the pixels as 0xAARRGGBB, straight alpha."""
    if side > SIDE:
        columns, rows = max(1, image.width() * SIDE // side), max(1, image.height() * SIDE // side)
        image = image.scaled(columns, rows, Qt.AspectRatioMode.IgnoreAspectRatio)
    straight = image.convertToFormat(QImage.Format.Format_ARGB32)
    bits = straight.constBits()
    bits.setsize(straight.sizeInBytes())
    return array("I", bytes(bits))


def _main(counted: Any) -> List[str]:
    """The colours of which there is more than their edges have."""
    opaque: Counter[int] = Counter()
    for pixel, often in counted.items():
        if pixel >> 24 >= SEEN:
            opaque[pixel & 0xFFFFFF] += often
    found: List[int] = []
    least = FEW * sum(opaque.values())
    for colour, often in opaque.most_common():
        if len(found) == MOST or often < least:
            break
        if all(_far(colour, one) > SHADE for one in found):
            found.append(colour)
    return ["#{:06x}".format(colour) for colour in found]


def _far(one: int, other: int) -> int:
    return max(abs((one >> shift & 255) - (other >> shift & 255)) for shift in (16, 8, 0))


def _hex(colour: Any) -> str:
    colour.setColorSpace("RGBA", "U8", strokes.SRGB)
    return "#" + "".join("{:02x}".format(round(255 * value)) for value in colour.componentsOrdered()[:3])


def _view() -> Any:
    from krita import Krita

    window = Krita.instance().activeWindow()
    return None if window is None or Krita.instance().activeDocument() is None else window.activeView()
