"""Picture files of every kind that is read and written."""

import io
import os
import struct
from pathlib import Path

import numpy as np
import pytest
import tifffile
from picture_files import SRGB, chunk, noise, png_of, saved
from PIL import Image

from inkwash.daemon.files import pictures
from inkwash.daemon.files.samples import array_of, layer_of

GREY_PROFILE = b"\0" * 16 + b"GRAY" + b"\0" * 108


@pytest.mark.parametrize("suffix", [".png", ".tif", ".webp"])
@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3), (5, 7, 4), (1, 1, 3)])
def test_8_bit_pictures_survive_lossless_files(tmp_path, suffix, shape):
    samples = noise(*shape)
    file = tmp_path / f"a{suffix}"
    pictures.write(layer_of(samples, "a"), file)
    layer = pictures.read(file, "line").layer
    assert (layer.name, layer.depth, layer.width, layer.height) == ("line", "u8", shape[1], shape[0])
    if suffix == ".webp" and samples.ndim == 2:
        samples = np.stack([samples] * 3, axis=-1)  # WebP has no grey
    np.testing.assert_array_equal(array_of(layer), samples)


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3), (5, 7, 4)])
def test_16_bit_pictures_keep_16_bits(tmp_path, suffix, shape):
    samples = noise(*shape, dtype="u2")
    pictures.write(layer_of(samples, "a"), tmp_path / f"a{suffix}")
    layer = pictures.read(tmp_path / f"a{suffix}", "a").layer
    assert layer.depth == "u16"
    np.testing.assert_array_equal(array_of(layer), samples)


@pytest.mark.parametrize("dtype", ["f2", "f4"])
@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3), (5, 7, 4)])
def test_floating_tiffs_keep_their_samples(tmp_path, dtype, shape):
    samples = noise(*shape, dtype=dtype)
    pictures.write(layer_of(samples, "a"), tmp_path / "a.tif")
    layer = pictures.read(tmp_path / "a.tif", "a").layer
    assert layer.depth == {"f2": "f16", "f4": "f32"}[dtype]
    np.testing.assert_array_equal(array_of(layer), samples)


def test_floats_become_16_bit_in_a_png_and_8_bit_in_a_jpeg(tmp_path):
    layer = layer_of(np.array([[[0, 0.5, 2], [np.nan, 1, -1]]], "f4"), "a")
    pictures.write(layer, tmp_path / "a.png")
    pictures.write(layer, tmp_path / "a.jpg")
    deep = array_of(pictures.read(tmp_path / "a.png", "a").layer)
    np.testing.assert_array_equal(deep, [[[0, 32768, 65535], [0, 65535, 0]]])
    assert pictures.read(tmp_path / "a.jpg", "a").layer.depth == "u8"


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif"])
@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_the_colour_profile_is_kept(tmp_path, suffix, dtype):
    pictures.write(layer_of(noise(4, 4, 3, dtype=dtype), "a", icc=SRGB), tmp_path / f"a{suffix}")
    assert pictures.read(tmp_path / f"a{suffix}", "a").layer.icc == SRGB


def test_an_rgb_profile_in_a_grey_file_is_not_believed(tmp_path):
    file = saved(Image.new("L", (3, 3), 90), tmp_path / "a.png", icc_profile=SRGB)
    assert pictures.read(file, "a").layer.icc is None
    file = saved(Image.new("L", (3, 3), 90), tmp_path / "b.png", icc_profile=GREY_PROFILE)
    assert pictures.read(file, "a").layer.icc == GREY_PROFILE


def test_bilevel_becomes_black_and_white(tmp_path):
    image = Image.new("1", (2, 1), 1)
    image.putpixel((0, 0), 0)
    for name in ("a.png", "a.tif"):
        layer = pictures.read(saved(image, tmp_path / name), "a").layer
        assert layer.model == "GRAY"
        np.testing.assert_array_equal(array_of(layer), [[0, 255]])


def test_grey_with_alpha_becomes_rgba(tmp_path):
    layer = pictures.read(saved(Image.new("LA", (2, 2), (90, 40)), tmp_path / "a.png"), "a").layer
    np.testing.assert_array_equal(array_of(layer)[0, 0], [90, 90, 90, 40])


def test_16_bit_grey_with_alpha_keeps_both(tmp_path):
    samples = noise(3, 2, 2, dtype="u2")
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)
    (tmp_path / "a.png").write_bytes(png_of(2, 3, 16, 4, rows))
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric="minisblack", extrasamples=["unassalpha"])
    for name in ("a.png", "a.tif"):
        np.testing.assert_array_equal(array_of(pictures.read(tmp_path / name, "a").layer), samples[..., [0, 0, 0, 1]])


def test_a_palette_gives_its_colours_and_its_transparency(tmp_path):
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 200, 100, 50])
    image.putpixel((1, 0), 1)
    opaque = pictures.read(saved(image, tmp_path / "a.png"), "a").layer
    np.testing.assert_array_equal(array_of(opaque), [[[10, 20, 30], [200, 100, 50]]])
    clear = pictures.read(saved(image, tmp_path / "b.png", transparency=1), "a").layer
    np.testing.assert_array_equal(array_of(clear), [[[10, 20, 30, 255], [200, 100, 50, 0]]])


def test_cmyk_without_a_profile_becomes_rgb(tmp_path):
    for name in ("a.jpg", "a.tif"):
        layer = pictures.read(saved(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), tmp_path / name), "a").layer
        assert (layer.model, layer.icc) == ("RGB", None)
        assert array_of(layer)[4, 4, 0] > 240
        assert array_of(layer)[4, 4, 1:].max() < 15


def test_a_damaged_cmyk_profile_is_passed_over(tmp_path):
    broken = b"\0" * 16 + b"CMYK" + b"\0" * 40
    image = Image.new("CMYK", (8, 8), (0, 0, 0, 255))
    layer = pictures.read(saved(image, tmp_path / "a.tif", icc_profile=broken), "a").layer
    assert array_of(layer).max() < 15


def test_lab_becomes_srgb(tmp_path):
    image = Image.new("LAB", (2, 2), (255, 128, 128))
    layer = pictures.read(saved(image, tmp_path / "a.tif"), "a").layer
    assert array_of(layer).min() > 250


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("name", "deep"),
    [("a.png", False), ("a.tif", False), ("a.webp", False), ("a.png", True), ("a.tif", True)],
)
def test_a_turned_photograph_comes_upright(tmp_path, orientation, name, deep):
    upright = np.array([[10, 20, 30], [40, 50, 60]], "u1")
    turned = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.T,
        6: np.rot90(upright),
        7: np.rot90(upright, 2).T,
        8: np.rot90(upright, -1),
    }[orientation]
    stored = np.stack([turned] * 3, axis=-1)
    file = tmp_path / name
    if deep:
        write_turned_16_bit(file, stored.astype("u2") * 257, orientation)
    else:
        exif = Image.Exif()
        exif[pictures.ORIENTATION] = orientation
        Image.fromarray(stored).save(file, exif=exif, lossless=True)
    layer = pictures.read(file, "a").layer
    assert layer.depth == ("u16" if deep else "u8")
    np.testing.assert_array_equal(array_of(layer)[..., 0], upright * np.uint16(257 if deep else 1))


def write_turned_16_bit(file: Path, samples: np.ndarray, orientation: int) -> None:
    if file.suffix == ".tif":
        tifffile.imwrite(file, samples, photometric="rgb", extratags=[(274, "H", 1, orientation, True)])
        return
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)
    plain = png_of(samples.shape[1], samples.shape[0], 16, 2, rows)
    exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + struct.pack(">HHI", orientation, 0, 0)
    file.write_bytes(plain[:33] + chunk(b"eXIf", exif) + plain[33:])


@pytest.mark.parametrize("name", ["a.webp", "a.png", "a.gif", "a.tif"])
def test_of_an_animation_the_first_frame_is_taken_and_said(tmp_path, name):
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], lossless=True)
    picture = pictures.read(tmp_path / name, "a")
    assert tuple(array_of(picture.layer)[0, 0, :3]) == (255, 0, 0)
    assert picture.notices == (f"{tmp_path / name} has 2 frames or pages; the first one was taken.",)


def test_of_a_deep_tiff_with_pages_the_first_one_is_taken_and_said(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", noise(2, 4, 4, 3, dtype="u2"), photometric="rgb")
    picture = pictures.read(tmp_path / "a.tif", "a")
    assert picture.layer.height == 4
    assert "2 frames or pages" in picture.notices[0]


def test_tiffs_of_other_programs_are_read(tmp_path):
    samples = noise(6, 5, 3, dtype="u2")
    file = tmp_path / "a.tif"
    tifffile.imwrite(file, samples.transpose(2, 0, 1), photometric="rgb", planarconfig="separate")
    np.testing.assert_array_equal(array_of(pictures.read(file, "a").layer), samples)
    tifffile.imwrite(file, samples, photometric="rgb", byteorder=">")
    np.testing.assert_array_equal(array_of(pictures.read(file, "a").layer), samples)
    tifffile.imwrite(file, samples[..., 0], photometric="miniswhite")
    np.testing.assert_array_equal(array_of(pictures.read(file, "a").layer), 65535 - samples[..., 0])
    tifffile.imwrite(file, samples.astype("u4") << 16, photometric="rgb")
    np.testing.assert_array_equal(array_of(pictures.read(file, "a").layer), samples)


def test_premultiplied_tiffs_get_straight_alpha(tmp_path):
    stored = np.array([[[1000, 500, 0, 32768], [9, 9, 9, 0]]], "u2")
    tifffile.imwrite(tmp_path / "a.tif", stored, photometric="rgb", extrasamples=["assocalpha"])
    samples = array_of(pictures.read(tmp_path / "a.tif", "a").layer)
    np.testing.assert_array_equal(samples, [[[2000, 1000, 0, 32768], [0, 0, 0, 0]]])


@pytest.mark.parametrize("orientation", [1, 6])
def test_lzw_tiffs_are_read_and_turned(tmp_path, orientation):
    samples = noise(6, 5, dtype="u2")
    info = {pictures.ORIENTATION: orientation}
    saved(Image.fromarray(samples), tmp_path / "a.tif", compression="tiff_lzw", tiffinfo=info)
    upright = np.rot90(samples, -1) if orientation == 6 else samples
    np.testing.assert_array_equal(array_of(pictures.read(tmp_path / "a.tif", "a").layer), upright)


def test_a_stream_without_seeking_is_read(tmp_path):
    data = pictures.encode(layer_of(noise(4, 4, 3), "a"), ".png")
    read, write = os.pipe()
    os.write(write, data)
    os.close(write)
    with open(read, "rb") as stream:
        assert pictures.read(stream, "a").layer.width == 4


def test_a_jpeg_shows_alpha_on_white(tmp_path):
    pictures.write(layer_of(np.zeros((8, 8, 4), "u1"), "a"), tmp_path / "a.jpg")
    assert array_of(pictures.read(tmp_path / "a.jpg", "a").layer).min() > 250


def test_bgra_layers_are_written_with_their_colours(tmp_path):
    layer = layer_of(np.array([[[1, 2, 3, 4]]], "u1"), "a")
    layer.order = "BGRA"
    assert Image.open(io.BytesIO(pictures.encode(layer, ".png"))).getpixel((0, 0)) == (3, 2, 1, 4)
