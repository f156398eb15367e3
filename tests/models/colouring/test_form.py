"""Bodies inflated like balloons."""

import cv2
import numpy as np
import pytest

from inkwash.models.colouring.form import bodies_of, form, inflated


def disc(side: int = 96, radius: int = 30) -> np.ndarray:
    """A body in the middle of another, a line around it."""
    bodies = np.ones((side, side), np.int32)
    cv2.circle(bodies, (side // 2, side // 2), radius + 2, 0, -1)
    cv2.circle(bodies, (side // 2, side // 2), radius, 2, -1)
    return bodies


def test_one_colour_on_both_sides_of_a_line_makes_two_bodies() -> None:
    flat = np.zeros((20, 30, 3), np.uint8)
    flat[:, 20:] = 200
    wall = np.zeros((20, 30), np.bool_)
    wall[:, 10] = True
    bodies = bodies_of(flat, wall)
    assert len({int(bodies[5, column]) for column in (5, 15, 25)}) == 3
    assert (bodies[:, 10] == 0).all()


def test_a_disc_becomes_half_a_ball() -> None:
    height = np.sqrt(inflated(disc()))[48]
    middle, between = height[48], height[48 + 15]
    assert middle == pytest.approx(15, rel=0.1)  # half of its radius
    assert between / middle == pytest.approx(np.sqrt(1 - 0.25), rel=0.05)


def test_a_body_slopes_away_from_its_middle_on_every_side() -> None:
    made = form(disc())
    across, down = made[..., 1], made[..., 2]
    assert across[48, 48 - 22] > 0.3 > -0.3 > across[48, 48 + 22]
    assert down[48 - 22, 48] > 0.3 > -0.3 > down[48 + 22, 48]
    assert abs(across[48, 48]) < 0.05


def test_nothing_is_told_on_lines_and_all_of_it_is_within_bounds() -> None:
    bodies = disc()
    made = form(bodies)
    assert (made[bodies == 0] == 0).all()
    assert np.abs(made).max() < 3


def test_depth_is_one_in_the_middle_of_each_body_whatever_its_size() -> None:
    for radius in (10, 30):
        bodies = disc(radius=radius)
        assert form(bodies)[..., 0][bodies == 2].max() == pytest.approx(1)
