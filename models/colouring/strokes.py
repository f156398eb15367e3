"""What an artist's hint strokes mean: which of their pixels say a colour, and how much each of them counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]  # (H, W)
Weight = NDArray[np.float32]  # (H, W), 0 to 1
Window = tuple[slice, slice]

INK = 166  # grey below which a pixel belongs to a line, out of 255: soft edges and pencil included
FAINT = 8  # alpha below which a pixel is no part of a stroke, out of 255
MOST = 0.45  # of a stroke's pixels lie in a part of it that is surely meant: nearly half, for some of it is on lines
WHOLE = 0.9  # of a stroke: if so much of it lies in one place, it is meant however near to a line
AWAY = 0.25  # of its place's own clearance, and
BESIDE = 0.012  # of the longer side: what keeps no farther from lines than both runs along them
ENOUGH = 0.03  # of a hidden area filled by a slip, which then counts all the same: the pupil of an eye
STROKE = 0.05  # of the picture's longer side is the side of a square as large as a stroke that surely counts in full
RIVAL = 0.6  # of the pixels of its area's most frequent colour that a colour needs to count as much
LEAST = 0.002  # weight of the smallest stroke that counts at all
COLOURS = 512  # strokes of more colours than this are a picture: their colours are told apart more coarsely


class Part(NamedTuple):
    """What the lines left in one piece of a stroke of one colour."""

    window: Window
    where: Mask  # within the window
    colour: int
    area: int  # the connected paper that it lies on, by number
    size: int  # pixels
    share: float  # of its whole stroke, that on lines too, that lies on its area
    reach: float  # pixels that it keeps from lines at most


class Areas(NamedTuple):
    """The connected paper that lines leave, numbered from 1."""

    number: NDArray[np.int32]  # (H, W), 0 on lines
    clearance: Weight  # (H, W) pixels to the nearest line
    pixels: NDArray[np.int32]  # (areas + 1,)
    apart: NDArray[np.float32]  # (areas + 1,) pixels: what keeps no farther from lines than that is not surely meant


def areas(line: NDArray[np.uint8]) -> Areas:
    """The areas of a drawing (H, W), grey on white paper."""
    paper = (line >= INK).astype(np.uint8)
    _, found, figures, _ = cv2.connectedComponentsWithStats(paper, connectivity=4)
    number, pixels = np.asarray(found, np.int32), np.asarray(figures[:, cv2.CC_STAT_AREA], np.int32)
    clearance = np.asarray(cv2.distanceTransform(paper, cv2.DIST_L2, 3), np.float32)
    width = np.zeros(len(pixels), np.float32)
    np.maximum.at(width, number[::2, ::2].ravel(), clearance[::2, ::2].ravel())
    apart = np.minimum(AWAY * width, BESIDE * max(line.shape))
    return Areas(number, clearance, pixels, apart)


def weights(line: NDArray[np.uint8], hints: NDArray[np.uint8]) -> Weight:
    """How much every pixel of `hints` (H, W, 4) counts on a drawing (H, W), 0 to 1: see `judged`."""
    return judged(areas(line), hints)[0]


def judged(paper: Areas, hints: NDArray[np.uint8]) -> tuple[Weight, Mask]:
    """How much every pixel of `hints` (H, W, 4), straight alpha, counts against others, 0 to 1.

    And which of them are of strokes that hardly touch a line, (H, W).

    Lines cut a stroke into parts. The small ones, where a hurried hand ran on over a line, are slips and count nothing,
    nor does what is on a line. A dab counts less than a stroke, and less still where another colour rules its area. So
    a stray dot cannot flood the paper around a figure.
    """
    drawn = hints[..., 3] >= FAINT
    weight, whole = np.zeros(drawn.shape, np.float32), np.zeros(drawn.shape, np.bool_)
    if not paper.number[drawn].any():
        return weight, whole
    kept = _meant(drawn, paper, hints)
    size: dict[tuple[int, int], int] = {}
    for part in kept:
        size[part.area, part.colour] = size.get((part.area, part.colour), 0) + part.size
    most: dict[int, int] = {}
    for (area, _), pixels in size.items():
        most[area] = max(most.get(area, 0), pixels)
    full = min((STROKE * max(drawn.shape)) ** 2, max(size.values(), default=1))
    for part in kept:
        pixels = size[part.area, part.colour]
        value = min(1.0, pixels / full) * min(1.0, pixels / most[part.area] / RIVAL)
        weight[part.window][part.where] = max(LEAST, value)
        whole[part.window][part.where] = part.share >= WHOLE
    return weight, whole


def _meant(drawn: Mask, paper: Areas, hints: NDArray[np.uint8]) -> list[Part]:
    """The parts of strokes that are no slips."""
    parts = list(_parts(_colours(hints, drawn), paper))
    kept = [part for part in parts if part.share >= WHOLE or part.share >= MOST and part.reach > paper.apart[part.area]]
    spoken_for = {part.area for part in kept}
    for part in parts:
        hidden = part.share < MOST and part.area not in spoken_for
        if hidden and part.size >= ENOUGH * paper.pixels[part.area]:
            kept.append(part)
    return kept


def _colours(hints: NDArray[np.uint8], drawn: Mask) -> NDArray[np.int32]:
    """The number of every pixel's colour, (H, W), from 1; 0 where nothing is drawn."""
    pixels = hints[drawn][:, :3].astype(np.int32)
    for bits in (3, 5, 6):
        red, green, blue = (pixels >> bits).T
        found, number = np.unique(red << 16 | green << 8 | blue, return_inverse=True)
        if len(found) <= COLOURS:
            break
    colours = np.zeros(drawn.shape, np.int32)
    colours[drawn] = number + 1
    return colours


def _parts(colours: NDArray[np.int32], paper: Areas) -> Iterator[Part]:
    """Every connected piece on paper of every stroke of one colour."""
    areas, clearance = paper.number, paper.clearance
    for colour, window in _windows(colours):
        stroke, dark = colours[window] == colour, clearance[window] == 0
        strokes, whole = cv2.connectedComponents(stroke.astype(np.uint8), connectivity=8)
        total = np.bincount(whole.ravel(), minlength=strokes)
        pieces, piece, figures, _ = cv2.connectedComponentsWithStats((stroke & ~dark).astype(np.uint8), connectivity=8)
        found, together = [], dict[tuple[int, int], int]()
        for number in range(1, pieces):
            left, top, width, height, size = (int(figure) for figure in figures[number])
            inner = (slice(top, top + height), slice(left, left + width))
            where = piece[inner] == number
            y, x = (int(places[0]) for places in np.nonzero(where))
            rows, columns = window[0].start + top, window[1].start + left
            place = (slice(rows, rows + height), slice(columns, columns + width))
            key = int(whole[inner][y, x]), int(areas[place][y, x])  # its stroke and the area below it
            together[key] = together.get(key, 0) + size  # a line that ends within an area does not part a stroke
            found.append((Part(place, where, colour, key[1], size, 0.0, float(clearance[place][where].max())), key))
        for part, key in found:
            yield part._replace(share=together[key] / int(total[key[0]]))


def _windows(colours: NDArray[np.int32]) -> Iterator[tuple[int, Window]]:
    """Every colour with the smallest rectangle around all of its pixels."""
    rows, columns = np.nonzero(colours)
    number = colours[rows, columns]
    count = int(number.max()) + 1
    first, last = np.full((2, count), 2**30), np.full((2, count), -1)
    for axis, places in enumerate((rows, columns)):
        np.minimum.at(first[axis], number, places)
        np.maximum.at(last[axis], number, places)
    for colour in range(1, count):
        (top, left), (bottom, right) = first[:, colour], last[:, colour]
        yield colour, (slice(int(top), int(bottom) + 1), slice(int(left), int(right) + 1))
