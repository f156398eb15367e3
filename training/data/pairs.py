"""The prepared pairs as a torch data set: crops of drawings with lines, colours and simulated hints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from inkwash.models.colouring.strokes import weights
from inkwash.models.drawing.lines import adaptive_threshold

from .artwork import artwork, opened
from .drawn import weather
from .hints import no_hint, scribbled, whited_out
from .recolour import recolour
from .skeletons import skeletons

SHARES = {
    "openmoji": 0.35, "dicebear": 0.15, "openclipart": 0.2, "cartoons": 0.15, "paintings": 0.05, "photographs": 0.1,
    "artwork": 1.0,
}  # fmt: skip
Sample = dict[str, Tensor]


def read_rows(folder: Path) -> list[dict[str, str]]:
    """The rows of a prepared folder's manifest, or one for every picture of a folder of artwork.

    ValueError with what to do if there are none.
    """
    manifest = folder / "manifest.json"
    try:
        rows = json.loads(manifest.read_text())["pairs"] if manifest.exists() else artwork(folder)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"{manifest} cannot be read ({error}); prepare the pairs again.") from error
    if not rows:
        raise ValueError(
            f"{folder} holds neither prepared pairs nor pictures. Give a folder of pictures, "
            f"or prepare pairs with: python -m inkwash.training.data {folder}"
        )
    return list(rows)


class Pairs(Dataset[Sample]):
    """Endless random samples of one split; sample `i` is the same in every run with the same seed.

    A sample holds `line` (1, S, S), `hint` (4, S, S) premultiplied with its mask, `color` (3, S, S), all float in
    [0, 1], and `weight` (1, S, S), small where the picture shows ink instead of colour.
    """

    def __init__(
        self,
        folder: Path,
        *,
        size: int,
        seed: int,
        style: str = "inkwash",
        split: str = "train",
        hintless: float = 0.2,
    ) -> None:
        self.folder, self.size, self.seed = folder, size, seed
        self.style, self.hintless = style, hintless
        rows = [row for row in read_rows(folder) if row["split"] == split]
        self.groups = {name: [r for r in rows if r["source"] == name] for name in SHARES}
        self.groups = {name: group for name, group in self.groups.items() if group}
        if not self.groups:
            raise ValueError(f"{folder} has no drawing for the split {split!r}.")
        self.cache: dict[str, NDArray[np.uint8]] = {}

    def __len__(self) -> int:
        return 2**31

    def __getitem__(self, index: int) -> Sample:
        rng = np.random.default_rng((self.seed, index))
        rgba, line = self._drawing(rng)
        rgba, line = self._frame(rgba, line, rng)
        return self._paper_sample(rgba, line, rng) if self.style == "paper" else self._sample(rgba, line, rng)

    def _read(self, row: dict[str, str], part: str) -> NDArray[np.uint8]:
        """A row's `color` (H, W, 4) RGBA or `line` (H, W)."""
        name = row[part]
        if name not in self.cache:
            self.cache[name] = opened(self.folder / name, grey=part == "line")
        return self.cache[name]

    def _drawing(self, rng: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
        """A drawing of a source drawn by its share: colour (H, W, 4) RGBA and true lines (H, W) if it has any."""
        names = list(self.groups)
        shares = np.array([SHARES[name] for name in names])
        group = self.groups[names[rng.choice(len(names), p=shares / shares.sum())]]
        row = group[rng.integers(len(group))]
        return self._read(row, "color"), self._read(row, "line") if "line" in row else None

    def _frame(self, rgba: Any, line: Any, rng: np.random.Generator) -> tuple[Any, Any]:
        """A random square of the drawing, mostly all of it, at the sample's size; beyond it is paper."""
        height, width = rgba.shape[:2]
        whole = max(height, width)
        side = whole * (rng.uniform(0.9, 1.2) if rng.random() < 0.6 else rng.uniform(0.35, 0.9))
        left = rng.uniform(min(0, width - side), max(0, width - side))
        top = rng.uniform(min(0, height - side), max(0, height - side))
        scale = self.size / side
        flip = -1 if rng.random() < 0.5 else 1
        matrix = np.array(
            [
                [flip * scale, 0, -left * scale if flip > 0 else self.size + left * scale],
                [0, scale, -top * scale],
            ]
        )
        # Blurring before a reduction keeps thin lines whole; warping alone would break them.
        sigma = max(0.0, 0.4 / scale - 0.3)

        def warp(picture: Any, paper: Any) -> Any:
            if sigma > 0.2:
                picture = cv2.GaussianBlur(picture, (0, 0), sigma)
            size = (self.size, self.size)
            return cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_LINEAR, borderValue=paper)

        return warp(rgba, (255, 255, 255, 0)), None if line is None else warp(line, 255)

    def _sample(self, rgba: Any, line: Any, rng: np.random.Generator) -> Sample:
        """Any lines, any palette, any hints.

        Under a true line the colour is unknown and does not count. Lines found by thresholding are hollow where the
        picture has broad ones or black shapes: there the colour to be painted is the picture's own, black.
        """
        rgb, background = on_white(rgba)
        hinted = rng.random() >= self.hintless
        # Without a hint only the true colours can be learned; with one, any colours can.
        target = recolour(rgb, background, rng) if rng.random() < (0.7 if hinted else 0.1) else rgb
        picture, drawn = _inked(target, line), line
        if drawn is None or rng.random() < 0.4:
            drawn, target = _thresholded(_inked(rgb, line), rng), picture
        ink = 1 - drawn.astype(np.float32) / 255
        lines = _levelled(weather(drawn.astype(np.float32) / 255, rng))
        return _tensors(lines, self._hint(picture, target, ink, lines, rng, hinted), target, np.maximum(1 - ink, 0.02))

    @staticmethod
    def _hint(picture: Any, target: Any, ink: Any, lines: Any, rng: np.random.Generator, hinted: bool) -> Any:
        """A hint (H, W, 4) for `target`, each pixel as it counts; `picture` is the same with its lines."""
        if not hinted:
            return no_hint(*ink.shape)
        hint = skeletons(picture, rng) if rng.random() < 0.5 else scribbled(target, ink, rng)
        straight = hint.copy()
        straight[..., :3] /= np.maximum(hint[..., 3:], 1e-6)
        grey = (lines * 255).astype(np.uint8)
        return hint * weights(grey, (straight * 255 + 0.5).astype(np.uint8))[..., None]

    def _paper_sample(self, rgba: Any, line: Any, rng: np.random.Generator) -> Sample:
        """Thresholded lines, the whole picture lines and all as the target, a whited-out picture as the hint."""
        rgb, _ = on_white(rgba)
        picture = _inked(rgb, line)
        lines = adaptive_threshold(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.uint8))
        weight = np.ones(lines.shape, np.float32)
        return _tensors(lines.astype(np.float32) / 255, whited_out(picture, rng), picture, weight)


def on_white(rgba: Any) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """(H, W, 3) on white paper, and where the drawing is transparent."""
    alpha = rgba[..., 3:].astype(np.float32) / 255
    rgb = rgba[..., :3] * alpha + 255 * (1 - alpha)
    return rgb.round().astype(np.uint8), alpha[..., 0] < 0.5


def _inked(rgb: NDArray[np.uint8], line: Any) -> NDArray[np.uint8]:
    """The picture (H, W, 3) with its lines over it, if it has any."""
    return rgb if line is None else np.asarray(rgb * (line[..., None] / np.float32(255)), np.uint8)


def _levelled(line: NDArray[np.float32]) -> NDArray[np.float32]:
    """Paper white and ink black, as a page's lines are before they are coloured."""
    ink, paper = float(line.min()), float(np.quantile(line, 0.8))
    return np.asarray(((line - ink) / max(paper - ink, 0.05)).clip(0, 1), np.float32)


def _thresholded(picture: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Lines of a picture by adaptive threshold, the paper's block and constant or near them."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.uint8)
    if rng.random() < 0.5:
        grey = cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.5, 1.2)).astype(np.uint8)
    return adaptive_threshold(grey, int(rng.choice([7, 9, 9, 9, 11, 15])), float(rng.choice([2, 2, 3, 5, 8])))


def _tensors(line: Any, hint: Any, color: Any, weight: Any) -> Sample:
    """Arrays (H, W[, C]) as tensors (C, H, W)."""
    return {
        "line": torch.from_numpy(np.ascontiguousarray(line, np.float32))[None],
        "hint": torch.from_numpy(np.ascontiguousarray(hint.transpose(2, 0, 1), np.float32)),
        "color": torch.from_numpy(np.ascontiguousarray(color.transpose(2, 0, 1), np.float32) / 255),
        "weight": torch.from_numpy(np.ascontiguousarray(weight, np.float32))[None],
    }
