"""The pictures that colorizers are judged on: what is to come out, the lines that go in, and the set it is of."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inkwash.models.drawing.lines import adaptive_threshold

from ..data.artwork import opened
from ..data.pairs import read_rows

Rgb = NDArray[np.uint8]  # (H, W, 3)
Grey = NDArray[np.uint8]  # (H, W), white paper

TRUE_LINES = ("openmoji",)  # sources judged with the artist's own line art; all others with thresholded lines
SET_NAMES = {"openmoji": "flat", "cartoons": "cartoon", "openclipart": "clip art", "art4apps": "shaded cartoon"}


@dataclass(frozen=True)
class Picture:
    """One picture: `truth` with its lines, and the line art that a colorizer is given."""

    set: str
    name: str
    truth: Rgb
    line: Grey


@dataclass(frozen=True)
class Entry:
    """A picture that has not been read yet."""

    set: str
    name: str
    color: Path
    line: Path | None
    thresholded: bool

    def read(self) -> Picture:
        """The picture itself, on white; ValueError if a file is bad."""
        rgba = opened(self.color).astype(np.float32)
        alpha = rgba[..., 3:] / 255
        rgb = rgba[..., :3] * alpha + 255 * (1 - alpha)
        line = None if self.line is None else opened(self.line, grey=True)
        if line is not None:
            rgb = rgb * (line[..., None] / np.float32(255))
        truth = rgb.round().astype(np.uint8)
        if line is None or self.thresholded:
            line = adaptive_threshold(np.asarray(cv2.cvtColor(truth, cv2.COLOR_RGB2GRAY), np.uint8))
        return Picture(self.set, self.name, truth, line)


def entries(folder: Path, count: int, sets: Sequence[str] = ()) -> list[Entry]:
    """Up to `count` pictures of every set below `folder`, of some `sets` if named; the same ones every time.

    Of prepared pairs those that are kept out of training; of any other folder all pictures. ValueError if none.
    """
    rows = [row for row in read_rows(folder) if row["split"] == "val" or row["source"] == "artwork"]
    found: dict[str, list[Entry]] = {}
    for row in sorted(rows, key=lambda row: hashlib.sha256(row["name"].encode()).digest()):
        entry = _entry(folder, row)
        group = found.setdefault(entry.set, [])
        if len(group) < count and entry not in group and (not sets or entry.set in sets):
            group.append(entry)
    chosen = [entry for group in found.values() for entry in group]
    if not chosen:
        known = ", ".join(sorted(found)) or "none"
        raise ValueError(f"{folder} has no kept-out picture of the sets asked for. It has: {known}.")
    return chosen


def _entry(folder: Path, row: dict[str, str]) -> Entry:
    source, name = row["source"], row["name"]
    group = name.rpartition("-")[0] if source == "dicebear" else SET_NAMES.get(source, source)
    line = folder / row["line"] if "line" in row else None
    return Entry(group, name, folder / row["color"], line, source not in TRUE_LINES)
