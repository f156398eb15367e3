"""Hints in other colours than they were drawn in."""

from __future__ import annotations

import numpy as np

from inkwash.models.colouring.recolouring import recoloured


def test_a_colour_and_its_shades_stand_for_another_and_the_rest_stays() -> None:
    said = np.zeros((2, 3, 4), np.uint8)
    said[0] = (255, 0, 0, 255), (250, 8, 8, 90), (0, 0, 255, 255)
    clear = np.zeros((2, 3), bool)
    made, empty = recoloured(said, clear, {"#ff0000": "#00aa88"}, 24)
    assert made[0].tolist() == [[0, 170, 136, 255], [0, 170, 136, 90], [0, 0, 255, 255]]
    assert not made[1].any()
    assert not empty.any()


def test_a_colour_may_stand_for_a_place_that_stays_empty() -> None:
    said = np.zeros((1, 2, 4), np.uint8)
    said[0] = (255, 0, 0, 255), (0, 0, 255, 255)
    made, empty = recoloured(said, np.array([[False, False]]), {"#ff0000": "empty", "#0000ff": "#ff0000"}, 24)
    assert empty.tolist() == [[True, False]]
    assert made[0].tolist() == [[0, 0, 0, 0], [255, 0, 0, 255]]
