"""Hints as benchmarks place them: along the middle of every patch of colour, the largest patches first."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.measure import label
from skimage.morphology import skeletonize

from .hints import Hint, Rgb, no_hint

SMALLEST = 3  # cells that a patch has at least
SHARES = (0.03, 0.1, 0.25, 0.5, 0.5, 1.0, 1.0)  # of the patches that are hinted, drawn from these


def skeletons(rgb: Rgb, rng: np.random.Generator) -> Hint:
    """A hint along the skeleton of the picture's patches of one colour, lines among them, on a coarse grid.

    So are the deterministic hints of Madono 2026 ("Hint-AUC"): found on a grid of about 64 cells and enlarged, their
    corners lie over the lines, and their colour is the patch's mean.
    """
    height, width = rgb.shape[:2]
    grid = int(rng.integers(40, 97))
    small = cv2.resize(rgb, (grid, grid), interpolation=cv2.INTER_AREA)
    patches = _patches(
        cv2.resize(rgb, (grid, grid), interpolation=cv2.INTER_NEAREST), int(rng.choice([16, 24, 32, 48]))
    )
    area = np.bincount(patches.ravel())
    order = [int(number) for number in np.argsort(-area, kind="stable") if number and area[number] >= SMALLEST]
    chosen = order[: max(1, round(len(order) * float(rng.choice(SHARES))))]
    hint = no_hint(grid, grid)
    for number in chosen:
        patch = patches == number
        path: NDArray[np.bool_] = skeletonize(patch)
        if len(order) and rng.random() < 0.3:  # a part of the way will do
            path &= _half(grid, rng)
        hint[path] = (*(small[patch].mean(0) / 255), 1.0)
    return np.asarray(cv2.resize(hint, (width, height), interpolation=cv2.INTER_NEAREST), np.float32)


def _patches(rgb: NDArray[Any], step: int) -> NDArray[np.int64]:
    """Connected cells of about the same colour, (H, W), numbered from 1."""
    levels = (rgb.astype(np.int64) + step // 2) // step
    return np.asarray(label(levels[..., 0] << 16 | levels[..., 1] << 8 | levels[..., 2], connectivity=1, background=-1))


def _half(side: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """One side of a random line through a square."""
    angle, y, x = rng.uniform(0, 2 * np.pi), *rng.uniform(0, side, 2)
    down, across = np.mgrid[:side, :side]
    return np.asarray((down - y) * np.sin(angle) + (across - x) * np.cos(angle) > 0)
