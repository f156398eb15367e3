"""Closed regions of a drawing, found from its lines, and their flat colours."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int32]  # (H, W), every pixel's region, 0 for none

INK = 96  # grey below which a pixel belongs to a line, out of 255
SPECK = 6  # pixels; smaller parts are dust, or the white between two lines, and go with their neighbours
CLOSE = 48  # greatest difference in a channel, out of 255, between colours that count as the same
STRAY = 20  # a hint colour with so many times fewer pixels than its region's main one is a slip of the pen
HINTED = 128  # alpha from which a pixel of a hint counts, out of 255


def regions(line: NDArray[np.uint8], gap: int) -> Labels:
    """The region of every pixel of a drawing (H, W) grey, numbered from 1; lines go to the region beside them.

    Openings of up to `gap` pixels count as closed: regions are found with the lines thickened by half of it
    and then grown back. A region that is nowhere wider than the gap is found in a second look, unthickened.
    """
    paper = (line > INK).astype(np.uint8)
    reach = (gap + 1) // 2
    if not reach:
        return _grown_over(_numbered(paper))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    core = _numbered(np.asarray(cv2.erode(paper, kernel, borderValue=1), np.uint8))
    # What the thick lines covered returns to the core it touches; what touches none is a region of its own.
    labels = np.where(paper > 0, _grown_over(core, reach + 1), 0).astype(np.int32)
    left = _numbered(((paper > 0) & (labels == 0)).astype(np.uint8))
    labels = np.where(left > 0, left + labels.max(), labels).astype(np.int32)
    return _grown_over(labels)


def _numbered(mask: NDArray[np.uint8]) -> Labels:
    """Connected parts of `mask` (H, W), numbered from 1; specks get none.

    Connected by sides, so that no part slips between two pixels of a diagonal line.
    """
    count, labels, figures, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    kept = figures[:, cv2.CC_STAT_AREA] >= SPECK
    kept[0] = False
    numbers = np.where(kept, np.cumsum(kept), 0).astype(np.int32)
    return np.asarray(numbers[labels])


def _grown_over(labels: Labels, reach: float = np.inf) -> Labels:
    """`labels` with every unlabelled pixel within `reach` given the label nearest to it."""
    if not labels.any():
        return np.ones_like(labels)
    distance, nearest = cv2.distanceTransformWithLabels(
        (labels == 0).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    at = np.zeros(int(nearest.max()) + 1, np.int32)
    known = labels > 0
    at[nearest[known]] = labels[known]
    return np.where(distance <= reach, at[nearest], 0).astype(np.int32)


def flats(
    labels: Labels, painted: NDArray[np.uint8], line: NDArray[np.uint8], hints: NDArray[np.uint8] | None
) -> NDArray[np.uint8]:
    """The drawing in flat colours, (H, W, 3): one for each region, more only where hints ask for more.

    A region takes its hint's colour, or without a hint the most frequent colour of what is `painted` (H, W, 3) on its
    paper. Where a region has hints of several colours, each pixel takes the one that is nearest to what is painted
    there. So it is in a region that is open to the page's border, but only where the painted colour is close to a
    hint: an open sleeve must not pour its red over the whole page. `hints` is (H, W, 4) with straight alpha.
    """
    table = _frequent(labels, painted, line > INK)
    hinted = {} if hints is None else _hint_colours(labels, line, hints)
    border = {int(label) for edge in (labels[0], labels[-1], labels[:, 0], labels[:, -1]) for label in np.unique(edge)}
    for label in hinted.keys() - border:
        table[label] = hinted[label][0]
    picture: NDArray[np.uint8] = table[labels]
    for label, colours in hinted.items():
        if label in border or len(colours) > 1:
            _let_painted_choose(picture, labels == label, painted, colours, CLOSE if label in border else 256)
    return picture


def _let_painted_choose(
    picture: NDArray[np.uint8],
    where: NDArray[np.bool_],
    painted: NDArray[np.uint8],
    colours: NDArray[np.uint8],
    farthest: int,
) -> None:
    """Give the pixels `where` of `picture` the one of `colours` (N, 3) nearest to `painted`, if nearer than allowed."""
    pixels = painted[where].astype(np.int16)
    distance = np.stack([np.abs(pixels - colour).max(-1) for colour in colours.astype(np.int16)], -1)
    near = distance.min(-1) < farthest
    pixels_now = picture[where]
    pixels_now[near] = colours[distance.argmin(-1)[near]]
    picture[where] = pixels_now


def _bins(pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """One of 512 bins, 32 levels a channel, for each of `pixels` (N, 3 or more)."""
    red, green, blue = (pixels[:, c].astype(np.int64) >> 5 for c in range(3))
    return red << 6 | green << 3 | blue


def _frequent(labels: Labels, rgb: NDArray[np.uint8], where: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Each region's most frequent colour among the pixels `where`, (N + 1, 3).

    Colours are counted in bins and the fullest one is averaged, so that antialiased edges and the far end of a
    shading do not tint it.
    """
    count = int(labels.max()) + 1
    at, pixels = labels[where].astype(np.int64), rgb[where]
    bins = _bins(pixels)
    filled = np.bincount(at * 512 + bins, minlength=count * 512).reshape(count, 512)
    chosen = bins == filled.argmax(1)[at]
    sums = np.stack([np.bincount(at[chosen], pixels[chosen, c], count) for c in range(3)], -1)
    return np.asarray(sums / np.maximum(filled.max(1), 1)[:, None] + 0.5, np.uint8)


def _hint_colours(labels: Labels, line: NDArray[np.uint8], hints: NDArray[np.uint8]) -> dict[int, NDArray[np.uint8]]:
    """The hint colours (N, 3) in each hinted region, the most frequent first; a few stray pixels are no hint."""
    where = (hints[..., 3] >= HINTED) & (line > INK)
    at, pixels = labels[where].astype(np.int64), hints[where]
    keys, index, counts = np.unique(at * 512 + _bins(pixels), return_inverse=True, return_counts=True)
    means = np.stack([np.bincount(index, pixels[:, c], len(keys)) for c in range(3)], -1) / counts[:, None]
    found: dict[int, list[tuple[int, NDArray[np.float64]]]] = {}
    for key, count, mean in zip(keys, counts, means, strict=True):
        found.setdefault(int(key) // 512, []).append((int(count), mean))
    return {label: _without_strays(entries) for label, entries in found.items()}


def _without_strays(entries: list[tuple[int, NDArray[np.float64]]]) -> NDArray[np.uint8]:
    """The colours of `entries` (pixels, colour), most frequent first, less those of hardly any pixels."""
    ordered = sorted(entries, key=lambda entry: -entry[0])
    kept = [mean for count, mean in ordered if count * STRAY >= ordered[0][0]]
    return np.asarray(np.stack(kept) + 0.5, np.uint8)
