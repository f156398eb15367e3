"""Regions of one shape, such as two ears or the wheels of a car: what is said of one holds for the other."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from .regions import Labels

Shape = NDArray[np.bool_]  # (height, width) of a region's bounding box

SMALLEST = 30  # pixels; of smaller regions, many have one shape by chance
SIZE = 0.15  # part by which pixels, width and height of two regions of one shape may differ
OVERLAP = 0.9  # intersection over union that they have at least, one laid on the other, perhaps turned over
LARGE = 0.007  # of the picture; so large a shape is hardly ever met twice by chance, and a hurried hand
LOOSE = 0.8  # draws its twin with this overlap at least


def twins(labels: Labels, regions: Iterable[int], others: Iterable[int]) -> dict[int, int]:
    """For each of the `regions` of `labels` (H, W) the first of the `others` that has its shape, if any has."""
    shapes = [(other, _shape(labels, other)) for other in others]
    sizes = np.array([_size(shape) for _, shape in shapes]).reshape(-1, 3)
    found = {}
    for region in regions:
        shape = _shape(labels, region)
        size = _size(shape)
        alike = (np.abs(size / sizes - 1) <= SIZE).all(1) & (size[0] >= SMALLEST)
        needed = LOOSE if size[0] >= LARGE * labels.size else OVERLAP
        for other, known in (shapes[number] for number in np.flatnonzero(alike)):
            if _overlap(shape, known) >= needed:
                found[region] = other
                break
    return found


def _shape(labels: Labels, region: int) -> Shape:
    where = labels == region
    rows, columns = np.flatnonzero(where.any(1)), np.flatnonzero(where.any(0))
    return np.asarray(where[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def _size(shape: Shape) -> NDArray[np.int64]:
    """Pixels, height and width."""
    return np.array([shape.sum(), *shape.shape])


def _overlap(one: Shape, other: Shape) -> float:
    """Intersection over union of two shapes, brought to one size, the other perhaps mirrored."""
    laid = cv2.resize(other.astype(np.float32), one.shape[::-1], interpolation=cv2.INTER_LINEAR) > 0.5
    turned = (laid, laid[:, ::-1], laid[::-1], laid[::-1, ::-1])
    return max(float((one & shape).sum() / (one | shape).sum()) for shape in turned)
