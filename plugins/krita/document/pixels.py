"""Between Krita's nodes and layers: what the artist sees of a node goes out, a result's pixels come in."""

from __future__ import annotations

import mmap
from typing import Any, Callable, Optional

from inkwash.protocol import Layer

from ..errors import NothingToSend
from . import strokes
from .area import Area
from .nodes import children
from .pieces import Work, at_once
from .profiles import icc
from .scratch import Space, scratch, space_of

STRIP_BYTES = 4 * 2**20  # copied at once: about a millisecond, and within the processor's cache
TILE = 64  # rows of Krita's tiles; strips of whole tiles are quicker
MODELS = {"RGBA": "RGBA", "GRAYA": "GRAYA", "A": "GRAY"}  # Krita's, and ours
CHANNELS = {"RGBA": 4, "GRAYA": 2, "GRAY": 1}
DEPTHS = {"U8": "u8", "U16": "u16", "F16": "f16", "F32": "f32"}
SAMPLE_BYTES = {"u8": 1, "u16": 2, "f16": 2, "f32": 4}
FULL_OPACITY = 255
SELECTION = "selection"

Read = Callable[[int, int, int, int], Any]  # x, y, width, height -> QByteArray


def read(document: Any, node: Any, name: str) -> Layer:
    """What the artist sees of `node` on the canvas, masks and opacity included, as a layer called `name`."""
    return at_once(reading(document, node, name))


def reading(document: Any, node: Any, name: str, trim: bool = False) -> Work[Layer]:
    """The same in pieces. `trim` leaves out what is empty around the node; NothingToSend.

    A hidden node is read as if it were shown. What lies beyond the canvas is not seen, so it is not sent.
    """
    area = canvas(document)
    if trim:
        trimmed = Area.of(node.bounds()).within(area)
        area = trimmed if trimmed.width else Area(0, 0, 1, 1)
    document.waitForDone()  # a stroke may still be on its way to the projection
    if node.type() == strokes.TYPE:
        return (yield from strokes.reading(node, area, name))
    if _may_be_stale(node):
        with scratch(space_of(node), document.width(), document.height()) as other:
            data = yield from _seen(_shown_in(other, node), area)
    else:
        data = yield from _seen(node, area)
    return layer_in(sent_space(node), data, area, name, opacity=node.opacity() / FULL_OPACITY)


def sent_space(node: Any) -> Space:
    """The colour space in which `node` is sent: its own, or sRGB if the wire does not know its own."""
    if node.type() == strokes.TYPE:
        return Space("RGBA", "U8", strokes.SRGB)
    space = space_of(node)
    return space if space.model in MODELS else Space("RGBA", space.depth, strokes.SRGB)


def canvas(document: Any) -> Area:
    """The part of the document that is seen; NothingToSend if it is closed."""
    area = Area(0, 0, document.width(), document.height())
    if not area.width or not area.height:
        raise NothingToSend("The document is closed.")
    return area


def write(node: Any, layer: Layer) -> None:
    """Put `layer`'s pixels, which are in `node`'s format, into the paint layer `node` at their place."""
    at_once(writing(node, layer))


def writing(node: Any, layer: Layer) -> Work[None]:
    """The same in pieces; nothing of it can be undone."""
    pixels = layer.memory()
    row = pixels.nbytes // layer.height
    rows = _strip_rows(row)
    for top in range(0, layer.height, rows):
        strip = bytes(pixels[top * row : (top + rows) * row])
        node.setPixelData(strip, layer.x, layer.y + top, layer.width, len(strip) // row)
        yield


def selection(document: Any) -> Work[Optional[Layer]]:
    """What is selected, as a layer called `selection`, in pieces; None if nothing is."""
    chosen = document.selection() or _own_selection(document.activeNode())
    if chosen is None or not chosen.width():
        return None
    area = Area.of(chosen).within(canvas(document))
    if not area.width:
        raise NothingToSend("What is selected lies beyond the canvas.", "Select > Deselect, or select something else.")
    space = Space("A", "U8", "")
    data = yield from gather(chosen.pixelData, area, space)
    return layer_in(space, data, area, SELECTION)


def _own_selection(node: Any) -> Any:
    """The selection that the active layer has for itself, None if it has none; Krita heeds it as the document's."""
    while node is not None and node.type().endswith("mask"):
        node = node.parentNode()
    masks = [] if node is None else [mask for mask in children(node) if mask.type() == "selectionmask"]
    return next((mask.selection() for mask in masks if mask.visible()), None)


def layer_in(space: Space, data: memoryview, area: Area, name: str, opacity: float = 1.0) -> Layer:
    """Pixels that Krita gave, as a layer."""
    depth = DEPTHS[space.depth]
    whole_numbers = depth in ("u8", "u16")
    return Layer(
        name,
        area.width,
        area.height,
        area.x,
        area.y,
        model=MODELS[space.model],
        order="BGRA" if space.model == "RGBA" and whole_numbers else "RGBA",
        depth=depth,
        icc=icc(space) if space.model != "A" else None,
        opacity=opacity,
        data=data,
    )


def gather(read: Read, area: Area, space: Space) -> Work[memoryview]:
    """All pixels of `area`, in strips that follow each other in one memory; NothingToSend."""
    row = area.width * CHANNELS[MODELS[space.model]] * SAMPLE_BYTES[DEPTHS[space.depth]]
    rows = _strip_rows(row)
    pixels = memoryview(mmap.mmap(-1, row * area.height))  # unlike bytearray, it costs nothing until it is written
    for top in range(0, area.height, rows):
        count = min(rows, area.height - top)
        strip = memoryview(read(area.x, area.y + top, area.width, count))
        if strip.nbytes != row * count:
            raise NothingToSend("Krita gives no pixels of this layer.", "Choose a paint layer or a group.")
        pixels[top * row : (top + count) * row] = strip
        yield
    return pixels


def _may_be_stale(node: Any) -> bool:
    """Whether what Krita has put together of `node` may be old: it does not heed the masks of what is hidden."""
    return not node.visible() and any(child.type().endswith("mask") for child in children(node))


def _shown_in(other: Any, node: Any) -> Any:
    """A copy of `node` in the document `other` that is not hidden there."""
    copy = node.duplicate()
    other.rootNode().addChildNode(copy, None)
    copy.setVisible(True)
    other.refreshProjection()
    other.waitForDone()
    return copy


def _seen(node: Any, area: Area) -> Work[memoryview]:
    """The pixels of `area` as they are seen, in the space in which they are sent."""
    space = space_of(node)
    if space.model in MODELS:
        return (yield from gather(node.projectionPixelData, area, space))
    return (yield from _converted(node, area))


def _strip_rows(row_bytes: int) -> int:
    return max(1, STRIP_BYTES // row_bytes // TILE) * TILE


def _converted(node: Any, area: Area) -> Work[memoryview]:
    """The pixels of a node in CMYK, Lab, XYZ or YCbCr, turned into sRGB by Krita in a document of their own."""
    space = space_of(node)
    with scratch(space, area.width, area.height) as document:
        target = children(document.rootNode())[0]
        rows = _strip_rows(area.width * 16)
        for top in range(0, area.height, rows):
            strip = area.x, area.y + top, area.width, min(rows, area.height - top)
            target.setPixelData(node.projectionPixelData(*strip), 0, top, *strip[2:])
            yield
        document.setColorSpace("RGBA", space.depth, strokes.SRGB)
        document.waitForDone()
        yield
        origin = Area(0, 0, area.width, area.height)
        return (yield from gather(target.pixelData, origin, sent_space(node)))
