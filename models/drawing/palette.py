"""Colours for the regions of a drawing that nobody has hinted: the likeliest, a picture's, or some drawn by lot."""

from __future__ import annotations

import colorsys

import cv2
import numpy as np
from numpy.typing import NDArray

from .regions import INK, Labels, regions

Rgb = NDArray[np.uint8]  # (H, W, 3)
Rgba = NDArray[np.uint8]  # (H, W, 4), straight alpha
Colours = NDArray[np.uint8]  # (N, 3)
Colour = NDArray[np.uint8]  # (3,)
Measures = NDArray[np.float64]  # (pixels, width, height)
Odds = NDArray[np.float32]  # (L * L * L, h, w): logarithms of the odds of a cube of colours in cells of the drawing

SIZE = 7  # colours of a palette
WHITE = 0.7  # colours lighter than this in every channel, of 1, count as white
BLACK = 0.3  # colours darker than this in every channel count as black
TRUST = 0.5  # part of the odds that counts when a region chooses from a palette
VARIETY = 6.0  # what a colour loses of that if all of the drawing has it already
DOUBT = 0.1  # standard deviation of the colours about the one that was painted
CHANCE = 1.2  # and the most that the lot adds to it
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


def dealt(line: NDArray[np.uint8], odds: Odds, colours: Colours | None, taken: NDArray[np.bool_], seed: int) -> Rgba:
    """Hints (H, W, 4) that give each region of a drawing its likeliest colour, or the likeliest of `colours`.

    Tiny regions and those in which something is `taken` (H, W) by a real hint get none; regions that look like a pair
    get the same. Of `colours` each region takes one that others have not yet, if it suits it nearly as well; what is
    white most likely stays white. The paper around the drawing is white or gets none. `line` is (H, W), white paper.
    """
    labels = regions(line, GAP * max(line.shape))
    hints = np.zeros((*line.shape, 4), np.uint8)
    rng, used = np.random.default_rng(seed), np.zeros(0 if colours is None else len(colours))
    looks: list[tuple[Measures, Colour]] = []
    for label, measures, likely in _regions_to_colour(labels, line, odds, taken):
        where = labels == label
        colour = next((colour for other, colour in looks if (abs(other / measures - 1) < ALIKE).all()), None)
        if colour is None:
            colour = likeliest(likely)
            if colours is not None and not _white(colour):
                suits = TRUST * _at(likely, colours) - VARIETY * used / max(used.sum(), 1)
                colour = colours[int((suits + rng.uniform(0, CHANCE, len(colours))).argmax())]
            looks.append((measures, colour))
        if colours is not None and not _white(colour):
            used[int((colours == colour).all(1).argmax())] += measures[0]
        depth = cv2.distanceTransform((where & (line > INK)).astype(np.uint8), cv2.DIST_L2, 3)
        hints[depth >= max(1.0, 0.5 * float(depth.max()))] = (*colour, 255)
    return hints


def _regions_to_colour(
    labels: Labels, line: NDArray[np.uint8], odds: Odds, taken: NDArray[np.bool_]
) -> list[tuple[int, Measures, NDArray[np.float32]]]:
    """Number, measures (pixels, width, height) and odds of every region that may get a colour, the largest first."""
    sides = [set(np.unique(side)) for side in (labels[0], labels[-1], labels[:, 0], labels[:, -1])]
    around = {label for label in set.union(*sides) if sum(label in side for side in sides) >= 2}
    found = []
    for label in set(np.unique(labels)) - set(np.unique(labels[taken])):
        where = (labels == label) & (line > INK)
        pixels = int(where.sum())
        if pixels < SMALLEST * line.size:
            continue
        share = cv2.resize(where.astype(np.float32), odds.shape[:0:-1], interpolation=cv2.INTER_AREA)
        likely = np.asarray((odds * share).sum((1, 2)) / share.sum(), np.float32)
        if label in around and not _white(likeliest(likely)):
            continue
        rows, columns = np.flatnonzero(where.any(1)), np.flatnonzero(where.any(0))
        size = (pixels, columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1)
        found.append((int(label), np.array(size, np.float64), likely))
    return sorted(found, key=lambda region: -region[1][0])


def likeliest(likely: NDArray[np.float32]) -> Colour:
    """The likeliest colour (3,) uint8 of a cube's odds (N,): the mean of the most likely one and those beside it.

    White must be likelier than all others together, and so must black: they are paper and ink, the most frequent
    colours of drawings, and the dullest guesses.
    """
    cube, step = _cube(len(likely))
    odds = np.exp(likely - likely.max())
    half = odds.sum() / 2
    for plain in (cube.min(1) > WHITE, cube.max(1) < BLACK):
        if odds[plain].sum() < half:
            odds[plain] = 0
    beside = abs(cube - cube[odds.argmax()]).max(1) < 1.5 * step
    return np.asarray((odds[beside] @ cube[beside] / odds[beside].sum() * 255).round(), np.uint8)


def odds_of(colour: NDArray[np.float32], size: int) -> Odds:
    """Odds of a cube of `size` colours for a network that tells none: the nearer to what it painted the likelier.

    `colour` is (h, w, 3) in [0, 1].
    """
    cube, _ = _cube(size)
    near = np.exp(-np.square(cube[:, None, None] - colour[None]).sum(-1) / (2 * DOUBT**2))
    return np.asarray(np.log(near / near.sum(0) + 1e-9), np.float32)


def _at(likely: NDArray[np.float32], colours: Colours) -> NDArray[np.float64]:
    """The odds of `colours` (K, 3) from those of the cube's colours around each, (K,)."""
    cube, step = _cube(len(likely))
    far = np.square(cube[None] - colours[:, None] / 255).sum(-1)
    weight = np.exp(-far / (2 * (step / 2) ** 2))
    return np.asarray(weight @ likely / weight.sum(1))


def _white(colour: Colour) -> bool:
    return bool(colour.min() > 255 * WHITE)


def _cube(size: int) -> tuple[NDArray[np.float64], float]:
    """A cube of `size` colours (size, 3) in [0, 1], blue changing fastest, and the step between two of them."""
    levels = round(size ** (1 / 3))
    steps = np.linspace(0, 1, levels)
    return np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(-1, 3), 1 / (levels - 1)
