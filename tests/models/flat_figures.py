"""What can be counted of a flat: rooms of one colour, pieces, hints that are not to be seen; from the lines alone."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.measure import label

Grey = NDArray[np.uint8]  # (H, W)
Rgba = NDArray[np.uint8]  # (H, W, 4), straight alpha
Stroke = tuple[tuple[int, int, int], NDArray[np.bool_]]  # its colour and where it lies, (H, W)

PAPER = 0.85  # of the paper's own brightness: more is no line
SMALLEST = 30  # pixels of a room that counts, or a millionth of the width squared
SHOWN = 0.2  # of a stroke that has its colour: it is to be seen
NEAR = 24  # levels of 255 between colours that count as one


def strokes_of(hints: Rgba) -> list[Stroke]:
    """The strokes of a layer of hints: each connected patch of one colour."""
    labels, strokes = label(_identities(hints), background=0, connectivity=2), []
    for number, place in enumerate(ndimage.find_objects(labels), start=1):
        mask = np.zeros(labels.shape, bool)
        mask[place] = labels[place] == number
        red, green, blue, alpha = (int(value) for value in hints[mask][0])
        if alpha == 255 and mask.sum() >= 4:  # a soft rim is no stroke
            strokes.append(((red, green, blue), mask))
    return strokes


def rooms_of_one_colour(lines: Grey, strokes: Sequence[Stroke], flat: Rgba) -> tuple[int, int, list[str]]:
    """Of the closed rooms with hints of one colour at most: how many have one, all of them, and where the others are.

    A hint counts for a room when a quarter of its stroke lies there.
    """
    rooms, count = ndimage.label(_paper(lines))
    told: list[set[tuple[int, int, int]]] = [set() for _ in range(count + 1)]
    for rgb, mask in strokes:
        inside, pixels = np.unique(rooms[mask], return_counts=True)
        for room, part in zip(inside, pixels, strict=True):
            if part >= mask.sum() / 4:
                told[room].add(rgb)
    least, colours = max(SMALLEST, (lines.shape[1] / 1000) ** 2), _identities(flat)
    judged, broken = 0, []
    for room, place in enumerate(ndimage.find_objects(rooms), start=1):
        here = colours[place][rooms[place] == room]
        if len(here) < least or len(told[room]) > 1:
            continue
        judged += 1
        kinds, pixels = np.unique(here, return_counts=True)
        if len(kinds) > 1:
            broken.append((len(here) - int(pixels.max()), place_of(rooms == room, f"{len(kinds)} colours")))
    return judged - len(broken), judged, [text for _, text in sorted(broken, reverse=True)]


def pieces(flat: Rgba) -> list[str]:
    """Where the flat has pieces of one colour under four pixels."""
    labels = label(_identities(flat), background=-1, connectivity=1)
    sizes = np.bincount(labels.ravel())
    firsts = np.unique(labels, return_index=True)[1]
    small = [int(first) for first in firsts if sizes[labels.flat[first]] < 4]
    height, width = flat.shape[:2]
    return [f"{100 * (at % width) / width:.1f},{100 * (at // width) / height:.1f}" for at in small]


def lost_hints(strokes: Sequence[Stroke], flat: Rgba) -> list[str]:
    """The strokes whose colour the flat does not show where they lie."""
    lost = []
    for rgb, mask in strokes:
        off = np.abs(flat[..., :3][mask].astype(int) - rgb).max(-1)
        if mask.any() and ((off <= NEAR) & (flat[..., 3][mask] > 0)).mean() < SHOWN:
            lost.append(place_of(mask, "#{:02x}{:02x}{:02x}".format(*rgb)))
    return lost


def place_of(mask: NDArray[np.bool_], what: str) -> str:
    """`what`, and where it is: its middle pixel, in hundredths of the width and height."""
    y, x = np.nonzero(mask)
    middle = len(y) // 2
    return f"{what} at {100 * x[middle] / mask.shape[1]:.0f},{100 * y[middle] / mask.shape[0]:.0f}"


def _paper(lines: Grey) -> NDArray[np.bool_]:
    """Where there is no line, (H, W), measured against the paper around: a scan's is grey."""
    wide = max(15, lines.shape[1] // 40) | 1
    around = cv2.blur(cv2.dilate(cv2.medianBlur(lines, 3), np.ones((wide, wide), np.uint8)), (wide, wide))
    return np.asarray(lines >= PAPER * np.maximum(around, 1))


def _identities(flat: Rgba) -> NDArray[np.int64]:
    """A number for each colour (H, W); all that is transparent is one."""
    rgba = flat.astype(np.int64)
    packed = rgba[..., 0] << 24 | rgba[..., 1] << 16 | rgba[..., 2] << 8 | rgba[..., 3]
    return np.asarray(np.where(rgba[..., 3] == 0, 0, packed))
