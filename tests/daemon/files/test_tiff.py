"""TIFFs as Photoshop, ImageMagick, RawTherapee and scanners write them."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from inkwash.daemon.files import pictures
from inkwash.daemon.files.samples import array_of, unit
from inkwash.models.errors import BadPicture

INK = np.zeros((40, 50), np.uint8)
INK[10:30, 20] = 255  # alpha of a black stroke


def _read(file: Path) -> np.ndarray:
    return array_of(pictures.read(file, "picture").layer)


@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_a_fourth_sample_of_no_meaning_is_alpha_where_the_colours_alone_are_flat(tmp_path: Path, dtype: str) -> None:
    samples = np.zeros((40, 50, 4), dtype)
    samples[..., 3] = INK.astype(dtype) * (257 if dtype == "u2" else 1)
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric="rgb", extrasamples=["unspecified"], metadata=None)
    np.testing.assert_array_equal(_read(tmp_path / "a.tif"), samples)


@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_a_saved_selection_does_not_hide_the_drawing(tmp_path: Path, dtype: str) -> None:
    samples = np.zeros((40, 50, 4), dtype)
    samples[..., :3] = (255 - INK[..., None]).astype(dtype)
    samples[5:9, 5:9, 3] = 255
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric="rgb", extrasamples=["unspecified"], metadata=None)
    np.testing.assert_array_equal(_read(tmp_path / "a.tif"), samples[..., :3])


@pytest.mark.parametrize("compression", ["zlib", "lzw", "zstd", None])
@pytest.mark.parametrize("dtype", ["f4", "f2"])
def test_floats_are_read_however_they_are_packed(tmp_path: Path, compression: str | None, dtype: str) -> None:
    samples = np.random.default_rng(1).random((40, 50, 3)).astype(dtype)
    more = {"compression": compression, "predictor": 3} if compression else {}
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric="rgb", metadata=None, **more)
    np.testing.assert_array_equal(_read(tmp_path / "a.tif"), samples)


@pytest.mark.parametrize(("kind", "count"), [("separated", 4), ("separated", 5), ("cielab", 3)])
def test_deep_cmyk_and_lab_and_spot_colours_become_rgb(tmp_path: Path, kind: str, count: int) -> None:
    samples = np.zeros((40, 50, count), "u2")
    if kind == "cielab":
        samples[..., 0] = (255 - INK).astype("u2") * 257
    else:
        samples[..., 3] = INK.astype("u2") * 257
    extra = {"extrasamples": ["unspecified"]} if count == 5 else {}
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric=kind, planarconfig="contig", metadata=None, **extra)
    made = _read(tmp_path / "a.tif")
    assert made.shape == (40, 50, 3)
    assert made[0, 0].min() > 245
    assert made[15, 20].max() < 60


def test_the_largest_page_is_the_picture_and_not_its_thumbnail(tmp_path: Path) -> None:
    for deep in (False, True):
        with tifffile.TiffWriter(tmp_path / "a.tif") as out:
            out.write(INK[::4, ::4], photometric="minisblack", subfiletype=1, metadata=None)
            out.write(INK.astype("u2") * 257 if deep else INK, photometric="minisblack", metadata=None)
        picture = pictures.read(tmp_path / "a.tif", "picture")
        np.testing.assert_allclose(unit(array_of(picture.layer)), INK / 255, atol=1e-6)
        assert "number 2, the largest," in picture.notices[0]


@pytest.mark.parametrize("more", [{"imagedepth": 65535}, {"samplesperpixel": 65535}])
def test_a_page_that_asks_for_far_more_than_its_pixels_is_refused_before_it_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: dict[str, int]
) -> None:
    from inkwash.daemon.files import tiff

    tifffile.imwrite(tmp_path / "a.tif", np.zeros((400, 500), "u2"), photometric="minisblack", metadata=None)
    found = tiff.largest_page

    def lying(stream):
        page, index, count = found(stream)
        vars(page).update(more)
        return page, index, count

    monkeypatch.setattr(tiff, "largest_page", lying)
    with pytest.raises(BadPicture, match="too large"):
        pictures.read(tmp_path / "a.tif", "picture")
