"""One flat colour for each region of a drawing: as painted, and exactly as hinted where there are hints."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import find_objects

from .regions import INK, Labels, at_border, reduced, refined, regions

Rgb = NDArray[np.uint8]  # (H, W, 3)
Colours = NDArray[np.uint8]  # (N, 3)

CLOSE = 48  # greatest difference in a channel, out of 255, between colours that count as the same
STRAY = 20  # a hint colour with so many times fewer pixels than its region's main one is a slip of the pen
ENOUGH = 64  # pixels of a region that tell its most frequent colour
HINTED = 128  # alpha from which a pixel of a hint counts, out of 255


def flats(line: NDArray[np.uint8], painted: Rgb, hints: NDArray[np.uint8] | None, gap: float) -> Rgb:
    """The drawing in flat colours, (H, W, 3): one for each region, more only where hints ask for more.

    A region takes its hint's colour, or without a hint the most frequent colour of what is `painted` on its paper.
    Where a region has hints of several colours, each pixel takes the one that is nearest to what is painted there. So
    it is in a region that is open to the page's border, but only where the painted colour is close to a hint: an open
    sleeve must not pour its red over the whole page. `line` is (H, W), white paper; `painted` and `hints` (h, w, 4),
    straight alpha, may be smaller; openings of up to `gap` pixels in the lines count as closed. Lines get the colour
    beside them.
    """
    small = reduced(line)
    labels = regions(small, gap * small.shape[0] / line.shape[0])
    seen = _resized(painted, small.shape, cv2.INTER_AREA)
    said = None if hints is None else _resized(hints, small.shape, cv2.INTER_NEAREST)
    labels, table = _coloured(labels, small, seen, said)
    whole = np.zeros((len(table), 4), np.uint8)  # one number for each colour, which is far quicker to look up
    whole[:, :3] = table
    picture = np.empty(line.shape, np.uint32)
    for window, tile in refined(labels, small, line):
        picture[window] = np.take(whole.view(np.uint32)[:, 0], tile)
    return np.asarray(picture.view(np.uint8).reshape(*line.shape, 4)[..., :3])


def _resized(picture: NDArray[np.uint8], size: tuple[int, ...], way: int) -> NDArray[np.uint8]:
    if picture.shape[:2] == size:
        return picture
    return np.asarray(cv2.resize(picture, (size[1], size[0]), interpolation=way), np.uint8)


def _coloured(
    labels: Labels, line: NDArray[np.uint8], painted: Rgb, hints: NDArray[np.uint8] | None
) -> tuple[Labels, Colours]:
    """The labels, split where a region has several colours, and the colour of each."""
    table = list(frequent(labels, painted, line > INK))
    hinted = {} if hints is None else hint_colours(labels, line, hints)
    border = at_border(labels)
    windows, labels = find_objects(labels), labels.copy()
    for label, colours in hinted.items():
        if label not in border:
            table[label] = colours[0]
        if label in border or len(colours) > 1:
            inner, seen = labels[windows[label - 1]], painted[windows[label - 1]]
            where = inner == label
            choice = _chosen(seen[where], colours, CLOSE if label in border else 256)
            inner[where] = np.where(choice >= 0, len(table) + choice, label)
            table += list(colours)
    return labels, np.stack(table)


def _chosen(painted: Colours, colours: Colours, farthest: int) -> NDArray[np.int32]:
    """Which of `colours` is nearest to each of what is `painted`, (N,); -1 where none is nearer than that."""
    channels = np.ascontiguousarray(painted.T, np.int16)  # (3, N): far quicker to take the greatest of
    nearest = np.full(channels.shape[1], farthest, np.int16)
    chosen = np.full(channels.shape[1], -1, np.int32)
    for number, colour in enumerate(colours.astype(np.int16)):
        distance = np.abs(channels - colour[:, None]).max(0)
        nearer = distance < nearest
        nearest[nearer], chosen[nearer] = distance[nearer], number
    return chosen


def _bins(pixels: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """One of 512 bins, 32 levels a channel, for each of `pixels` (N, 3 or more)."""
    red, green, blue = ((pixels[:, c] >> 5).astype(np.uint16) for c in range(3))
    return np.asarray(red << 6 | green << 3 | blue, np.uint16)


def frequent(labels: Labels, rgb: Rgb, where: NDArray[np.bool_]) -> Colours:
    """Each region's most frequent colour among the pixels `where`, (N + 1, 3); of large ones not every pixel is seen.

    Colours are counted in bins and the fullest one is averaged, so that antialiased edges and the far end of a
    shading do not tint it.
    """
    count = int(labels.max()) + 1
    step = max(labels.shape) // 1024 + 1
    sparse = np.bincount(labels[::step, ::step].ravel(), minlength=count) < ENOUGH
    seen = sparse[labels]
    seen[::step, ::step] = True
    seen &= where
    at, pixels = labels[seen].astype(np.int64), rgb[seen]
    bins = _bins(pixels)
    filled = np.bincount(at * 512 + bins, minlength=count * 512).reshape(count, 512)
    chosen = bins == filled.argmax(1)[at]
    sums = np.stack([np.bincount(at[chosen], pixels[chosen, c], count) for c in range(3)], -1)
    return np.asarray(sums / np.maximum(filled.max(1), 1)[:, None] + 0.5, np.uint8)


def hint_colours(labels: Labels, line: NDArray[np.uint8], hints: NDArray[np.uint8]) -> dict[int, Colours]:
    """The hint colours (N, 3) in each hinted region, the most frequent first; a few stray pixels are no hint."""
    where = (hints[..., 3] >= HINTED) & (line > INK)
    at, pixels = labels[where].astype(np.int64), hints[where]
    keys, index, counts = np.unique(at * 512 + _bins(pixels), return_inverse=True, return_counts=True)
    found: dict[int, list[tuple[int, Colours]]] = {}
    for number, (key, count) in enumerate(zip(keys, counts, strict=True)):
        own = pixels[index == number][:, :3]
        shades, often = np.unique(own, axis=0, return_counts=True)
        found.setdefault(int(key) // 512, []).append((int(count), shades[often.argmax()]))
    return {label: _without_strays(entries) for label, entries in found.items()}


def _without_strays(entries: list[tuple[int, Colours]]) -> Colours:
    """The colours of `entries` (pixels, colour), most frequent first, less those of hardly any pixels."""
    ordered = sorted(entries, key=lambda entry: -entry[0])
    return np.stack([colour for count, colour in ordered if count * STRAY >= ordered[0][0]])
