"""Shading brought onto a drawing's places: backdrops and white stay clean, each place has its own."""

import numpy as np

from inkwash.models.colouring.assignment import Assignment
from inkwash.models.colouring.painting import View, shades


def view(size: int) -> View:
    window = (slice(0, size), slice(0, size))
    return View(window, np.zeros((size // 2, size // 2), np.float32))


def shader(ink: np.ndarray, flat: np.ndarray) -> np.ndarray:
    """Darker to the right, whatever the colour."""
    return np.broadcast_to(np.linspace(0.2, -0.2, ink.shape[1])[None, :, None], flat.shape).astype(np.float32)


def scene() -> tuple[Assignment, np.ndarray]:
    """A sky, a ground below it, a red box in the sky and a white one on the ground."""
    places = np.zeros((64, 64), np.int32)
    places[40:] = 1
    places[10:30, 10:30] = 2
    places[44:60, 30:50] = 3
    table = np.array([[150, 200, 250, 255], [90, 160, 60, 255], [200, 40, 40, 255], [250, 250, 250, 255]], np.uint8)
    return Assignment(places, np.arange(4, dtype=np.int32)), table


def test_the_sky_and_white_stay_clean_and_all_else_is_shaded() -> None:
    assignment, table = scene()
    made = shades(assignment, table, [view(64)], shader)
    places = assignment.places
    assert (made[places == 0] == 0).all()
    assert (made[places == 3] == 0).all()
    assert made[places == 1].std() > 0.05
    assert made[places == 2].std() > 0.02


def test_a_figure_that_the_page_cuts_off_below_is_shaded() -> None:
    assignment, table = scene()
    assignment.places[30:, 10:30] = 2
    made = shades(assignment, table, [view(64)], shader)
    assert made[assignment.places == 2].std() > 0.02


def test_a_place_s_shading_ends_at_its_very_edge() -> None:
    assignment, table = scene()
    made = shades(assignment, table, [view(64)], shader)
    assert made[20, 29].any()
    assert not made[20, 30].any()
