"""Screentones told from lines: dots and white holes that crowd together part no room."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]  # (H, W)

DOT = 14  # pixels: the longer side of the largest dot, or of the largest hole between dots
LARGE_PAGE = 200  # on pages of more than so many times DOT's pixels dots grow with the page
CROWD = 12  # dots in a square of four times their largest side: fewer are freckles, or a dashed line
SOFT = 3  # side of the square by which a dot's soft edge reaches beyond it


def tones(ink: Mask) -> Mask:
    """The pixels of `ink` (H, W) that are dots of a screentone, and no line.

    Where dots run into each other, the holes between them crowd: then all of that is tone but for its rim, which parts
    it from the paper beside it as an outline would.
    """
    largest = max(DOT, max(ink.shape) // LARGE_PAGE)
    dots = _crowd(ink, largest, 8)
    tone = cv2.dilate(dots, np.ones((SOFT, SOFT), np.uint8))
    holes = _crowd(~ink, largest, 4)
    if holes.any():
        square = np.ones((largest, largest), np.uint8)
        mesh = cv2.erode(cv2.morphologyEx(holes, cv2.MORPH_CLOSE, square), np.ones((SOFT, SOFT), np.uint8))
        tone = cv2.bitwise_or(tone, cv2.morphologyEx(mesh, cv2.MORPH_OPEN, square))
    return np.asarray(tone > 0) & ink


def _crowd(mask: Mask, largest: int, connectivity: int) -> NDArray[np.uint8]:
    """The parts of `mask` (H, W) no longer than `largest` pixels that have many others of their kind around them."""
    count, parts, figures, centres = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=connectivity)
    small = figures[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(1) <= largest
    small[0] = False
    if small.sum() < CROWD:
        return np.zeros(mask.shape, np.uint8)
    places = np.zeros((-(-mask.shape[0] // largest), -(-mask.shape[1] // largest)), np.float32)
    x, y = (centres[small] / largest).astype(np.int32).T
    np.add.at(places, (y, x), 1)
    around = cv2.boxFilter(places, -1, (5, 5), normalize=False, borderType=cv2.BORDER_CONSTANT) * (16 / 25)
    small[small] = around[y, x] >= CROWD
    return np.asarray(small.astype(np.uint8)[parts])
