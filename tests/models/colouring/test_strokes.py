import cv2
import numpy as np

from inkwash.models.colouring.strokes import weights

RED, GREEN, BLACK = (220, 30, 30, 255), (30, 200, 60, 255), (0, 0, 0, 255)


def _box() -> np.ndarray:
    """A square outline of 3 pixels, (120, 120), white paper."""
    line = np.full((120, 120), 255, np.uint8)
    cv2.rectangle(line, (30, 30), (90, 90), 0, 3)
    return line


def _hints(*strokes: tuple[tuple[slice, slice], tuple[int, ...]]) -> np.ndarray:
    hints = np.zeros((120, 120, 4), np.uint8)
    for where, colour in strokes:
        hints[where] = colour
    return hints


def test_nothing_drawn_weighs_nothing() -> None:
    assert not weights(_box(), _hints()).any()


def test_a_stroke_inside_counts_in_full() -> None:
    assert (weights(_box(), _hints((np.s_[50:60, 40:80], RED)))[50:60, 40:80] == 1).all()


def test_where_a_stroke_runs_over_a_line_its_far_end_is_a_slip() -> None:
    weight = weights(_box(), _hints((np.s_[50:60, 50:97], RED)))
    assert (weight[50:60, 50:88] == 1).all()
    assert not weight[:, 88:].any()


def test_a_stroke_that_lies_half_on_either_side_is_meant_for_both() -> None:
    weight = weights(_box(), _hints((np.s_[50:60, 70:110], RED)))
    assert weight[55, 75] > 0
    assert not weight[55, 105]  # a little less than half: the larger part decides


def test_a_stroke_along_a_line_says_nothing_about_its_sides() -> None:
    weight = weights(
        _box(), _hints((np.s_[28:33, 30:90], BLACK), (np.s_[50:60, 40:80], RED), (np.s_[2:8, 2:60], GREEN))
    )
    assert not weight[26:35, 35:85].any()


def test_a_slip_counts_in_a_small_place_that_nobody_else_speaks_for() -> None:
    line = np.full((120, 120), 255, np.uint8)
    cv2.circle(line, (60, 60), 7, 0, 3)  # an eye
    weight = weights(line, _hints((np.s_[54:67, 58:63], RED)))
    assert weight[60, 60] > 0


def test_a_dab_counts_less_than_a_stroke_beside_it() -> None:
    weight = weights(_box(), _hints((np.s_[50:60, 40:80], RED), (np.s_[70:72, 70:72], GREEN)))
    assert weight[55, 50] == 1
    assert 0 < weight[71, 71] < 0.1


def test_transparent_pixels_are_no_hint_and_soft_edges_are() -> None:
    hints = _hints((np.s_[50:60, 40:80], RED))
    hints[50:60, 40:80, 3] = np.linspace(0, 255, 40).astype(np.uint8)
    weight = weights(_box(), hints)
    assert not weight[55, 40]
    assert weight[55, 60] == 1


def test_a_whole_painting_as_a_hint_is_told_apart_more_coarsely_and_counts_everywhere() -> None:
    rng = np.random.default_rng(0)
    hints = np.dstack([rng.integers(0, 256, (120, 120, 3)).astype(np.uint8), np.full((120, 120), 255, np.uint8)])
    assert (weights(_box(), hints)[_box() > 200] > 0).mean() > 0.9
