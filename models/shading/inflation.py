"""Bodies inflated like balloons: how steep their surface is at each pixel (after Johnston 2002, "Lumo")."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .panels import Labels, Mask

Height = NDArray[np.float32]  # (h, w): the square of a quarter of what stands out of the page, pixels
Slope = NDArray[np.float32]  # (h, w, 2): the sine of the slope, across and down, away from the top

CROSS = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], np.float32)
COARSEST = 48  # pixels of the longer side at which it begins
SWEEPS, FIRST_SWEEPS = 14, 120  # at each size, and at the first
SOFTENED = 1.8  # pixels
HASTE = 1.6  # of a sweep: over-relaxation by what the last one did


def slopes(labels: Labels, solid: Mask, crease: NDArray[np.float32], *, reach: float) -> Slope:
    """The slopes of each body where it is `solid`, (h, w, 2); 0 elsewhere.

    A body narrower than `reach` pixels is as round as a ball, a wider one has a round rim and a level middle. `crease`
    (h, w) draws the surface down where it is more than 0.
    """
    inside = solid & ~_borders(labels)
    height = _inflated(inside, crease, reach)
    padded = cv2.copyMakeBorder(height, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    across, down = (padded[1:-1, 2:] - padded[1:-1, :-2]) / 2, (padded[2:, 1:-1] - padded[:-2, 1:-1]) / 2
    # Over a disc of radius r the height is (r^2 - d^2) / 4: its slope against its root is that of a ball.
    steep = np.sqrt(across**2 + down**2 + np.maximum(height, 1e-6))
    return _softened(np.dstack([-across / steep, -down / steep]), inside) * solid[..., None]


def _borders(labels: Labels) -> Mask:
    """Where one body ends and the next begins: there the surface is at the height of the page."""
    edge = np.zeros(labels.shape, bool)
    edge[:, 1:] = labels[:, 1:] != labels[:, :-1]
    edge[1:] |= labels[1:] != labels[:-1]
    return edge


def _inflated(inside: Mask, crease: NDArray[np.float32], reach: float) -> Height:
    """Solve u'' - (1 / reach^2 + crease) u = -1, 0 outside, level across the page's border; small first."""
    height, width = inside.shape
    start, sweeps = np.zeros(inside.shape, np.float32), FIRST_SWEEPS
    if max(height, width) > COARSEST and min(height, width) > 2:
        size = (width + 1) // 2, (height + 1) // 2
        smaller = cv2.resize(inside.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.99
        less = np.asarray(cv2.resize(crease, size, interpolation=cv2.INTER_AREA) * 4, np.float32)
        known = _inflated(np.asarray(smaller), less, reach / 2)
        start = np.asarray(cv2.resize(known, (width, height), interpolation=cv2.INTER_LINEAR) * 4, np.float32)
        sweeps = SWEEPS
    given = inside.astype(np.float32) / (4 + np.float32(1 / reach**2) + crease)
    u = start * inside
    before = u
    for _ in range(sweeps):
        around = cv2.filter2D(u, -1, CROSS, borderType=cv2.BORDER_REPLICATE)
        around += 1
        around *= given
        u, before = before + HASTE * (around - before), u
    return np.asarray(around, np.float32)


def _softened(slope: Slope, inside: Mask) -> Slope:
    """The slopes without the steps of pixels, and beyond a body's rim as at its rim."""
    weight = inside.astype(np.float32)
    total = cv2.GaussianBlur(weight, (0, 0), SOFTENED) + 1e-4
    return np.asarray(cv2.GaussianBlur(slope * weight[..., None], (0, 0), SOFTENED) / total[..., None], np.float32)
