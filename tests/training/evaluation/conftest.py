"""What the tests of the judgement share: a picture of known colours, and hints taken straight from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from inkwash.training.evaluation.pictures import Picture

Hinter = Callable[[Picture], Callable[[float], np.ndarray]]


@dataclass
class Filler:
    """A colorizer that gives one colour everywhere."""

    name: str
    shade: tuple[int, int, int]

    def colour(self, line: np.ndarray, hints: np.ndarray) -> np.ndarray:
        return np.full((*line.shape, 3), self.shade, np.uint8)


@pytest.fixture
def filler() -> type[Filler]:
    return Filler


@pytest.fixture
def hinter() -> Hinter:
    """The top rows of the truth as hints: more of them the higher the ratio."""

    def of(picture: Picture) -> Callable[[float], np.ndarray]:
        def at(ratio: float) -> np.ndarray:
            alpha = np.zeros((*picture.line.shape, 1), np.uint8)
            alpha[: round(ratio * len(alpha))] = 255
            return np.dstack([picture.truth, alpha])

        return at

    return of


@pytest.fixture
def artwork(tmp_path: Path) -> Path:
    """A folder with three pictures: a red disk with a black rim, in three places."""
    folder = tmp_path / "artwork"
    folder.mkdir()
    for index in range(3):
        picture = np.full((96, 96, 3), 255, np.uint8)
        cv2.circle(picture, (40 + 8 * index, 48), 30, (40, 40, 220), -1)
        cv2.circle(picture, (40 + 8 * index, 48), 30, (0, 0, 0), 3)
        cv2.imwrite(str(folder / f"disk{index}.png"), picture)
    return folder
