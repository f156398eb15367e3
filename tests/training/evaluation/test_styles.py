"""Styles are judged against their paintings, beside the copyist."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from inkwash.models.cards import Card
from inkwash.models.networks.transform import Transform
from inkwash.models.networks.vgg import VGG
from inkwash.models.store import Store, save
from inkwash.models.styles.perceptual import level, natural_noise
from inkwash.training.crops import Crops
from inkwash.training.evaluation import styles

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pictures and paintings, and a store whose perceptual network and trained style have random weights."""
    for folder, name in (("pictures", "photo"), ("paintings", "painting")):
        (tmp_path / folder).mkdir()
        with Image.open(DATA / f"{name}.jpg") as stored:
            stored.save(tmp_path / folder / ("photo.png" if name == "photo" else "church.png"))
    torch.manual_seed(0)
    monkeypatch.setenv("INKWASH_HOME", str(tmp_path / "home"))
    (tmp_path / "home/models").mkdir(parents=True)
    card = Card("church-light", "Church", "stylizer", "transform", {"width": 8, "blocks": 1}, "1", "CC0")
    save(tmp_path / "home/models/church-light.safetensors", Transform(8, 1), card)
    eye = VGG(16, "relu4_3").requires_grad_(False).eval()
    level(eye, natural_noise(64))
    load = Store.load

    def loaded(store: Store, name: str, role: str | None = None) -> Any:
        return eye if name == "vgg16" else load(store, name, role)

    monkeypatch.setattr(Store, "load", loaded)
    return tmp_path


def test_a_style_is_judged_drawn_and_written_beside_the_copyist(places: Path) -> None:
    found = styles.paintings(places / "paintings", ["church-light"])
    made = [one for rows in styles.judge(places / "pictures", found, count=1, side=64, restyled=False) for one in rows]
    assert [one.by for one in made] == ["church-light", "any"]
    for one in made:
        assert set(one.figures) == set(styles.TITLES)
        assert one.figures["seam"] < 1
    squares = torch.split(Crops(places / "pictures", size=64, seed=0).middles(1), 1)
    text = styles.write(made, squares, places / "out")
    assert "| church-light | itself |" in text
    report = json.loads((places / "out/report.json").read_text())["styles"]["church-light"]
    assert report["any"]["emd"] == pytest.approx(made[1].figures["emd"])
    with Image.open(places / "out/sheet.png") as sheet:
        assert sheet.size == (styles.CELL, 3 * styles.CELL)


def test_a_style_without_a_painting_is_named(places: Path) -> None:
    with pytest.raises(ValueError, match="no painting called spring"):
        styles.paintings(places / "paintings", ["spring"])
