"""Shaded pictures as a torch data set: lines, flats and form of their bodies, and the shading to be learned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from inkwash.models.colouring.form import form
from inkwash.models.networks.painter import MANNERS

from ..data.artwork import opened
from ..data.drawn import weather
from ..data.pairs import on_white, read_rows
from .bodies import KINDS, SMALLEST, Parts, filled, flats, taken_apart

SHARES = {"art4apps": 0.5, "cartoons": 0.22, "fluent": 0.1, "fluent-solid": 0.1, "noto": 0.08, "artwork": 1.0}
MANNER = {"art4apps": 0, "cartoons": 0, "artwork": 0, "fluent": 1, "fluent-solid": 2, "noto": 3}
EVEN_HANDED = (0, 3)  # manners in which light falls from the left as often as from the right
INKLESS = ("fluent-solid",)  # sources whose pictures have no dark outlines to take
SIDE = 256  # pixels of a picture's longer side, once taken apart
Sample = dict[str, Tensor]


class Shaded(Dataset[Sample]):
    """Endless random samples of one split; sample `i` is the same in every run with the same seed.

    A sample holds `ink` (1, S, S), `flat` (3, S, S) and `paint` (3, S, S) float, sRGB in [0, 1], `form` (5, S, S),
    `bodies` (S, S) int64, `seen` (1, S, S), 1 where the paint is seen, and `manner` (4,).
    Pictures are taken apart once and kept in `bodies` beside them.
    """

    def __init__(self, folder: Path, *, size: int, seed: int, split: str = "train") -> None:
        self.folder, self.size, self.seed = folder, size, seed
        rows = [row for row in read_rows(folder) if row["split"] == split]
        self.groups = {name: [r for r in rows if r["source"] == name] for name in SHARES}
        self.groups = {name: group for name, group in self.groups.items() if group}
        if not self.groups:
            raise ValueError(f"{folder} has no shaded picture for the split {split!r}.")

    def __len__(self) -> int:
        return 2**31

    def __getitem__(self, index: int) -> Sample:
        rng = np.random.default_rng((self.seed, index))
        names = list(self.groups)
        shares = np.array([SHARES[name] for name in names])
        group = self.groups[names[rng.choice(len(names), p=shares / shares.sum())]]
        row = group[rng.integers(len(group))]
        kind = str(rng.choice(KINDS[1:] if row["source"] in INKLESS else KINDS))
        parts, shape = self._taken_apart(row, kind)
        if MANNER[row["source"]] in EVEN_HANDED and rng.random() < 0.5:
            parts, shape = _mirrored(parts, shape)
        matrix = _frame(parts.line.shape, self.size, rng)
        return _sample(parts, shape, matrix, self.size, row["source"], rng)

    def whole(self, row: dict[str, str], kind: str = "threshold") -> Sample:
        """One picture, all of it and as it is, to judge by."""
        parts, shape = self._taken_apart(row, kind)
        height, width = parts.line.shape
        scale = self.size / max(height, width)
        matrix = np.array([[scale, 0, (self.size - width * scale) / 2], [0, scale, (self.size - height * scale) / 2]])
        return _sample(parts, shape, matrix, self.size, row["source"], None)

    def _taken_apart(self, row: dict[str, str], kind: str) -> tuple[Parts, NDArray[np.float32]]:
        """A row's parts and form, from the folder `bodies` or made and kept there."""
        file = self.folder / "bodies" / f"{row['source']}-{Path(row['name']).stem}-{kind}.npz"
        if not file.exists():
            file.parent.mkdir(exist_ok=True)
            parts = self._read(row, kind)
            shape = np.asarray((form(parts.bodies) * 127).round(), np.int8)
            beside = file.with_suffix(".part.npz")
            bodies = parts.bodies.astype(np.uint16)
            np.savez(beside, paint=parts.paint, line=parts.line, bodies=bodies, seen=parts.seen, shape=shape)
            beside.replace(file)
        with np.load(file) as kept:
            parts = Parts(kept["paint"], kept["line"], kept["bodies"].astype(np.int32), kept["seen"])
            return parts, kept["shape"].astype(np.float32) / 127

    def _read(self, row: dict[str, str], kind: str) -> Parts:
        rgb, _ = on_white(opened(self.folder / row["color"]))
        line = opened(self.folder / row["line"], grey=True) if "line" in row else None
        scale = SIDE / max(rgb.shape[:2])
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        rgb = np.asarray(cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=way), np.uint8)
        if line is not None:
            line = np.asarray(cv2.resize(line, rgb.shape[1::-1], interpolation=cv2.INTER_AREA), np.uint8)
        return taken_apart(rgb, line, kind)


def _mirrored(parts: Parts, shape: NDArray[np.float32]) -> tuple[Parts, NDArray[np.float32]]:
    """The picture seen in a mirror: slope and place across turn their signs."""
    paint, line, bodies, seen = parts.paint, parts.line, parts.bodies, parts.seen
    turned = Parts(paint[:, ::-1].copy(), line[:, ::-1].copy(), bodies[:, ::-1].copy(), seen[:, ::-1].copy())
    return turned, shape[:, ::-1] * np.array([1, -1, 1, -1, 1], np.float32)


def _frame(shape: tuple[int, ...], size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """A random square of the picture, mostly nearly all of it, as an affine map onto `size` pixels."""
    height, width = shape
    whole = max(height, width)
    side = whole * (rng.uniform(0.85, 1.25) if rng.random() < 0.65 else rng.uniform(0.45, 0.85))
    left = rng.uniform(min(0, width - side), max(0, width - side))
    top = rng.uniform(min(0, height - side), max(0, height - side))
    scale = size / side
    return np.array([[scale, 0, -left * scale], [0, scale, -top * scale]])


def _sample(
    parts: Parts, shape: NDArray[np.float32], matrix: Any, size: int, source: str, rng: np.random.Generator | None
) -> Sample:
    """The framed parts as tensors; with `rng` in other colours and with lines of another hand."""

    def warp(picture: Any, paper: Any, way: int = cv2.INTER_LINEAR) -> Any:
        return cv2.warpAffine(picture, matrix, (size, size), flags=way, borderValue=paper)

    paint: Any = warp(parts.paint, (255, 255, 255))
    line = warp(parts.line, 255).astype(np.float32) / 255
    seen = warp(parts.seen.astype(np.uint8), 1, cv2.INTER_NEAREST) > 0
    beyond = int(parts.bodies[0, 0]) or int(parts.bodies.max()) + 1  # what lies around the picture is its backdrop
    bodies = warp(parts.bodies.astype(np.float32), beyond, cv2.INTER_NEAREST).astype(np.int32)
    form_here = np.dstack([warp(np.ascontiguousarray(shape[..., c]), 0) for c in range(shape.shape[-1])])
    if rng is not None:
        line = weather(line, rng)
        if rng.random() < 0.35:
            paint = _in_other_colours(paint, bodies, rng)
    flat: Any = flats(paint, bodies, seen)
    flat = filled((flat * 255).round().astype(np.uint8), bodies == 0).astype(np.float32) / 255
    manner = np.eye(MANNERS, dtype=np.float32)[MANNER[source]]
    counts = cv2.erode(seen.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0  # beside ink the paint is dark with it
    counts &= bodies > 0
    small = np.bincount(bodies.ravel(), counts.ravel())[bodies] < SMALLEST
    return {
        "ink": torch.from_numpy(1 - line)[None],
        "flat": _planes(flat),
        "paint": _planes(paint.astype(np.float32) / 255),
        "form": _planes(form_here),
        "bodies": torch.from_numpy(bodies.astype(np.int64)),
        "seen": torch.from_numpy((counts & ~small).astype(np.float32))[None],
        "manner": torch.from_numpy(manner),
    }


def _in_other_colours(paint: Any, bodies: NDArray[np.int32], rng: np.random.Generator) -> Any:
    """The channels of half of the bodies exchanged: shade stays shade in any colour."""
    orders = np.array([[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
    chosen = np.where(rng.random(bodies.max() + 1) < 0.5, 0, rng.integers(6, size=bodies.max() + 1))
    return np.take_along_axis(paint, orders[chosen][bodies], 2)


def _planes(picture: Any) -> Tensor:
    """(H, W, C) as (C, H, W)."""
    return torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1), np.float32))
