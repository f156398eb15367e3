"""A shaded picture taken apart: its lines, the bodies between them, and what is paint and what is ink."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.color import rgb2lab

from inkwash.models.colouring.form import Bodies
from inkwash.models.drawing.lines import adaptive_threshold

WALL = 0.45  # ink from which on a line parts two bodies
STEP = 5.0  # difference of neighbouring pixels in CIELAB from which on they are of two bodies
SMALLEST = 24  # pixels of a body at least; smaller ones join what is nearest
SPREAD = 20.0  # deviation of a body's chroma in CIELAB above which it is two paints
KINDS = ("own", "threshold", "soft")  # of lines that a picture can be given


@dataclass(frozen=True)
class Parts:
    """A picture without lines, its lines, its bodies, and where its paint is seen and no ink over it."""

    paint: NDArray[np.uint8]  # (H, W, 3), running on under the lines
    line: NDArray[np.uint8]  # (H, W), paper white
    bodies: Bodies  # (H, W)
    seen: NDArray[np.bool_]  # (H, W)


def taken_apart(rgb: NDArray[np.uint8], line: NDArray[np.uint8] | None, kind: str) -> Parts:
    """The picture (H, W, 3) with lines of a kind; `line` (H, W) are its own if its colours run on under them."""
    drawn = rgb if line is None else (rgb * (line[..., None] / np.float32(255))).astype(np.uint8)
    lines = _lines(drawn, line, kind)
    ink = 1 - lines.astype(np.float32) / 255
    dark = ink_of(drawn) > 0.2 if line is None else np.zeros(ink.shape, np.bool_)
    hidden = cv2.dilate((dark | (ink > 0.25)).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    paint = filled(rgb, hidden)
    return Parts(paint, lines, bodies_in(paint, ink > WALL), ~hidden)


def ink_of(rgb: NDArray[np.uint8], reach: int = 11) -> NDArray[np.float32]:
    """How far each pixel is thin dark ink on lighter paint, (H, W) in [0, 1]: a closing against the picture."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)
    around = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    return np.asarray(((around - grey) / np.maximum(around, 60)).clip(0, 1), np.float32)


def _lines(drawn: NDArray[np.uint8], line: NDArray[np.uint8] | None, kind: str) -> NDArray[np.uint8]:
    grey = np.asarray(cv2.cvtColor(drawn, cv2.COLOR_RGB2GRAY), np.uint8)
    if kind == "threshold":
        return adaptive_threshold(grey)
    if kind == "soft":
        return _extracted(drawn)
    if line is not None:
        return line
    return np.asarray(255 * (1 - (ink_of(drawn) * 1.8).clip(0, 1)), np.uint8)


def _extracted(drawn: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Soft lines by differences of Gaussians (after Winnemoeller et al. 2012, "XDoG"), of every channel the darkest."""
    values = drawn.astype(np.float32)
    narrow, wide = (cv2.GaussianBlur(values, (0, 0), sigma) for sigma in (0.9, 1.6))
    sharp = (narrow - 0.98 * wide) / 255
    soft = np.where(sharp > 0, 1.0, 1 + np.tanh(25 * sharp)).min(-1)
    return np.asarray(255 * soft, np.uint8)


def filled(rgb: NDArray[np.uint8], hidden: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The picture with each hidden pixel as the nearest seen one."""
    if hidden.all():
        return rgb
    _, nearest = cv2.distanceTransformWithLabels(
        hidden.astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    where = np.zeros(int(nearest.max()) + 1, np.int64)
    where[nearest[~hidden]] = np.flatnonzero(~hidden)
    return np.asarray(rgb.reshape(-1, 3)[where[nearest]], np.uint8)


def bodies_in(paint: NDArray[np.uint8], wall: NDArray[np.bool_]) -> Bodies:
    """Places whose paint changes smoothly and that no wall parts, each a body, (H, W)."""
    lab = rgb2lab(cv2.bilateralFilter(paint, 5, 12, 3)).astype(np.float32)
    edge = np.zeros(wall.shape, np.bool_)
    for axis in (0, 1):
        jump = np.linalg.norm(np.diff(lab, axis=axis), axis=-1) > STEP
        edge |= np.pad(jump, [(0, int(axis == 0)), (0, int(axis == 1))])
    _, smooth = cv2.connectedComponents((~wall & ~edge).astype(np.uint8), connectivity=4)
    bodies = _two_paints(np.asarray(smooth, np.int32), lab)
    bodies[np.bincount(bodies.ravel())[bodies] < SMALLEST] = 0
    return grown(bodies, wall)


def _two_paints(bodies: Bodies, lab: NDArray[np.float32]) -> Bodies:
    """Bodies whose chroma lies far apart parted in two."""
    flat, chroma = bodies.ravel(), lab[..., 1:].reshape(-1, 2)
    count = np.maximum(np.bincount(flat), 1)
    means = np.stack([np.bincount(flat, chroma[:, c]) / count for c in (0, 1)], 1)
    off = np.square(chroma - means[flat]).sum(1)
    wide = np.flatnonzero(np.sqrt(np.bincount(flat, off) / count) > SPREAD)
    for body in wide[wide > 0]:
        here = bodies == body
        stop = (cv2.TERM_CRITERIA_MAX_ITER, 8, 1.0)
        cv2.setRNGSeed(1)
        values = np.ascontiguousarray(lab[here][:, 1:])
        if len(values) < 4 * SMALLEST:
            continue
        _, side, _ = cv2.kmeans(values, 2, None, stop, 1, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
        other = np.zeros(bodies.shape, np.uint8)
        other[here] = side[:, 0]
        found, parts = cv2.connectedComponents(other, connectivity=4)
        bodies = np.where(parts > 0, parts + bodies.max(), bodies).astype(np.int32)
    return bodies


def grown(bodies: Bodies, wall: NDArray[np.bool_]) -> Bodies:
    """Bodies numbered from 1, grown over all that is no wall, each pixel to the nearest."""
    there = bodies > 0
    if not there.any():
        return np.asarray(~wall, np.int32)
    _, nearest = cv2.distanceTransformWithLabels(
        (~there).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    number = np.zeros(int(nearest.max()) + 1, np.int32)
    number[nearest[there]] = bodies[there]
    _, numbered = np.unique(np.where(wall, 0, number[nearest]), return_inverse=True)
    result = numbered.reshape(wall.shape).astype(np.int32)
    return result if wall.any() else result + 1


def flats(paint: NDArray[np.uint8], bodies: Bodies, seen: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Each body's mean colour where it is seen, (H, W, 3) float, sRGB in [0, 1]; white on lines."""
    flat, weight = bodies.ravel(), seen.ravel().astype(np.float64) + 1e-6
    count = np.bincount(flat, weight)
    colour = np.stack(
        [np.bincount(flat, weight * paint[..., c].ravel()) / np.maximum(count, 1e-9) for c in range(3)], 1
    )
    colour[0] = 255
    return np.asarray(colour[bodies] / 255, np.float32)
