import cv2
import numpy as np

from inkwash.models.drawing.flats import flats


def _box(gap: int = 0) -> np.ndarray:
    """A square outline on white paper, (120, 120), with an opening of `gap` pixels in its right side."""
    line = np.full((120, 120), 255, np.uint8)
    cv2.rectangle(line, (30, 30), (90, 90), 0, 2)
    line[60 : 60 + gap, 85:95] = 255
    return line


def test_a_hinted_region_takes_exactly_its_hint() -> None:
    line, painted = _box(), np.full((120, 120, 3), 200, np.uint8)
    hints = np.zeros((120, 120, 4), np.uint8)
    hints[50:55, 50:60] = (255, 10, 20, 255)
    hints[57, 50] = (0, 0, 255, 255)  # a slip of the pen
    flat = flats(line, painted, hints, 0)
    assert tuple(flat[60, 60]) == (255, 10, 20)
    assert tuple(flat[5, 5]) == (200, 200, 200)


def test_an_open_outline_keeps_its_hint_where_it_was_painted_and_pours_it_nowhere() -> None:
    line, painted = _box(gap=20), np.full((120, 120, 3), 250, np.uint8)
    painted[32:88, 32:88] = (240, 10, 10)
    hints = np.zeros((120, 120, 4), np.uint8)
    hints[50:55, 50:60] = (255, 0, 0, 255)
    flat = flats(line, painted, hints, 0)
    assert tuple(flat[80, 40]) == (255, 0, 0)
    assert tuple(flat[5, 5]) == (250, 250, 250)


def test_two_hints_in_one_region_share_it_as_it_was_painted() -> None:
    line, painted = _box(), np.full((120, 120, 3), 250, np.uint8)
    painted[30:60, 30:90], painted[60:90, 30:90] = (200, 40, 40), (40, 40, 200)
    hints = np.zeros((120, 120, 4), np.uint8)
    hints[40:45, 50:60], hints[80:85, 50:60] = (255, 0, 0, 255), (0, 0, 255, 255)
    flat = flats(line, painted, hints, 0)
    assert tuple(flat[35, 80]) == (255, 0, 0)
    assert tuple(flat[85, 80]) == (0, 0, 255)
    assert tuple(flat[5, 5]) == (250, 250, 250)


def test_hints_are_kept_to_the_last_bit_and_reach_under_the_lines() -> None:
    line, painted = _box(), np.full((120, 120, 3), 200, np.uint8)
    hints = np.zeros((120, 120, 4), np.uint8)
    hints[40:60, 40:60] = (17, 203, 98, 255)
    flat = flats(line, painted, hints, 6)
    assert (flat[40:60, 40:60] == (17, 203, 98)).all()
    ink = line < 128
    assert {tuple(map(int, colour)) for colour in flat[ink]} == {(17, 203, 98), (200, 200, 200)}  # no white fringe


def test_the_picture_and_the_hints_may_be_smaller_than_the_lines() -> None:
    line = cv2.resize(_box(), (3000, 3000), interpolation=cv2.INTER_NEAREST)
    painted, hints = np.full((300, 300, 3), 240, np.uint8), np.zeros((300, 300, 4), np.uint8)
    hints[150:155, 140:160] = (1, 2, 3, 255)
    flat = flats(line, painted, hints, 20)
    assert tuple(flat[1500, 1000]) == (1, 2, 3)
    assert tuple(flat[100, 100]) == (240, 240, 240)
