"""A small folder of shaded pictures: balls lit from the upper left, outlined."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def ball(seed: int, side: int = 96) -> np.ndarray:
    """(H, W, 3): a lit ball with a black outline on white."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:side, :side].astype(np.float32)
    centre, radius = rng.uniform(40, 56, 2), rng.uniform(22, 34)
    light = 1 - 0.35 * ((x - centre[0]) + (y - centre[1])) / (2 * radius)
    picture = np.full((side, side, 3), 255, np.float32)
    inside = np.hypot(x - centre[0], y - centre[1]) < radius
    picture[inside] = (rng.uniform(90, 180, 3) * light[..., None])[inside]
    drawn = np.ascontiguousarray(picture.clip(0, 255).astype(np.uint8))
    middle = (int(centre[0] * 16), int(centre[1] * 16))
    return cv2.circle(drawn, middle, int(radius * 16), (0, 0, 0), 3, cv2.LINE_AA, 4)


@pytest.fixture(scope="session")
def balls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared folder of eight, two of them kept out."""
    folder = tmp_path_factory.mktemp("balls")
    rows = []
    for index in range(8):
        cv2.imwrite(str(folder / f"{index}.png"), ball(index)[..., ::-1])
        split = "val" if index % 4 == 0 else "train"
        rows.append({"source": "art4apps", "name": str(index), "split": split, "color": f"{index}.png"})
    (folder / "manifest.json").write_text(json.dumps({"pairs": rows}))
    return folder
