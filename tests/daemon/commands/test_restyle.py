"""`inkwash restyle` from end to end, with shipped pictures and a network of random weights in the user's store."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from random_eye import write_random_eye

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def pictures(tmp_path):
    """The photograph and the painting, where results may be written."""
    return [shutil.copy(DATA / name, tmp_path) for name in ("photo.jpg", "painting.jpg")]


@pytest.fixture
def network(home):
    """A perceptual network in the user's store."""
    file = write_random_eye(home / "models")
    yield
    file.unlink()


def test_a_photograph_and_a_painting_are_all_that_is_needed(inkwash, network, pictures):
    result = inkwash("restyle", *pictures, "--steps", 4, "--size", 64)
    assert result.exit_code == 0, result.output
    with Image.open(Path(pictures[0]).with_name("photo-restyle.png")) as made, Image.open(pictures[0]) as photo:
        assert made.size == photo.size
        assert np.abs(np.asarray(made, float) - np.asarray(photo, float)).mean() > 1


def test_without_the_network_it_says_how_to_get_it(inkwash, pictures):
    result = inkwash("restyle", *pictures)
    assert result.exit_code == 2
    assert "inkwash models pull vgg16 --from index, 55 MB" in result.stderr


def test_without_a_painting_it_asks_for_one(inkwash, pictures):
    result = inkwash("restyle", pictures[0])
    assert result.exit_code == 2
    assert "--style FILE" in result.stderr
