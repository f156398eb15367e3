"""Print resolution survives, whatever the format; and PNG's older words for colour are heeded."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from inkwash.daemon.files import gamma, pictures
from inkwash.daemon.files.samples import layer_of
from inkwash.models.pictures.pixels import to_tensor


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif"])
@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_print_resolution_comes_back(tmp_path: Path, suffix: str, dtype: str) -> None:
    file = tmp_path / f"a{suffix}"
    pictures.write(layer_of(np.full((5, 6, 3), 200, dtype), "a"), file, dpi=(600, 300))
    assert pictures.read(file, "a").dpi == pytest.approx((600, 300), abs=0.5)
    pictures.write(layer_of(np.full((5, 6, 3), 200, dtype), "a"), file, force=True)
    assert pictures.read(file, "a").dpi in (None, (1, 1))


def test_centimetres_are_brought_to_inches(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "a.tif", resolution_unit=3, x_resolution=100, y_resolution=100)
    assert pictures.read(tmp_path / "a.tif", "a").dpi == pytest.approx((254, 254))


def _png(samples: np.ndarray, *chunks: tuple[bytes, bytes]) -> io.BytesIO:
    stream = io.BytesIO()
    Image.fromarray(samples).save(stream, "PNG")
    data = stream.getvalue()
    more = b"".join(struct.pack(">I", len(c)) + k + c + struct.pack(">I", zlib.crc32(k + c)) for k, c in chunks)
    return io.BytesIO(data[:33] + more + data[33:])


def _colour(stream: io.BytesIO) -> np.ndarray:
    layer = pictures.read(stream, "a").layer
    return to_tensor(layer, "rgb", layer)[0, :, 0, 0].numpy()


LINEAR, USUAL = (b"gAMA", struct.pack(">I", 100_000)), (b"gAMA", struct.pack(">I", 45_455))
WIDE = (b"cHRM", struct.pack(">8I", 31270, 32900, 70800, 29200, 17000, 79700, 13100, 4600))  # BT.2020's
SRGB_PRIMARIES = (b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000))


def test_a_linear_png_is_as_light_as_it_says() -> None:
    light = np.full((2, 2, 3), (55, 13, 137), "u1")  # of sRGB 128, 64, 192, in linear light
    assert _colour(_png(light, LINEAR)) == pytest.approx(np.array([128, 64, 192]) / 255, abs=0.012)
    assert _colour(_png(light[..., 0], LINEAR)) == pytest.approx(128 / 255, abs=0.012)


def test_wider_primaries_are_heeded_and_srgb_s_own_change_nothing() -> None:
    red = np.full((2, 2, 3), (255, 128, 128), "u1")
    assert (_colour(_png(red, USUAL, SRGB_PRIMARIES)) == _colour(_png(red))).all()
    assert np.abs(_colour(_png(red, USUAL, WIDE)) - _colour(_png(red))).max() > 0.03


@pytest.mark.parametrize("better", [(b"sRGB", b"\0"), (b"cICP", b"\1\x0d\0\1")])
def test_better_words_overrule_them(better: tuple[bytes, bytes]) -> None:
    grey = np.full((2, 2, 3), 100, "u1")
    assert (_colour(_png(grey, LINEAR, better)) == _colour(_png(grey))).all()


@pytest.mark.parametrize("chunk", [(b"gAMA", bytes(4)), (b"gAMA", b"\xff" * 4), (b"cHRM", bytes(32))])
def test_senseless_words_are_passed_over(chunk: tuple[bytes, bytes]) -> None:
    grey = np.full((2, 2, 3), 100, "u1")
    assert (_colour(_png(grey, chunk, *([USUAL] if chunk[0] == b"cHRM" else []))) == _colour(_png(grey))).all()


def test_the_profile_that_is_made_is_one_that_others_read() -> None:
    for grey in (False, True):
        made = gamma.profile_in(_png(np.zeros((1, 1, 3), "u1"), LINEAR, WIDE).getvalue(), grey=grey)
        assert made is not None
        assert ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(made))).strip() == "as the PNG says"
