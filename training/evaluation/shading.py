"""How a result is shaded beside the truth: where both are light and dark about their rooms' own colours."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.models.drawing.rooms import rooms

from .pictures import Grey, Rgb

INK = 128  # of 255: darker lines are walls
SMALLEST = 24  # pixels of a room that is judged
ONE_COLOUR = 24  # levels by which hints of one colour differ at most
FLAT = 1e-3  # deviation of a truth's luminance, of 1, below which it has no shading to compare with


def shading(made: Rgb, truth: Rgb, line: Grey, hints: NDArray[np.uint8]) -> tuple[float | None, float | None]:
    """Correlation (-1 to 1) of luminance about each room's mean in `made` and `truth`, and deviation of the one by
    the other's; None for both if the truth is flat.

    Only rooms of the lines count that hold hints (H, W, 4) of one colour at most: steps between two colours in a room
    are no shading. Pixels beside lines do not count: there the truth shows ink. What is flat correlates by 0.
    """
    wall = line < INK
    labels = rooms(wall).labels
    count = int(labels.max()) + 1
    clear = cv2.dilate(wall.astype(np.uint8), np.ones((5, 5), np.uint8)) == 0
    judged = clear & (labels > 0) & ~_motley(labels, hints, count)[labels]
    judged &= (np.bincount(labels.ravel(), judged.ravel(), count) >= SMALLEST)[labels]
    if not judged.any():
        return None, None
    a, b = (_about_means(picture, labels, judged, count) for picture in (made, truth))
    spread, true = float(a.std()), float(b.std())
    if true < FLAT:
        return None, None
    return float((a * b).mean()) / max(spread * true, 1e-9), spread / true


def _motley(labels: NDArray[np.int32], hints: NDArray[np.uint8], count: int) -> NDArray[np.bool_]:
    """Which rooms hold hints of several colours, (rooms,)."""
    at = hints[..., 3] > 127
    low, high = np.full((count, 3), 255), np.zeros((count, 3), int)
    np.minimum.at(low, labels[at], hints[at][:, :3])
    np.maximum.at(high, labels[at], hints[at][:, :3])
    return np.asarray((high - low).max(1) > ONE_COLOUR)


def _about_means(picture: Rgb, labels: NDArray[np.int32], judged: NDArray[np.bool_], count: int) -> NDArray[np.float64]:
    """Luminance of the judged pixels, 0 to 1, less its mean over each room."""
    values = picture[judged] @ np.array([0.299, 0.587, 0.114]) / 255
    room = labels[judged]
    means = np.bincount(room, values, count) / np.maximum(np.bincount(room, minlength=count), 1)
    return np.asarray(values - means[room])
