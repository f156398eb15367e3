"""From the size at which bodies are inflated to the page's own: along the edges of its colours."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .bodies import Bodies

CHUNK = 1 << 20  # pixels at rims worked on at once
NEAR = 30.0  # levels of 255 by which two colours may differ and still be taken for one body's


def at_size(values: NDArray[np.float32], bodies: Bodies, flats: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Values (h, w) of bodies at the size of their flats (H, W, 4); at a rim each pixel has those of its own colour."""
    height, width = flats.shape[:2]
    if values.shape == (height, width):
        return values
    whole = cv2.resize(values, (width, height), interpolation=cv2.INTER_CUBIC)
    labels = bodies.labels.astype(np.float32)
    around = np.ones((5, 5), np.uint8)
    rim = (cv2.dilate(labels, around) > cv2.erode(labels, around)).astype(np.uint8)
    places = np.flatnonzero(cv2.resize(rim, (width, height), interpolation=cv2.INTER_NEAREST))
    for start in range(0, len(places), CHUNK):
        here = places[start : start + CHUNK]
        whole.ravel()[here] = _by_colour(values, bodies, flats, here)
    return np.asarray(whole, np.float32)


def _by_colour(
    values: NDArray[np.float32], bodies: Bodies, flats: NDArray[np.uint8], places: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Values at `places` of the flats, from the four around each, the more the nearer and the more alike in colour."""
    (small_height, small_width), (height, width) = values.shape, flats.shape[:2]
    row, column = np.divmod(places, width)
    y = np.clip((row + 0.5) * (small_height / height) - 0.5, 0, small_height - 1).astype(np.float32)
    x = np.clip((column + 0.5) * (small_width / width) - 0.5, 0, small_width - 1).astype(np.float32)
    colour = flats[row, column].astype(np.float32)
    total, sum_of = np.zeros(len(places), np.float32), np.zeros(len(places), np.float32)
    for up in (np.floor(y), np.floor(y) + 1):
        for left in (np.floor(x), np.floor(x) + 1):
            beside = np.minimum(up, small_height - 1).astype(np.intp), np.minimum(left, small_width - 1).astype(np.intp)
            off = np.abs(colour - bodies.colours[bodies.labels[beside]]).max(1)
            weight = (1.02 - abs(y - up)) * (1.02 - abs(x - left)) * (np.exp(-((off / NEAR) ** 2)) + 1e-3)
            sum_of += weight * values[beside]
            total += weight
    return np.asarray(sum_of / total, np.float32)
