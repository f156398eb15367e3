import shutil
from pathlib import Path

import numpy as np
import pytest

from inkwash.models.cards import Card
from inkwash.models.networks import ARCHITECTURES
from inkwash.models.store import Store, save
from inkwash.training.evaluation.colorizers import Bare, Gmic, Inkwash, under_lines


@pytest.fixture
def store(tmp_path: Path) -> Store:
    card = Card("tiny", "Tiny", "colorizer", "inkwash", {"width": 8}, "1", "CC0")
    save(tmp_path / "tiny.safetensors", ARCHITECTURES["inkwash"](width=8), card)
    painter = Card("inkwash-painter", "Tiny painter", "painter", "painter", {"width": 8}, "1", "CC0")
    save(tmp_path / "inkwash-painter.safetensors", ARCHITECTURES["painter"](width=8), painter)
    return Store([tmp_path])


@pytest.fixture
def line() -> np.ndarray:
    line = np.full((64, 80), 255, np.uint8)
    line[20:50, 20] = line[20:50, 60] = line[20, 20:60] = line[50, 20:61] = 0
    return line


def test_the_filter_and_the_bare_network_colour_at_the_line_s_size(store: Store, line: np.ndarray) -> None:
    hints = np.zeros((64, 80, 4), np.uint8)
    hints[30:34, 30:50] = (200, 20, 30, 255)
    for colorizer in (Inkwash("tiny", store=store), Inkwash("tiny", "flat", store), Bare("tiny", store)):
        assert colorizer.colour(line, hints).shape == (64, 80, 3)
    assert (Inkwash("tiny", "flat", store).colour(line, hints)[31, 40] == (200, 20, 30)).all()
    shaded = Inkwash("tiny", store=store).colour(line, hints)[31, 40]
    assert np.abs(shaded.astype(int) - (200, 20, 30)).max() < 16  # by a network that has learnt nothing


def test_lines_are_multiplied_over_the_colour(line: np.ndarray) -> None:
    over = under_lines(np.full((64, 80, 3), 100, np.uint8), line)
    assert (over[35, 20] == 0).all()
    assert (over[0, 0] == 100).all()


def test_gmic_colours_or_says_that_it_is_not_there(line: np.ndarray) -> None:
    if shutil.which("gmic") is None:
        with pytest.raises(FileNotFoundError, match="gmic"):
            Gmic()
        return
    hints = np.zeros((64, 80, 4), np.uint8)
    hints[30:34, 30:50] = (200, 20, 30, 255)
    assert np.abs(Gmic().colour(line, hints)[40, 40].astype(int) - (200, 20, 30)).max() < 10
    assert (Gmic().colour(line, np.zeros((64, 80, 4), np.uint8))[40, 40] > 200).all()
