"""Colours for a drawing that nobody has hinted: taken from a picture or drawn by lot, and dealt out to its regions."""

from __future__ import annotations

import colorsys

import cv2
import numpy as np
from numpy.typing import NDArray

from .regions import INK, Labels, regions

Rgb = NDArray[np.uint8]  # (H, W, 3)
Rgba = NDArray[np.uint8]  # (H, W, 4), straight alpha
Colours = NDArray[np.uint8]  # (N, 3)

SIZE = 7  # colours of a palette
PAPER = 235  # a region that is guessed lighter than this in every channel stays paper
GAP = 0.012  # of the longer side: openings in the lines up to this wide count as closed
SMALLEST = 0.0005  # of the picture: smaller regions take what the network makes of them
ALIKE = 0.2  # regions whose measures differ by no more than this part are a pair, such as two eyes


def taken_from(picture: Rgba) -> Colours:
    """The main colours of a picture, the most frequent first; transparent places do not count."""
    small = cv2.resize(picture, (64, 64), interpolation=cv2.INTER_AREA).reshape(-1, 4)
    pixels = small[small[:, 3] > 127][:, :3].astype(np.float32)
    if not len(pixels):
        return drawn_by_lot(0)
    count = min(SIZE, len(np.unique(pixels.astype(np.uint8), axis=0)))
    cv2.setRNGSeed(1)
    stop = (cv2.TERM_CRITERIA_MAX_ITER | cv2.TERM_CRITERIA_EPS, 20, 1.0)
    _, which, centres = cv2.kmeans(pixels, count, None, stop, 2, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
    order = np.argsort(-np.bincount(which.ravel(), minlength=count), kind="stable")
    return np.asarray(centres[order].round(), np.uint8)


def drawn_by_lot(seed: int) -> Colours:
    """A palette that goes together: a shade of skin, one of wood or hair, a hue, its neighbours and its opposite."""
    rng = np.random.default_rng(seed)
    skin = (rng.uniform(0.05, 0.09), rng.uniform(0.55, 0.85), rng.uniform(0.45, 0.75))
    wood = (rng.uniform(0.04, 0.11), rng.uniform(0.3, 0.55), rng.uniform(0.3, 0.6))
    hue, colours = rng.random(), [skin, wood]
    for turn in (0.0, 0.08, -0.08, 0.5, rng.choice([0.33, -0.33])):
        colours.append(((hue + turn) % 1, rng.uniform(0.45, 0.8), rng.uniform(0.3, 0.65)))
    return np.asarray(np.array([colorsys.hls_to_rgb(*colour) for colour in colours]) * 255 + 0.5, np.uint8)


def dealt(line: NDArray[np.uint8], guess: Rgb, colours: Colours, taken: NDArray[np.bool_], seed: int) -> Rgba:
    """Hints (H, W, 4) that give each region of a drawing one of `colours`.

    `guess` (H, W, 3) is what the network would paint: a region takes a colour like that, while there are unused ones.
    The paper around the drawing, white parts, tiny ones, and regions in which something is `taken` (H, W) by a real
    hint get none; regions that look like a pair get the same. `line` is (H, W), white paper.
    """
    labels = regions(line, GAP * max(line.shape))
    hints = np.zeros((*line.shape, 4), np.uint8)
    rng, used = np.random.default_rng(seed), np.zeros(len(colours))
    wanted, shades = _lab(guess), _lab(colours[None])[0]
    looks: list[tuple[NDArray[np.float64], int]] = []
    for label, measures in _regions_to_colour(labels, line, guess, taken):
        where = labels == label
        shade = wanted[where & (line > INK)].mean(0)
        twin = next((number for other, number in looks if (abs(other / measures - 1) < ALIKE).all()), None)
        if twin is None:
            cost = (
                np.linalg.norm(shades - shade, axis=1) / 60
                + 1.5 * used / max(used.sum(), 1)
                + rng.uniform(0, 0.6, len(colours))
            )
            twin = int(cost.argmin())
            looks.append((measures, twin))
        used[twin] += measures[0]
        depth = cv2.distanceTransform((where & (line > INK)).astype(np.uint8), cv2.DIST_L2, 3)
        hints[depth >= max(1.0, 0.5 * float(depth.max()))] = (*colours[twin], 255)
    return hints


def _regions_to_colour(
    labels: Labels, line: NDArray[np.uint8], guess: Rgb, taken: NDArray[np.bool_]
) -> list[tuple[int, NDArray[np.float64]]]:
    """Number and measures (pixels, width, height) of every region that may get a colour, the largest first."""
    sides = [set(np.unique(side)) for side in (labels[0], labels[-1], labels[:, 0], labels[:, -1])]
    around = {label for label in set.union(*sides) if sum(label in side for side in sides) >= 2}
    found = []
    for label in set(np.unique(labels)) - around - set(np.unique(labels[taken])):
        where = (labels == label) & (line > INK)
        pixels = int(where.sum())
        if pixels < SMALLEST * line.size or guess[where].min(1).mean() > PAPER:
            continue
        rows, columns = np.flatnonzero(where.any(1)), np.flatnonzero(where.any(0))
        size = (pixels, columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1)
        found.append((int(label), np.array(size, np.float64)))
    return sorted(found, key=lambda region: -region[1][0])


def _lab(rgb: Rgb) -> NDArray[np.float32]:
    """CIE L*a*b*, (H, W, 3)."""
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)
