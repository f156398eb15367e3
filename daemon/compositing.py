"""A stack of layers as one picture: what an artist sees in the host, without the host."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inkwash.protocol import Layer

from .samples import DTYPES, array_of, at_depth, full_of, layer_of, unit

BAND = 64  # rows worked on at once: they stay in the processor's cache
Values = npt.NDArray[np.float32]  # (rows, W, 4), colour premultiplied by alpha


@dataclass(frozen=True)
class Sheet:
    """A layer in a stack, and how it lies on what is below."""

    layer: Layer
    blend: str = "normal"  # or multiply
    opacity: float = 1.0


@dataclass(frozen=True)
class Frame:
    """The part of a document that is seen, in pixels."""

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def of(cls, layer: Layer) -> Frame:
        """The rectangle of `layer`."""
        return cls(layer.x, layer.y, layer.width, layer.height)

    def meets(self, other: Frame) -> bool:
        """Whether the two have a pixel in common."""
        across = self.x < other.x + other.width and other.x < self.x + self.width
        return across and self.y < other.y + other.height and other.y < self.y + self.height


def has_paper(layer: Layer) -> bool:
    """Whether the layer covers what is below it, as a scanned page does, and not only draws on it."""
    if layer.model != "RGBA":
        return True
    alpha = array_of(layer)[..., 3]
    return bool(unit(alpha).mean() > 0.5)


def flatten(sheets: Sequence[Sheet], frame: Frame, name: str, *, depth: str, icc: bytes | None) -> Layer:
    """The sheets, bottom first, as one layer of `depth`: RGB, or RGBA where something is seen through.

    Samples are blended as they are stored, as painting programs do; all sheets are taken to be in the profile
    `icc`.
    """
    samples = np.empty((frame.height, frame.width, 4), DTYPES[depth])
    for top in range(0, frame.height, BAND):
        rows = slice(top, min(top + BAND, frame.height))
        seen = np.zeros((rows.stop - rows.start, frame.width, 4), np.float32)
        for sheet in sheets:
            _lay(seen, sheet, Frame(frame.x, frame.y + rows.start, frame.width, len(seen)))
        samples[rows] = at_depth(_straight(seen), depth)
    if (samples[..., 3] >= full_of(samples.dtype)).all():
        samples = samples[..., :3]
    return layer_of(samples, name, x=frame.x, y=frame.y, icc=icc)


def _lay(seen: Values, sheet: Sheet, band: Frame) -> None:
    """Lay the part of `sheet` that is in `band` on what is `seen` there."""
    layer = sheet.layer
    left, top = max(layer.x, band.x), max(layer.y, band.y)
    right = min(layer.x + layer.width, band.x + band.width)
    bottom = min(layer.y + layer.height, band.y + band.height)
    if left >= right or top >= bottom:
        return
    part = array_of(layer)[top - layer.y : bottom - layer.y, left - layer.x : right - layer.x]
    above = _premultiplied(unit(part), sheet.opacity)
    below = seen[top - band.y : bottom - band.y, left - band.x : right - band.x]
    clear = 1 - above[..., 3:]
    if sheet.blend == "multiply":
        above[..., :3] *= below[..., :3] + (1 - below[..., 3:])
    below *= clear
    below += above


def _premultiplied(values: npt.NDArray[np.float32], opacity: float) -> Values:
    if values.ndim == 2:
        values = values[..., None]
    above = np.empty((*values.shape[:2], 4), np.float32)
    alpha = values[..., 3:] * np.float32(opacity) if values.shape[2] == 4 else np.float32(opacity)
    above[..., :3] = values[..., :3] * alpha
    above[..., 3:] = alpha
    return above


def _straight(seen: Values) -> Values:
    """Colour divided by alpha; what is not seen at all is black."""
    alpha = seen[..., 3:]
    if (alpha == 1).all():
        return seen
    np.divide(seen[..., :3], alpha, out=seen[..., :3], where=alpha > 0)
    return seen
