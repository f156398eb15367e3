"""Closed regions of a drawing, found from its lines, and one flat colour for each."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int32]  # (H, W), every pixel's region, 0 for none

INK = 96  # grey below which a pixel belongs to a line, out of 255
CLOSE = 32  # greatest difference in a channel, out of 255, between colours that count as the same
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
    """Connected parts of `mask` (H, W), numbered from 1; connected by sides, so that no part slips between pixels."""
    return np.asarray(cv2.connectedComponents(mask, connectivity=4)[1], np.int32)


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

    A region with a hint takes the hint colour that covers most of it; any other the mean of what is
    `painted` (H, W, 3) on its paper. A region that is open to the page's border takes a hint only if most of it was
    painted so: an open outline must not pour a sleeve's colour over the whole page. `hints` is (H, W, 4), straight.
    """
    count = int(labels.max()) + 1
    flat = labels.ravel()
    weight = (line.ravel() > INK) + 1e-3
    total = np.bincount(flat, weight, count)
    means = [np.bincount(flat, weight * painted[..., c].ravel(), count) for c in range(3)]
    table = np.asarray(np.stack(means, -1) / np.maximum(total, 1e-9)[:, None] + 0.5, np.uint8)
    if hints is not None:
        border = {*labels[0], *labels[-1], *labels[:, 0], *labels[:, -1]}
        for label, colour in _hinted(labels, line, hints).items():
            if label not in border or _mostly(painted[labels == label], colour):
                table[label] = colour
    return table


def _mostly(pixels: NDArray[np.uint8], colour: NDArray[np.uint8]) -> bool:
    """Whether at least half of `pixels` (N, 3) are close to `colour` (3,)."""
    difference = np.abs(pixels.astype(np.int16) - colour.astype(np.int16)).max(-1)
    return bool((difference < CLOSE).mean() >= 0.5)


def _hinted(labels: Labels, line: NDArray[np.uint8], hints: NDArray[np.uint8]) -> dict[int, NDArray[np.uint8]]:
    """Each hinted region's most frequent hint colour (3,), by label."""
    ys, xs = np.nonzero((hints[..., 3] >= HINTED) & (line > INK))
    if not len(ys):
        return {}
    rgb = hints[ys, xs, :3].astype(np.int64)
    coarse = (rgb[:, 0] >> 4 << 8) | (rgb[:, 1] >> 4 << 4) | rgb[:, 2] >> 4  # antialiased edges of a stroke aside
    keys, index, count = np.unique(
        labels[ys, xs].astype(np.int64) << 12 | coarse, return_inverse=True, return_counts=True
    )
    sums = np.stack([np.bincount(index, rgb[:, c]) for c in range(3)], -1)
    means = np.asarray(sums / count[:, None] + 0.5, np.uint8)
    return {int(keys[at] >> 12): means[at] for at in np.argsort(count)}  # the most frequent comes last and stays
