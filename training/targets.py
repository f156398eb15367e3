"""Painted pictures to learn from: made by optimisation, once and for all, or by another stylizer as they are needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from inkwash.models.errors import InkwashError
from inkwash.models.networks.vgg import VGG
from inkwash.models.store import Store
from inkwash.models.styles.recipes import PRESETS
from inkwash.models.styles.restyling import restyle

from .crops import Squares


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
