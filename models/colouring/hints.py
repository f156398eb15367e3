"""Hints on a drawing: which colour each stroke says, which of its pixels count, and what every room was told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import find_objects
from torch import Tensor

from ..drawing.drawing import Drawing
from ..drawing.page import strongest
from .recolouring import recoloured
from .strokes import judged

Rgba = NDArray[np.uint8]  # (H, W, 4), straight alpha

SHADE = 24  # greatest difference in a channel, of 255, between shades of one stroke's colour,
ALIKE = 6  # and between those of two strokes of one colour, as JPEG leaves them
COLOURS = 256  # a layer of more colours than this is a picture: the rarer ones are taken for their nearest
MARK = 12  # pixels of the plan: less is the soft edge between two strokes
NAMED = 3  # strokes that were left out are named one by one
FIRM, WEAK, SURE = 20.0, 0.01, 10.0  # how firmly strokes speak: by their share of a room's width squared; least, most
STRAY = 50.0  # a colour with so many times fewer pixels than its room's main one is a slip of the pen,
ASTRAY = 1 / 16  # of a pixel: what counts that of a stroke that runs over lines


@dataclass(frozen=True, eq=False)
class Hints:
    """What strokes on a drawing's plan say."""

    drawing: Drawing
    said: Rgba  # (h, w, 4), of the plan's size; colours exactly as they were drawn
    colours: NDArray[np.uint8]  # (colours, 4): alpha 0 for what is to stay empty
    number: NDArray[np.int32]  # (h, w) which of the colours a pixel has, -1 for none

    @classmethod
    def of(cls, drawing: Drawing, said: Rgba, clear: NDArray[np.bool_]) -> Hints:
        """The hints of a layer (h, w, 4) of the plan's size, and of what is scribbled to stay empty, (h, w)."""
        colours, number = _colours(said)
        table = np.full((len(colours) + 1, 4), 255, np.uint8)
        table[:-1, :3], table[-1, 3] = colours, 0
        number, said = np.where(clear, len(colours), number).astype(np.int32), said.copy()
        said[clear] = (254, 255, 254, 255)  # a colour like any other while strokes are judged
        return cls(drawing, said, table, number)

    @cached_property
    def judged(self) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """How much each pixel counts, 0 where it is a slip or no hint, and where strokes hardly touch lines, (h, w)."""
        return judged(self.drawing.areas, self.said)

    @property
    def weight(self) -> NDArray[np.float32]:
        """How much each pixel counts, (h, w)."""
        return self.judged[0]

    def seen(self, strength: float) -> tuple[Rgba, NDArray[np.float32]]:
        """The hints as a network sees them, (h, w, 4), and how much each pixel of them counts, (h, w)."""
        coloured = self.number < len(self.colours) - 1  # the last of them is what is to stay empty
        return self.said, self.weight * coloured * np.float32(strength)

    @cached_property
    def told(self) -> NDArray[np.float64]:
        """What every room was told: how much of each colour is in it, (rooms + 1, colours), slips of the pen 0."""
        return np.where(self._amount * STRAY >= self._amount.max(1, initial=0)[:, None], self._amount, 0.0)

    @cached_property
    def firmness(self) -> NDArray[np.float64]:
        """How firmly every room was told its colours, (rooms + 1,): a nick in a wide room less than what comes in."""
        width = np.maximum(self.drawing.rooms.width, 1).astype(np.float64)  # without end where there is no line at all
        firm = (FIRM * self._amount.sum(1) / width**2).clip(WEAK, SURE)
        return np.where(self.told.any(1), firm, 0.0)

    @cached_property
    def _amount(self) -> NDArray[np.float64]:
        """Pixels of each colour in each room, (rooms + 1, colours): those of strokes that run over lines count less."""
        labels, shape = self.drawing.rooms.labels, (len(self.drawing.rooms), len(self.colours))
        weight, whole = self.judged
        at = (weight > 0) & (labels > 0) & (self.number >= 0)
        key = labels[at].astype(np.int64) * shape[1] + self.number[at]
        amount = np.bincount(key, np.where(whole[at], 1.0, ASTRAY), shape[0] * shape[1]).astype(np.float64)
        return amount.reshape(shape)

    @property
    def speaks(self) -> bool:
        """Whether any colour was said, and not only what is to stay empty."""
        return bool((self.colours[:, 3] > 0).any())

    def unheard(self, shown: NDArray[np.int32]) -> list[str]:
        """A sentence that names the strokes of which nothing is among the numbers that are `shown` (h, w)."""
        there, middles = (shown == self.number) & (self.number >= 0), []
        for number, window in enumerate(find_objects(self.number + 1)):
            if window is None:  # all of that colour lies under what is to stay empty
                continue
            stroke = (self.number[window] == number).astype(np.uint8)
            count, parts, figures, centres = cv2.connectedComponentsWithStats(stroke, connectivity=8)
            seen = np.bincount(parts[there[window]], minlength=count) > 0
            corner = window[1].start, window[0].start
            middles += [
                centres[part] + corner for part in range(1, count) if not seen[part] and figures[part, 4] >= MARK
            ]
        high, wide = self.number.shape
        places = [f"{x / wide:.0%} from the left, {y / high:.0%} from the top" for x, y in middles]
        named = "; ".join(places[:NAMED]) + ("; and more" if len(places) > NAMED else "")
        return [f"Strokes on lines or beside stronger ones were left out: {named}."] if places else []


def heard(
    drawing: Drawing,
    layers: Mapping[str, Tensor],
    notice: Callable[[str], None],
    *,
    obey: bool,
    swaps: Mapping[str, str] | None = None,
) -> Hints | None:
    """What the layers "hints" and "clear" (1, 4, H, W) say, or None if there is nothing to follow.

    Without `obey` no colour is. Those of `swaps` stand for others. What is odd about the layers is told in a `notice`.
    """
    empty = np.zeros((*drawing.plan.shape, 4), np.uint8)
    said, clear = (strongest(layers[name], drawing.cell) if name in layers else empty for name in ("hints", "clear"))
    if "hints" in layers and not said[..., 3].any():
        notice("The hint layer is empty inside the picture: it was coloured without hints.")
    if said[..., 3].min() == 255:
        notice("The hint layer has no transparent place: all of it counts as a hint.")
    said, blank = recoloured(said, clear[..., 3] > 0, swaps or {}, SHADE)
    said = said if obey else empty
    return Hints.of(drawing, said, blank) if said[..., 3].any() or blank.any() else None


def _colours(said: Rgba) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """The colours of the strokes (colours, 3), and for every pixel which of them is its own, (h, w), -1 for none.

    A colour is a stroke's most frequent shade, to the last bit, or one that fills a square of it; what is hardly
    another is a shade of it: a soft rim. A whole stroke is only if hardly an eye can tell.
    """
    number = np.full(said.shape[:2], -1, np.int32)
    drawn = said[..., 3] > 0
    pixels = said[drawn].astype(np.int32)
    packed = pixels[:, 0] << 16 | pixels[:, 1] << 8 | pixels[:, 2]
    shades, which, often = np.unique(packed, return_inverse=True, return_counts=True)
    rgb = np.stack([shades >> 16, shades >> 8 & 255, shades & 255], 1)
    reach = _reach(said, drawn, which, len(shades))
    chosen = np.zeros((0, 3), np.int32)
    belongs = np.full(len(shades), -1, np.int32)
    while (belongs < 0).any() and len(chosen) < COLOURS:
        main = rgb[np.where(belongs < 0, often, 0).argmax()]
        belongs[(belongs < 0) & (np.abs(rgb - main).max(1) <= reach)] = len(chosen)
        chosen = np.concatenate([chosen, main[None]])
    if (rest := belongs < 0).any():
        belongs[rest] = np.abs(rgb[rest][:, None] - chosen).max(-1).argmin(1)
    number[drawn] = belongs[which]
    return chosen.astype(np.uint8), number


def _reach(said: Rgba, drawn: NDArray[np.bool_], which: NDArray[np.int64], count: int) -> NDArray[np.int32]:
    """How far from a colour each of the shades that the `drawn` pixels have is still one of it, (count,)."""
    _, stroke = cv2.connectedComponents(drawn.astype(np.uint8), connectivity=8)
    packed, often = np.unique(stroke[drawn] * count + which, return_counts=True)
    pairs = np.stack(np.divmod(packed, count))
    _, first = np.unique(pairs[0, order := np.lexsort((-often, pairs[0]))], return_index=True)
    reach = np.full(count, SHADE, np.int32)
    reach[pairs[1, order[first]]] = ALIKE
    square = np.ones((3, 3), np.uint8)
    least, most = (change(said, square).view(np.uint32)[..., 0] for change in (cv2.erode, cv2.dilate))
    reach[which[(least == most)[drawn]]] = 0
    return reach
