"""A layer: a rectangle of pixels, exactly as its host holds it in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional, Union

from .errors import BadLayer

Buffer = Union[bytes, bytearray, memoryview]

CHANNELS = {"GRAY": 1, "GRAYA": 2, "RGB": 3, "RGBA": 4}
SAMPLE_BYTES = {"u8": 1, "u16": 2, "f16": 2, "f32": 4}
ORDERS = ("RGBA", "BGRA")
SPACES = ("srgb", "linear")
LONGEST_SIDE = 2**31 - 1  # pixels; hosts count them in 32-bit integers


@dataclass
class LayerHead:
    """What is known of a layer before its pixels arrive; BadLayer if it is impossible."""

    name: str  # for a filter: the name of its input or output
    width: int  # pixels, 1 or more
    height: int  # pixels, 1 or more
    x: int = 0  # of the left edge in the document, pixels
    y: int = 0  # of the top edge in the document, pixels
    model: str = "RGBA"  # GRAY, GRAYA, RGB or RGBA; alpha is straight
    order: str = "RGBA"  # BGRA: blue first, for RGB as well
    depth: str = "u8"  # of one sample: u8, u16, f16 or f32, little-endian
    space: str = "srgb"  # of the samples, srgb or linear
    icc: Optional[bytes] = None  # colour profile; None is sRGB
    opacity: float = 1.0  # 0 to 1; what receives the layer multiplies its alpha by it

    def __post_init__(self) -> None:
        if type(self.name) is not str:
            raise BadLayer("A layer's name must be text, not {!r:.60}.".format(self.name))
        self._check_whole("width", 1)
        self._check_whole("height", 1)
        self._check_whole("x", -LONGEST_SIDE)
        self._check_whole("y", -LONGEST_SIDE)
        self._check_one_of("model", CHANNELS)
        self._check_one_of("order", ORDERS)
        self._check_one_of("depth", SAMPLE_BYTES)
        self._check_one_of("space", SPACES)
        if self.icc is not None and not isinstance(self.icc, bytes):
            raise BadLayer("The colour profile of layer {} must be bytes.".format(self._label()))
        if type(self.opacity) not in (int, float) or not 0 <= self.opacity <= 1:
            raise BadLayer(
                "The opacity of layer {} must be from 0 to 1, not {!r:.60}.".format(self._label(), self.opacity)
            )

    @property
    def channels(self) -> int:
        """Samples of a pixel: 1 to 4."""
        return CHANNELS[self.model]

    @property
    def size(self) -> int:
        """Bytes of the layer's pixels."""
        return self.width * self.height * self.channels * SAMPLE_BYTES[self.depth]

    def _label(self) -> str:
        return "{!r:.60}".format(self.name)

    def _check_whole(self, field: str, least: int) -> None:
        value = getattr(self, field)
        if type(value) is not int or not least <= value <= LONGEST_SIDE:
            raise BadLayer(
                "The {} of layer {} must be a whole number from {} to {}, not {!r:.60}.".format(
                    field, self._label(), least, LONGEST_SIDE, value
                )
            )

    def _check_one_of(self, field: str, known: Any) -> None:
        value = getattr(self, field)
        if type(value) is not str or value not in known:
            raise BadLayer(
                "The {} of layer {} must be {}, not {!r:.60}.".format(field, self._label(), " or ".join(known), value)
            )


@dataclass
class Layer(LayerHead):
    """A layer with its pixels; BadLayer if they do not fit its description."""

    data: Buffer = b""  # row by row without gaps, `size` bytes; a received layer's is writable

    def __post_init__(self) -> None:
        super().__post_init__()
        got = self.memory().nbytes
        if got != self.size:
            raise BadLayer("Layer {} needs {} bytes, not {}.".format(self._label(), self.size, got))

    def memory(self) -> memoryview:
        """The pixels as one run of bytes, not copied."""
        try:
            return memoryview(self.data).cast("B")
        except (TypeError, ValueError, NotImplementedError) as error:
            raise BadLayer(
                "The pixels of layer {} must be bytes without gaps ({}).".format(self._label(), error)
            ) from error
