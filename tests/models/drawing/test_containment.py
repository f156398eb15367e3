import cv2
import numpy as np

from inkwash.models.drawing.containment import contained

RED = (0.8, 0.1, 0.1)


def _page() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Colour, line and hints of a box that is hinted red and painted red, (120, 120)."""
    line = np.full((120, 120), 255, np.uint8)
    cv2.rectangle(line, (30, 30), (90, 90), 0, 2)
    colour = np.ones((120, 120, 3), np.float32)
    colour[30:90, 30:90] = RED
    hints = np.zeros((120, 120, 4), np.uint8)
    hints[50:60, 40:70] = (204, 26, 26, 255)
    return colour, line, hints


def test_what_came_in_from_outside_takes_the_hint_s_colour() -> None:
    colour, line, hints = _page()
    colour[80:88, 80:88] = (0.2, 0.4, 0.9)
    assert np.allclose(contained(colour, line, hints, 4)[84, 84], RED, atol=0.01)


def test_shading_stays() -> None:
    colour, line, hints = _page()
    colour[80:88, 80:88] = (0.7, 0.05, 0.05)
    assert np.allclose(contained(colour, line, hints, 4)[40:88, 40:88], colour[40:88, 40:88])


def test_a_faint_stain_of_another_hue_is_taken_out_of_a_shade() -> None:
    colour, line, hints = _page()
    colour[80:88, 80:88] = (0.7, 0.22, 0.08)  # a shade of the red, with some green in it
    seen = contained(colour, line, hints, 4)[84, 84]
    assert np.allclose(seen, (0.715, 0.089, 0.089), atol=0.01)


def test_an_unhinted_region_takes_the_colour_that_most_of_it_has() -> None:
    colour, line, hints = _page()
    hints[:] = 0
    colour[60:88, 34:60] = (0.2, 0.4, 0.9)
    colour[40:50, 40:50] = (0.76, 0.14, 0.1)  # a guess that wavers
    assert np.allclose(contained(colour, line, hints, 4)[34:88, 34:88], RED, atol=0.02)


def test_what_is_said_of_an_ear_holds_for_the_other() -> None:
    colour, line = np.ones((120, 240, 3), np.float32), np.full((120, 240), 255, np.uint8)
    for corners in ([(20, 20), (90, 60), (40, 100)], [(219, 20), (149, 60), (199, 100)]):
        cv2.polylines(line, [np.array(corners)], True, 0, 2)
    hints = np.zeros((120, 240, 4), np.uint8)
    hints[55:60, 40:60] = (204, 26, 26, 255)
    kept = contained(colour, line, hints, 4)
    assert np.allclose(kept[60, 190], RED, atol=0.01)
    assert kept[10].min() == 1


def test_open_paper_with_a_hint_keeps_the_hint_s_colour_and_no_stain_of_another() -> None:
    colour, line, hints = _page()
    colour[100:110, 10:40] = RED
    hints[104:106, 18:32] = (204, 26, 26, 255)
    colour[5:20, 5:20] = (0.8, 0.7, 0.6)
    kept = contained(colour, line, hints, 4)
    assert np.allclose(kept[100:110, 10:40], RED)
    assert kept[5:20, 5:20].min() > 0.99


def test_far_from_its_hint_a_stroke_s_colour_is_a_stain_on_open_paper() -> None:
    colour, line, hints = _page()
    colour[100:110, 10:110] = RED
    hints[104:106, 10:20] = (204, 26, 26, 255)
    kept = contained(colour, line, hints, 4)
    assert np.allclose(kept[100:110, 10:28], RED)
    assert kept[100:110, 60:].min() > 0.99


def test_an_open_region_that_is_not_paper_is_left_alone() -> None:
    colour, line, hints = _page()
    colour[:] = (0.4, 0.6, 0.9)
    colour[5:20, 5:20] = (0.9, 0.8, 0.5)
    hints[100:110, 10:20] = (100, 150, 230, 255)
    assert np.allclose(contained(colour, line, hints, 4)[5:20, 5:20], (0.9, 0.8, 0.5))


def test_a_long_stroke_on_the_backdrop_fills_it_up_to_the_lines() -> None:
    colour, line, hints = _page()
    hints[10:13, 10:100] = (150, 205, 235, 255)
    kept = contained(colour, line, hints, 4)
    assert np.allclose(kept[[2, 60, 117], [2, 110, 60]], np.array([150, 205, 235]) / 255)
    assert np.allclose(kept[60, 80], RED, atol=0.01)


def test_white_beside_such_a_stroke_keeps_the_paper() -> None:
    colour, line, hints = _page()
    hints[10:13, 10:100] = (150, 205, 235, 255)
    hints[105:108, 10:100] = 255
    assert contained(colour, line, hints, 4)[100, 110].min() > 0.99


def test_a_stroke_in_an_open_sleeve_does_not_fill_the_backdrop() -> None:
    colour, line, hints = np.ones((120, 120, 3), np.float32), np.full((120, 120), 255, np.uint8), _page()[2] * 0
    line[40:42, 30:120] = line[70:72, 30:120] = line[40:72, 100:102] = 0
    hints[54:57, 40:90] = (204, 26, 26, 255)
    colour[42:70, 40:100] = RED
    kept = contained(colour, line, hints, 4)
    assert np.allclose(kept[50, 80], RED)
    assert kept[:38].min() == kept[74:].min() == 1


def test_sky_and_sea_meet_where_a_broken_horizon_would_go_on() -> None:
    colour, line, hints = np.ones((120, 120, 3), np.float32), np.full((120, 120), 255, np.uint8), _page()[2] * 0
    line[80:82, 5:52] = line[80:82, 62:115] = 0
    hints[8:11, 10:40] = (150, 205, 235, 255)  # far from the horizon
    hints[90:93, 10:110] = (70, 120, 200, 255)  # near to it
    kept = contained(colour, line, hints, 4)
    assert np.allclose(kept[5:76], np.array([150, 205, 235]) / 255)
    assert np.allclose(kept[86:], np.array([70, 120, 200]) / 255)


def test_a_sun_dabbed_into_the_sky_stays() -> None:
    colour, line, hints = np.ones((120, 120, 3), np.float32), np.full((120, 120), 255, np.uint8), _page()[2] * 0
    line[100:102] = 0
    hints[50:53, 10:80] = (150, 205, 235, 255)
    hints[20:24, 90:94] = (240, 200, 60, 255)
    cv2.circle(colour, (92, 22), 8, (240 / 255, 200 / 255, 60 / 255), -1)
    kept = contained(colour, line, hints, 4)
    assert np.allclose(kept[16:28, 88:96], np.array([240, 200, 60]) / 255)
    assert np.allclose(kept[:98, :80], np.array([150, 205, 235]) / 255)
    assert np.allclose(kept[40:98], np.array([150, 205, 235]) / 255)


def test_without_anything_between_them_two_backdrops_meet_half_way() -> None:
    colour, line, hints = np.ones((120, 120, 3), np.float32), np.full((120, 120), 255, np.uint8), _page()[2] * 0
    line[50:70, 60] = 0
    hints[2:5, 10:110] = (150, 205, 235, 255)
    hints[112:115, 10:110] = (70, 120, 200, 255)
    kept = contained(colour, line, hints, 4)
    assert np.allclose(kept[:52, 5:40], np.array([150, 205, 235]) / 255)
    assert np.allclose(kept[66:, 5:40], np.array([70, 120, 200]) / 255)
