"""Pictures to learn from, read as all of Inkwash reads them: upright, in sRGB, whatever their depth and profile."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inkwash.daemon.files import pictures
from inkwash.daemon.files.folders import pictures_below
from inkwash.models.errors import InkwashError
from inkwash.models.pictures.pixels import Kind, to_tensor

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".gif"}
RUN = ("settings.json", "samples")  # what the folder of a training run has


def rgba(file: Path) -> NDArray[np.uint8]:
    """The picture in `file`, (H, W, 4) uint8 sRGB with straight alpha; ValueError if it is bad."""
    return _read(file, "rgba")


def on_white(file: Path) -> NDArray[np.uint8]:
    """The picture in `file` on white paper, (H, W, 3) uint8 sRGB; ValueError if it is bad."""
    return _read(file, "rgb")


def found(folder: Path, suffixes: Collection[str] = SUFFIXES) -> list[Path]:
    """The pictures in `folder` and the folders in it, without hidden ones and those of Inkwash's own runs."""
    return list(pictures_below(folder, suffixes, leave_out=is_run))


def is_run(folder: Path) -> bool:
    """Whether a training run keeps its files there: what it paints must not become what it learns from."""
    return all((folder / name).exists() for name in RUN)


def readable(file: Path, said: Callable[[str], None]) -> bool:
    """Whether `file` holds a picture; if not, `said` is told."""
    try:
        rgba(file)
    except ValueError as error:
        said(f"{error} It is left out.")
        return False
    return True


def _read(file: Path, kind: Kind) -> NDArray[np.uint8]:
    try:
        layer = pictures.read(file, "picture").layer
    except InkwashError as error:
        raise ValueError(f"{error.message} {error.hint}") from error
    tensor = to_tensor(layer, kind, layer)
    read: NDArray[np.uint8] = (tensor[0] * 255).round_().byte().permute(1, 2, 0).contiguous().numpy()
    return read
