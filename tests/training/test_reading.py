"""Training reads pictures as all of Inkwash does, and learns from an artist's own alone."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from inkwash.training import pictures
from inkwash.training.data.artwork import artwork, opened
from inkwash.training.pix2pix import pair_folder
from inkwash.training.reading import found, on_white, rgba
from inkwash.training.styles import perception

LYING = 6  # EXIF's orientation of a picture to be turned to the right


def _photo(file: Path) -> Path:
    """A picture of 40 x 80, red above blue, as a phone stores it: lying."""
    upright = np.zeros((80, 40, 3), np.uint8)
    upright[:40, :, 0], upright[40:, :, 2] = 255, 255
    exif = Image.Exif()
    exif[0x112] = LYING
    Image.fromarray(upright).rotate(90, expand=True).save(file, exif=exif, quality=95)
    return file


def test_what_a_camera_says_of_up_and_down_is_heeded_by_every_reader(tmp_path: Path) -> None:
    file = _photo(tmp_path / "a.jpg")
    red_above = [on_white(file), rgba(file)[..., :3], opened(file)[..., :3]]
    for reader in (perception.read_style(file, 64), pictures.read(file, 80)):
        red_above.append((reader[0].permute(1, 2, 0) * 255).numpy())
    for picture in red_above:
        assert picture.shape[0] > picture.shape[1]
        assert picture[2, 5, 0] > 200
        assert picture[-3, 5, 2] > 200


def test_pairs_of_a_phone_s_photo_and_an_export_lie_on_each_other(tmp_path: Path) -> None:
    for side in "AB":
        (tmp_path / side).mkdir()
    photo = _photo(tmp_path / "A/1.jpg")
    Image.fromarray(on_white(photo)).save(tmp_path / "B/1.png")
    a, b = pair_folder.read(pair_folder.find(tmp_path, print)[0])
    assert a.shape == b.shape == (3, 80, 40)
    assert (a - b).abs().max() < 0.01


@pytest.mark.parametrize("dtype", ["u2", "f4"])
def test_deep_pictures_are_as_light_as_they_are(tmp_path: Path, dtype: str) -> None:
    samples = np.full((40, 50, 3), 0.5) * (65535 if dtype == "u2" else 1)
    tifffile.imwrite(tmp_path / "a.tif", samples.astype(dtype), photometric="rgb", metadata=None)
    assert np.abs(on_white(tmp_path / "a.tif").astype(int) - 128).max() <= 1


def test_a_folder_of_art_is_the_artist_s_pictures_alone(tmp_path: Path) -> None:
    for name in (
        "1.png",
        "more/2.png",
        "run/samples/3.png",
        ".thumbnails/4.png",
        "@eaDir/1.png/5.jpg",
        "__MACOSX/6.png",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (64, 64), "red").save(tmp_path / name)
    (tmp_path / "run/settings.json").write_text("{}")
    (tmp_path / "._1.png").write_bytes(b"\0\5\x16\7")
    assert [file.relative_to(tmp_path).as_posix() for file in found(tmp_path)] == ["1.png", "more/2.png"]
    assert {row["name"] for row in artwork(tmp_path)} == {"1.png", "more/2.png"}


def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(ValueError, match="not a picture"):
        on_white(tmp_path / "a.png")
