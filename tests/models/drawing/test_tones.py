import cv2
import numpy as np

from inkwash.models.drawing.tones import tones


def _screen(level: float, pitch: float = 7) -> np.ndarray:
    """A dot screen (200, 200), True where it is inked."""
    y, x = np.mgrid[0:200, 0:200]
    u, v = (x + y) / np.sqrt(2), (y - x) / np.sqrt(2)
    return (np.cos(2 * np.pi * u / pitch) + np.cos(2 * np.pi * v / pitch)) / 4 + 0.5 > 1 - level


def _outline() -> np.ndarray:
    line = np.zeros((200, 200), np.uint8)
    cv2.circle(line, (100, 100), 60, 1, 4)
    return line > 0


def test_dots_are_tones_and_the_outline_between_them_is_none() -> None:
    tone = tones(_screen(0.25) | _outline())
    away = cv2.distanceTransform((~_outline()).astype(np.uint8), cv2.DIST_L2, 3) > 8
    assert tone[_screen(0.25) & away].mean() > 0.95
    assert not tone[cv2.erode(_outline().astype(np.uint8), np.ones((3, 3), np.uint8)) > 0].any()


def test_where_dots_run_into_each_other_it_is_tone_all_the_same() -> None:
    dark = _screen(0.7)
    dark[:, :60] = False
    tone = tones(dark)
    assert tone[40:160, 90:160][dark[40:160, 90:160]].mean() > 0.9


def test_a_few_freckles_and_a_dashed_line_are_no_tone() -> None:
    ink = np.zeros((200, 200), np.bool_)
    ink[50:54, 20:180:12] = True
    for x, y in ((80, 120), (90, 125), (100, 118), (110, 124)):
        ink[y : y + 3, x : x + 3] = True
    assert not tones(ink).any()
