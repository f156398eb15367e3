"""Flats shaded by a network keep their colours, however loud it is."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from skimage.color import deltaE_ciede2000, rgb2lab
from torch import Tensor, nn

from inkwash.models.colouring.form import bodies_of
from inkwash.models.colouring.shading import shading
from inkwash.models.networks.painter import Painter


class Loud(nn.Module):
    """A painter who shades more than anybody would."""

    def __init__(self, loudness: float) -> None:
        super().__init__()
        self.loudness = loudness

    def forward(self, ink: Tensor, flat: Tensor, form: Tensor, manner: Tensor) -> Tensor:
        generator = torch.Generator().manual_seed(0)
        return self.loudness * torch.randn(flat.shape, generator=generator) + form[:, 1:2]


@pytest.fixture
def scene() -> tuple[np.ndarray, np.ndarray]:
    """Four tiles, white and black among them, a line between left and right."""
    flat = np.zeros((64, 80, 3), np.uint8)
    flat[:32, :40], flat[32:, 40:], flat[:32, 40:] = (255, 255, 255), (200, 120, 90), (20, 90, 250)
    ink = np.zeros((64, 80), np.float32)
    ink[:, 39:42] = 1
    return ink, flat


@pytest.mark.parametrize("loudness", [0.02, 0.1, 0.5])
def test_the_mean_of_every_body_is_its_colour_to_the_eye(scene: tuple[np.ndarray, np.ndarray], loudness: float) -> None:
    ink, flat = scene
    made = flat / 255 + shading(ink, flat, Loud(loudness), torch.device("cpu"), torch.float32)
    bodies = bodies_of(flat, ink > 0.5)
    assert made[bodies > 0].min() > -1e-5
    assert made[bodies > 0].max() < 1 + 1e-5
    for body in range(1, bodies.max() + 1):
        here = bodies == body
        told, found = flat[here][0] / 255, made[here].mean(0)
        assert deltaE_ciede2000(rgb2lab(told), rgb2lab(found)) <= 3
    assert np.std(made[bodies == bodies[50, 60]]) > 0.01


def test_a_painter_who_knows_nothing_leaves_flats(scene: tuple[np.ndarray, np.ndarray]) -> None:
    assert (shading(*scene, Painter(4).eval(), torch.device("cpu"), torch.float32) == 0).all()


def test_shading_runs_on_under_lines(scene: tuple[np.ndarray, np.ndarray]) -> None:
    ink, flat = scene
    made = shading(ink, flat, Loud(0.05), torch.device("cpu"), torch.float32)
    assert (made[:, 39] == made[:, 38]).all()


def test_nothing_but_ink_is_not_shaded() -> None:
    flat = np.full((32, 32, 3), 90, np.uint8)
    made = shading(np.ones((32, 32), np.float32), flat, Loud(1), torch.device("cpu"), torch.float32)
    assert (made == 0).all()
