import cv2
import numpy as np
import pytest

from inkwash.training.evaluation.metrics import (
    earth_movers_distance,
    euclidean_difference,
    hint_error,
    measured,
    sift_similarity,
)


@pytest.fixture
def drawing() -> np.ndarray:
    rng = np.random.default_rng(0)
    picture = np.full((200, 200, 3), 255, np.uint8)
    for _ in range(25):
        x, y = (int(v) for v in rng.integers(20, 180, 2))
        cv2.circle(picture, (x, y), int(rng.integers(5, 20)), tuple(int(v) for v in rng.integers(0, 255, 3)), -1)
    return picture


def test_a_perfect_picture_has_perfect_figures(drawing: np.ndarray) -> None:
    figures = measured(drawing, drawing)
    assert figures == {"psnr": 100.0, "ssim": 1.0, "l1": 0.0, "emd": 0.0, "sift": 1.0, "euclidean": 0.0}


def test_black_for_white_is_as_far_as_can_be() -> None:
    black, white = np.zeros((64, 64, 3), np.uint8), np.full((64, 64, 3), 255, np.uint8)
    figures = measured(black, white)
    assert figures["l1"] == figures["emd"] == 1.0
    assert figures["euclidean"] == 100.0
    assert figures["psnr"] == 0.0


def test_histograms_do_not_see_where_a_colour_is(drawing: np.ndarray) -> None:
    assert earth_movers_distance(drawing[::-1], drawing) == 0
    assert euclidean_difference(drawing[::-1], drawing) > 5


def test_fewer_features_are_found_again_in_a_blurred_picture(drawing: np.ndarray) -> None:
    blurred = np.asarray(cv2.GaussianBlur(drawing, (0, 0), 6), np.uint8)
    assert sift_similarity(blurred, drawing) < sift_similarity(drawing, drawing) == 1.0
    assert sift_similarity(np.full_like(drawing, 255), drawing) == 0.0


def test_the_error_of_hints_is_that_inside_them(drawing: np.ndarray) -> None:
    hints = np.dstack([drawing, np.zeros((200, 200, 1), np.uint8)])
    assert hint_error(255 - drawing, hints) is None
    hints[:20, :, 3] = 255
    assert hint_error(drawing, hints) == 0
    assert hint_error(255 - drawing, hints) > 30
