"""Every way to blend that OpenRaster names, against the formulas of W3C's "Compositing and Blending Level 1"."""

import numpy as np
import pytest

from inkwash.daemon.files.samples import array_of, layer_of
from inkwash.daemon.pages.blending import KNOWN
from inkwash.daemon.pages.compositing import Extent, Sheet, flatten

BELOW, ABOVE = (204, 102, 51, 255), (51, 153, 204, 255)


def seen(blend: str, below: tuple[int, ...] = BELOW, above: tuple[int, ...] = ABOVE, opacity: float = 1.0) -> list[int]:
    sheets = [
        Sheet(layer_of(np.array([[below]], "u1"), "a")),
        Sheet(layer_of(np.array([[above]], "u1"), "b"), blend, opacity),
    ]
    return array_of(flatten(sheets, Extent(0, 0, 1, 1), "seen", depth="u8", icc=None))[0, 0].tolist()


@pytest.mark.parametrize(
    ("blend", "expected"),
    [
        ("normal", [51, 153, 204]),
        ("multiply", [41, 61, 41]),
        ("screen", [214, 194, 214]),
        ("overlay", [173, 122, 82]),
        ("darken", [51, 102, 51]),
        ("lighten", [204, 153, 204]),
        ("color-dodge", [255, 255, 255]),
        ("color-burn", [0, 0, 0]),
        ("hard-light", [82, 133, 173]),
        ("soft-light", [180, 114, 89]),
        ("difference", [153, 51, 153]),
        ("exclusion", [173, 133, 173]),
        ("plus", [255, 255, 255]),
    ],
)
def test_opaque_colours_are_blended_as_the_standard_has_it(blend: str, expected: list[int]) -> None:
    assert np.abs(np.subtract(seen(blend), expected)).max() <= 1


def test_hue_saturation_colour_and_lightness_come_from_where_they_should() -> None:
    luma = np.array([0.3, 0.59, 0.11])
    below, above = np.array(BELOW[:3]), np.array(ABOVE[:3])
    assert abs(luma @ seen("color") - luma @ below) < 2
    assert abs(luma @ seen("hue") - luma @ below) < 2
    assert abs(luma @ seen("luminosity") - luma @ above) < 2
    grey = seen("saturation", above=(128, 128, 128, 255))
    assert np.ptp(grey) <= 1
    assert abs(grey[0] - luma @ below) < 2


@pytest.mark.parametrize(
    ("blend", "expected"),
    [
        ("dst-in", [204, 102, 51, 51]),
        ("dst-out", [204, 102, 51, 77]),
        ("src-atop", [143, 122, 112, 128]),
        ("dst-atop", [128, 128, 128, 102]),
        ("plus", [136, 125, 119, 230]),
    ],
)
def test_operators_change_what_is_seen_through(blend: str, expected: list[int]) -> None:
    made = seen(blend, (204, 102, 51, 128), (51, 153, 204, 102))
    alpha = {"dst-in": 51, "dst-out": 77, "src-atop": 128, "dst-atop": 102, "plus": 230}[blend]
    assert abs(made[3] - alpha) <= 1
    if blend in ("dst-in", "dst-out", "src-atop"):
        assert np.abs(np.subtract(made, expected)).max() <= 1


@pytest.mark.parametrize("blend", sorted(KNOWN - {"dst-in", "dst-atop"}))
def test_what_is_transparent_or_of_no_opacity_changes_nothing(blend: str) -> None:
    assert seen(blend, above=(9, 200, 99, 0)) == list(BELOW[:3])
    assert seen(blend, opacity=0.0) == list(BELOW[:3])


@pytest.mark.parametrize("blend", sorted(KNOWN))
def test_any_colours_give_colours(blend: str) -> None:
    samples = np.random.default_rng(5).choice(np.array([0, 1, 128, 254, 255], "u1"), (2, 40, 40, 4))
    sheets = [Sheet(layer_of(samples[0], "a")), Sheet(layer_of(samples[1], "b", x=-3), blend, 0.7)]
    made = array_of(flatten(sheets, Extent(0, 0, 40, 40), "seen", depth="f32", icc=None))
    assert np.isfinite(made).all()
    assert made.min() >= 0
    assert made.max() <= 1
