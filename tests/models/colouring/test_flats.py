import cv2
import numpy as np

from inkwash.models.colouring.flats import by_lot, flats, without_crumbs
from inkwash.models.drawing.drawing import Drawing


def _whole(line: np.ndarray) -> tuple[Drawing, np.ndarray]:
    """A drawing, and the connected paper of the plan that each of the page's pixels belongs to."""
    drawing = Drawing.of(line)
    part = drawing.rooms.part[drawing.owner]
    page = flats(drawing, part, by_lot(int(part.max()) + 1))
    number = page[..., 0].astype(int) << 16 | page[..., 1].astype(int) << 8 | page[..., 2]
    return drawing, number


def test_a_large_page_keeps_its_thinnest_line_and_its_edges_lie_at_it() -> None:
    line = np.full((1500, 5000), 255, np.uint8)
    line[:, 2503] = 0
    _, number = _whole(line)
    assert len(np.unique(number[:, :2503])) == 1
    assert len(np.unique(number[:, 2504:])) == 1
    assert number[0, 0] != number[0, -1]


def test_on_a_large_page_no_colour_crosses_a_line() -> None:
    line = np.full((2700, 3000), 255, np.uint8)
    for radius in range(150, 1300, 190):  # rings, which pass through many tiles
        cv2.circle(line, (1500, 1350), radius, 0, 2)
    cv2.line(line, (0, 0), (2999, 2699), 0, 3)
    cv2.circle(line, (2400, 300), 9, 0, 2)  # a ring of a few pixels
    _, number = _whole(line)
    count, parts, figures, _ = cv2.connectedComponentsWithStats((line > 0).astype(np.uint8), connectivity=4)
    inside = [np.unique(number[parts == one]) for one in range(1, count) if figures[one, cv2.CC_STAT_AREA] > 50]
    assert len(inside) > 15
    assert all(len(own) == 1 for own in inside)


def test_an_edge_on_open_paper_has_no_saw_teeth_on_a_large_page() -> None:
    line = np.full((2400, 2400), 255, np.uint8)
    line[:5] = 0
    drawing = Drawing.of(line)
    y, x = np.mgrid[0:1200, 0:1200]
    numbers = (y + x > 1300).astype(np.int32)
    page = flats(drawing, numbers, np.array([[0, 0, 0, 255], [255, 255, 255, 255]], np.uint8))
    edge = (page[100:2200, :, 0] > 0).argmax(1)
    assert (np.abs(np.diff(edge[edge > 0])) <= 1).mean() > 0.9


def test_colours_drawn_by_lot_are_all_different() -> None:
    assert len(np.unique(by_lot(5000), axis=0)) == 5000


def test_pieces_of_less_than_four_pixels_go_with_what_is_around_them() -> None:
    kinds = np.zeros((40, 40), np.int32)
    kinds[5, 5] = kinds[10, 10:12] = kinds[15, 10:13] = kinds[20, 5] = kinds[20, 6] = kinds[21, 6] = 1
    left = np.zeros_like(kinds)
    left[30, 10:14] = left[34:36, 20:22] = left[25:28, 30] = left[28, 30:40] = 1
    assert (without_crumbs(kinds + left) == left).all()
