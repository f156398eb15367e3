import cv2
import numpy as np
import pytest

from inkwash.models.drawing.twins import twins


def _labels(*shapes: np.ndarray) -> np.ndarray:
    """Regions of those shapes side by side, numbered from 2; 1 is around them."""
    labels = np.ones((60, 60 * len(shapes)), np.int32)
    for number, shape in enumerate(shapes):
        labels[5 : 5 + shape.shape[0], 60 * number + 5 :][:, : shape.shape[1]][shape] = number + 2
    return labels


def _ear(size: int = 40) -> np.ndarray:
    ear = np.zeros((size, size), np.uint8)
    cv2.fillPoly(ear, [np.array([(0, 0), (size - 1, size // 2), (size // 3, size - 1)])], 1)
    return ear > 0


def _disk(size: int = 40) -> np.ndarray:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)) > 0


@pytest.mark.parametrize("other", [_ear(), _ear()[:, ::-1], _ear()[::-1], _ear(42)])
def test_a_region_finds_the_one_of_its_shape_mirrored_too(other: np.ndarray) -> None:
    assert twins(_labels(_disk(), other, _ear()), [4], [2, 3]) == {4: 3}


@pytest.mark.parametrize("other", [_disk(), _ear(52), np.ones((40, 40), np.bool_)])
def test_another_shape_or_size_is_no_twin(other: np.ndarray) -> None:
    assert twins(_labels(other, _ear()), [3], [2]) == {}


def test_a_hurried_hand_s_second_ear_is_a_twin_if_it_is_large() -> None:
    hurried = np.zeros((42, 42), np.uint8)
    cv2.fillPoly(hurried, [np.array([(0, 0), (39, 22), (11, 39)])], 1)
    labels = _labels(hurried > 0, _ear())
    assert twins(labels, [3], [2]) == {3: 2}
    assert twins(np.pad(labels, 400, constant_values=1), [3], [2]) == {}


def test_specks_have_no_twins() -> None:
    assert twins(_labels(_disk(5), _disk(5)), [3], [2]) == {}
