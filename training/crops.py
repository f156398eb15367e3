"""Squares of pictures: what the stylizers see of their content."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from .data.artwork import opened
from .data.pairs import read_rows


class Squares(Dataset[Tensor]):
    """Endless squares (3, S, S) float, sRGB in [0, 1]; square `i` is the same in every run of a seed."""

    def __init__(self, *, size: int, seed: int) -> None:
        self.size, self.seed = size, seed

    def __len__(self) -> int:
        return 2**31

    def middles(self, count: int) -> Tensor:
        """The same squares at every call, (count or fewer, 3, S, S), to judge by."""
        return torch.stack([self[index] for index in range(count)])

    def loader(self, batch: int, *, start: int, steps: int, workers: int) -> DataLoader[Tensor]:
        """Batches (B, 3, S, S) of steps `start` to `steps`; the same ones whether or not the run was interrupted."""
        return DataLoader(
            self, batch, sampler=range(start * batch, steps * batch), num_workers=workers,
            multiprocessing_context="fork" if workers else None, prefetch_factor=4 if workers else None,
            worker_init_fn=_ignore_interrupts,
        )  # fmt: skip


class Crops(Squares):
    """Random squares of one split of a folder's pictures.

    The folder is any folder of pictures, or prepared pairs, whose colours are taken. They are on
    white where the picture is transparent. ValueError if there is no usable picture.
    """

    def __init__(self, folder: Path, *, size: int, seed: int, split: str = "train") -> None:
        super().__init__(size=size, seed=seed)
        self.files = [folder / row["color"] for row in read_rows(folder) if row["split"] == split]
        if not self.files:
            raise ValueError(f"{folder} has no picture for the split {split!r}.")
        self.cache: dict[Path, NDArray[np.uint8]] = {}

    def __getitem__(self, index: int) -> Tensor:
        rng = np.random.default_rng((self.seed, index))
        picture = self.picture(int(rng.integers(len(self.files))))
        shorter = min(picture.shape[:2])
        side = round(shorter * rng.uniform(min(1.0, self.size / shorter), 1.0))
        top, left = (int(rng.integers(length - side + 1)) for length in picture.shape[:2])
        square = picture[top : top + side, left : left + side]
        if rng.random() < 0.5:
            square = square[:, ::-1]
        return _tensor(np.ascontiguousarray(square), self.size)

    def picture(self, index: int) -> NDArray[np.uint8]:
        """The picture of one file, (H, W, 3) uint8."""
        file = self.files[index]
        if file not in self.cache:
            rgba = opened(file).astype(np.float32)
            alpha = rgba[..., 3:] / 255
            self.cache[file] = (rgba[..., :3] * alpha + 255 * (1 - alpha)).round().astype(np.uint8)
        return self.cache[file]

    def middles(self, count: int) -> Tensor:
        """The middle squares of the first `count` pictures, or of all if there are fewer, (n, 3, S, S)."""
        squares = []
        for index in range(min(count, len(self.files))):
            picture = self.picture(index)
            side = min(picture.shape[:2])
            top, left = ((length - side) // 2 for length in picture.shape[:2])
            squares.append(_tensor(np.ascontiguousarray(picture[top : top + side, left : left + side]), self.size))
        return torch.stack(squares)


class Leaves(Squares):
    """Squares without any picture: shapes that lie on each other as fallen leaves, in colours and light of their own.

    Such pictures have the edges and the spectrum of photographs (Lee, Mumford and Huang 2001). A new bank can be
    trained on them where there are no pictures at hand.
    """

    def __getitem__(self, index: int) -> Tensor:
        rng = np.random.default_rng((self.seed, index))
        picture = np.empty((self.size, self.size, 3), np.float32)
        picture[:] = rng.random(3)
        palette = rng.random((6, 3))
        light = _light(self.size, rng)
        for radius in np.sort(0.5 * self.size * rng.power(0.5, 60))[::-1]:
            mask = np.zeros((self.size, self.size), np.uint8)
            middle, axes = rng.integers(self.size, size=2), (radius, radius * rng.uniform(0.3, 1)) + np.ones(2)
            box = (tuple(map(float, middle)), tuple(map(float, axes)), float(rng.uniform(0, 180)))
            if rng.random() < 0.5:
                cv2.ellipse(mask, box, 1, -1, cv2.LINE_AA)
            else:
                cv2.fillPoly(mask, [cv2.boxPoints(box).astype(np.int32)], 1)
            shade = palette[rng.integers(len(palette))] + rng.normal(0, 0.08, 3)
            texture = rng.normal(0, rng.uniform(0, 0.08), (self.size, self.size, 1))
            leaf = shade + texture + rng.normal(0, 0.5) * np.roll(light, int(rng.integers(self.size)), 1)
            picture[mask > 0] = leaf[mask > 0]
        blurred = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.5, 1.2))
        return torch.from_numpy(np.clip(blurred, 0, 1).transpose(2, 0, 1).astype(np.float32))


def _light(size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """A slope of light over the square, (S, S, 1), about -0.5 to 0.5."""
    x, y = np.meshgrid(np.linspace(-0.5, 0.5, size), np.linspace(-0.5, 0.5, size))
    angle = rng.uniform(0, 2 * np.pi)
    return np.asarray(np.cos(angle) * x + np.sin(angle) * y)[..., None]


def _ignore_interrupts(worker: int) -> None:
    """Ctrl-C is for the run, which stops between two steps."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    torch.set_num_threads(1)


def _tensor(square: NDArray[np.uint8], size: int) -> Tensor:
    """(H, H, 3) uint8 as (3, S, S) float in [0, 1]."""
    smaller = size < len(square)
    square = np.asarray(
        cv2.resize(square, (size, size), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC), np.uint8
    )
    return torch.from_numpy(square).permute(2, 0, 1).float() / 255
