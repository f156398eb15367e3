"""Paper and ink of a line layer, measured where they are: scans with shadows, grey pencil, pale and coloured lines."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ..errors import BadPicture

Grey = NDArray[np.uint8]  # (H, W), 0 black to 255 white

SEEN = 512  # pixels of the longer side of the copy on which paper and ink are measured
AROUND = 0.025  # of the longer side: wider than any line, so that a closing leaves the paper alone
SHADOW = 0.55  # of the page's own paper: what is darker is no shadow on a scan but something filled with black
DARK_PAPER = 90  # of 255: a page mostly darker than this carries light lines
EVEN = 3  # of 255: paper that differs by no more is the same everywhere
CONTRAST = 0.05  # least difference between ink and paper, of 1, that counts as a drawing
FAINT = 0.1  # of the paper: what is darker than it by so much is ink of some kind
ORDINARY = 70  # percentile of the inked pixels that is the drawing's own ordinary ink
PALEST = 0.15  # of the paper: the palest ink that is taken for full


def levelled(grey: Grey) -> tuple[Grey, bool]:
    """The drawing (H, W) with its paper 255 and its ordinary ink 0, and whether it was light lines on dark paper.

    BadPicture if nothing is drawn on it.
    """
    sparse = grey[:: max(1, grey.shape[0] // SEEN), :: max(1, grey.shape[1] // SEEN)]
    dark = bool(np.median(sparse) < DARK_PAPER)
    if dark:
        grey = np.asarray(cv2.bitwise_not(grey), np.uint8)
    small = darkest(grey, -(-max(grey.shape) // SEEN))
    paper = _paper(small)
    ink = np.subtract(paper, small, dtype=np.float32) / np.maximum(paper, 1)
    if ink.max() < CONTRAST:
        raise BadPicture(
            "The line layer is empty: nothing is drawn on it.",
            "Choose the layer that holds the lines, or draw on it first.",
        )
    inked = ink[ink > min(FAINT, ink.max() / 2)]
    full = max(PALEST, float(np.percentile(inked, ORDINARY))) if ink.max() > PALEST else float(ink.max())
    table = (255 - (255 - np.arange(256)) / full).clip(0, 255).round().astype(np.uint8)
    if paper.min() < paper.max():
        whole = cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
        grey = np.asarray(cv2.divide(grey, whole, scale=255), np.uint8)
    elif paper.max() < 255:
        grey = np.asarray(cv2.convertScaleAbs(grey, alpha=255 / float(paper.max())), np.uint8)
    return np.asarray(cv2.LUT(grey, table), np.uint8), dark


def darkest(grey: Grey, cell: int) -> Grey:
    """The drawing reduced to cells of so many pixels, each as dark as its darkest: no line is ever lost."""
    if cell == 1:
        return grey
    bottom, right = (-side % cell for side in grey.shape)
    padded = cv2.copyMakeBorder(grey, 0, bottom, 0, right, cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(
        cv2.erode(padded, np.ones((cell, cell), np.uint8), anchor=(0, 0))[::cell, ::cell], np.uint8
    )


def _paper(small: Grey) -> Grey:
    """The paper at every pixel of a small page: what is left when everything narrow and dark is closed."""
    reach = 2 * round(AROUND * max(small.shape) + 1) + 1
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    smooth = cv2.GaussianBlur(closed, (0, 0), reach / 2, borderType=cv2.BORDER_REPLICATE)
    usual = int(np.percentile(closed, 80))
    paper = np.where(smooth < SHADOW * usual, usual, np.maximum(smooth, closed)).astype(np.uint8)
    return paper if np.ptp(paper) > EVEN else np.full_like(paper, np.median(paper))
