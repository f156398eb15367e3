"""Panels of a page, each with a backdrop of its own."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from inkwash.models.shading.bodies import find
from inkwash.models.shading.relief import relief

SKY, SKIN, WHITE = (180, 220, 250), (250, 210, 180), (255, 255, 255)
BOXES = ((20, 20, 280, 140), (20, 160, 140, 380), (160, 160, 280, 380))  # left, top, right, bottom


@pytest.fixture
def page() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Flats (400, 300, 4) and lines of three panels; in each a figure before the sky, cut off below; a balloon."""
    flats, lines = np.full((400, 300, 4), 255, np.uint8), np.full((400, 300), 255, np.uint8)
    for left, top, right, bottom in BOXES:
        flats[top:bottom, left:right, :3] = SKY
        inside = flats[top:bottom, left:right]
        middle = ((right - left) // 2, bottom - top)
        cv2.ellipse(inside, middle, ((right - left) // 4, (bottom - top) // 2), 0, 0, 360, (*SKIN, 255), -1)
        cv2.rectangle(lines, (left, top), (right, bottom), 0, 3)
    cv2.circle(flats, (60, 55), 20, (*WHITE, 255), -1)
    cv2.circle(lines, (60, 55), 20, 0, 2)
    return flats, lines


def test_each_frame_is_a_panel_without_its_frame(page: tuple[NDArray[np.uint8], NDArray[np.uint8]]) -> None:
    flats, lines = page
    found = sorted((box[1].start, box[0].start) for box in find(flats, 1 - lines / np.float32(255)).panels)
    assert len(found) == 3
    for (left, top), (wanted_left, wanted_top) in zip(found, sorted((x, y) for x, y, _, _ in BOXES), strict=True):
        assert 0 <= left - wanted_left <= 3
        assert 0 <= top - wanted_top <= 3


def test_figures_are_bodies_and_skies_gutters_and_balloons_are_none(
    page: tuple[NDArray[np.uint8], NDArray[np.uint8]],
) -> None:
    solid = find(page[0], 1 - page[1] / np.float32(255)).solid
    assert solid[120, 150]
    assert solid[350, 80]
    assert solid[350, 220]
    for sky_or_paper in ((40, 250), (180, 40), (200, 270), (150, 150), (5, 5), (55, 60)):
        assert not solid[sky_or_paper]


def test_a_figure_goes_on_beyond_its_panel(page: tuple[NDArray[np.uint8], NDArray[np.uint8]]) -> None:
    slope, _ = relief(*page, reach=1.0)
    assert abs(slope[376, 80, 1]) < 0.25  # at the frame it is cut off at
    assert slope[285, 80, 1] < -0.5  # and at its top


def test_a_page_without_gutters_is_one_panel() -> None:
    flats = np.full((200, 200, 4), 255, np.uint8)
    flats[:100, :, :3], flats[100:, :, :3] = SKY, SKIN
    (box,) = find(flats, np.zeros((200, 200), np.float32)).panels
    assert box == (slice(0, 200), slice(0, 200))
