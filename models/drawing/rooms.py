"""Rooms and doors of a drawing: the basins of the distance to its walls, and how wide the ways between them are."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Labels = NDArray[np.int32]  # (H, W), every pixel's room from 1; 0 on walls
Mask = NDArray[np.bool_]  # (H, W)

SPECK = 6  # pixels; smaller places are dust, or the white between two lines, and go with their neighbours
SAME = 0.75  # of the narrower room's own clearance: through a door so wide two rooms are one
EVEN, CORNER = 0.95, 6.0  # but what has no neck, and few pixels a square of its own clearance, is a corner of it
LARGER = 2.0  # but not if one is so many times as wide: an open sleeve is no part of the page around it
BROAD = 0.1  # of the longer side: rooms at the page's border with such a clearance are parts of what is around a
OPEN = 0.2  # figure, and one if a door between them is as wide as this part of the narrower one's clearance


@dataclass(frozen=True, eq=False)
class Rooms:
    """Rooms numbered from 1 (row 0 of every table stands for walls), and the doors between them."""

    labels: Labels
    clearance: NDArray[np.float32]  # (H, W) pixels to the nearest wall
    width: NDArray[np.float32]  # (rooms + 1,) the greatest clearance in each room
    part: NDArray[np.int32]  # (rooms + 1,) the connected paper that it lies on, by number
    doors: NDArray[np.int32]  # (doors, 2) the two rooms
    opening: NDArray[np.float32]  # (doors,) the greatest clearance along each door

    def __len__(self) -> int:
        return len(self.width)


def rooms(wall: Mask) -> Rooms:
    """The rooms that walls (H, W) leave: basins of the watershed of their distance (Meyer 1994), joined where a door
    is nearly as wide as the room itself.
    """
    parts = _without_specks(~wall)
    paper = (parts > 0).astype(np.uint8)
    clearance = np.asarray(cv2.distanceTransform(paper, cv2.DIST_L2, 5), np.float32)
    basins, count = _numbered(_summits(clearance), paper)
    ends, opening = _doors(basins, clearance, count)
    width = _largest(basins, clearance, count)
    border = np.zeros(count, np.bool_)
    for side in (basins[0], basins[-1], basins[:, 0], basins[:, -1]):
        border[side] = True
    around = border & (width >= BROAD * max(wall.shape))
    joined = _joined(ends, opening, width, np.bincount(basins.ravel(), minlength=count), around)
    labels = joined[basins]
    count = int(joined.max()) + 1
    ends, opening = _once(joined[ends], opening, count)
    lies = np.zeros(count, np.int32)
    lies[labels.ravel()] = parts.ravel()
    return Rooms(labels, clearance, _at_most(joined, width, count), lies, ends, opening)


def _without_specks(paper: Mask) -> Labels:
    """The connected parts of the paper, numbered; 0 where there is none, or a speck."""
    count, parts, figures, _ = cv2.connectedComponentsWithStats(paper.astype(np.uint8), connectivity=4)
    kept = figures[:, cv2.CC_STAT_AREA] >= SPECK
    kept[0] = False
    if not kept.any():
        return np.ones(paper.shape, np.int32)  # all of it is ink, or no larger than a speck: one place
    return np.asarray(np.where(kept, np.arange(count), 0).astype(np.int32)[parts])


def _summits(clearance: NDArray[np.float32]) -> Tensor:
    """For every pixel the index of the summit that the steepest way up from it leads to, (H * W,) int32.

    Ways go along diagonals only away from walls: beside them they could slip through a line of one pixel.
    """
    height = torch.from_numpy(clearance)
    best, free = height.clone(), height >= 2
    index = torch.arange(best.numel(), dtype=torch.int32).view(best.shape)
    up = index.clone()
    for down, right in ((1, 0), (0, 1), (1, 1), (1, -1)):
        fore = slice(down, None), slice(max(right, 0), min(right, 0) or None)
        aft = slice(None, -down or None), slice(max(-right, 0), min(-right, 0) or None)
        for to, of in ((fore, aft), (aft, fore)):
            higher = height[of] > best[to]
            if down and right:
                higher &= free[to]
            torch.where(higher, height[of], best[to], out=best[to])
            torch.where(higher, index[of], up[to], out=up[to])
    way = up.flatten()
    while not torch.equal(farther := way.index_select(0, way), way):
        way = farther
    return way


def _numbered(summits: Tensor, paper: NDArray[np.uint8]) -> tuple[Labels, int]:
    """Basins numbered from 1, 0 off the paper, and how many numbers there are."""
    on = torch.from_numpy(paper).flatten()
    tops = (summits == torch.arange(len(summits), dtype=torch.int32)) & (on > 0)
    number = tops.cumsum(0, dtype=torch.int32)
    basins = (number.index_select(0, summits) * on).view(paper.shape).numpy()
    return basins, int(number[-1]) + 1


def _doors(labels: Labels, clearance: NDArray[np.float32], count: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The pairs of labels that touch, and the greatest clearance at which they do."""
    ends, wide = [], []
    for one, other in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        at = (labels[one] != labels[other]) & (labels[one] > 0) & (labels[other] > 0)
        ends.append(np.stack([labels[one][at], labels[other][at]], 1))
        wide.append(np.minimum(clearance[one][at], clearance[other][at]))
    return _once(np.concatenate(ends), np.concatenate(wide), count)


def _once(
    ends: NDArray[np.int32], wide: NDArray[np.float32], count: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Each pair of two once, with the greatest of its widths."""
    low, high = ends.min(1, initial=count), ends.max(1, initial=0)
    two = low != high
    key = low[two].astype(np.int64) * count + high[two]
    order = np.argsort(key)
    key, first = np.unique(key[order], return_index=True)
    widest = np.maximum.reduceat(wide[two][order], first) if len(first) else wide[:0]
    return np.stack([key // count, key % count], 1).astype(np.int32), widest


def _largest(labels: Labels, values: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    return _at_most(labels.ravel(), values.ravel(), count)


def _at_most(labels: NDArray[np.int32], values: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """The greatest value of each label, (count,); none for 0."""
    most = np.zeros(count, np.float32)
    np.maximum.at(most, labels, values)
    most[0] = 0
    return most


def _joined(
    ends: NDArray[np.int32],
    opening: NDArray[np.float32],
    width: NDArray[np.float32],
    pixels: NDArray[np.int64],
    around: NDArray[np.bool_],
) -> NDArray[np.int32]:
    """The room of every basin: the widest doors first, two are joined if it is nearly as wide as the narrower one."""
    parent, wide, area, page = list(range(len(width))), width.tolist(), pixels.tolist(), around.tolist()

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = at = parent[parent[at]]
        return at

    possible = opening >= SAME * width[ends].min(1)  # rooms only grow wider as they are joined
    ends, opening = ends[possible], opening[possible]
    order = np.argsort(-opening, kind="stable")
    doors = list(zip(*ends[order].T.tolist(), opening[order].tolist(), strict=True))
    for corners in (False, True):  # last: a passage as even as a sleeve has a basin for each step, all like corners
        for one, other, door in doors:
            a, b = root(one), root(other)
            low, high = (a, b) if wide[a] < wide[b] else (b, a)
            corner = corners and door >= EVEN * wide[low] and area[low] < CORNER * wide[low] ** 2
            one_page = page[low] and page[high] and door >= OPEN * wide[low]
            same = door >= SAME * wide[low] and (corner or LARGER * door >= wide[high])
            if low != high and (one_page or same):
                parent[low] = high
                area[high] += area[low]
    roots = np.array([root(at) for at in range(len(parent))], np.int32)
    return np.asarray(np.unique(roots, return_inverse=True)[1].astype(np.int32))
