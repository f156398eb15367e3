"""Flat colours on the whole page: one for each place, running on under the lines and meeting in the middle of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from .drawing import LINE, Drawing, everywhere
from .rooms import Labels

TILE = 512  # pixels of a large page worked on at a time, while they are in the processor's cache
LEAST = 4  # pixels: smaller pieces of a colour go with what is around them
Window = tuple[slice, slice]


def flats(drawing: Drawing, numbers: Labels, table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The page (H, W, 4) with the colours of `table` (N, 4) that the plan has by their `numbers` (h, w)."""
    whole = np.ascontiguousarray(table).view(np.uint32)[:, 0]  # one number a colour is far quicker to look up
    if drawing.cell == 1:
        return np.asarray(np.take(whole, numbers).view(np.uint8).reshape(*numbers.shape, 4))
    page = np.empty(drawing.line.shape, np.uint32)
    for window, tile in _tiles(drawing, numbers):
        page[window] = np.take(whole, tile)
    return np.asarray(page.view(np.uint8).reshape(*page.shape, 4))


def by_lot(count: int) -> NDArray[np.uint8]:
    """So many colours that are all different, (count, 4), for a magic wand to tell apart."""
    number = np.arange(1, count + 1, dtype=np.int64) * 10368889 % 2**24  # odd, so no two are alike
    return np.stack([number >> 16, number >> 8 & 255, number & 255, np.full(count, 255)], 1).astype(np.uint8)


def without_crumbs(numbers: Labels) -> Labels:
    """`numbers` (h, w) with every connected piece of less than LEAST pixels given to its surroundings."""
    from skimage.measure import label

    pieces = label(numbers, connectivity=1, background=-1)
    small = np.bincount(pieces.ravel()) < LEAST
    if not small.any():
        return numbers
    return everywhere(np.where(small[pieces], 0, numbers + 1)) - 1


def _tiles(drawing: Drawing, numbers: Labels) -> Iterator[tuple[Window, Labels]]:
    """The numbers tile by tile at the page's size: on the plan's paper as they are, then up to the page's own lines."""
    (height, width), cell = drawing.line.shape, drawing.cell
    margin = 2 * cell
    for y, x in itertools.product(range(0, height, TILE), range(0, width, TILE)):
        top, left = max(0, y - margin), max(0, x - margin)
        outer = slice(top, min(height, y + TILE + margin)), slice(left, min(width, x + TILE + margin))
        cells = np.ix_(*(np.arange(side.start, side.stop) // cell for side in outer))
        tile = numbers[cells]
        if tile.min() != tile.max():
            tile = _fitted(tile, drawing.wall[cells], drawing.line[outer], cell)
        yield (slice(y, y + TILE), slice(x, x + TILE)), tile[y - top :, x - left :][:TILE, :TILE]


def _fitted(tile: Labels, wall: NDArray[np.bool_], line: NDArray[np.uint8], cell: int) -> Labels:
    """A tile's numbers smoothed on open paper, grown over the page's own paper, and met below its lines."""
    inner = cv2.dilate(wall.astype(np.uint8), np.ones((5, 5), np.uint8)) == 0
    smooth = cv2.medianBlur(tile.astype(np.uint16), 5) if tile.max() < 2**16 else tile
    known = np.where(wall, 0, np.where(inner, smooth, tile) + 1)
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    values, paper = known.astype(np.float32), line >= LINE
    for _ in range(cell + 1):
        free = (values == 0) & paper
        values += cv2.dilate(values, cross) * free
    return everywhere(values.astype(np.int32)) - 1
