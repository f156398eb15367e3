"""Pixels of any colour space as Qt's pictures: sRGB in 8 bits, for the screen only."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Callable

from inkwash.protocol import Layer

from ..qt import QImage, QPainter
from . import strokes
from .area import Area
from .nodes import children
from .pieces import Work
from .scratch import Space, scratch, space_of

SCREEN = Space("RGBA", "U8", strokes.SRGB)
ROWS = 256  # converted at once
PIXEL_BYTES = 4


class Desk:
    """Where pixels become pictures; those of other colour spaces by Krita, in a document that nobody sees."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._layer: Any = None

    def close(self) -> None:
        """Put that document away."""
        self._open.close()

    def node_strip(self, node: Any) -> Callable[[Area], Any]:
        """Reads what is seen of `node`: each strip gives a QImage as large, None where it is empty."""
        bounds, space = Area.of(node.bounds()), space_of(node)

        def strip(area: Area) -> Any:
            if not bounds.within(area).width:
                return None
            return self._image(space, bytes(node.projectionPixelData(*area)), area.width, area.height)

        return strip

    def picture(self, space: Space, layer: Layer) -> Work[Any]:
        """`layer`, whose pixels are in `space`, as a QImage, in pieces."""
        pixels = layer.memory()
        row = pixels.nbytes // layer.height
        image = QImage(layer.width, layer.height, QImage.Format.Format_ARGB32_Premultiplied)
        for top in range(0, layer.height, ROWS):
            count = min(ROWS, layer.height - top)
            part = self._image(space, bytes(pixels[top * row : (top + count) * row]), layer.width, count)
            painter = QPainter(image)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.drawImage(0, top, part)
            painter.end()
            yield
        return image

    def _image(self, space: Space, pixels: bytes, width: int, height: int) -> Any:
        """A QImage of its own: it does not refer to `pixels`."""
        data = pixels if space == SCREEN else self._converted(space, pixels, width, height)
        straight = QImage(data, width, height, width * PIXEL_BYTES, QImage.Format.Format_ARGB32)
        return straight.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)

    def _converted(self, space: Space, pixels: bytes, width: int, height: int) -> bytes:
        if self._layer is None:
            document = self._open.enter_context(scratch(SCREEN))
            self._layer = children(document.rootNode())[0]
        self._layer.setColorSpace(*space)
        self._layer.setPixelData(pixels, 0, 0, width, height)
        self._layer.setColorSpace(*SCREEN)
        return bytes(self._layer.pixelData(0, 0, width, height))
