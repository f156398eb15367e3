"""Pairs of pictures in a folder: `A` and `B` with pictures of the same names, or pictures of both side by side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.utils.data import Dataset

from ..reading import found as pictures_in
from ..reading import on_white, readable
from .pair_settings import PairSettings

Pair = tuple[Path, Path | None]  # A and B; without B both are in the one file, A on the left


def find(folder: Path, said: Callable[[str], None]) -> list[Pair]:
    """The pairs in `folder` that can be read, by name; others are said and left out. ValueError if none is left."""
    if (folder / "A").is_dir() and (folder / "B").is_dir():
        others = {file.stem: file for file in _files(folder / "B")}
        for file in _files(folder / "A"):
            if file.stem not in others:
                said(f"{file} has no other of that name in {folder / 'B'}: left out.")
        found: list[Pair] = [(file, others[file.stem]) for file in _files(folder / "A") if file.stem in others]
    else:
        found = [(file, None) for file in _files(folder)]
    good = [pair for pair in found if all(readable(file, said) for file in pair if file is not None)]
    if not good:
        raise ValueError(
            f"{folder} has no pairs: neither folders A and B with pictures of equal names, nor pictures of two halves."
        )
    return good


def _files(folder: Path) -> list[Path]:
    return [file for file in pictures_in(folder) if file.parent == folder]


def read(pair: Pair) -> tuple[Tensor, Tensor]:
    """Both pictures of a pair, (3, H, W) float, sRGB in [0, 1]; B as large as A."""
    if pair[1] is None:
        whole = _read(pair[0])
        half = whole.shape[-1] // 2
        return whole[..., :half], whole[..., half : 2 * half]
    a, b = _read(pair[0]), _read(pair[1])
    return a, _resized(b, a.shape[-2], a.shape[-1])


def _read(file: Path) -> Tensor:
    return torch.from_numpy(on_white(file)).permute(2, 0, 1).float() / 255


def _resized(picture: Tensor, height: int, width: int) -> Tensor:
    return F.interpolate(picture[None], (height, width), mode="bilinear", antialias=True)[0]


class Pairs(Dataset[dict[str, Tensor]]):
    """Sample `index` is the same in every run: which pair, where it is cropped, whether it is mirrored."""

    def __init__(self, pairs: list[Pair], settings: PairSettings, *, random: bool = True) -> None:
        self.pairs, self.settings, self.random = pairs, settings, random

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        """`A` and `B`, (3, crop_size, crop_width) float, sRGB in [0, 1]."""
        settings, count = self.settings, len(self.pairs)
        chance = torch.Generator().manual_seed(settings.seed * 1_000_003 + index)
        order = torch.randperm(count, generator=torch.Generator().manual_seed(settings.seed + index // count))
        a, b = read(self.pairs[int(order[index % count]) if self.random else index])
        both = torch.cat([b, a] if settings.swap else [a, b])
        height, width = settings.crop_size, settings.crop_width
        if not self.random:
            both = _resized(both, height, width)
        else:
            both = _resized(both, settings.scale_size, round(settings.scale_size * settings.aspect_ratio))
            top, left = (
                int(torch.randint(0, whole - part + 1, (), generator=chance))
                for whole, part in zip(both.shape[-2:], (height, width), strict=True)
            )
            both = both[:, top : top + height, left : left + width]
            if settings.flip and torch.rand((), generator=chance) < 0.5:
                both = both.flip(-1)
        return {"A": both[:3], "B": both[3:]}
