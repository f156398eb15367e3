"""Flat colours on the whole page: one for each place, running on under the lines and meeting in the middle of them."""

from __future__ import annotations

import itertools
import os
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
from numpy.typing import NDArray

from ..drawing.drawing import LINE, Drawing, everywhere
from ..drawing.rooms import Labels, Mask

TILE = 512  # pixels of a large page worked on at a time, while they are in the processor's cache
ROUND = 1.5  # cells: the scale of what is taken for the saw-teeth of an edge
MARGIN = 5  # cells of the plan around a tile that have a say in it
Window = tuple[slice, slice]


def flats(drawing: Drawing, numbers: Labels, table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The page (H, W, 4) with the colours of `table` (N, 4) that the plan has by their `numbers` (h, w)."""
    shades, kind = np.unique(np.ascontiguousarray(table).view(np.uint32)[:, 0], return_inverse=True)
    kinds = kind.astype(np.int32)[numbers]
    if drawing.cell == 1:
        page = np.take(shades, without_crumbs(kinds))
    else:
        page = np.empty(drawing.line.shape, np.uint32)

        def lay(corner: tuple[int, int]) -> None:
            window, tile = _tile(drawing, kinds, *corner)
            page[window] = np.take(shades, tile)

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lay, itertools.product(*(range(0, side, TILE // drawing.cell) for side in kinds.shape))))
    return np.asarray(page.view(np.uint8).reshape(*page.shape, 4))


def without_crumbs(kinds: Labels) -> Labels:
    """`kinds` (h, w) with every piece of less than four pixels, connected by sides, given to what is nearest to it."""
    one = np.pad(kinds, 1, constant_values=-1)
    middle, sides = np.s_[1:-1, 1:-1], (np.s_[:-2, 1:-1], np.s_[2:, 1:-1], np.s_[1:-1, :-2], np.s_[1:-1, 2:])
    same = [one[side] == kinds for side in sides]
    reached = np.ones(one.shape, np.uint8)
    found = []
    for _ in range(3):  # how many of its kind are beside each pixel, beside those, and beside these
        reached[middle] = sum(equal * reached[side] for equal, side in zip(same, sides, strict=True))
        found.append(reached[middle].copy())
    first, second, third = found
    crumb = (
        (first == 0) | ((first == 1) & ((second == 1) | ((second == 2) & (third == 2)))) | (first == 2) & (second == 2)
    )
    return everywhere(np.where(crumb, 0, kinds + 1)) - 1 if crumb.any() else kinds


def by_lot(count: int) -> NDArray[np.uint8]:
    """So many colours that are all different, (count, 4), for a magic wand to tell apart."""
    number = np.arange(1, count + 1, dtype=np.int64) * 10368889 % 2**24  # odd, so no two are alike
    return np.stack([number >> 16, number >> 8 & 255, number & 255, np.full(count, 255)], 1).astype(np.uint8)


def _tile(drawing: Drawing, numbers: Labels, y: int, x: int) -> tuple[Window, Labels]:
    """The numbers from a cell of the plan on, at the page's size: as they are on paper, then up to its own lines."""
    (height, width), cell = drawing.line.shape, drawing.cell
    side, top, left = TILE // cell, max(0, y - MARGIN), max(0, x - MARGIN)
    cells = slice(top, y + side + MARGIN), slice(left, x + side + MARGIN)
    small = numbers[cells]
    tile = small.repeat(cell, 0).repeat(cell, 1)
    if small.min() != small.max():
        page = tuple(slice(part.start * cell, part.stop * cell) for part in cells)
        tile = _fitted(_smooth(small, drawing.wall[cells], cell), drawing.line[page], drawing.wall[cells])
    window = slice(y * cell, min((y + side) * cell, height)), slice(x * cell, min((x + side) * cell, width))
    inner = tile[(y - top) * cell :, (x - left) * cell :]
    return window, inner[: window[0].stop - window[0].start, : window[1].stop - window[1].start]


def _smooth(small: Labels, wall: Mask, cell: int) -> Labels:
    """The plan's numbers in a tile at the page's size, without saw-teeth where two of them meet on open paper."""
    meet = np.zeros(small.shape, np.bool_)
    for one, other in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        edge = (small[one] != small[other]) & ~wall[one] & ~wall[other]
        meet[one] |= edge
        meet[other] |= edge
    teeth = small.repeat(cell, 0).repeat(cell, 1)
    whole = teeth.copy()
    best = np.zeros(whole.shape, np.float32)
    for number in np.unique(small[meet]):
        share = np.asarray(cv2.GaussianBlur((teeth == number).astype(np.float32), (0, 0), ROUND * cell), np.float32)
        more = share > best
        np.copyto(best, share, where=more)
        np.copyto(whole, number, where=more & (best > 0.3))
    return whole


def _fitted(smooth: Labels, line: NDArray[np.uint8], wall: Mask) -> Labels:
    """A tile's numbers, known on the plan's paper, grown over the page's own, and met below its lines."""
    cell = smooth.shape[0] // wall.shape[0]
    unsure = wall.repeat(cell, 0).repeat(cell, 1)
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    known, paper = np.where(unsure, 0, smooth + 1).astype(np.float32), line >= LINE
    values = known[: line.shape[0], : line.shape[1]]
    for _ in range(cell + 1):
        free = (values == 0) & paper
        values += cv2.dilate(values, cross) * free
    return without_crumbs(everywhere(values.astype(np.int32)) - 1)
