"""Which drawings are kept out of training: fixed for ever, by name, by concept, or because they show a kept-out one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from .artwork import opened
from .shaded import concept

UNSEEN_STYLE = "personas"  # a whole DiceBear style kept out of training
UNSEEN_SHARE = 10  # one drawing of so many is kept out, by a hash of its name
EVERY = {"art4apps": 12}  # of these sources one drawing of so many is, in their order
NEVER = ("portraits",)  # sources that are only judged by
BY_CONCEPT = ("fluent", "fluent-solid", "noto")  # sets of the same motifs: one kept out of one is of all
SHARED = ("cartoons", "art4apps")  # two collections of one illustrator's pictures, partly the same
SAME = 0.85  # correlation of two pictures' small copies from which on they count as one picture


def split(source: str, name: str, position: int = 0) -> str:
    """`train` or `val`; `position` is the drawing's place in its source."""
    if source in NEVER or (source == "dicebear" and name.startswith(UNSEEN_STYLE)):
        return "val"
    if source in EVERY:
        return "train" if position % EVERY[source] else "val"
    key = f"emoji/{concept(name)}" if source in BY_CONCEPT else f"{source}/{name}"
    return "val" if hashlib.sha256(key.encode()).digest()[0] % UNSEEN_SHARE == 0 else "train"


def keep_twins_out(rows: Sequence[dict[str, str]], folder: Path) -> list[dict[str, str]]:
    """The rows without those to be trained on that show a kept-out picture of another collection.

    Of 116 cartoons 78 are pictures of art4apps: without this a model would be judged on what it has seen.
    """
    shared = [row for row in rows if row["source"] in SHARED]
    kept_out = [_small(folder / row["color"]) for row in shared if row["split"] == "val"]
    if not kept_out:
        return list(rows)
    judged = np.stack(kept_out)
    seen = [row for row in shared if row["split"] == "train" and (judged @ _small(folder / row["color"])).max() > SAME]
    return [row for row in rows if row not in seen]


def _small(file: Path) -> NDArray[np.float32]:
    """What is drawn in a picture, cut out, as a vector of length 1 whose products are correlations."""
    rgba = opened(file).astype(np.float32)
    alpha = rgba[..., 3:] / 255
    rgb = rgba[..., :3] * alpha + 255 * (1 - alpha)
    rows, columns = np.nonzero(rgb.mean(-1) < 235)
    if len(rows):
        rgb = rgb[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    small = cv2.resize(rgb, (24, 24), interpolation=cv2.INTER_AREA).ravel()
    small -= small.mean()
    return np.asarray(small / max(1e-6, float(np.linalg.norm(small))), np.float32)
