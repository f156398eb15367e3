"""Shaded pictures taken apart."""

import cv2
import numpy as np
import pytest

from inkwash.training.painting.bodies import KINDS, flats, taken_apart


def picture(side: int = 128) -> np.ndarray:
    """A red ball lit from above beside a blue one of one colour, both with a black outline, on white."""
    y = np.mgrid[:side, :side][0] / side
    drawn = np.full((side, side, 3), 255, np.uint8)
    red = np.zeros((side, side), np.uint8)
    cv2.circle(red, (40, 64), 28, 1, -1)
    drawn[red > 0] = (np.array([230, 60, 50]) * (1.3 - y[..., None])).clip(0, 255).astype(np.uint8)[red > 0]
    cv2.circle(drawn, (98, 64), 22, (60, 80, 220), -1)
    cv2.circle(drawn, (40, 64), 28, (0, 0, 0), 2)
    cv2.circle(drawn, (98, 64), 22, (0, 0, 0), 2)
    return drawn


@pytest.mark.parametrize("kind", KINDS)
def test_a_shaded_ball_is_one_body_and_the_other_ball_another(kind: str) -> None:
    parts = taken_apart(picture(), None, kind)
    lit, plain, page = (int(parts.bodies[at]) for at in ((64, 40), (64, 98), (5, 5)))
    assert len({lit, plain, page} - {0}) == 3
    assert parts.bodies[45, 40] == parts.bodies[82, 40] == lit


@pytest.mark.parametrize("kind", KINDS)
def test_paint_runs_on_under_the_lines(kind: str) -> None:
    parts = taken_apart(picture(), None, kind)
    assert parts.line.min() < 100
    assert parts.paint.max(-1).min() > 120  # no ink is left in it


def test_a_body_is_flat_in_the_mean_of_what_is_seen_of_it() -> None:
    parts = taken_apart(picture(), None, "own")
    flat = flats(parts.paint, parts.bodies, parts.seen)
    inside = (parts.bodies == parts.bodies[64, 40]) & parts.seen
    assert np.abs(flat[inside] - parts.paint[inside].mean(0) / 255).max() < 1e-3


def test_lines_of_the_picture_s_own_are_kept() -> None:
    line = np.full((128, 128), 255, np.uint8)
    cv2.circle(line, (40, 64), 28, 0, 2)
    assert (taken_apart(picture(), line, "own").line == line).all()
