"""Closed regions of a drawing, found from its lines, and one flat colour for each."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int32]  # (H, W), every pixel's region, 0 for none

INK = 96  # grey below which a pixel belongs to a line, out of 255
SPECK = 6  # pixels; smaller parts are dust, or the white between two lines, and go with their neighbours
CLOSE = 48  # greatest difference in a channel, out of 255, between colours that count as the same
HINTED = 128  # alpha from which a pixel of a hint counts, out of 255


def regions(line: NDArray[np.uint8], gap: int) -> Labels:
    """The region of every pixel of a drawing (H, W) grey, numbered from 1; lines go to the region beside them.

    Openings of up to `gap` pixels count as closed: regions are found with the lines thickened by half of it
    and then grown back. A region that is nowhere wider than the gap is found in a second look, unthickened.
    """
    paper = (line > INK).astype(np.uint8)
    reach = (gap + 1) // 2
    if not reach:
        return _grown_over(_numbered(paper))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    core = _numbered(np.asarray(cv2.erode(paper, kernel, borderValue=1), np.uint8))
    # What the thick lines covered returns to the core it touches; what touches none is a region of its own.
    labels = np.where(paper > 0, _grown_over(core, reach + 1), 0).astype(np.int32)
    left = _numbered(((paper > 0) & (labels == 0)).astype(np.uint8))
    labels = np.where(left > 0, left + labels.max(), labels).astype(np.int32)
    return _grown_over(labels)


def _numbered(mask: NDArray[np.uint8]) -> Labels:
    """Connected parts of `mask` (H, W), numbered from 1; specks get none.

    Connected by sides, so that no part slips between two pixels of a diagonal line.
    """
    count, labels, figures, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    kept = figures[:, cv2.CC_STAT_AREA] >= SPECK
    kept[0] = False
    numbers = np.where(kept, np.cumsum(kept), 0).astype(np.int32)
    return np.asarray(numbers[labels])


def _grown_over(labels: Labels, reach: float = np.inf) -> Labels:
    """`labels` with every unlabelled pixel within `reach` given the label nearest to it."""
    if not labels.any():
        return np.ones_like(labels)
    distance, nearest = cv2.distanceTransformWithLabels(
        (labels == 0).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    at = np.zeros(int(nearest.max()) + 1, np.int32)
    known = labels > 0
    at[nearest[known]] = labels[known]
    return np.where(distance <= reach, at[nearest], 0).astype(np.int32)


def flat_colours(
    labels: Labels, painted: NDArray[np.uint8], line: NDArray[np.uint8], hints: NDArray[np.uint8] | None
) -> NDArray[np.uint8]:
    """One colour for each region: (N + 1, 3) uint8, indexed by label.

    A region with a hint takes the hint colour that covers most of it; any other the most frequent colour of what is
    `painted` (H, W, 3) on its paper. A region that is open to the page's border takes a hint only if most of it was
    painted so: an open outline must not pour a sleeve's colour over the whole page. `hints` is (H, W, 4), straight.
    """
    table, _ = _frequent(labels, painted, line > INK)
    if hints is not None:
        hinted, there = _frequent(labels, hints, (hints[..., 3] >= HINTED) & (line > INK), len(table))
        border = np.zeros(len(table), bool)
        for edge in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
            border[edge] = True
        alike = np.abs(hinted.astype(np.int16) - table).max(-1) < CLOSE
        wins = there & (~border | alike)
        table[wins] = hinted[wins]
    return table


def _frequent(
    labels: Labels, rgb: NDArray[np.uint8], where: NDArray[np.bool_], count: int = 0
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Each region's most frequent colour among the pixels `where`, (N + 1, 3), and whether it has any, (N + 1,).

    Colours are counted in bins of 32 levels a channel and the fullest one is averaged, so that antialiased edges and
    the far end of a shading do not tint it.
    """
    count = count or int(labels.max()) + 1
    at = labels[where]
    pixels = rgb[where]
    bins = (pixels[:, 0] >> 5).astype(np.int64) << 6 | (pixels[:, 1] >> 5).astype(np.int64) << 3 | pixels[:, 2] >> 5
    filled = np.bincount(at.astype(np.int64) * 512 + bins, minlength=count * 512).reshape(count, 512)
    fullest = filled.argmax(1)
    chosen = bins == fullest[at]
    at, pixels, total = at[chosen], pixels[chosen], filled.max(1)
    sums = np.stack([np.bincount(at, pixels[:, c], count) for c in range(3)], -1)
    return np.asarray(sums / np.maximum(total, 1)[:, None] + 0.5, np.uint8), total > 0
