import cv2
import numpy as np

from inkwash.models.containment import contained

RED = (0.8, 0.1, 0.1)


def _page() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Colour, line and hints of a box that is hinted red and painted red, (120, 120)."""
    line = np.full((120, 120), 255, np.uint8)
    cv2.rectangle(line, (30, 30), (90, 90), 0, 2)
    colour = np.ones((120, 120, 3), np.float32)
    colour[30:90, 30:90] = RED
    hints = np.zeros((120, 120, 4), np.uint8)
    hints[50:60, 40:70] = (204, 26, 26, 255)
    return colour, line, hints


def test_what_came_in_from_outside_takes_the_hint_s_colour() -> None:
    colour, line, hints = _page()
    colour[80:88, 80:88] = (0.2, 0.4, 0.9)
    assert np.allclose(contained(colour, line, hints, 4)[84, 84], RED, atol=0.01)


def test_shading_stays() -> None:
    colour, line, hints = _page()
    colour[80:88, 80:88] = (0.7, 0.05, 0.05)
    assert np.allclose(contained(colour, line, hints, 4)[40:88, 40:88], colour[40:88, 40:88])


def test_what_lies_open_or_unhinted_is_left_alone() -> None:
    colour, line, hints = _page()
    colour[5:20, 5:20] = (0.2, 0.4, 0.9)
    hints[100:110, 10:100] = (255, 255, 255, 255)
    assert np.allclose(contained(colour, line, hints, 4)[5:20, 5:20], (0.2, 0.4, 0.9))
