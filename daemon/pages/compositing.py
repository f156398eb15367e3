"""A stack of layers as one picture: what an artist sees in the host, without the host."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inkwash.protocol import Layer

from ..files.samples import DTYPES, array_of, at_depth, full_of, layer_of, unit
from .blending import BEYOND, Values, composite

BAND = 64  # rows worked on at once: they stay in the processor's cache
Kept = npt.NDArray[np.uint16]  # what is seen, between two layers: half of a float's memory, and finer than any screen
FULL = np.float32(65535)


@dataclass(frozen=True)
class Sheet:
    """A layer in a stack, and how it lies on what is below."""

    layer: Layer
    blend: str = "normal"  # one of `blending.KNOWN`
    opacity: float = 1.0


@dataclass(frozen=True)
class Extent:
    """The part of a document that is seen, in pixels."""

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def of(cls, layer: Layer) -> Extent:
        """The rectangle of `layer`."""
        return cls(layer.x, layer.y, layer.width, layer.height)

    def meets(self, other: Extent) -> bool:
        """Whether the two have a pixel in common."""
        common = self.common(other)
        return common.width > 0 and common.height > 0

    def common(self, other: Extent) -> Extent:
        """What lies in both; of no or negative size if they do not meet."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        right, bottom = (
            min(self.x + self.width, other.x + other.width),
            min(self.y + self.height, other.y + other.height),
        )
        return Extent(x, y, right - x, bottom - y)

    def within(self, other: Extent) -> tuple[slice, slice]:
        """Rows and columns that it has in samples of `other`."""
        top, left = self.y - other.y, self.x - other.x
        return slice(top, top + self.height), slice(left, left + self.width)


def has_paper(layer: Layer) -> bool:
    """Whether the layer covers what is below it, as a scanned page does, and not only draws on it."""
    if not layer.model.endswith("A"):
        return True
    alpha = array_of(layer)[..., -1]
    with np.errstate(invalid="ignore"):  # infinity and no number at all may be among floats
        return bool(np.nan_to_num(alpha.mean(dtype=np.float64)) > full_of(alpha.dtype) / 2)


def placed(layer: Layer, frame: Extent) -> Layer:
    """What `layer` shows in `frame`, as a layer of that size; transparent where it does not reach."""
    if Extent.of(layer) == frame:
        return layer
    samples = array_of(layer)
    samples = samples if samples.ndim == 3 else samples[..., None]
    common = frame.common(Extent.of(layer))
    more = not layer.model.endswith("A") and common != frame  # which needs an alpha then
    whole = np.zeros((frame.height, frame.width, samples.shape[2] + more), samples.dtype)
    if frame.meets(common):
        part = whole[common.within(frame)]
        if more:
            part[..., -1] = full_of(samples.dtype)
        part[..., : samples.shape[2]] = samples[common.within(Extent.of(layer))]
    whole = whole if whole.shape[2] > 1 else whole[..., 0]
    return layer_of(whole, layer.name, x=frame.x, y=frame.y, icc=layer.icc)


def flatten(sheets: Iterable[Sheet], frame: Extent, name: str, *, depth: str, icc: bytes | None) -> Layer:
    """The sheets, bottom first, as one layer of `depth`: RGB, or RGBA where something is seen through.

    Samples are blended as they are stored, as painting programs do; all sheets are taken to be in the profile
    `icc`.
    """
    seen = Seen(frame)
    for sheet in sheets:
        seen.lay(sheet)
    return seen.layer(name, depth=depth, icc=icc)


class Seen:
    """What is seen of a stack in a frame so far; nothing at first."""

    def __init__(self, frame: Extent) -> None:
        self.frame = frame
        self._colour = np.zeros((frame.height, frame.width, 3), np.uint16)  # premultiplied by alpha
        self._alpha = np.zeros((frame.height, frame.width, 1), np.uint16)

    def lay(self, sheet: Sheet) -> None:
        """Lay the part of `sheet` that is in the frame on what is seen there."""
        layer, frame = sheet.layer, self.frame
        if not frame.meets(Extent.of(layer)):
            if sheet.blend in BEYOND:
                self._colour[:], self._alpha[:] = 0, 0
            return
        if sheet.blend in BEYOND:
            layer = placed(layer, frame)
        common = frame.common(Extent.of(layer))
        part, place = array_of(layer)[common.within(Extent.of(layer))], common.within(frame)
        colour, alpha, opacity = self._colour[place], self._alpha[place], np.float32(sheet.opacity)
        for rows in _bands(common.height):
            above = unit(part[rows] if part.ndim == 3 else part[rows, :, None])
            colours = above.shape[2] - (above.shape[2] + 1) % 2  # grey or colour, with alpha or without
            if sheet.blend == "normal" and opacity == 1 and above.shape[2] == colours:
                colour[rows], alpha[rows] = _kept(above), FULL  # by far the most frequent case
                continue
            cover = above[..., colours:] * opacity
            if above.shape[2] == colours:
                cover = np.full((*above.shape[:2], 1), opacity, np.float32)
            below, seen = _values(colour[rows]), _values(alpha[rows])
            composite(below, seen, above[..., :colours], cover, sheet.blend)
            colour[rows], alpha[rows] = _kept(below), _kept(seen)

    def lay_group(self, group: Seen, blend: str, opacity: float) -> None:
        """Lay a group, which was painted apart in the same frame, as one layer."""
        self.lay(Sheet(group.layer("group", depth="u16", icc=None), blend, opacity))

    def layer(self, name: str, *, depth: str, icc: bytes | None) -> Layer:
        """It as a layer of `depth`; what is not seen at all is black."""
        height, width = self._alpha.shape[:2]
        opaque = bool((self._alpha == FULL).all())
        samples = np.empty((height, width, 3 if opaque else 4), DTYPES[depth])
        for rows in _bands(height):
            colour, alpha = _values(self._colour[rows]), _values(self._alpha[rows])
            if not opaque:
                np.divide(colour, alpha, out=colour, where=alpha > 0)
                samples[rows, :, 3:] = at_depth(alpha, depth)
            samples[rows, :, :3] = at_depth(np.minimum(colour, 1), depth)
        return layer_of(samples, name, x=self.frame.x, y=self.frame.y, icc=icc)


def _bands(height: int) -> Iterator[slice]:
    return (slice(top, min(top + BAND, height)) for top in range(0, height, BAND))


def _values(kept: Kept) -> Values:
    return np.divide(kept, FULL, dtype=np.float32)


def _kept(values: Values) -> Kept:
    kept: Kept = np.rint(np.clip(values, 0, 1) * FULL).astype(np.uint16)
    return kept
