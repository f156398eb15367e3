import cv2
import numpy as np
import pytest

from inkwash.models.colouring.painting import panels
from inkwash.models.drawing.drawing import SIDE, Drawing, everywhere


@pytest.mark.parametrize(("rows", "grey"), [(1, 0), (1, 150), (2, 128)])
@pytest.mark.parametrize("side", [300, 800, 3200])
def test_a_closed_fine_line_is_a_wall_at_any_size(side: int, rows: int, grey: int) -> None:
    line = np.full((side, side), 255, np.uint8)
    low, high = side // 4, 3 * side // 4
    for at in range(rows):
        line[low + at, low : high + rows] = line[high + at, low : high + rows] = grey
        line[low : high + rows, low + at] = line[low : high + rows, high + at] = grey
    line[side // 2 - 3 : side // 2 + 3, side // 2 - 3 : side // 2 + 3] = 0  # and something black
    drawing = Drawing.of(line)
    labels, middle = drawing.rooms.labels, 3 * drawing.plan.shape[0] // 8
    assert max(drawing.plan.shape) <= SIDE
    assert drawing.rooms.part[labels[middle, middle]] != drawing.rooms.part[labels[5, 5]]


def test_faint_lines_are_walls_only_where_they_go_on_from_sure_ones() -> None:
    line = np.full((200, 200), 255, np.uint8)
    line[100, :120], line[100, 120:] = 0, 160
    line[50] = 170
    line[150:153] = 0
    wall = Drawing.of(line).wall
    assert wall[100].all()
    assert not wall[50].any()


def test_the_same_lines_are_the_same_drawing() -> None:
    line = np.full((60, 60), 255, np.uint8)
    line[30] = 0
    assert Drawing.of(line) is Drawing.of(line.copy())
    other = line.copy()
    other[10] = 0
    assert Drawing.of(other) is not Drawing.of(line)


def test_every_pixel_without_a_label_takes_the_nearest_one() -> None:
    labels = np.zeros((40, 60), np.int32)
    labels[5, 5], labels[30, 50], labels[31, 50] = 7, 9, 9
    filled = everywhere(labels)
    assert filled[0, 0] == filled[10, 10] == 7
    assert filled[39, 59] == filled[25, 45] == 9


def test_rooms_know_how_many_sides_of_the_page_they_reach() -> None:
    line = np.full((100, 100), 255, np.uint8)
    cv2.rectangle(line, (30, 30), (70, 70), 0, 2)
    line[:30, 49:51] = 0
    drawing = Drawing.of(line)
    assert drawing.sides[drawing.owner[50, 50]] == 0
    assert drawing.sides[drawing.owner[5, 5]] >= 2


def test_a_page_with_narrow_gutters_is_seen_panel_by_panel() -> None:
    line = np.full((400, 300), 255, np.uint8)
    for corner in ((30, 30, 270, 160), (30, 172, 145, 370), (157, 172, 270, 370)):
        cv2.rectangle(line, corner[:2], corner[2:], 0, 2)
    cv2.circle(line, (90, 270), 40, 0, 12)  # a bold figure is no hole in its panel
    assert len(panels(Drawing.of(line))) == 3
