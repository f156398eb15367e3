"""What rooms are told, what flows through doors, and how several colours part a room."""

import cv2
import numpy as np
import pytest

from inkwash.models.colouring.assignment import NOBODY, Assignment, assigned
from inkwash.models.colouring.hints import Hints
from inkwash.models.drawing.drawing import Drawing

RED, BLUE, GREEN, SKY, SUN = (220, 30, 30), (40, 60, 220), (60, 160, 70), (150, 205, 235), (240, 200, 60)
Stroke = tuple[tuple[slice, slice], tuple[int, int, int]]


def _page() -> np.ndarray:
    return np.full((120, 120), 255, np.uint8)


def _box(gap: int = 0) -> np.ndarray:
    """A square outline on white paper, (120, 120), with an opening of `gap` pixels in its right side."""
    line = _page()
    cv2.rectangle(line, (30, 30), (90, 90), 0, 2)
    line[60 : 60 + gap, 85:95] = 255
    return line


def _hints(line: np.ndarray, *strokes: Stroke) -> Hints:
    said = np.zeros((*line.shape, 4), np.uint8)
    for where, colour in strokes:
        said[where] = (*colour, 255)
    return Hints.of(Drawing.of(line), said, np.zeros(line.shape, np.bool_))


def _coloured(line: np.ndarray, *strokes: Stroke, gap: float = 4) -> np.ndarray:
    """The colour (H, W, 3) of every pixel, -1 where nobody said any."""
    hints = _hints(line, *strokes)
    found: Assignment = assigned(hints.drawing, hints, gap)
    number = found.colour[found.places]
    return np.where((number == NOBODY)[..., None], -1, hints.colours[number, :3].astype(int))


def _all(colours: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool((colours == colour).all())


def test_a_stroke_fills_its_closed_room_and_nothing_else() -> None:
    found = _coloured(_box(), (np.s_[50:60, 40:70], RED))
    assert _all(found[32:89, 32:89], RED)
    assert (found[:28] == -1).all()


def test_colour_runs_on_under_the_line_and_meets_the_other_in_its_middle() -> None:
    line = _page()
    line[:, 56:64] = 0
    found = _coloured(line, (np.s_[20:30, 10:40], RED), (np.s_[20:30, 80:110], BLUE))
    assert _all(found[:, :59], RED)
    assert _all(found[:, 61:], BLUE)


@pytest.mark.parametrize("length", [2, 8, 40, 100])
def test_a_stroke_of_any_length_fills_the_backdrop_and_not_the_figure(length: int) -> None:
    found = _coloured(_box(), (np.s_[10:13, 10 : 10 + length], SKY))
    assert _all(found[[2, 60, 117], [2, 110, 60]], SKY)
    assert (found[40:80, 40:80] == -1).all()


def test_nothing_gets_through_an_outline_s_gap_in_either_direction() -> None:
    assert (_coloured(_box(gap=4), (np.s_[50:55, 40:60], RED))[:25] == -1).all()
    both = _coloured(_box(gap=4), (np.s_[50:55, 40:60], RED), (np.s_[10:13, 10:100], SKY))
    assert _all(both[32:88, 32:84], RED)
    assert _all(both[:28], SKY)


def test_with_no_gap_to_close_every_opening_is_open() -> None:
    assert _all(_coloured(_box(gap=6), (np.s_[50:55, 40:60], RED), gap=0)[5:25, 5:115], RED)


def test_a_pocket_takes_the_colour_beside_it() -> None:
    line = _page()
    line[30:100, 40] = line[30:100, 80] = line[30, 40:54] = line[30, 66:81] = line[99, 40:81] = 0
    found = _coloured(line, (np.s_[10:13, 10:100], SKY))
    assert _all(found[40:90, 45:75], SKY)


def test_a_stroke_in_an_open_sleeve_does_not_fill_the_page() -> None:
    line = np.full((240, 240), 255, np.uint8)
    line[100:102, 0:90] = line[126:128, 0:90] = 0
    found = _coloured(line, (np.s_[110:117, 10:60], RED), gap=7)
    assert _all(found[104:124, 5:70], RED)
    assert (found[:90, 120:] == -1).all()


def test_a_dab_beside_a_figure_stays_a_dab_where_the_page_around_it_was_told_another_colour() -> None:
    line = _page()
    cv2.rectangle(line, (45, 25), (75, 95), 0, 2)
    found = _coloured(line, (np.s_[10:110, 10:14], SKY), (np.s_[50:60, 85:89], RED))
    assert _all(found[51:59, 84:90], RED)
    assert _all(found[5:115, 105:115], SKY)
    assert _all(found[5:30, 80:115], SKY)


def test_sky_and_sea_meet_where_a_broken_horizon_would_go_on() -> None:
    line = _page()
    line[80:82, 5:52] = line[80:82, 62:115] = 0
    found = _coloured(line, (np.s_[8:11, 10:40], SKY), (np.s_[90:93, 10:110], BLUE))
    assert _all(found[5:76], SKY)
    assert _all(found[86:], BLUE)


def test_two_strokes_in_one_room_share_it_evenly() -> None:
    line = _page()
    line[50:70, 60] = 0
    found = _coloured(line, (np.s_[2:5, 10:110], SKY), (np.s_[112:115, 10:110], BLUE))
    assert _all(found[:50, 5:40], SKY)
    assert _all(found[68:, 5:40], BLUE)


def test_two_strokes_in_a_room_part_at_its_narrow_place() -> None:
    line = _page()
    cv2.rectangle(line, (10, 20), (110, 100), 0, 2)
    line[20:48, 79:81] = line[72:100, 79:81] = 0
    found = _coloured(line, (np.s_[55:65, 15:25], RED), (np.s_[55:65, 95:105], BLUE))
    assert _all(found[30:90, 15:74], RED)
    assert _all(found[30:90, 86:105], BLUE)


def test_a_dab_beside_a_long_stroke_keeps_its_own_pixels() -> None:
    line = _page()
    line[100:102] = 0
    found = _coloured(line, (np.s_[50:53, 10:80], SKY), (np.s_[20:24, 90:94], SUN))
    assert _all(found[20:24, 90:94], SUN)
    assert _all(found[40:98, 10:80], SKY)


def test_a_nick_from_a_stroke_over_the_border_of_a_wide_room_does_not_count() -> None:
    found = _coloured(_box(), (np.s_[45:55, 50:97], RED), (np.s_[5:8, 5:110], SKY))
    assert _all(found[40:80, 40:80], RED)
    assert _all(found[30:90, 100:115], SKY)


def test_hatching_parts_no_room() -> None:
    line = np.full((400, 400), 255, np.uint8)
    cv2.circle(line, (200, 200), 150, 0, 3)
    for at in range(0, 120, 7):
        cv2.line(line, (150 + at // 2, 120 + at), (230 + at // 2, 100 + at), 0, 1)
    found = _coloured(line, (np.s_[290:300, 180:230], RED), gap=12)
    inside = cv2.circle(np.zeros_like(line), (200, 200), 145, 1, -1) > 0
    assert _all(found[inside], RED)


def test_what_is_to_stay_empty_is_a_colour_like_any_other() -> None:
    line, clear = _box(), np.zeros((120, 120), np.bool_)
    clear[10:13, 10:100] = True
    said = np.zeros((120, 120, 4), np.uint8)
    said[50:60, 40:70] = (*RED, 255)
    hints = Hints.of(Drawing.of(line), said, clear)
    found = assigned(hints.drawing, hints, 4)
    table = hints.colours[found.colour[found.places]]
    assert (table[:28, :, 3] == 0).all()
    assert (table[35:85, 35:85] == (*RED, 255)).all()


def test_colours_are_kept_to_the_last_bit_and_shades_of_one_stroke_are_one() -> None:
    line, said = _box(), np.zeros((120, 120, 4), np.uint8)
    said[50:60, 40:70] = (17, 203, 98, 255)
    said[60, 40:70] = (20, 200, 100, 90)  # its soft edge
    hints = Hints.of(Drawing.of(line), said, np.zeros(line.shape, np.bool_))
    assert hints.colours[:-1].tolist() == [[17, 203, 98, 255]]


def test_a_stroke_that_is_left_out_is_named_and_one_that_is_shown_is_not() -> None:
    hints = _hints(_box(), (np.s_[50:60, 40:70], RED), (np.s_[29:33, 40:80], GREEN))
    found = assigned(hints.drawing, hints, 4)
    named = hints.unheard(found.colour[found.places])
    assert len(named) == 1
    assert "50% from the left, 25% from the top" in named[0]
    hints = _hints(_box(), (np.s_[50:60, 40:70], RED))
    found = assigned(hints.drawing, hints, 4)
    assert hints.unheard(found.colour[found.places]) == []


def test_a_colour_that_is_all_under_what_is_to_stay_empty_is_no_stroke_that_was_left_out() -> None:
    said, clear = np.zeros((120, 120, 4), np.uint8), np.zeros((120, 120), np.bool_)
    said[50:60, 40:70], said[5:15, 5:25], clear[48:62, 38:72] = (*RED, 255), (*GREEN, 255), True
    hints = Hints.of(Drawing.of(_box()), said, clear)
    found = assigned(hints.drawing, hints, 4)
    assert hints.unheard(found.colour[found.places]) == []


def test_a_short_stroke_for_the_sky_fills_it_down_to_the_waves_beside_a_longer_one_for_the_sea() -> None:
    line = _page()
    cv2.rectangle(line, (35, 70), (85, 95), 0, 2)
    line[88:90, 5:25] = line[88:90, 96:115] = 0
    found = _coloured(line, (np.s_[8:11, 8:40], SKY), (np.s_[108:112, 5:115], RED))
    assert _all(found[5:60, 5:115], SKY)
    assert _all(found[102:118, 5:115], RED)
