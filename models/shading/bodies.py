"""Bodies: what is of one colour in flats, up to the middle of the lines, and what of it is only backdrop."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from .panels import Box, Labels, Mask, panels, reaching_along

STEP = 14  # levels of 255 by which the next pixel differs where another colour begins
INKED = 0.5  # darkness from which on a pixel is below a line: whatever is there, it goes to what is beside the line
CRUMB = 2e-5  # of the page: smaller patches are the edge of something
STRAIGHT = 0.6  # of a patch's bounding box that it runs along: it is a wall, a door, a panel's sky
WALL = 2e-3  # of the page: smaller boxes are things
WHITE = 253  # levels of 255: the paper, where all of the flats are opaque
OPAQUE = 0.99  # of the flats
INSIDE = 0.95  # of a patch that lies in holes of another one: it lies on that
LARGEST_ISLAND = 0.4  # of the patch around it; what is larger stands for itself


@dataclass(frozen=True)
class Bodies:
    """The patches of one colour of a page, as a colourist sees them."""

    labels: Labels  # (h, w), each pixel's body, 1 and on
    colours: NDArray[np.float32]  # (number + 1, 4) of each: straight RGBA, 0 to 255
    solid: Mask  # (h, w): no backdrop
    roots: Labels  # (h, w): the body that each pixel's body lies on, such as a face for an eye, or its own number
    panels: list[Box]  # where they lie

    @property
    def islands(self) -> Mask:
        """Where a body lies on another one, (h, w)."""
        return np.asarray(self.solid & (self.roots != self.labels))


def find(flats: NDArray[np.uint8], ink: NDArray[np.float32]) -> Bodies:
    """The bodies of flats (h, w, 4) with straight alpha; `ink` (h, w) is how dark the lines over them are, 0 to 1.

    Flats may end in the middle of their lines or at their edge; what lies below a line goes to the nearest body.
    """
    labels = _patches(flats, ink)
    count = int(labels.max()) + 1
    sums = [np.bincount(labels.ravel(), flats[..., channel].ravel(), count) for channel in range(4)]
    colours = np.stack(sums, 1) / np.maximum(np.bincount(labels.ravel(), minlength=count), 1)[:, None]
    boxes = panels(labels, ink)
    backdrop = _backdrop(labels, boxes, count) | (colours[:, 3] < 128)
    roots = _roots(labels, backdrop)
    if (flats[..., 3] >= 128).mean() > OPAQUE:
        backdrop |= (colours[:, :3].min(1) >= WHITE) & (roots == np.arange(count))
    return Bodies(labels, colours.astype(np.float32), ~backdrop[labels], roots[labels], boxes)


def _patches(flats: NDArray[np.uint8], ink: NDArray[np.float32]) -> Labels:
    """Connected pixels of nearly one colour; crumbs and what is below lines go to the nearest patch."""
    seen = np.where(flats[..., 3:] < 128, np.int16(-256), flats[..., :3].astype(np.int16))
    edge = np.zeros(ink.shape, bool)
    edge[:, 1:] = np.abs(np.diff(seen, axis=1)).max(-1) > STEP
    edge[1:] |= np.abs(np.diff(seen, axis=0)).max(-1) > STEP
    count, labels = cv2.connectedComponents((~edge).astype(np.uint8), connectivity=4)
    area = np.bincount(labels.ravel(), minlength=count)
    large = area >= max(16, CRUMB * ink.size)
    large[0] = False
    known = large[labels] & (ink < INKED)
    if not known.any():
        return np.ones(ink.shape, np.int32)
    _, nearest = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    _, numbers = np.unique(labels[known], return_inverse=True)
    filled = np.asarray(numbers[nearest - 1] + 1, np.int32)
    _settle(filled, seen, np.nonzero(edge & (ink < INKED)))
    return filled


def _settle(labels: Labels, seen: NDArray[np.int16], places: tuple[NDArray[np.intp], ...]) -> None:
    """Give pixels at edges to that patch beside them whose colour is most like theirs, in place."""
    height, width = labels.shape
    row, column = places
    best, least = labels[places], np.full(len(row), np.inf, np.float32)
    count = np.maximum(np.bincount(labels.ravel()), 1)
    sums = [np.bincount(labels.ravel(), seen[..., channel].ravel()) / count for channel in range(3)]
    colours = np.stack(sums, 1).astype(np.float32)
    for down, across in ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)):
        beside = labels[np.clip(row + down, 0, height - 1), np.clip(column + across, 0, width - 1)]
        off = np.abs(colours[beside] - seen[places]).max(1)
        best, least = np.where(off < least, beside, best), np.minimum(off, least)
    labels[places] = best


def _backdrop(labels: Labels, boxes: list[Box], count: int) -> Mask:
    """Which bodies are no bodies: skies, grounds, walls. They reach along the page or their panel, or fill a box."""
    backdrop = reaching_along(labels, count)
    for box in boxes:
        backdrop |= reaching_along(labels[box], count)
    area = np.bincount(labels.ravel(), minlength=count)
    for body, place in enumerate(ndimage.find_objects(labels), start=1):
        if place is not None and area[body] > WALL * labels.size:
            here = labels[place] == body
            runs = here[0].sum() + here[-1].sum() + here[:, 0].sum() + here[:, -1].sum()
            backdrop[body] |= runs > STRAIGHT * 2 * sum(here.shape)
    return np.asarray(backdrop)


def _roots(labels: Labels, backdrop: Mask) -> Labels:
    """For each body the outermost one in whose holes it lies: an eye is on a face, a spot on a frog."""
    roots = np.arange(len(backdrop), dtype=np.int32)
    area = np.bincount(labels.ravel(), minlength=len(backdrop))
    places = ndimage.find_objects(labels)
    for body in np.argsort(-area):
        if body == 0 or backdrop[body] or roots[body] != body or places[body - 1] is None:
            continue
        here = labels[places[body - 1]]
        own = (here == body).astype(np.uint8)
        outlines, _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        holes = cv2.drawContours(np.zeros_like(own), outlines, -1, 1, -1) > own
        if not holes.any() or holes.sum() > area[body]:  # a ring is not what lies in it
            continue
        inner, pixels = np.unique(here[holes], return_counts=True)
        on_it = (pixels >= INSIDE * area[inner]) & (area[inner] < LARGEST_ISLAND * area[body])
        roots[inner[on_it]] = body
    return roots
