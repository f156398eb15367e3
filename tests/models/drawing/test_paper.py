import cv2
import numpy as np
import pytest

from inkwash.models.drawing.paper import darkest, levelled
from inkwash.models.errors import BadPicture


def _lines(height: int = 64, width: int = 96) -> np.ndarray:
    line = np.full((height, width), 255, np.uint8)
    line[:, width // 2] = 0
    return line


@pytest.mark.parametrize("grey", [0, 255, 120])
def test_an_empty_line_layer_is_refused_in_words(grey: int) -> None:
    with pytest.raises(BadPicture, match="empty"):
        levelled(np.full((20, 20), grey, np.uint8))


def test_grey_pencil_on_grey_paper_is_levelled() -> None:
    levels, dark = levelled((150 + _lines() // 5).astype(np.uint8))
    assert not dark
    assert np.abs(levels.astype(int) - _lines()).max() <= 2


def test_light_lines_on_dark_paper_are_turned_round() -> None:
    levels, dark = levelled(255 - _lines())
    assert dark
    assert (levels == _lines()).all()


def test_a_single_line_in_a_corner_is_not_overlooked() -> None:
    line = np.full((3000, 10), 255, np.uint8)
    line[1501, 3] = 0
    assert levelled(line)[0][1501, 3] == 0


def test_a_scan_with_a_shadow_over_half_of_it_has_white_paper_everywhere() -> None:
    line = np.full((400, 400), 255, np.uint8)
    cv2.circle(line, (200, 200), 120, 60, 3)
    shadow = np.linspace(0.62, 0.96, 400)[None]
    levels, _ = levelled((line * shadow).astype(np.uint8))
    assert levels[line == 255].min() > 215
    assert levels[line == 60].max() < 60


def test_what_is_filled_with_black_is_no_shadow() -> None:
    line = _lines(400, 400)
    line[100:300, 40:160] = 0
    assert levelled(line)[0][110:290, 50:150].max() == 0


def test_no_line_is_lost_however_far_the_page_is_reduced() -> None:
    small = darkest(_lines(512, 515), 4)
    assert small.shape == (128, 129)
    assert (small == 0).any(1).all()
    assert (small == 0).sum() == 128
