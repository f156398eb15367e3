"""Hints, colours and weathered lines that are simulated for training."""

import cv2
import numpy as np
import pytest

from inkwash.training.data.drawn import weather
from inkwash.training.data.hints import dense, scribbled, strokes, whited_out
from inkwash.training.data.recolour import recolour


@pytest.fixture
def picture() -> np.ndarray:
    """Four flat colours in quarters, (96, 96, 3)."""
    picture = np.zeros((96, 96, 3), np.uint8)
    picture[:48, :48], picture[:48, 48:] = (200, 60, 40), (60, 160, 220)
    picture[48:, :48], picture[48:, 48:] = (240, 220, 90), (255, 255, 255)
    return picture


def _rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_nearly_every_stroke_has_the_colour_that_it_lies_on(picture: np.ndarray) -> None:
    hint = strokes(picture, np.zeros((96, 96), np.float32), 60, _rng())
    at = hint[..., 3] > 0
    wrong = np.abs(hint[at][:, :3] - picture[at] / 255).max(-1) > 0.1
    assert at.sum() > 200
    assert wrong.mean() < 0.25  # the hurried ones


def test_strokes_keep_off_the_ink(picture: np.ndarray) -> None:
    ink = np.zeros((96, 96), np.float32)
    ink[:, 44:52] = 1
    hints = [strokes(picture, ink, 10, np.random.default_rng(seed))[..., 3] for seed in range(20)]
    on, off = np.mean([h[:, 44:52].mean() for h in hints]), np.mean([h[:, :44].mean() for h in hints])
    assert on < off / 3


def test_the_paper_s_hint_lacks_about_thirty_squares_of_its_scale(picture: np.ndarray) -> None:
    hint = whited_out(cv2.resize(picture, (256, 256)), _rng())
    missing = (hint[..., 3] == 0).sum()
    assert 15 * 100 < missing <= 30 * 100


def test_a_dense_hint_is_the_picture_itself(picture: np.ndarray) -> None:
    hint = dense(picture, _rng())
    at = hint[..., 3] > 0
    assert np.allclose(hint[at][:, :3], picture[at] / 255)


def test_every_kind_of_hint_is_premultiplied(picture: np.ndarray) -> None:
    for seed in range(30):
        hint = scribbled(picture, np.zeros((96, 96), np.float32), np.random.default_rng(seed))
        assert (hint[..., :3] <= hint[..., 3:] + 1e-6).all()


def test_recolouring_changes_colours_but_not_which_pixels_are_alike(picture: np.ndarray) -> None:
    fresh = recolour(picture, np.zeros((96, 96), np.bool_), _rng())
    quarters = [fresh[:48, :48], fresh[:48, 48:], fresh[48:, :48]]
    assert all(int(quarter.reshape(-1, 3).std(0).max()) <= 1 for quarter in quarters)
    assert np.abs(fresh[:48].astype(int) - picture[:48]).max() > 30


def test_recolouring_keeps_shading() -> None:
    ramp = np.repeat(np.linspace(120, 200, 64).astype(np.uint8)[None, :, None], 64, 0).repeat(3, 2)
    ramp[..., 2] //= 2
    fresh = recolour(ramp, np.zeros((64, 64), np.bool_), _rng()).astype(int)
    assert len(np.unique(fresh[0].reshape(-1, 3), axis=0)) > 16


def test_transparent_background_mostly_stays_white() -> None:
    white = np.full((32, 32, 3), 255, np.uint8)
    white[8:16, 8:16] = (200, 30, 30)
    background = np.ones((32, 32), np.bool_)
    stays = [(recolour(white, background, np.random.default_rng(s))[0, 0] == 255).all() for s in range(40)]
    assert 0.6 < np.mean(stays) <= 1


def test_weathered_lines_stay_lines() -> None:
    line = np.ones((96, 96), np.float32)
    line[:, 46:50] = 0
    for seed in range(40):
        worn = weather(line, np.random.default_rng(seed))
        assert worn.dtype == np.float32
        assert worn.min() >= 0
        assert worn.max() <= 1
        assert worn[:, 46:50].mean() < worn[:, 60:].mean() - 0.08
