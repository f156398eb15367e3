"""What the training tests share: a small folder of drawings, and settings that run in seconds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from inkwash.training.presets import PRESETS, Settings

UNSEEN = Path(__file__).parents[1] / "data/unseen"


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Networks as small as these only lose time on a second thread."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared folder of a dozen true pairs."""
    folder = tmp_path_factory.mktemp("pairs")
    rows = []
    for index, color in enumerate(sorted(UNSEEN.glob("*.color.png"))):
        name = color.name.removesuffix(".color.png")
        for part in ("color", "line"):
            shutil.copy(UNSEEN / f"{name}.{part}.png", folder)
        split = "val" if index % 4 == 0 else "train"
        files = {"color": f"{name}.color.png", "line": f"{name}.line.png"}
        rows.append({"source": "openmoji", "name": name, "split": split, **files})
    (folder / "manifest.json").write_text(json.dumps({"pairs": rows}))
    return folder


@pytest.fixture(params=["paper", "baseline", "inkwash"])
def preset(request: pytest.FixtureRequest) -> Settings:
    """A preset, shrunk."""
    return small(request.param)


def small(name: str) -> Settings:
    return replace(
        PRESETS[name], width=8, size=32, batch=2, steps=4, log_every=1, save_every=2, workers=0, gan_from=0.0,
        precision="32-true", judged=3, lambda_gan={"inkwash": 0.05}.get(name, PRESETS[name].lambda_gan),
    )  # fmt: skip
