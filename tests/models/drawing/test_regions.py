import cv2
import numpy as np

from inkwash.models.drawing.regions import everywhere, reduced, refined, regions


def _box(gap: int = 0) -> np.ndarray:
    """A square outline on white paper, (120, 120), with an opening of `gap` pixels in its right side."""
    line = np.full((120, 120), 255, np.uint8)
    cv2.rectangle(line, (30, 30), (90, 90), 0, 2)
    line[60 : 60 + gap, 85:95] = 255
    return line


def _whole(labels: np.ndarray, small: np.ndarray, line: np.ndarray) -> np.ndarray:
    """What `refined` gives tile by tile; every pixel of the page just once."""
    whole = np.zeros(line.shape, np.int32)
    for window, tile in refined(labels, small, line):
        assert not whole[window].any()
        whole[window] = tile
    assert whole.all()
    return whole


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


def test_a_strip_between_two_lines_is_not_taken_over_from_beyond_them() -> None:
    line = np.full((100, 100), 255, np.uint8)
    line[:, 40:42] = line[:, 46:48] = 0
    labels = regions(line, 12)
    assert len({int(labels[50, x]) for x in (10, 43, 80)}) == 3


def test_corners_belong_to_their_region_however_wide_the_gap() -> None:
    line = _box()
    labels = regions(line, 16)
    assert labels[33, 33] == labels[60, 60] == labels[87, 87]


def test_every_pixel_without_a_label_takes_the_nearest_one() -> None:
    labels = np.zeros((40, 60), np.int32)
    labels[5, 5], labels[30, 50], labels[31, 50] = 7, 9, 9
    filled = everywhere(labels)
    assert filled[0, 0] == filled[10, 10] == 7
    assert filled[39, 59] == filled[25, 45] == 9


def test_a_large_page_keeps_its_thinnest_line_and_its_edges_lie_at_it() -> None:
    line = np.full((1500, 5000), 255, np.uint8)
    line[:, 2503] = 0
    small = reduced(line)
    assert max(small.shape) == 2048
    labels = _whole(regions(small, 2), small, line)
    assert len(np.unique(labels[:, :2503])) == 1
    assert len(np.unique(labels[:, 2504:])) == 1
    assert labels[0, 0] != labels[0, -1]


def test_on_a_large_page_no_label_crosses_a_line_and_small_and_black_parts_keep_theirs() -> None:
    line = np.full((2700, 3000), 255, np.uint8)
    for radius in range(150, 1300, 190):  # rings, which pass through many tiles
        cv2.circle(line, (1500, 1350), radius, 0, 2)
    cv2.line(line, (0, 0), (2999, 2699), 0, 3)
    cv2.circle(line, (600, 2000), 130, 0, -1)  # a black spot
    cv2.circle(line, (2400, 300), 6, 0, 2)  # a ring of a few pixels
    small = reduced(line)
    labels = _whole(regions(small, 0), small, line)
    count, parts, figures, _ = cv2.connectedComponentsWithStats((line > 0).astype(np.uint8), connectivity=4)
    found = [np.unique(labels[parts == part]) for part in range(1, count) if figures[part, cv2.CC_STAT_AREA] > 50]
    assert len(found) > 15
    assert all(len(own) == 1 for own in found)
    names = [int(own[0]) for own in found]
    assert sorted(names) == np.unique(labels).tolist()  # each its own, and nothing else
