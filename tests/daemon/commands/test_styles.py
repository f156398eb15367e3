"""`inkwash stylize`, `sketch-to-style` and `upscale` with the models that ship, through the service."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inkwash.models.cards import read_card
from inkwash.models.store import SHIPPED, Store

DRAWING = Path(__file__).parents[2] / "data/unseen/1F431.color.png"
LINES = Path(__file__).parents[2] / "data/openmoji-line.png"
STYLES = [card.name for card in Store([SHIPPED]).cards("stylizer")]
LARGEST = 12_000_000  # bytes of all styles together
PARITY = {"dB to the original, the least of ten pairs"}  # a manner is a code of it, and nothing is trained
FIGURES = {"bank": {"content_loss", "style_loss"}, "copyist": PARITY, "manner": PARITY}


def pixels(file: Path) -> np.ndarray:
    with Image.open(file) as picture:
        whole = picture.convert("RGBA")
        paper = Image.new("RGBA", whole.size, "white")
        return np.asarray(Image.alpha_composite(paper, whole).convert("RGB"), np.float32) / 255


def test_styles_ship_with_thumbnails_figures_and_licences() -> None:
    assert len(STYLES) >= 3
    for card in Store([SHIPPED]).cards("stylizer"):
        assert FIGURES[card.architecture] <= card.metrics.keys(), card.name
        assert card.licence, card.name
        if card.architecture != "copyist":  # which shows and names no painting of its own: it takes the artist's
            assert card.thumbnail, card.name
            assert "public domain" in card.trained_on[0], card.name
    files = [
        SHIPPED / f"{card.name}.safetensors" for role in ("stylizer", "coder") for card in Store([SHIPPED]).cards(role)
    ]
    assert sum(file.stat().st_size for file in files) <= LARGEST


def test_the_upscaler_that_ships_is_better_than_interpolation() -> None:
    figures = read_card(SHIPPED / "inkwash-upscaler.safetensors").metrics
    assert figures["psnr"] > figures["psnr_bicubic"]


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_every_style_changes_a_drawing_and_keeps_what_it_shows(inkwash, tmp_path: Path, style: str) -> None:
    done = inkwash("stylize", DRAWING, "--style", style, "-o", tmp_path / "painted.png")
    assert done.exit_code == 0, done.output
    before, after = pixels(DRAWING), pixels(tmp_path / "painted.png")
    assert before.shape == after.shape
    assert np.abs(after - before).mean() > 0.03
    # The drawing can still be told: where it has colour, the painting differs from what it makes of the paper.
    drawn = np.ptp(before, axis=2) > 0.2
    assert np.abs(after[drawn].mean(0) - after[~drawn].mean(0)).max() > 0.05


@pytest.mark.slow
def test_two_styles_are_mixed_by_a_mask(inkwash, tmp_path: Path) -> None:
    with Image.open(DRAWING) as picture:
        width, height = picture.size
    Image.new("L", (width, height), 0).save(tmp_path / "none.png")
    one = tmp_path / "one.png"
    assert inkwash("stylize", DRAWING, "-o", one).exit_code == 0
    masked = ("stylize", DRAWING, "--second", STYLES[-1], "--mask", tmp_path / "none.png", "-o", tmp_path / "two.png")
    assert inkwash(*masked).exit_code == 0
    assert np.abs(pixels(one) - pixels(tmp_path / "two.png")).max() <= 2 / 255


@pytest.mark.slow
def test_a_line_drawing_is_coloured_and_painted(inkwash, tmp_path: Path) -> None:
    done = inkwash("sketch-to-style", LINES, "-o", tmp_path / "painted.png")
    assert done.exit_code == 0, done.output
    assert np.ptp(pixels(tmp_path / "painted.png"), axis=2).mean() > 0.03


@pytest.mark.slow
def test_a_drawing_is_enlarged(inkwash, tmp_path: Path) -> None:
    done = inkwash("upscale", DRAWING, "--factor", "2", "-o", tmp_path / "large.png")
    assert done.exit_code == 0, done.output
    with Image.open(DRAWING) as small, Image.open(tmp_path / "large.png") as large:
        assert large.size == (2 * small.width, 2 * small.height)


def test_a_colorizer_is_no_style(inkwash, tmp_path: Path) -> None:
    done = inkwash("stylize", DRAWING, "--style", "inkwash-colorizer", "-o", tmp_path / "x.png")
    assert done.exit_code != 0
    assert "not a stylizer model" in done.output + done.stderr
