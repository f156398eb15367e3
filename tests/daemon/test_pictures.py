import contextlib
import io
import os
import random
import resource
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from inkwash.daemon import pictures
from inkwash.daemon.samples import array_of, layer_of
from inkwash.models.errors import BadPicture

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
GREY_PROFILE = b"\0" * 16 + b"GRAY" + b"\0" * 108
RANDOM = np.random.default_rng(7)


def noise(*shape: int, dtype: str = "u1") -> np.ndarray:
    if dtype.startswith("f"):
        return RANDOM.random(shape).astype(dtype)
    return RANDOM.integers(0, np.iinfo(dtype).max, shape, dtype=dtype, endpoint=True)


def saved(image: Image.Image, file: Path, **options: object) -> Path:
    image.save(file, **options)
    return file


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int, bits: int, colour: int, rows: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    ends = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return pictures_signature() + b"".join(ends)


def pictures_signature() -> bytes:
    return b"\x89PNG\r\n\x1a\n"


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


def test_a_jpeg_shows_alpha_on_white(tmp_path):
    pictures.write(layer_of(np.zeros((8, 8, 4), "u1"), "a"), tmp_path / "a.jpg")
    assert array_of(pictures.read(tmp_path / "a.jpg", "a").layer).min() > 250


def test_bgra_layers_are_written_with_their_colours(tmp_path):
    layer = layer_of(np.array([[[1, 2, 3, 4]]], "u1"), "a")
    layer.order = "BGRA"
    assert Image.open(io.BytesIO(pictures.encode(layer, ".png"))).getpixel((0, 0)) == (3, 2, 1, 4)
