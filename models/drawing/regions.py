"""Closed regions of a drawing, found from its lines however large it is."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int32]  # (H, W), every pixel's region, 0 for none
Mask = NDArray[np.bool_]  # (H, W)
Window = tuple[slice, slice]

INK = 96  # grey below which a pixel belongs to a line, out of 255
WIDE = 8  # pixels; balls of a greater radius need not be rolled at full size
SPECK = 6  # pixels; smaller parts are dust, or the white between two lines, and go with their neighbours
LARGEST = 2048  # longest side in pixels at which regions are looked for; on larger pages their edges are then refined
RIM = 3  # pixels of the reduced drawing: so far into a black area it can be seen which label it has
TILE = 512  # pixels of a large page worked on at a time, while they are in the processor's cache


def reduced(line: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The drawing (H, W), at most LARGEST pixels long, with no line lost: each pixel the darkest of its cell."""
    scale = max(line.shape) / LARGEST
    if scale <= 1:
        return line
    cell = int(np.ceil(scale))
    darkest = cv2.erode(line, np.ones((cell, cell), np.uint8), anchor=(0, 0))
    size = (max(1, round(line.shape[1] / scale)), max(1, round(line.shape[0] / scale)))
    return np.asarray(cv2.resize(darkest, size, interpolation=cv2.INTER_NEAREST), np.uint8)


def regions(line: NDArray[np.uint8], gap: float) -> Labels:
    """The region of every pixel of a drawing (H, W) grey, numbered from 1; lines go to the region beside them.

    Openings of up to `gap` pixels count as closed, by balls that are rolled through the paper (Zhang et al. 2009,
    "Vectorizing Cartoon Animations"): each ball that is too large for the openings finds the parts it fits into, which
    then grow into their own corners; smaller and smaller ones, and at last none, find what is left.
    """
    paper = line > INK
    reach = int(gap + 1) // 2
    labels, reach = _with_wide_cores(paper, reach)
    while True:
        labels = _with_cores(labels, paper, reach)
        if not reach:
            return everywhere(labels)
        reach //= 2


def _with_wide_cores(paper: Mask, reach: int) -> tuple[Labels, int]:
    """The parts that balls wider than WIDE fit into, found at half the size, and the next smaller ball's radius."""
    if reach <= WIDE:
        return np.zeros(paper.shape, np.int32), reach
    half = cv2.erode(paper.astype(np.uint8), np.ones((2, 2), np.uint8), anchor=(0, 0))[::2, ::2] > 0
    labels = np.zeros(half.shape, np.int32)
    while reach > WIDE:
        labels = _with_cores(labels, half, reach // 2)
        reach //= 2
    height, width = paper.shape
    whole = labels.repeat(2, 0).repeat(2, 1)[:height, :width] * paper
    return _grown(whole, paper, 2), reach  # what the halving took of the paper beside lines


def _with_cores(labels: Labels, paper: Mask, reach: int) -> Labels:
    """`labels` and, where they are 0, the parts of the paper that a ball of that radius fits into."""
    free = (paper & (labels == 0)).astype(np.uint8)
    if reach:
        size = 2 * reach + 1
        ball = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
        core = _numbered(np.asarray(cv2.erode(free, ball, borderValue=1), np.uint8))
    else:
        core = _numbered(free)
    found = np.where(core > 0, core + labels.max(), labels).astype(np.int32)
    return _grown(found, paper, reach + 1) if reach else found


def _numbered(mask: NDArray[np.uint8]) -> Labels:
    """Connected parts of `mask` (H, W), numbered from 1; specks get none.

    Connected by sides, so that no part slips between two pixels of a diagonal line.
    """
    _, labels, figures, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    kept = figures[:, cv2.CC_STAT_AREA] >= SPECK
    kept[0] = False
    numbers = np.where(kept, np.cumsum(kept), 0).astype(np.int32)
    return np.asarray(numbers[labels])


def _grown(labels: Labels, paper: Mask, steps: int) -> Labels:
    """`labels` grown pixel by pixel over the paper, never through a line."""
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    # What OpenCV can dilate: the narrower the quicker; float is exact up to 2**24 regions.
    narrow = np.uint16 if labels.max() < 2**16 else np.float32
    values: NDArray[np.uint16 | np.float32] = labels.astype(narrow)
    for _ in range(steps):
        free = (values == 0) & paper
        values = np.add(values, np.asarray(cv2.dilate(values, cross), narrow) * free)
    return values.astype(np.int32)


def everywhere(labels: Labels) -> Labels:
    """`labels` with every pixel that has none given the label nearest to it; all 1 if there are none."""
    known = labels > 0
    if not known.any():
        return np.ones_like(labels)
    if known.all():
        return labels
    _, nearest = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    filled = labels.copy()
    filled[~known] = labels[known][nearest[~known] - 1]  # known pixels are numbered from 1, row by row
    return filled


def at_border(labels: Labels) -> set[int]:
    """The labels (H, W) that reach the page's border: regions that may go on beyond it."""
    edges = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    return set(np.unique(edges).tolist())


def refined(labels: Labels, small: NDArray[np.uint8], line: NDArray[np.uint8]) -> Iterator[tuple[Window, Labels]]:
    """Labels found on `small` (h, w), the `reduced` drawing, tile by tile at the size of `line` (H, W) itself.

    What they say of the small drawing's paper holds. Where its lines are, they grow anew over the large one's paper, up
    to its own lines, and meet below those.
    """
    if small.shape == line.shape:
        yield (slice(None), slice(None)), labels
        return
    (height, width), cell = line.shape, int(np.ceil(line.shape[0] / small.shape[0]))
    rows, columns = (np.arange(large) * low // large for large, low in zip(line.shape, small.shape, strict=True))
    ink = (small <= INK).astype(np.uint8)
    unsure = (ink > 0) & (cv2.erode(ink, np.ones((2 * RIM + 1, 2 * RIM + 1), np.uint8)) == 0)
    margin = (RIM + 1) * cell  # farther away no label is needed
    for y, x in itertools.product(range(0, height, TILE), range(0, width, TILE)):
        top, left = max(0, y - margin), max(0, x - margin)
        outer = slice(top, y + TILE + margin), slice(left, x + TILE + margin)
        cells = np.ix_(rows[outer[0]], columns[outer[1]])
        tile = labels[cells]
        if tile.min() != tile.max():
            tile = everywhere(_grown(np.where(unsure[cells], 0, tile), line[outer] > INK, cell))
        yield (slice(y, y + TILE), slice(x, x + TILE)), tile[y - top :, x - left :][:TILE, :TILE]
