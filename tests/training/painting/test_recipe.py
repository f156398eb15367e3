"""The painter's training, on a few balls."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from inkwash.models.cards import read_card
from inkwash.models.networks.painter import Painter
from inkwash.models.store import Store
from inkwash.training.command import train as command
from inkwash.training.painting.judging import agreement, judged
from inkwash.training.painting.recipe import train
from inkwash.training.painting.samples import Shaded
from inkwash.training.painting.settings import PainterSettings

SMALL = PainterSettings(
    width=4, size=64, batch=2, steps=4, log_every=1, save_every=2, gan_from=1, precision="32-true", judged=2
)


def silent(text: str) -> None:
    """Say nothing."""


def test_a_run_ends_with_a_model_that_can_be_loaded_and_names_its_sources(balls: Path, tmp_path: Path) -> None:
    file = train(balls, tmp_path / "p", SMALL, said=silent)
    card = read_card(file)
    assert card.role == "painter"
    assert any("art4apps" in source for source in card.trained_on)
    assert set(card.metrics) == {"correlation", "deviation_ratio", "error"}
    assert isinstance(Store([file.parent]).load("p", "painter"), Painter)


def test_a_resumed_run_is_the_run_that_was_not_interrupted(balls: Path, tmp_path: Path) -> None:
    whole = train(balls, tmp_path / "whole", SMALL, said=silent)
    train(balls, tmp_path / "parts", replace(SMALL, steps=2, decay=0.0), said=silent)
    parts = train(balls, tmp_path / "parts", SMALL, resume=True, said=silent)
    one, other = (Store([file.parent]).load(file.stem).state_dict() for file in (whole, parts))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_it_learns_where_light_falls(balls: Path, tmp_path: Path) -> None:
    settings = replace(SMALL, width=8, steps=60, save_every=60, gan_from=60, decay=0.0, lr=3e-3, ema=0.5, batch=4)
    card = read_card(train(balls, tmp_path / "p", settings, said=silent))
    assert card.metrics["correlation"] > 0.5
    begun, _ = judged(Painter(8), balls, settings)
    assert card.metrics["error"] < begun["error"]


def test_shading_agrees_with_itself_and_half_of_it_has_half_its_deviation() -> None:
    torch.manual_seed(0)
    true, seen = torch.randn(3, 8, 8), torch.ones(1, 8, 8)
    assert agreement(true, true, seen) == pytest.approx((1, 1), abs=1e-4)
    assert agreement(true / 2, true, seen) == pytest.approx((1, 0.5), abs=1e-4)


def test_samples_are_the_same_in_every_run_and_their_parts_have_one_size(balls: Path) -> None:
    one, other = (Shaded(balls, size=64, seed=3)[5] for _ in range(2))
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert one["ink"].shape == (1, 64, 64)
    assert one["form"].shape == (5, 64, 64)
    assert one["bodies"].shape == (64, 64)
    assert one["seen"].mean() > 0.3


def test_the_command_refuses_a_size_that_cannot_be(balls: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["painter", str(balls), "-o", str(tmp_path / "p"), "--size", "100"])
    assert result.exit_code == 2
    assert "multiple of 32" in result.output
