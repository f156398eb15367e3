"""The measures of painted pictures, where the answer is known."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from inkwash.training.evaluation.painting import content_distance, frechet, grain, mse, relaxed_emd, seam


def responses(seed: int, channels: int = 6, side: int = 12) -> Tensor:
    return torch.rand(1, channels, side, side, generator=torch.Generator().manual_seed(seed))


def test_a_picture_is_at_no_distance_from_itself() -> None:
    found = responses(0)
    assert relaxed_emd(found, found) == pytest.approx(0, abs=1e-5)
    assert content_distance(found, found) == pytest.approx(0, abs=1e-5)
    assert frechet(found, found) == pytest.approx(0, abs=1e-6)
    assert mse(found[:, :3], found[:, :3]) == seam(found, found) == 0


def test_where_responses_are_does_not_matter_to_the_style_but_to_the_content() -> None:
    found = responses(0)
    turned = found.flip(2, 3)
    assert relaxed_emd(found, turned) == pytest.approx(0, abs=1e-5)
    assert frechet(found, turned) == pytest.approx(0, abs=1e-6)
    assert content_distance(found, turned) > 0.05


def test_the_relaxed_distance_is_that_of_a_place_that_nothing_is_like() -> None:
    along = torch.zeros(1, 2, 1, 4)
    along[:, 0] = 1
    other = along.clone()
    other[:, :, :, 3] = torch.tensor([[[0.0], [1.0]]])  # at a right angle: 1 from all others, a quarter of the places
    assert relaxed_emd(along, other) == pytest.approx(0.25)


def test_the_frechet_distance_of_moved_responses_is_the_square_of_the_way() -> None:
    found = responses(0)
    assert frechet(found, found + 0.5) == pytest.approx(6 * 0.25, rel=1e-4)


def test_grain_is_seen_at_two_pixels_and_not_at_eight() -> None:
    ground = torch.full((1, 3, 64, 64), 0.5)
    fine, coarse = ground.clone(), ground.clone()
    fine[..., ::2] += 2 / 255
    coarse += 40 / 255 * torch.sin(torch.arange(64) * torch.pi / 4)
    assert grain(fine) == pytest.approx(1.0, rel=0.1)  # one up, one down
    assert grain(coarse) < 0.3
    assert grain(ground) == 0


def test_a_seam_is_the_largest_difference() -> None:
    whole = torch.zeros(1, 3, 8, 8)
    parts = whole.clone()
    parts[0, 1, 3, 3] = 4 / 255
    assert seam(whole, parts) == pytest.approx(4.0)
