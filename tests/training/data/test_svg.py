import numpy as np
import pytest

from inkwash.training.data.svg import line_art, render

FACE = """<svg viewBox="0 0 100 100" xmlns="http://www.w3.org/2000/svg">
<circle cx="50" cy="50" r="40" fill="#ffcc00" stroke="#222222" stroke-width="4"/>
<g fill="#111111"><circle cx="35" cy="40" r="5"/></g>
<circle cx="60" cy="60" r="20" fill="#ff0000" style="opacity:0.3"/>
<rect x="40" y="65" width="20" height="6" fill="#3355ff"/>
</svg>"""


def _grey(svg: str) -> np.ndarray:
    rgba = render(svg, 100).astype(float)
    alpha = rgba[..., 3:] / 255
    return (rgba[..., :3] * alpha + 255 * (1 - alpha)).mean(-1)


def test_strokes_and_dark_fills_are_ink_and_the_rest_is_paper() -> None:
    lines = _grey(line_art(FACE))
    assert lines[50, 10] < 50  # the outline
    assert lines[40, 35] < 50  # the dark eye, its fill inherited
    assert lines[50, 50] > 250  # the yellow fill
    assert lines[68, 50] > 250  # the blue fill
    assert np.unique(lines[55:64, 55:75].round()).size == 1  # the translucent shape is gone


def test_shapes_without_outline_get_one_if_asked() -> None:
    assert _grey(line_art(FACE))[65, 50] > 200
    assert _grey(line_art(FACE, outline=2))[65, 50] < 100


def test_what_is_no_svg_is_refused() -> None:
    with pytest.raises(ValueError, match="line 1"):
        line_art("<svg")
    with pytest.raises(ValueError, match="token"):
        render("hello", 64)
