"""Colours for the places of a drawing of which nobody said any: the likeliest, a picture's, or some drawn by lot."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

Rgba = NDArray[np.uint8]  # (H, W, 4), straight alpha
Colours = NDArray[np.uint8]  # (N, 3)
Colour = NDArray[np.uint8]  # (3,)
Odds = NDArray[np.float32]  # (L * L * L, h, w): logarithms of the odds of a cube of colours in cells of the drawing

SIZE = 7  # colours of a palette
WHITE = 0.7  # colours lighter than this in every channel, of 1, count as white
GREY = 0.35  # and these, if nearly grey, as paper that was left
BLACK = 0.3  # colours darker than this in every channel count as black
TRUST = 0.5  # part of the odds that counts when a region chooses from a palette
VARIETY = 6.0  # what a colour loses of that if all of the drawing has it already
DOUBT = 0.1  # standard deviation of the colours about the one that was painted
CHANCE = 1.2  # and the most that the lot adds to it


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


class Look(Protocol):
    """What a place looks like."""

    @property
    def area(self) -> int:
        """Pixels."""

    def like(self, other: Any) -> bool:
        """Whether another looks the same."""


def guessed(looks: Mapping[int, Look], likely: NDArray[np.float32], colours: Colours | None, seed: int) -> Colours:
    """The likeliest colour of each place of `looks`, in their order, or the likeliest of `colours`, (looks, 3).

    Places that look alike get the same. Of `colours` each takes one that others have not yet, if it suits it nearly as
    well; what is white most likely stays white. `likely` (places, N) are odds.
    """
    rng, used = np.random.default_rng(seed), np.zeros(0 if colours is None else len(colours))
    chosen: dict[int, Colour] = {}
    for place in sorted(looks, key=lambda place: -looks[place].area):
        colour = next((colour for other, colour in chosen.items() if looks[place].like(looks[other])), None)
        if colour is None:
            colour = likeliest(likely[place])
            if colours is not None and not white(colour):
                suits = TRUST * _at(likely[place], colours) - VARIETY * used / max(used.sum(), 1)
                colour = colours[int((suits + rng.uniform(0, CHANCE, len(colours))).argmax())]
        if colours is not None and not white(colour):
            used[int((colours == colour).all(1).argmax())] += looks[place].area
        chosen[place] = colour
    return np.stack([chosen[place] for place in looks])


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


def white(colour: Colour) -> bool:
    """Whether a colour (3,) counts as white."""
    return bool(colour.min() > 255 * WHITE)


def pale(colour: Colour) -> bool:
    """Whether a colour (3,) is white, or a light grey: what a network makes of paper that it knows nothing about."""
    return white(colour) or bool(colour.min() > 255 * GREY and np.ptp(colour) < 255 * (1 - WHITE))


def _cube(size: int) -> tuple[NDArray[np.float64], float]:
    """A cube of `size` colours (size, 3) in [0, 1], blue changing fastest, and the step between two of them."""
    levels = round(size ** (1 / 3))
    steps = np.linspace(0, 1, levels)
    return np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(-1, 3), 1 / (levels - 1)
