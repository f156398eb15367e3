"""What counts as a body in flats, and what is backdrop."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from inkwash.models.shading.bodies import Bodies, find

SKY, SKIN, WHITE, BLUE = (180, 220, 250), (250, 210, 180), (255, 255, 255), (40, 90, 200)
Flats = NDArray[np.uint8]


def page(colour: tuple[int, ...] | None = SKY, *, wide: int = 200, high: int = 160) -> Flats:
    flats = np.zeros((high, wide, 4), np.uint8)
    if colour is not None:
        flats[:] = (*colour, 255)
    return flats


def disc(flats: Flats, x: int, y: int, radius: int, colour: tuple[int, ...]) -> None:
    cv2.circle(flats, (x, y), radius, (*colour, 255), -1)


def found(flats: Flats, ink: NDArray[np.float32] | None = None) -> Bodies:
    return find(flats, np.zeros(flats.shape[:2], np.float32) if ink is None else ink)


@pytest.mark.parametrize("backdrop", [SKY, None])
def test_a_figure_is_a_body_and_what_is_around_it_none(backdrop: tuple[int, ...] | None) -> None:
    flats = page(backdrop)
    disc(flats, 100, 80, 40, SKIN)
    bodies = found(flats)
    assert bodies.solid[80, 100]
    assert not bodies.solid[10, 10]
    assert np.isclose(bodies.solid.mean(), np.pi * 40**2 / (160 * 200), atol=0.01)


def test_the_sky_of_a_panel_is_no_body() -> None:
    flats = page(WHITE)
    flats[20:140, 20:180, :3] = SKY
    disc(flats, 100, 140, 40, SKIN)
    flats[140:, :, :3] = WHITE
    bodies = found(flats)
    assert not bodies.solid[40, 40]
    assert bodies.solid[120, 100]


def test_ground_from_side_to_side_is_no_body_and_a_bust_cut_off_below_is_one() -> None:
    flats = page()
    flats[130:, :, :3] = (120, 180, 90)
    cv2.ellipse(flats, (100, 160), (40, 110), 0, 0, 360, (*SKIN, 255), -1)
    bodies = found(flats)
    assert not bodies.solid[150, 10]
    assert bodies.solid[150, 100]


def test_what_lies_below_a_line_goes_to_the_nearest_body_on_either_side() -> None:
    flats, ink = page(WHITE), np.zeros((160, 200), np.float32)
    disc(flats, 100, 80, 50, SKIN)
    flats[:, 96:106, :3] = WHITE  # the artist's bucket stopped at the line
    disc_half = flats[:, 106:]
    disc_half[(disc_half[..., :3] == SKIN).all(-1)] = (*BLUE, 255)
    ink[30:131, 96:106] = 1
    bodies = found(flats, ink)
    assert bodies.labels[80, 97] == bodies.labels[80, 60]
    assert bodies.labels[80, 104] == bodies.labels[80, 140]
    assert bodies.labels[80, 60] != bodies.labels[80, 140]


def test_an_antialiased_edge_is_no_body() -> None:
    large = page(WHITE, wide=800, high=640)
    disc(large, 400, 320, 180, SKIN)
    flats = cv2.resize(large, (200, 160), interpolation=cv2.INTER_AREA)
    assert found(flats).labels.max() == 2


def test_an_eye_lies_on_its_face_and_a_face_not_on_the_sky() -> None:
    flats = page()
    disc(flats, 100, 80, 60, SKIN)
    disc(flats, 80, 70, 12, WHITE)
    disc(flats, 80, 70, 5, BLUE)
    bodies = found(flats)
    face = bodies.labels[120, 100]
    assert bodies.roots[120, 100] == face
    assert bodies.roots[70, 80] == bodies.roots[70, 71] == face
    assert bodies.islands[70, 80]
    assert not bodies.islands[120, 100]


def test_what_a_ring_encloses_does_not_lie_on_it() -> None:
    flats = page()
    disc(flats, 100, 80, 60, BLUE)
    disc(flats, 100, 80, 54, SKIN)
    bodies = found(flats)
    assert bodies.roots[80, 100] == bodies.labels[80, 100]


def test_flats_that_are_all_below_lines_are_one_patch() -> None:
    assert found(page(), np.ones((160, 200), np.float32)).labels.max() == 1
