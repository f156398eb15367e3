"""The form of bodies: each patch of one colour inflated like a balloon, as a painter sees it before lighting it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.measure import label

Bodies = NDArray[np.int32]  # (H, W), 0 for lines, else the number of a body
Form = NDArray[np.float32]  # (H, W, CHANNELS)
CHANNELS = 5  # nearness to the border, slope across and down, place across and down
ITERATIONS = 80  # of conjugate gradients: enough for bodies some 150 pixels wide, wider ones come out flatter
FINE = 160  # pixels of the longer side of what is inflated at most


def bodies_of(flat: NDArray[np.uint8], wall: NDArray[np.bool_]) -> Bodies:
    """Connected places (H, W) of one colour of `flat` (H, W, 3) that no line parts; `wall` (H, W) is True on lines."""
    levels = flat.astype(np.int32)
    key = (levels[..., 0] << 16 | levels[..., 1] << 8 | levels[..., 2]) + 1
    return np.asarray(label(np.where(wall, 0, key), connectivity=1), np.int32)


def form(bodies: Bodies) -> Form:
    """What is told of each body's form, about -1 to 1, all 0 on lines; see CHANNELS."""
    inside = (bodies > 0).astype(np.float32)
    depth = _depth(bodies)
    down, across = _slopes(bodies)
    y, x = _places(bodies)
    return np.asarray(np.dstack([depth, across, down, x, y]) * inside[..., None], np.float32)


def _borders(bodies: Bodies) -> NDArray[np.bool_]:
    """Where one body touches another."""
    edge = np.zeros(bodies.shape, np.bool_)
    for axis in (0, 1):
        here = np.diff(bodies, axis=axis) != 0
        edge |= np.pad(here, [(0, int(axis == 0)), (0, int(axis == 1))])
    return edge


def _depth(bodies: Bodies) -> NDArray[np.float32]:
    """Distance to the body's border, by the body's greatest: 0 at the border to 1 in its middle."""
    distance = cv2.distanceTransform(((bodies > 0) & ~_borders(bodies)).astype(np.uint8), cv2.DIST_L2, 3)
    most = np.zeros(bodies.max() + 1, np.float32)
    np.maximum.at(most, bodies.ravel(), distance.ravel())
    return np.asarray(distance / np.maximum(most, 1)[bodies], np.float32)


def _places(bodies: Bodies) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where in its body each pixel lies, down and across, in the body's own spread; 0 in its middle."""
    height, width = bodies.shape
    flat, places = bodies.ravel(), []
    count = np.maximum(np.bincount(flat), 1)
    for along in (np.arange(height)[:, None], np.arange(width)[None]):
        value = np.broadcast_to(along, bodies.shape).astype(np.float32).ravel()
        mean = np.bincount(flat, value) / count
        spread = np.sqrt(np.maximum(np.bincount(flat, value**2) / count - mean**2, 1))
        places.append(((value - mean[flat]) / (2 * spread[flat])).reshape(bodies.shape).astype(np.float32))
    return places[0], places[1]


def _slopes(bodies: Bodies) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Slope of each inflated body, down and across, 0 on top to 1 and -1 at its border."""
    scale = min(1.0, FINE / max(bodies.shape))
    size = (max(1, round(bodies.shape[1] * scale)), max(1, round(bodies.shape[0] * scale)))
    small = cv2.resize(bodies.astype(np.float32), size, interpolation=cv2.INTER_NEAREST).astype(np.int32)
    height = np.sqrt(np.maximum(inflated(small), 0)) * (small > 0)
    height = cv2.GaussianBlur(height, (0, 0), 1.0)
    slopes = [cv2.Sobel(height, cv2.CV_32F, *order, ksize=3) / 8 for order in ((0, 1), (1, 0))]
    whole = (bodies.shape[1], bodies.shape[0])
    steep = (slope / np.sqrt(0.15 + slope**2) for slope in slopes)
    down, across = (cv2.resize(slope, whole, interpolation=cv2.INTER_LINEAR) for slope in steep)
    return np.asarray(down, np.float32), np.asarray(across, np.float32)


def inflated(bodies: Bodies) -> NDArray[np.float32]:
    """Height (H, W) over each body: Poisson's equation, 0 at its border (after Johnston 2002, "Lumo").

    Its root is round: over a disc of radius r it is half a ball. Solved by conjugate gradients.
    """
    bonds = [_bond(bodies, axis) for axis in (0, 1)]

    def applied(x: NDArray[np.float32]) -> NDArray[np.float32]:
        y = 4 * x
        y[1:] -= bonds[0] * x[:-1]
        y[:-1] -= bonds[0] * x[1:]
        y[:, 1:] -= bonds[1] * x[:, :-1]
        y[:, :-1] -= bonds[1] * x[:, 1:]
        return y

    residual = (bodies > 0).astype(np.float32)
    x, way, square = np.zeros_like(residual), residual.copy(), float((residual**2).sum())
    for _ in range(ITERATIONS):
        if square < 1e-6 * residual.size:
            break
        ahead = applied(way)
        step = np.float32(square / max(float((way * ahead).sum()), 1e-12))
        x += step * way
        residual -= step * ahead
        before, square = square, float((residual**2).sum())
        way = residual + np.float32(square / before) * way
    return x


def _bond(bodies: Bodies, axis: int) -> NDArray[np.float32]:
    """1 where a pixel and the next one along `axis` are of one body, else 0."""
    first, second = (bodies[:-1], bodies[1:]) if axis == 0 else (bodies[:, :-1], bodies[:, 1:])
    return np.asarray((first == second) & (first > 0), np.float32)
