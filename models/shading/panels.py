"""Panels: boxes whose pictures are cut off at their border, each with a backdrop of its own."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Box = tuple[slice, slice]  # rows and columns
Labels = NDArray[np.int32]  # (h, w)
Mask = NDArray[np.bool_]

EDGE, WHOLE = 0.5, 0.9  # of a panel's border, and of one side: what touches more is backdrop
SHOULDER = 0.12  # of a side
SMALLEST = 0.015  # of the page
BOXED = 0.9  # of its bounding box that a panel fills
FRAME = 0.04  # of a panel's side: how thick its frame may be
INKED = 0.5  # darkness of a frame


def panels(labels: Labels, ink: NDArray[np.float32]) -> list[Box]:
    """The panels of a page (h, w), each within its frame; a page without gutters is one.

    `labels` are the patches of its flats, `ink` (h, w) is how dark its lines are.
    """
    page = (slice(0, ink.shape[0]), slice(0, ink.shape[1]))
    _, _, stats, _ = cv2.connectedComponentsWithStats((~_gutter(labels, ink)).astype(np.uint8), connectivity=4)
    found = []
    for left, top, width, height, area in stats[1:].tolist():
        if area > SMALLEST * ink.size and area > BOXED * width * height:
            found.append((slice(top, top + height), slice(left, left + width)))
    return [_within_frame(box, ink) for box in found or [page]]


def _gutter(labels: Labels, ink: NDArray[np.float32]) -> Mask:
    """Backdrop that comes from the page's border without crossing a line, (h, w)."""
    free = reaching_along(labels, labels.max() + 1)[labels] & (ink < INKED)
    _, parts = cv2.connectedComponents(free.astype(np.uint8), connectivity=4)
    edges = np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]])
    return np.asarray(np.isin(parts, edges[edges > 0]))


def reaching_along(labels: Labels, count: int) -> Mask:
    """Which patches (count,) of a panel (h, w) go along a whole side or much of its border, or fill a corner.

    A lower corner may be a shoulder's, which hardly touches the side.
    """
    edges = [labels[0], labels[-1], labels[:, 0], labels[:, -1]]
    touching = np.stack([np.bincount(edge, minlength=count) for edge in edges])
    along = touching.sum(0) > EDGE * 2 * sum(labels.shape)
    lengths = np.array([[len(edge)] for edge in edges])
    along |= (touching > WHOLE * lengths).any(0)
    along[labels[0, [0, -1]]] = True
    for side, corner in ((2, labels[-1, 0]), (3, labels[-1, -1])):
        along[corner] |= touching[side, corner] > SHOULDER * labels.shape[0]
    return np.asarray(along)


def _within_frame(box: Box, ink: NDArray[np.float32]) -> Box:
    """The box without the lines that frame it."""
    rows, columns = box
    here = ink[box]
    top, bottom = _inked_ends(here.mean(1))
    left, right = _inked_ends(here.mean(0))
    return slice(rows.start + top, rows.stop - bottom), slice(columns.start + left, columns.stop - right)


def _inked_ends(darkness: NDArray[np.float32]) -> tuple[int, int]:
    """How many at the beginning and at the end lie up to a frame's inner edge."""
    reach = round(FRAME * len(darkness))  # none in a picture of a few pixels
    dark = darkness > INKED
    first, last = (np.flatnonzero(end[:reach]) for end in (dark, dark[::-1]))
    return (int(first[-1]) + 1 if len(first) else 0), (int(last[-1]) + 1 if len(last) else 0)
