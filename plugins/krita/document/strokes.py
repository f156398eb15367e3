"""A Colorize Mask's key strokes as a hint layer."""

from __future__ import annotations

import mmap
from typing import Any, List, Tuple

from inkwash.protocol import Layer

from ..qt import QImage, QPainter
from .area import Area
from .pieces import Work

TYPE = "colorizemask"
ROWS = 256  # composed at once
PIXEL_BYTES = 4
OPAQUE = 0xFF000000
SRGB = "sRGB-elle-V2-srgbtrc.icc"

Key = Tuple[Any, int]  # Krita's colour, and the same as 0xAARRGGBB


def reading(mask: Any, area: Area, name: str) -> Work[Layer]:
    """The key strokes of `mask` in `area` as one layer called `name`, sRGB in 8 bits, in pieces.

    Strokes of the colour that stands for "transparent" are left out.
    """
    keys = _keys(mask)
    row = area.width * PIXEL_BYTES
    pixels = memoryview(mmap.mmap(-1, row * area.height))
    for top in range(0, area.height, ROWS):
        strip = Area(area.x, area.y + top, area.width, min(ROWS, area.height - top))
        pixels[top * row : (top + strip.height) * row] = _composed(mask, keys, strip)
        yield
    return Layer(name, area.width, area.height, area.x, area.y, order="BGRA", data=pixels)


def _keys(mask: Any) -> List[Key]:
    transparent = mask.transparencyIndex()
    given = enumerate(zip(mask.keyStrokesColors(), mask.keyStrokesColors()))  # twice: one of each to be converted
    return [(colour, _argb(copy)) for index, (colour, copy) in given if index != transparent]


def _argb(colour: Any) -> int:
    colour.setColorSpace("RGBA", "U8", SRGB)
    red, green, blue = (round(255 * value) for value in colour.componentsOrdered()[:3])
    return OPAQUE | red << 16 | green << 8 | blue


def _composed(mask: Any, keys: List[Key], strip: Area) -> memoryview:
    """The strokes in `strip` one over the other: B, G, R, A with straight alpha."""
    whole = QImage(strip.width, strip.height, QImage.Format.Format_ARGB32_Premultiplied)
    whole.fill(0)
    painter = QPainter(whole)
    for colour, argb in keys:
        cover = bytes(mask.keyStrokePixelData(colour, *strip))
        stroke = QImage(strip.width, strip.height, QImage.Format.Format_ARGB32_Premultiplied)
        stroke.fill(argb)
        stroke.setAlphaChannel(QImage(cover, strip.width, strip.height, strip.width, QImage.Format.Format_Alpha8))
        painter.drawImage(0, 0, stroke)
    painter.end()
    straight = whole.convertToFormat(QImage.Format.Format_ARGB32)
    bits = straight.constBits()
    bits.setsize(straight.sizeInBytes())
    return memoryview(bytes(bits))
