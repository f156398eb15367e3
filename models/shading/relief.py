"""The relief of a page: every body inflated, on the form of its figure, with the lines on it as creases."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .bodies import Bodies, find
from .inflation import Slope, slopes
from .panels import Box, Mask

SIDE = 1024  # pixels of the longer side at which bodies are inflated at most
BODY, FIGURE, ISLAND = 0.75, 0.4, 0.4  # how much of the slope is the body's, the whole figure's, and an eye's on a face
FIGURE_REACH = 0.3  # of the page: how far a figure is round
COARSER = 4  # times as small as bodies are whole figures inflated
CREASE = 6300.0  # how much a line draws the surface down, by the square of the page's side
BLACK = 1 / 50  # of the page: what is inked wider than this is black, and no line


def relief(flats: NDArray[np.uint8], lines: NDArray[np.uint8], *, reach: float) -> tuple[Slope, Bodies]:
    """The slopes of a page (h, w, 2), at most SIDE pixels long, and its bodies; each panel's as if it were alone.

    `flats` (h, w, 4) with straight alpha, `lines` (h, w) dark on light. Up to `reach` of the panel wide, bodies are
    round all over.
    """
    ink = darkness(lines)
    bodies, creases = find(flats, ink), _strokes(ink)
    slope = np.zeros((*ink.shape, 2), np.float32)
    for box in bodies.panels:
        slope[box] = _of_panel(bodies, creases, box, reach)
    return slope, bodies


def _of_panel(bodies: Bodies, strokes: NDArray[np.float32], box: Box, reach: float) -> Slope:
    """The slopes of one panel."""
    solid, islands, crease = bodies.solid[box], bodies.islands[box], strokes[box]
    side = max(solid.shape)
    crease = np.float32(CREASE / side**2) * crease
    slope = FIGURE * _figure(solid, FIGURE_REACH * side)
    slope += BODY * slopes(bodies.roots[box], solid, crease, reach=reach * side)
    if islands.any():
        alone = np.where(islands, bodies.labels[box], 0)
        slope += ISLAND * slopes(alone, islands, np.zeros_like(crease), reach=reach * side)
    steepest = np.sqrt((slope**2).sum(-1, keepdims=True))
    return np.asarray(slope / np.maximum(steepest, 1), np.float32)


def darkness(lines: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How dark the lines are against the paper around them, (h, w), 0 to 1: a scan's paper is grey."""
    wide = max(9, max(lines.shape) // 40) | 1
    paper = cv2.blur(cv2.morphologyEx(lines, cv2.MORPH_CLOSE, np.ones((wide, wide), np.uint8)), (wide, wide))
    against = np.maximum(paper.astype(np.float32), 1)
    return np.asarray(np.clip((against - lines) / against * 1.25, 0, 1), np.float32)


def _figure(solid: Mask, reach: float) -> Slope:
    """The slopes of all that is no backdrop, as one."""
    height, width = solid.shape
    size = max(1, width // COARSER), max(1, height // COARSER)
    small = cv2.resize(solid.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(np.int32)
    coarse = slopes(small, small > 0, np.zeros(small.shape, np.float32), reach=reach / COARSER)
    return np.asarray(cv2.resize(coarse, (width, height)) * solid[..., None], np.float32)


def _strokes(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """The ink of lines: a black eye is no crease."""
    wide = max(3, round(max(ink.shape) * BLACK)) | 1
    black = cv2.dilate(cv2.erode(ink, np.ones((wide, wide))), np.ones((wide + 2, wide + 2)))
    return np.asarray(np.clip(ink - black, 0, 1), np.float32)
