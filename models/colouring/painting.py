"""What networks make of a drawing at their own good size, panel by panel: colours to guess by, and shading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ..drawing.drawing import Drawing
from ..drawing.rooms import Labels
from .assignment import Assignment

Picture = NDArray[np.float32]  # (h, w, C) in [0, 1]
Plane = NDArray[np.float32]  # (h, w) in [0, 1]
Odds = NDArray[np.float32]  # (N, h, w): logarithms of the odds of a cube of colours in cells of the picture
Window = tuple[slice, slice]  # of the plan
Shader = Callable[[Picture, NDArray[np.uint8]], Picture]  # ink and flats to what is to be added to them
Network = Callable[[Picture, Picture], tuple[Picture, Odds]]  # ink and premultiplied hints to colour and odds

SEEN = 512  # pixels of the longer side of the plan of which places take their mean colours
SIDE, SMALLEST = 384, 256  # pixels of the longer side that the network sees at most: twice what it was trained at
PANEL = 0.03  # of the page: a smaller rectangle is no panel
FRAMED = 0.9  # of its rectangle that a panel fills
SMOOTH = 1.0  # pixels of the network: finer than that is noise, or what it made of tones
BACKDROP = 3  # sides of the page that a backdrop reaches at least
WHITE = 0.9  # rooms lighter than this in every channel, of 1, are to stay clean, as backdrops are


@dataclass(frozen=True, eq=False)
class View:
    """A window of the plan as networks see it."""

    window: Window
    ink: Picture  # (h, w) darkness

    @property
    def clear(self) -> Picture:
        """How far each pixel shows a colour unmixed with lines, (h, w)."""
        return np.asarray((1 - self.ink) ** 4, np.float32)

    def rows_and_columns(self, size: tuple[int, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The plan's rows and columns in the middle of each of the window's cells, where it has `size` of them."""
        low, high = (
            side.start + ((np.arange(count) + 0.5) * (side.stop - side.start) / count).astype(np.int64)
            for side, count in zip(self.window, size, strict=True)
        )
        return low, high


@dataclass(frozen=True, eq=False)
class Painting:
    """What the network painted in a view."""

    view: View
    colour: Picture  # (h, w, 3)
    odds: Odds


@lru_cache(maxsize=1)
def views(drawing: Drawing, longest: int = SIDE) -> list[View]:
    """The drawing as networks see it, panel by panel; kept with the last drawing, as it depends on its lines only."""
    return [View(window, _ink(drawing, window, min(SIDE, longest))) for window in panels(drawing)]


@lru_cache(maxsize=1)
def panels(drawing: Drawing) -> list[Window]:
    """The windows that are coloured each for itself: a comic page's panels, or else the whole plan."""
    height, width = drawing.plan.shape
    inner = (~drawing.beyond)[drawing.owner].astype(np.uint8)
    count, _, figures, _ = cv2.connectedComponentsWithStats(inner, connectivity=4)
    found = []
    for left, top, wide, high, area in figures[1:count].tolist():
        if area >= PANEL * inner.size and area >= FRAMED * wide * high:
            found.append((slice(top, top + high), slice(left, left + wide)))
    return found if len(found) > 1 else [(slice(0, height), slice(0, width))]


def painted(
    drawing: Drawing, hints: tuple[NDArray[np.uint8], Plane] | None, network: Network, longest: int = SIDE
) -> list[Painting]:
    """The drawing as the network paints it; `hints` (h, w, 4) are of the plan's size, with how much each pixel of them
    counts (h, w).
    """
    found = []
    for view in views(drawing, longest):
        small = np.zeros((*view.ink.shape, 4), np.float32)
        if hints is not None:
            said, weight = hints
            small = _reduced(said[view.window], weight[view.window], view.ink.shape)
        found.append(Painting(view, *network(view.ink, small)))
    return found


def _ink(drawing: Drawing, window: Window, longest: int) -> Picture:
    """Darkness (h, w) of the lines in a window, between the mean and the darkest of each of the network's pixels.

    The mean alone loses a thin line, the darkest alone makes a line of every speck.
    """
    page = drawing.line[tuple(slice(side.start * drawing.cell, side.stop * drawing.cell) for side in window)]
    scale = max(SMALLEST, min(longest, max(page.shape))) / max(page.shape)
    height, width = (max(1, round(side * scale)) for side in page.shape)
    if scale >= 1:
        grown = cv2.resize(page, (width, height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(1 - grown / np.float32(255))
    mean = 255 - cv2.resize(page, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)
    reach = int(np.ceil(1 / scale))
    dark = cv2.erode(page, np.ones((reach, reach), np.uint8))
    dark = 255 - cv2.resize(dark, (width, height), interpolation=cv2.INTER_NEAREST).astype(np.float32)
    return np.asarray(np.sqrt(mean * dark) / 255, np.float32)


def _reduced(said: NDArray[np.uint8], weight: Plane, size: tuple[int, ...]) -> Picture:
    """Hints (H, W, 4), straight alpha, as (h, w, 4) premultiplied; a cell's alpha is the strongest in it.

    Reduced premultiplied, so that the colour of transparent pixels never bleeds in.
    """
    *colours, opaque = cv2.split(said)
    alpha = cv2.multiply(weight, opaque, scale=1 / 255, dtype=cv2.CV_32F)
    planes = [*(cv2.multiply(alpha, colour, scale=1 / 255, dtype=cv2.CV_32F) for colour in colours), alpha]
    whole = size[0] >= said.shape[0]
    way = cv2.INTER_NEAREST if whole else cv2.INTER_AREA
    small = [np.asarray(cv2.resize(plane, size[::-1], interpolation=way), np.float32) for plane in planes]
    if whole:
        return np.dstack(small)
    reach = int(np.ceil(said.shape[0] / size[0]))
    strongest = cv2.dilate(alpha, np.ones((reach, reach), np.uint8))
    strongest = cv2.resize(strongest, size[::-1], interpolation=cv2.INTER_NEAREST) * (small[3] > 0)
    factor = strongest / np.maximum(small[3], 1e-6)
    return np.dstack([plane * factor for plane in small])


def means(drawing: Drawing, assignment: Assignment, paintings: list[Painting], odds: bool) -> Picture:
    """The mean colour, or with `odds` the mean of the odds, on the paper of every place, (places, N); 0 if unseen."""
    count, step = len(assignment.colour), max(1, max(drawing.plan.shape) // SEEN)
    total, often = 0.0, np.zeros(count)
    for painting in paintings:
        values = np.moveaxis(painting.odds, 0, -1) if odds else painting.colour
        rows, columns = (np.arange(side.start, side.stop, step) for side in painting.view.window)
        at = np.ix_(rows, columns)
        cells = [
            (where - side.start) * cells // (side.stop - side.start)
            for where, side, cells in zip((rows, columns), painting.view.window, values.shape, strict=False)
        ]
        paper, cell = ~drawing.wall[at], cells[0][:, None] * values.shape[1] + cells[1]
        places = assignment.places[at][paper]
        sure = np.ones(cell.shape) if odds else painting.view.clear.ravel()[cell]
        share = sp.coo_array((sure[paper], (places, cell[paper])), (count, values[..., 0].size)).tocsr()
        total = total + share @ values.reshape(-1, values.shape[-1])
        often += np.asarray(share.sum(1)).ravel()
    return np.asarray(total / np.maximum(often, 1e-6)[:, None], np.float32)


def shade(assignment: Assignment, table: NDArray[np.uint8], view: View, shader: Shader) -> Picture:
    """What `shader` adds to the places' colours (places, 4) as light and shade in a view, (h, w, 3).

    The backdrop stays as it is, and so does white: paper, balloons.
    """
    places = assignment.places[np.ix_(*view.rows_and_columns(view.ink.shape))]
    flat = table[places, :3]
    clean = (flat.min(-1) > 255 * WHITE) | _backdrop(assignment.places, table)[places]
    smooth = cv2.GaussianBlur(shader(view.ink, flat), (0, 0), SMOOTH)
    return np.asarray(smooth * ~clean[..., None], np.float32)


def _backdrop(places: Labels, table: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which places have the colour of a sky or a wall behind everything, which reaches the upper side and two more.

    A ground ends at the lower side, as a figure does that the page cuts off: they are shaded.
    """
    _, colour = np.unique(table, axis=0, return_inverse=True)
    colour = colour.ravel()
    reached = np.zeros(len(table), np.int64)
    sides = [np.unique(colour[side]) for side in (places[0], places[-1], places[:, 0], places[:, -1])]
    for side in sides:
        reached[side] += 1
    return np.asarray(np.isin(colour, sides[0]) & (reached[colour] >= BACKDROP))


def shades(assignment: Assignment, table: NDArray[np.uint8], seen: list[View], shader: Shader) -> Picture:
    """Light and shade on the whole plan, (h, w, 3) in [-1, 1], each place's own up to its very edge."""
    plan = np.zeros((*assignment.places.shape, 3), np.float32)
    for view in seen:
        plan[view.window] = _fitted(assignment.places, view, shade(assignment, table, view, shader))
    return plan


def _fitted(places: Labels, view: View, small: Picture) -> Picture:
    """`small` (h, w, 3) enlarged to its window of the plan: between the nearest four pixels of the same place."""
    own, seen = places[view.window], places[np.ix_(*view.rows_and_columns(small.shape[:2]))]
    fitted = np.asarray(cv2.resize(small, own.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)
    (above, low), (before, far) = map(_between, own.shape, seen.shape)
    edged = np.pad(seen, (0, 1), "edge")
    one = (edged[1:, :-1] == seen) & (edged[:-1, 1:] == seen) & (edged[1:, 1:] == seen)
    y, x = np.nonzero(np.where(one, seen, -1).take(before, 1).take(above, 0) != own)  # where places meet
    total, weight = np.zeros((len(y), 3), np.float32), np.full(len(y), 1e-6, np.float32)
    for down, right in np.ndindex(2, 2):
        tap = np.minimum(above[y] + down, len(seen) - 1), np.minimum(before[x] + right, seen.shape[1] - 1)
        near = (low[y] if down else 1 - low[y]) * (far[x] if right else 1 - far[x]) * (seen[tap] == own[y, x])
        total += small[tap] * near[:, None]
        weight += near
    fitted[y, x] = total / weight[:, None]
    return fitted


def _between(length: int, cells: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """For each of `length` pixels along a side of so many `cells` the one before it, and how far the next."""
    at = ((np.arange(length) + 0.5) * cells / length - 0.5).clip(0, cells - 1)
    before = np.minimum(at.astype(np.int64), max(cells - 2, 0))
    return before, (at - before).astype(np.float32)
