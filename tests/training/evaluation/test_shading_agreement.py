"""How shading is judged."""

import cv2
import numpy as np
import pytest

from inkwash.training.evaluation.shading import shading

NONE = np.zeros((90, 90, 4), np.uint8)


def scene(contrast: float, *, sky: int = 200) -> np.ndarray:
    """A ball lit from above on a plain ground."""
    light = 1 + contrast * np.linspace(0.5, -0.5, 90)[:, None, None]
    ball = (np.array([160.0, 120, 90]) * light).clip(0, 255).astype(np.uint8) * np.ones((1, 90, 1), np.uint8)
    inside = np.zeros((90, 90), np.uint8)
    cv2.circle(inside, (45, 45), 30, 1, -1)
    return np.where(inside[..., None] > 0, ball, np.uint8(sky))


@pytest.fixture
def line() -> np.ndarray:
    return cv2.circle(np.full((90, 90), 255, np.uint8), (45, 45), 30, 0, 2)


def test_the_truth_agrees_with_itself_and_half_its_contrast_has_half_its_deviation(line: np.ndarray) -> None:
    assert shading(scene(0.8), scene(0.8), line, NONE) == pytest.approx((1, 1), abs=1e-6)
    assert shading(scene(0.4), scene(0.8), line, NONE) == pytest.approx((1, 0.5), abs=0.03)


def test_flats_correlate_by_nothing_whatever_their_colours(line: np.ndarray) -> None:
    assert shading(scene(0, sky=90), scene(0.8), line, NONE) == pytest.approx((0, 0), abs=1e-6)


def test_light_from_below_correlates_the_other_way(line: np.ndarray) -> None:
    correlation, _ = shading(scene(-0.8), scene(0.8), line, NONE)
    assert correlation is not None
    assert correlation < -0.9


def test_a_room_with_hints_of_two_colours_does_not_count(line: np.ndarray) -> None:
    hints = NONE.copy()
    hints[30:35, 40:45] = (200, 0, 0, 255)
    assert shading(scene(0.4), scene(0.8), line, hints) != (None, None)
    hints[60:65, 40:45] = (0, 200, 0, 255)
    assert shading(scene(0.4), scene(0.8), line, hints) == (None, None)


def test_a_flat_truth_has_no_shading_to_compare_with(line: np.ndarray) -> None:
    assert shading(scene(0.8), scene(0), line, NONE) == (None, None)
