"""`inkwash shade`: a shaded picture, a file for each layer, or layers of a page."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, ImageDraw

SIDE = 120
SKIN, SKY = (250, 210, 180), (180, 220, 250)


@pytest.fixture
def flats(tmp_path: Path) -> Path:
    """A ball before the sky."""
    image = Image.new("RGB", (SIDE, SIDE), SKY)
    ImageDraw.Draw(image).ellipse((25, 25, 95, 95), SKIN)
    image.save(tmp_path / "flats.png")
    return tmp_path / "flats.png"


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    image = Image.new("L", (SIDE, SIDE), 255)
    ImageDraw.Draw(image).ellipse((25, 25, 95, 95), outline=0, width=2)
    image.save(tmp_path / "lines.png")
    return tmp_path / "lines.png"


def pixels(file: Path) -> np.ndarray:
    with Image.open(file) as picture:
        return np.asarray(picture.convert("RGBA"), np.float32)


def test_the_picture_shows_the_flats_shaded(inkwash, flats: Path, lines: Path, tmp_path: Path) -> None:
    done = inkwash("shade", flats, "--line", lines, "--direction", "left", "-o", tmp_path / "shaded.png")
    assert done.exit_code == 0, done.output
    before, after = pixels(flats), pixels(tmp_path / "shaded.png")
    assert (after[10, 10] == before[10, 10]).all()
    assert after[60, 88, :3].sum() < before[60, 88, :3].sum() - 60
    assert after[60, 36, :3].sum() > before[60, 36, :3].sum() + 5


def test_layers_come_apart_as_one_tint_and_how_much_of_it(inkwash, flats: Path, tmp_path: Path) -> None:
    done = inkwash("shade", flats, "--layers", "-o", tmp_path / "ball.png")
    assert done.exit_code == 0, done.output
    for layer in ("shading", "light"):
        seen = pixels(tmp_path / f"ball.{layer}.png")
        assert len(np.unique(seen[seen[..., 3] > 0][:, :3], axis=0)) == 1
        assert 0 < (seen[..., 3] > 0).mean() < 0.4


def test_a_page_gets_both_layers_over_its_flats_and_keeps_its_lines_seen(
    inkwash, flats: Path, lines: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.ora"
    stack = "".join(f'<layer name="{name}" src="data/{name}.png" x="0" y="0"/>' for name in ("Lines", "Flats"))
    with zipfile.ZipFile(page, "w") as archive:
        archive.writestr("mimetype", "image/openraster")
        archive.writestr("stack.xml", f'<image version="0.0.3" w="{SIDE}" h="{SIDE}"><stack>{stack}</stack></image>')
        archive.write(lines, "data/Lines.png")
        archive.write(flats, "data/Flats.png")
        archive.write(flats, "mergedimage.png")
    done = inkwash("shade", page, "-o", tmp_path / "shaded.ora")
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(tmp_path / "shaded.ora") as archive:
        made = ElementTree.fromstring(archive.read("stack.xml")).findall("stack/layer")
    assert [layer.get("name") for layer in made] == ["Lines", "Light", "Shading", "Flats"]
    assert [layer.get("composite-op") for layer in made[1:3]] == ["svg:screen", "svg:multiply"]
    assert all(layer.get("visibility") != "hidden" for layer in made)
