"""A folder of somebody's own pictures as training data, and how any training picture is opened."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..reading import found, on_white, rgba

LONGEST = 512  # pixels of the longer side that are kept of a picture
SMALLEST = 32  # pixels of the shorter side that a picture must have
KEPT_OUT = 10  # one picture of so many is kept out to judge by

log = logging.getLogger(__name__)


def opened(file: Path, *, grey: bool = False) -> NDArray[np.uint8]:
    """A picture as (H, W, 4) RGBA, or (H, W) if `grey`, uint8, at most LONGEST pixels long; ValueError if it is bad."""
    picture = Image.fromarray(on_white(file)).convert("L") if grey else Image.fromarray(rgba(file))
    if min(picture.size) < SMALLEST:
        raise ValueError(f"{file} is smaller than {SMALLEST} pixels.")
    picture.thumbnail((LONGEST, LONGEST), Image.Resampling.BOX)
    return np.asarray(picture, np.uint8)


def artwork(folder: Path) -> list[dict[str, str]]:
    """A row for every good picture below `folder`; bad ones are named in the log and passed over."""
    good = []
    for file in found(folder):
        try:
            opened(file)
            good.append(file.relative_to(folder).as_posix())
        except ValueError as error:
            log.warning("%s", error)
    rows = [{"source": "artwork", "name": name, "color": name, "split": _split(name)} for name in good]
    if len(rows) < 2 * KEPT_OUT or all(row["split"] == "train" for row in rows):  # too few to do without any
        return [{**row, "split": split} for row in rows for split in ("train", "val")]
    return rows


def _split(name: str) -> str:
    return "val" if hashlib.sha256(name.encode()).digest()[0] % KEPT_OUT == 0 else "train"
