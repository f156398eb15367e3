"""Painted pictures to learn from: made by optimisation, once and for all, or by another stylizer as they are needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from PIL import Image
from torch import Tensor

from inkwash.models.errors import InkwashError
from inkwash.models.networks.copyist import Copyist
from inkwash.models.networks.vgg import VGG
from inkwash.models.store import Store
from inkwash.models.styles.recipes import PRESETS
from inkwash.models.styles.restyling import restyle

from ..crops import Squares
from .style_presets import StyleSettings

STROKE = 13  # pixels a side in which the median is taken: wider than most strokes


class Optimised:
    """Srinath, Yin and Verma's samples: squares, and what optimisation makes of each in each style.

    They are kept as PNG in `folder`; those that are there are not made again.
    """

    def __init__(
        self,
        folder: Path,
        network: VGG,
        squares: Squares,
        styles: dict[str, Tensor],
        *,
        samples: int,
        steps: int,
        said: Callable[[str], None],
    ) -> None:
        """`styles` are (1, 3, H, W) float by name; `samples` and `steps` of optimisation for each."""
        folder.mkdir(parents=True, exist_ok=True)
        self.samples = samples
        self.contents = [squares[index] for index in range(samples)]
        self.painted: list[list[Tensor]] = []
        recipe = replace(PRESETS["srinath"].recipe, steps=steps)
        for name, style in styles.items():
            self.painted.append([])
            for index, content in enumerate(self.contents):
                file = folder / f"{name}-{index:04}.png"
                if not file.exists():
                    for state in restyle(network, content[None].to(style), [(style, 1.0)], recipe):
                        made = state.picture
                    _write(file, made[0])
                    said(f"optimised {index + 1} of {samples} in the style {name}")
                self.painted[-1].append(_read(file))

    def batch(self, pictures: Tensor, numbers: Sequence[int], step: int, noise: Tensor) -> tuple[Tensor, Tensor]:
        """Squares and their painted pictures in the styles `numbers`, both like `pictures` (B, 3, S, S)."""
        chosen = [(step * len(numbers) + i) // len(self.painted) % self.samples for i in range(len(numbers))]
        contents = torch.stack([self.contents[index] for index in chosen])
        painted = torch.stack([self.painted[number][index] for number, index in zip(numbers, chosen, strict=True)])
        return contents.to(pictures), painted.to(pictures)


class Pairs:
    """Squares of the paintings themselves, and what they would be without their strokes."""

    def __init__(self, paintings: Sequence[Tensor], settings: StyleSettings) -> None:
        """`paintings` are (1, 3, H, W) float, sRGB in [0, 1]."""
        self.settings = settings
        self.pairs = [torch.cat([_smoothed(painting), painting]) for painting in paintings]

    def batch(self, numbers: Sequence[int], step: int) -> tuple[Tensor, Tensor]:
        """A square of each of the paintings `numbers` without its strokes, and as it is, both (B, 3, S, S)."""
        rng = np.random.default_rng((self.settings.seed, step))
        squares = []
        for number in numbers:
            pair = self.pairs[number]
            side = min(self.settings.size, *(length // 4 * 4 for length in pair.shape[-2:]))
            top, left = (int(rng.integers(length - side + 1)) for length in pair.shape[-2:])
            squares.append(pair[..., top : top + side, left : left + side])
        smooth, sharp = torch.stack(squares, 1)
        return smooth, sharp


def _smoothed(painting: Tensor) -> Tensor:
    """A painting (1, 3, H, W) float in [0, 1] whose shapes have their edges, and no strokes: each place's median."""
    pixels = (painting[0] * 255).round().byte().permute(1, 2, 0).contiguous().cpu().numpy()
    smooth = torch.from_numpy(cv2.medianBlur(pixels, STROKE))
    return smooth.permute(2, 0, 1)[None].to(painting) / 255


class Copied:
    """What the store's copyist makes of every square, in the manner of each painting."""

    def __init__(self, paintings: Sequence[Tensor]) -> None:
        """`paintings` are (1, 3, H, W) float, sRGB in [0, 1]."""
        copyist = Store().load("any", "stylizer").to(paintings[0].device)
        assert isinstance(copyist, Copyist)
        self.copyist = copyist
        self.codes = [self.copyist.code(painting) for painting in paintings]

    @torch.no_grad()
    def batch(self, pictures: Tensor, numbers: Sequence[int], step: int, noise: Tensor) -> tuple[Tensor, Tensor]:
        """The squares `pictures` (B, 3, S, S), and what is painted of them in the styles `numbers`."""
        with torch.autocast(pictures.device.type, dtype=torch.bfloat16):
            pairs = zip(torch.split(pictures, 1), numbers, strict=True)
            return pictures, torch.cat([self.copyist(picture, self.codes[number]) for picture, number in pairs])


class Taught:
    """What the store's banks make of every square: the style X-light learns from the style X."""

    def __init__(self, styles: Sequence[str], device: torch.device) -> None:
        """ValueError if there is no bank for a style to learn from."""
        store = Store()
        try:
            self.banks: list[Any] = [
                store.load(style.removesuffix("-light"), "stylizer").to(device) for style in styles
            ]
            self.coder: Any = store.load(self.banks[0].coder, "coder").to(device)
        except (InkwashError, AttributeError) as error:
            raise ValueError(f"There is no bank to learn from: {error}") from error

    @torch.no_grad()
    def batch(self, pictures: Tensor, numbers: Sequence[int], step: int, noise: Tensor) -> tuple[Tensor, Tensor]:
        """The squares `pictures` (B, 3, S, S) and what is painted in the styles `numbers` of them with `noise`."""
        banks = [self.banks[number] for number in numbers]
        with torch.autocast(pictures.device.type, dtype=torch.bfloat16):
            responses = self.coder.encode(pictures + noise)
            painted = [bank(x) for bank, x in zip(banks, torch.split(responses, 1), strict=True)]
            made: Tensor = self.coder.decode(torch.cat(painted))
        sketches = [bank.sketch(x) for bank, x in zip(banks, torch.split(pictures, 1), strict=True)]
        return pictures, (made + torch.cat(sketches)).clamp(0, 1)


def _write(file: Path, picture: Tensor) -> None:
    pixels = (picture.clamp(0, 1) * 255).round().byte().permute(1, 2, 0).contiguous().cpu().numpy()
    beside = file.with_suffix(".part")
    Image.fromarray(pixels).save(beside, "PNG")
    beside.replace(file)


def _read(file: Path) -> Tensor:
    with Image.open(file) as stored:
        pixels = np.array(stored.convert("RGB"))
    return torch.from_numpy(pixels).permute(2, 0, 1).float() / 255
