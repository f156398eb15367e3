import cv2
import numpy as np

from inkwash.models.regions import flats, regions


def _box(gap: int = 0) -> np.ndarray:
    """A square outline on white paper, (120, 120), with an opening of `gap` pixels in its right side."""
    line = np.full((120, 120), 255, np.uint8)
    cv2.rectangle(line, (30, 30), (90, 90), 0, 2)
    line[60 : 60 + gap, 85:95] = 255
    return line


def test_inside_and_outside_are_two_regions_and_lines_belong_to_one() -> None:
    labels = regions(_box(), 0)
    assert labels[60, 60] != labels[5, 5]
    assert labels.min() > 0
    assert len(np.unique(labels)) == 2


def test_an_opening_no_wider_than_the_gap_is_closed() -> None:
    assert regions(_box(gap=5), 6)[60, 60] != regions(_box(gap=5), 6)[5, 5]
    assert regions(_box(gap=5), 0)[60, 60] == regions(_box(gap=5), 0)[5, 5]


def test_a_region_narrower_than_the_gap_is_still_a_region() -> None:
    line = _box()
    cv2.rectangle(line, (50, 50), (56, 56), 0, 1)
    labels = regions(line, 10)
    assert labels[53, 53] != labels[70, 70]


def test_a_page_that_is_all_ink_has_one_region() -> None:
    assert (regions(np.zeros((8, 8), np.uint8), 3) == 1).all()


def test_a_hinted_region_takes_exactly_its_hint() -> None:
    line, painted = _box(), np.full((120, 120, 3), 200, np.uint8)
    hints = np.zeros((120, 120, 4), np.uint8)
    hints[50:55, 50:60] = (255, 10, 20, 255)
    hints[57, 50] = (0, 0, 255, 255)  # a slip of the pen
    labels = regions(line, 0)
    flat = flats(labels, painted, line, hints)
    assert tuple(flat[60, 60]) == (255, 10, 20)
    assert tuple(flat[5, 5]) == (200, 200, 200)


def test_an_open_outline_keeps_its_hint_where_it_was_painted_and_pours_it_nowhere() -> None:
    line, painted = _box(gap=20), np.full((120, 120, 3), 250, np.uint8)
    painted[32:88, 32:88] = (240, 10, 10)
    hints = np.zeros((120, 120, 4), np.uint8)
    hints[50:55, 50:60] = (255, 0, 0, 255)
    flat = flats(regions(line, 0), painted, line, hints)
    assert tuple(flat[80, 40]) == (255, 0, 0)
    assert tuple(flat[5, 5]) == (250, 250, 250)


def test_two_hints_in_one_region_share_it_as_it_was_painted() -> None:
    line, painted = _box(), np.full((120, 120, 3), 250, np.uint8)
    painted[30:60, 30:90], painted[60:90, 30:90] = (200, 40, 40), (40, 40, 200)
    hints = np.zeros((120, 120, 4), np.uint8)
    hints[40:45, 50:60], hints[80:85, 50:60] = (255, 0, 0, 255), (0, 0, 255, 255)
    flat = flats(regions(line, 0), painted, line, hints)
    assert tuple(flat[35, 80]) == (255, 0, 0)
    assert tuple(flat[85, 80]) == (0, 0, 255)
    assert tuple(flat[5, 5]) == (250, 250, 250)
