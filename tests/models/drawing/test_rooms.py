from pathlib import Path

import cv2
import numpy as np

from inkwash.models.drawing.drawing import Drawing
from inkwash.models.drawing.rooms import rooms

DATA = Path(__file__).parents[2] / "data"


def _box(gap: int = 0) -> np.ndarray:
    """The wall of a box (120, 120), with an opening of `gap` pixels in its right side."""
    wall = np.zeros((120, 120), np.uint8)
    cv2.rectangle(wall, (30, 30), (90, 90), 1, 2)
    wall[60 : 60 + gap, 85:95] = 0
    return wall > 0


def test_inside_and_outside_have_no_door() -> None:
    found = rooms(_box())
    inside, outside = found.labels[60, 60], found.labels[5, 5]
    assert inside != outside
    assert inside not in found.doors
    assert found.part[inside] != found.part[outside]


def test_a_box_is_one_room_up_to_its_corners() -> None:
    assert len(np.unique(rooms(_box()).labels[32:89, 32:89])) == 1


def test_an_opening_is_a_door_and_its_clearance_half_of_its_width() -> None:
    found = rooms(_box(gap=9))
    inside = found.labels[60, 60]
    opening = found.opening[(found.doors == inside).any(1)]
    assert 3.5 <= opening.max() <= 5.5
    assert found.width[inside] > 20


def test_a_diagonal_line_of_one_pixel_parts_two_rooms() -> None:
    found = rooms(np.eye(80, dtype=np.bool_))
    assert found.labels[10, 60] != found.labels[60, 10]
    assert len(found.doors) == 0 or found.part[found.labels[10, 60]] != found.part[found.labels[60, 10]]


def test_a_corridor_that_opens_on_a_page_is_a_room_of_its_own() -> None:
    wall = np.zeros((200, 300), np.bool_)
    wall[80:82, :100] = wall[120:122, :100] = True
    found = rooms(wall)
    assert found.labels[100, 30] != found.labels[40, 200]


def test_no_sleeve_of_the_farmer_is_a_part_of_the_page() -> None:
    line, hints = (cv2.imread(str(DATA / f"openmoji-{name}.png"), cv2.IMREAD_UNCHANGED) for name in ("line", "hints"))
    labels = Drawing.of(line if line.ndim == 2 else line[..., :3].min(2)).rooms.labels
    assert (hints[..., 3] > 0).sum() > 1000
    assert labels[5, 5] not in labels[hints[..., 3] > 0]


def test_specks_are_no_rooms_and_a_page_of_ink_is_one() -> None:
    wall = np.ones((50, 50), np.bool_)
    wall[10:12, 10:12] = False
    wall[20:40, 20:40] = False
    assert len(rooms(wall)) == 2
    assert (rooms(np.ones((8, 8), np.bool_)).labels == 1).all()
