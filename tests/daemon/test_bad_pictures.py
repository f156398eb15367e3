"""Picture files that are damaged, hostile or too large: each is refused with a sentence."""

import contextlib
import io
import random
import resource
from pathlib import Path

import numpy as np
import pytest
import tifffile
from picture_files import SRGB, noise, png_of, saved
from PIL import Image

from inkwash.daemon.files import pictures
from inkwash.daemon.files.samples import layer_of
from inkwash.models.errors import BadPicture


def refusal(file: Path, **bounds: int) -> str:
    with pytest.raises(BadPicture) as caught:
        pictures.read(file, "a", bounds=pictures.Bounds(**bounds))
    assert caught.value.hint
    assert str(file) in caught.value.message
    return caught.value.message


def test_a_missing_file_is_named(tmp_path):
    assert "There is no file" in refusal(tmp_path / "gone.png")


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "a.png").touch()
    assert "is empty" in refusal(tmp_path / "a.png")


def test_what_is_no_picture_is_refused(tmp_path):
    (tmp_path / "a.png").write_bytes(b"PK\x03\x04 something else" * 9)
    assert "not a picture" in refusal(tmp_path / "a.png")


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.tif", "a.gif"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_truncated_picture_is_refused(tmp_path, name, part, capfd):
    Image.fromarray(noise(80, 80, 3)).save(tmp_path / name)
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data[: int(len(data) * part)])
    assert "damaged" in refusal(tmp_path / name)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["a.png", "a.tif", "lzw.tif"])
def test_a_truncated_16_bit_picture_is_refused_without_noise(tmp_path, name, capfd):
    samples = noise(80, 80, dtype="u2")
    if name == "lzw.tif":
        saved(Image.fromarray(samples), tmp_path / name, compression="tiff_lzw")
    else:
        pictures.write(layer_of(samples, "a"), tmp_path / name)
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data[: len(data) // 2])
    assert "damaged" in refusal(tmp_path / name)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_damage_inside_a_tiff_is_said_without_noise(tmp_path, capfd, dtype):
    saved(Image.fromarray(noise(80, 80, dtype=dtype)), tmp_path / "a.tif", compression="tiff_lzw")
    data = bytearray((tmp_path / "a.tif").read_bytes())
    data[200:400] = bytes(200)
    (tmp_path / "a.tif").write_bytes(data)
    assert "damaged" in refusal(tmp_path / "a.tif")
    assert capfd.readouterr() == ("", "")


def test_a_png_that_lies_about_its_length_takes_no_memory(tmp_path):
    """Some decoders take 4 GB for these 200 bytes."""
    data = bytearray(pictures.encode(layer_of(np.zeros((5, 5), "u2"), "a"), ".png"))
    at = data.index(b"IDAT")
    data[at - 4 : at] = b"\xff\xff\xff\xf0"
    (tmp_path / "a.png").write_bytes(data)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "damaged" in refusal(tmp_path / "a.png")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000  # kB


@pytest.mark.parametrize("seed", range(300))
def test_damaged_bytes_give_a_picture_or_a_sentence(seed):
    chance = random.Random(seed)
    suffix = chance.choice([".png", ".jpg", ".webp", ".tif"])
    samples = noise(9, 8, 3, dtype=chance.choice(["u1", "u2"]))
    data = bytearray(pictures.encode(layer_of(samples, "a", icc=SRGB), suffix))
    for _ in range(chance.choice([1, 3, 20])):
        at = chance.randrange(len(data))
        data[at : at + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
    with contextlib.suppress(BadPicture):
        pictures.read(io.BytesIO(data), "a")


def test_a_picture_without_pixels_is_refused(tmp_path):
    (tmp_path / "a.png").write_bytes(png_of(0, 0, 8, 2, b""))
    refusal(tmp_path / "a.png")


def test_one_pixel_is_a_picture(tmp_path):
    file = saved(Image.new("RGB", (1, 1), "red"), tmp_path / "a.jpg")
    assert pictures.read(file, "a").layer.size == 3


def test_a_very_wide_picture_is_refused_before_it_is_decoded(tmp_path):
    (tmp_path / "a.png").write_bytes(png_of(40_000, 1, 8, 2, b"\0"))
    assert "40000 x 1 pixels; 32768 on a side" in refusal(tmp_path / "a.png")


@pytest.mark.parametrize("bits", [8, 16])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(tmp_path, bits):
    (tmp_path / "a.png").write_bytes(png_of(30_000, 30_000, bits, 2, b"\0"))
    assert "30000 x 30000 pixels; 128 million pixels" in refusal(tmp_path / "a.png")
    tifffile.memmap(tmp_path / "a.tif", shape=(30_000, 30_000), dtype="u2", photometric="minisblack").flush()
    assert "30000 x 30000 pixels" in refusal(tmp_path / "a.tif")


def test_the_limits_are_the_callers(tmp_path):
    file = saved(Image.new("L", (20, 10)), tmp_path / "a.png")
    assert "100 pixels" not in refusal(file, pixels=199)
    assert "20 x 10" in refusal(file, side=19)
    assert pictures.read(file, "a", bounds=pictures.Bounds(200, 20)).layer.width == 20


def test_a_picture_too_wide_for_webp_says_what_to_use(tmp_path):
    with pytest.raises(pictures.NotSaved, match="16383") as caught:
        pictures.write(layer_of(np.zeros((1, 17_000), "u1"), "a"), tmp_path / "a.webp")
    assert "PNG" in caught.value.hint


def test_an_unknown_suffix_is_refused(tmp_path):
    with pytest.raises(pictures.NotSaved, match=r"\.psd"):
        pictures.write(layer_of(np.zeros((1, 1), "u1"), "a"), tmp_path / "a.psd")
    assert list(tmp_path.iterdir()) == []
