"""A picture in the style of another, by optimisation: coarse to fine, with the best so far at hand at any time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from .objective import Objective, Scales, Terms, Verdict, halved
from .optimisers import METHODS

if TYPE_CHECKING:
    from ..networks.vgg import VGG

COARSEST = 128  # pixels of the longer side that coarse-to-fine begins with
REFINED = 2  # levels, the finest ones, that a picture given to begin with goes through
FEWER = 0.6  # part of a level's steps that the next finer one gets
SMALLEST = 32  # pixels of the shorter side that the network needs
SETTLED = 2e-3  # a level ends when this many steps ago the loss was less than this part higher ...
WINDOW = 10  # ... steps


@dataclass(frozen=True)
class Recipe:
    """How a picture is restyled."""

    terms: Terms
    half: Terms | None = None  # what counts at half the size, besides
    method: str = "l-bfgs"  # a key of METHODS
    rate: float = 1.0  # of the method
    steps: int = 100  # at the coarsest level; every finer one has `FEWER`
    start: str = "content"  # content, noise, style, or painted: what a copyist makes of the content, which is kept
    paper: bool = False  # white paper stays light, and what is drawn on it is painted as if it went on over it
    coarse: bool = True  # from coarse to fine; else at the full size at once
    settles: bool = True  # a level ends when nothing much gets better
    fitted: bool = False  # styles are resized to the content's height and width; else they keep their proportions
    seed: int = 0  # of noise


@dataclass(frozen=True)
class State:
    """How far it is."""

    fraction: float  # 0 to 1
    size: tuple[int, int]  # height and width that are worked at
    step: int  # at this size, from 1
    verdict: Verdict = field(repr=False)
    picture: Tensor = field(repr=False)  # (1, 3, h, w), the best of this size
    broken: bool = False  # the loss was no number: this is the last picture, from before


def levels(height: int, width: int, recipe: Recipe) -> list[tuple[int, int, int]]:
    """Height, width and steps of each level, the coarsest first."""
    longest, sizes = max(height, width), [(height, width)]
    while recipe.coarse and longest > 1.5 * COARSEST:
        longest = math.ceil(longest / 2)
        scale = longest / max(height, width)
        sizes.append((max(SMALLEST, round(height * scale)), max(SMALLEST, round(width * scale))))
    return [(h, w, max(4, round(recipe.steps * FEWER**n))) for n, (h, w) in enumerate(reversed(sizes))]


def restyle(
    network: VGG, content: Tensor, styles: Sequence[tuple[Tensor, float]], recipe: Recipe, *,
    start: Tensor | None = None, style_scale: float = 1.0, tile: int = 1024,
) -> Iterator[State]:  # fmt: skip
    """Restyle `content` after the weighted `styles`; the state after each step. The last one's picture is the result.

    All pictures are (1, 3, H, W) float, sRGB in [0, 1]; sides of the content are at least `SMALLEST`. `start` is a
    picture to begin with, of any size. A style is seen as large as the content, times `style_scale`.
    """
    plan = levels(content.shape[-2], content.shape[-1], recipe)
    if start is not None:
        plan = plan[-REFINED:]
    whole = sum(height * width * steps for height, width, steps in plan)
    done, picture = 0, start
    for height, width, steps in plan:
        small = resized(content, height, width)
        fitted = [(_fitted(style, small, recipe, style_scale), weight) for style, weight in styles]
        picture = _begin(small, fitted, recipe) if picture is None else resized(picture, height, width)
        objective = objective_of(network, recipe, small, fitted, tile)
        for step, (verdict, best, broken) in enumerate(_improved(objective, picture, recipe, steps), 1):
            picture = best
            fraction = (done + height * width * step) / whole
            yield State(fraction, (height, width), step, verdict, picture, broken)
            if broken:
                return
        done += height * width * steps


def objective_of(
    network: VGG, recipe: Recipe, content: Tensor, styles: Sequence[tuple[Tensor, float]], tile: int
) -> Scales:
    """What one level makes smaller; where half the size is too small for the network, the whole size alone."""
    fine = Objective(network, recipe.terms, content, styles, tile=tile)
    if recipe.half is None or min(content.shape[-2:]) < 2 * SMALLEST:
        return Scales(fine)
    small = [(halved(style) if min(style.shape[-2:]) >= 2 * SMALLEST else style, weight) for style, weight in styles]
    return Scales(fine, Objective(network, recipe.half, halved(content), small, tile=tile))


def _improved(objective: Scales, picture: Tensor, recipe: Recipe, steps: int) -> Iterator[tuple[Verdict, Tensor, bool]]:
    """The verdict and the best picture after each step of one level, and whether the loss ceased to be a number."""
    method, history = METHODS[recipe.method](recipe.rate), list[float]()
    best, least = picture, math.inf
    for _ in range(steps):
        picture, verdict = method(objective, picture)
        if not math.isfinite(verdict.loss):
            yield verdict, best, True
            return
        if verdict.loss <= least:
            best, least = picture, verdict.loss
        history.append(least)
        yield verdict, best, False
        if recipe.settles and len(history) > WINDOW and history[-1 - WINDOW] < (1 + SETTLED) * least:
            return


def _begin(content: Tensor, styles: Sequence[tuple[Tensor, float]], recipe: Recipe) -> Tensor:
    """The first picture of the first level, as large as `content`."""
    if recipe.start == "noise":
        noise = torch.randn(content.shape, generator=torch.Generator().manual_seed(recipe.seed))
        return (0.5 + 0.2 * noise).clamp(0, 1).to(content)
    if recipe.start == "style":
        return resized(styles[0][0], *content.shape[-2:])
    return content.clone()


def _fitted(style: Tensor, content: Tensor, recipe: Recipe, scale: float) -> Tensor:
    """A style as large as the content, times `scale`; not enlarged, unless the network needs it."""
    if recipe.fitted:
        return resized(style, *content.shape[-2:])
    height, width = style.shape[-2:]
    factor = min(1.0, scale * max(content.shape[-2:]) / max(height, width))
    factor = max(factor, SMALLEST / min(height, width))
    return resized(style, round(height * factor), round(width * factor))


def resized(picture: Tensor, height: int, width: int) -> Tensor:
    """(1, C, H, W) in [0, 1] at another size, without aliasing."""
    if picture.shape[-2:] == (height, width):
        return picture
    where = "cpu" if picture.device.type == "mps" else picture.device  # which does not know how
    return F.interpolate(picture.to(where), (height, width), mode="bicubic", antialias=True).clamp(0, 1).to(picture)
