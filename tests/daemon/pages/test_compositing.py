import numpy as np
import pytest

from inkwash.daemon.files.samples import array_of, layer_of
from inkwash.daemon.pages.compositing import BAND, Extent, Sheet, flatten, has_paper


def sheet(samples, blend="normal", opacity=1.0, x=0, y=0) -> Sheet:
    return Sheet(layer_of(np.array(samples), "sheet", x=x, y=y), blend, opacity)


def pixel(*colour: int) -> np.ndarray:
    return np.array([[colour]], "u1")


def seen(*sheets: Sheet, depth: str = "u8") -> list[int]:
    return array_of(flatten(sheets, Extent(0, 0, 1, 1), "seen", depth=depth, icc=None))[0, 0].tolist()


def test_the_topmost_opaque_layer_is_seen():
    assert seen(sheet(pixel(9, 9, 9)), sheet(pixel(1, 2, 3))) == [1, 2, 3]


def test_multiply_darkens_and_white_does_nothing():
    assert seen(sheet(pixel(100, 200, 50)), sheet(np.array([[255]], "u1"), "multiply")) == [100, 200, 50]
    assert seen(sheet(pixel(100, 200, 50)), sheet(pixel(128, 0, 255), "multiply")) == [50, 0, 50]


def test_multiply_over_nothing_shows_itself():
    assert seen(sheet(pixel(40, 50, 60, 128), "multiply")) == [40, 50, 60, 128]


def test_alpha_is_straight_before_and_after():
    assert seen(sheet(pixel(200, 100, 0)), sheet(pixel(0, 0, 200, 51))) == [160, 80, 40]
    assert seen(sheet(pixel(200, 100, 0, 0)), sheet(pixel(10, 20, 30, 40))) == [10, 20, 30, 40]
    assert seen(sheet(pixel(200, 100, 50), opacity=0.5)) == [200, 100, 50, 128]


def test_depths_mix_and_the_wanted_one_comes_out():
    deep = np.array([[[65535, 0, 257]]], "u2")
    assert seen(sheet(pixel(1, 1, 1)), sheet(deep)) == [255, 0, 1]
    assert seen(sheet(deep), depth="u16") == [65535, 0, 257]
    assert seen(sheet(np.array([[[1.0, 0.5, 0.0]]], "f4")), depth="u16") == [65535, 32768, 0]


def test_every_16_bit_sample_survives():
    samples = np.arange(65536, dtype="u2").reshape(256, 256)
    layer = flatten([sheet(samples)], Extent(0, 0, 256, 256), "a", depth="u16", icc=b"p")
    np.testing.assert_array_equal(array_of(layer)[..., 0], samples)
    assert layer.icc == b"p"


def test_places_count_and_what_is_outside_is_cut_off():
    red = sheet(np.full((4, 4, 3), (255, 0, 0), "u1"), x=-2, y=BAND - 1)
    samples = array_of(flatten([red], Extent(0, 0, 5, BAND + 50), "a", depth="u8", icc=None))
    expected = np.zeros((BAND + 50, 5, 4), "u1")
    expected[BAND - 1 : BAND + 3, :2] = (255, 0, 0, 255)
    np.testing.assert_array_equal(samples, expected)


@pytest.mark.parametrize(("drawn", "paper"), [(100, True), (60, True), (30, False), (0, False)])
def test_a_layer_that_covers_most_of_the_page_has_paper(drawn, paper):
    samples = np.zeros((10, 10, 4), "u1")
    samples.reshape(100, 4)[:drawn] = 255
    assert has_paper(layer_of(samples, "a")) is paper
    assert has_paper(layer_of(samples[..., :3], "a"))


def test_frames_meet_or_do_not():
    frame = Extent(0, 0, 10, 10)
    assert frame.meets(Extent(9, -5, 3, 6))
    assert not frame.meets(Extent(10, 0, 3, 3))
    assert not frame.meets(Extent(0, -3, 3, 3))
