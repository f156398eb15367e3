"""The perceptual distance."""

import numpy as np
import pytest

from inkwash.models.networks.vgg import VGG
from inkwash.training.evaluation import perceptual


@pytest.fixture
def _small_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(perceptual, "_network", lambda: VGG().eval())


@pytest.mark.usefixtures("_small_network")
def test_a_picture_is_nearer_to_itself_than_to_another() -> None:
    noise = np.random.default_rng(0)
    truth = noise.integers(0, 255, (48, 40, 3), np.uint8)
    near = np.clip(truth.astype(int) + noise.integers(-8, 9, truth.shape), 0, 255).astype(np.uint8)
    same, close, far = (perceptual.perceptual_distance(x, truth) for x in (truth, near, 255 - truth))
    assert same == pytest.approx(0, abs=1e-6)
    assert same is not None
    assert close is not None
    assert far is not None
    assert same < close < far < 2


def test_without_the_network_there_is_no_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(perceptual, "_network", lambda: None)
    assert perceptual.perceptual_distance(np.zeros((8, 8, 3), np.uint8), np.zeros((8, 8, 3), np.uint8)) is None
