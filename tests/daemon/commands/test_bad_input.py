"""Every picture, file and folder that cannot be worked with: a sentence, exit code 2, nothing half-written."""

import contextlib
import os
import resource
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tifffile
import torch
from PIL import Image

from inkwash.models import store
from inkwash.models.cards import Card
from inkwash.models.networks import ARCHITECTURES


def save(samples: np.ndarray, file: Path, **options: object) -> Path:
    Image.fromarray(samples).save(file, **options)
    return file


def opened(file: Path) -> Image.Image:
    with Image.open(file) as image:
        image.load()
        return image


def refusal(result, folder: Path) -> str:
    """What was said; nothing was written beside what was there."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.startswith(("Error: ", "Usage: ")), result.stderr
    assert not [file for file in folder.rglob("*") if "tint" in file.name or file.suffix == ".part"]
    return result.stderr


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(20), b"PK\3\4" + bytes(40)])
def test_an_unreadable_picture(inkwash, tmp_path, data):
    (tmp_path / "a.png").write_bytes(data)
    assert f"{tmp_path}/a.png" in refusal(inkwash("tint-lines", tmp_path / "a.png"), tmp_path)


def test_a_missing_picture(call, tmp_path):
    assert "There is no file" in refusal(call("tint-lines", tmp_path / "gone.png"), tmp_path)


def test_a_truncated_picture(inkwash, lines, tmp_path):
    samples = np.random.default_rng(1).integers(0, 255, (90, 90), "u1")
    data = save(samples, tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(data[:2000])
    assert "damaged" in refusal(inkwash("tint-lines", tmp_path / "a.png"), tmp_path)


def test_a_picture_40_000_pixels_wide(inkwash, tmp_path):
    save(np.zeros((1, 40_000), "u1"), tmp_path / "a.png")
    assert "32768 on a side" in refusal(inkwash("tint-lines", tmp_path / "a.png"), tmp_path)


def test_more_pixels_than_the_settings_allow(inkwash, home, tmp_path):
    save(np.zeros((1001, 1000), "u1"), tmp_path / "a.png")
    (home / "settings.json").write_text('{"pixel_limit_mp": 1}')
    try:
        assert "1 million pixels are taken" in refusal(inkwash("tint-lines", tmp_path / "a.png"), tmp_path)
        (home / "settings.json").write_text("{")
        assert "settings.json" in refusal(inkwash("tint-lines", tmp_path / "a.png"), tmp_path)
    finally:
        (home / "settings.json").unlink()


def test_one_pixel(inkwash, tmp_path):
    save(np.zeros((1, 1), "u1"), tmp_path / "a.png")
    assert inkwash("tint-lines", tmp_path / "a.png").exit_code == 0


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_picture_is_worked_with(inkwash, tmp_path, mode):
    grey = Image.new("L", (5, 4))
    image = Image.new("I;16", (5, 4)) if mode == "I;16" else grey.convert(mode)
    file = tmp_path / ("a.tif" if mode == "CMYK" else "a.png")
    image.save(file)
    assert inkwash("tint-lines", file, "-o", tmp_path / "b.png").exit_code == 0
    assert opened(tmp_path / "b.png").size == (5, 4)


def test_a_turned_photograph_comes_out_upright(inkwash, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("L", (5, 4)).save(tmp_path / "a.jpg", exif=exif)
    assert inkwash("invert", tmp_path / "a.jpg", "-o", tmp_path / "b.jpg").exit_code == 0
    assert opened(tmp_path / "b.jpg").size == (4, 5)
    assert not opened(tmp_path / "b.jpg").getexif()


def test_an_animation_gives_its_first_frame_and_a_note(inkwash, tmp_path):
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "a.webp", save_all=True, append_images=frames[1:], lossless=True)
    result = inkwash("invert", tmp_path / "a.webp", "-o", tmp_path / "b.png")
    assert result.exit_code == 0
    assert "has 2 frames or pages; the first one was taken." in result.stderr
    assert opened(tmp_path / "b.png").getpixel((0, 0)) == (0, 255, 255)


def test_lines_on_nothing_at_all(inkwash, tmp_path):
    save(np.zeros((4, 4, 4), "u1"), tmp_path / "a.png")
    said = refusal(inkwash("tint-lines", tmp_path / "a.png"), tmp_path)
    assert said == "Error: There are no lines in this picture.\nChoose the layer with the lines.\n"


def test_white_lines_on_black_paper(inkwash, home, tmp_path):
    (home / "models").mkdir(exist_ok=True)
    card = Card("untrained", "Untrained", "colorizer", "inkwash", {}, "1.0", "CC0")
    store.save(home / "models" / "untrained.safetensors", ARCHITECTURES["inkwash"](), card)
    samples = np.zeros((64, 64), "u1")
    samples[:, 30:34] = 255
    hints = np.full((64, 64, 4), (200, 30, 30, 255), "u1")
    save(hints, tmp_path / "hints.png")
    options = ["--model", "untrained", "--hints", tmp_path / "hints.png", "-o", tmp_path / "out.png"]
    result = inkwash("colorize", save(samples, tmp_path / "a.png"), *options)
    assert result.exit_code == 0, result.output
    assert "light on dark paper" in result.stderr
    out = np.asarray(opened(tmp_path / "out.png"))
    assert out[32, 32].tolist() == [255, 255, 255]
    assert np.abs(out[32, 5].astype(int) - (200, 30, 30)).max() < 4


def test_hints_of_another_size_than_the_lines(call, lines, tmp_path):
    save(np.zeros((9, 9, 4), "u1"), tmp_path / "h.png")
    said = refusal(call("tint-lines", lines, "--hints", tmp_path / "h.png"), tmp_path)
    assert "h.png is 9 x 9 pixels" in said
    assert "page.png is 8 x 6" in said
    assert "the same size" in said


def test_unreadable_hints(call, lines, tmp_path):
    (tmp_path / "h.png").write_bytes(b"nothing")
    assert "h.png" in refusal(call("tint-lines", lines, "--hints", tmp_path / "h.png"), tmp_path)
    assert "There is no file" in refusal(call("tint-lines", lines, "--hints", tmp_path / "no.png"), tmp_path)


def test_a_parameter_out_of_range(call, lines, tmp_path):
    for arguments in (["--hint-strength", "nan"], ["--seed", "1.5"], ["--finish", "no"], ["--model", ""], ["--no"]):
        refusal(call("tint-lines", lines, *arguments), tmp_path)
    said = refusal(call("tint-lines", lines, "--hint-strength", "7"), tmp_path)
    assert said == "Error: Hint strength must be between 0 and 2, not 7.\n"


def test_a_result_that_exists_is_not_replaced_unasked(call, lines, tmp_path):
    (tmp_path / "out.png").write_bytes(b"old")
    said = refusal(call("tint-lines", lines, "-o", tmp_path / "out.png"), tmp_path)
    assert "--force" in said
    assert (tmp_path / "out.png").read_bytes() == b"old"
    (tmp_path / "out.colour.png").touch()
    arguments = ["--layers", "-o", tmp_path / "out.png"]
    assert "out.colour.png exists" in refusal(call("tint-lines", lines, *arguments), tmp_path)


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("out.psd", ".psd"),
        ("out", "without a suffix"),
        ("gone/out.png", "There is no folder"),
        ("page.png/out.png", "There is no folder"),
        ("gone/deep/", "cannot be made"),
    ],
)
def test_a_place_that_cannot_be(call, lines, tmp_path, out, said):
    assert said in refusal(call("tint-lines", lines, "-o", f"{tmp_path}/{out}"), tmp_path)


def test_results_that_get_into_each_others_way(call, lines, tmp_path):
    opened(lines).save(tmp_path / "page.tif")
    both = [lines, tmp_path / "page.tif"]
    assert "both be saved" in refusal(call("tint-lines", *both), tmp_path)
    assert "Name a folder" in refusal(call("tint-lines", *both, "-o", tmp_path / "out.png"), tmp_path)
    assert "Only one" in refusal(call("tint-lines", *both, "-o", "-"), tmp_path)
    for option in ("--layers", "--json"):
        assert "picture alone" in refusal(call("tint-lines", lines, "-o", "-", option), tmp_path)
    assert "--layers" in refusal(call("tint-lines", lines, "-o", tmp_path / "a.ora", "--layers"), tmp_path)


def test_a_folder_without_pictures(call, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "no pictures in the folder" in refusal(call("tint-lines", tmp_path / "empty"), tmp_path)


def test_nothing_on_standard_input(call, tmp_path):
    assert "Standard input is empty" in refusal(call("tint-lines", "-", input=b""), tmp_path)


def test_one_bad_picture_does_not_keep_the_others_from_being_done(inkwash, lines, tmp_path):
    (tmp_path / "bad.png").write_bytes(b"nothing")
    result = inkwash("tint-lines", tmp_path / "bad.png", lines)
    assert result.exit_code == 2
    assert f"Error: page 1 of 2, {tmp_path}/bad.png: " in result.stderr
    assert result.stdout == f"{tmp_path}/page-tint-lines.png\n"


@contextlib.contextmanager
def unprivileged() -> Iterator[None]:
    """Not as root, who may read and write anywhere."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_read_only_folder(call, monkeypatch):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        monkeypatch.setenv("INKWASH_HOME", name)
        folder.chmod(0o555)
        with unprivileged():
            said = call("tint-lines", "-", "-o", folder / "out.png", input=b"")
        folder.chmod(0o755)
        assert "may not be written to" in refusal(said, folder)


def test_a_full_disk(service, program, tmp_path):
    samples = np.random.default_rng(1).integers(0, 255, (300, 300), "u1")
    save(samples, tmp_path / "a.png")
    result = subprocess.run(
        [*program, "tint-lines", tmp_path / "a.png"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        capture_output=True,
        text=True,
    )
    assert result.returncode == 2
    assert "no room left on the disk" in result.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["a.png"]


def test_a_16_bit_tiff_that_is_damaged(call, tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((90, 90, 3), "u2"), photometric="rgb")
    data = (tmp_path / "a.tif").read_bytes()
    (tmp_path / "a.tif").write_bytes(data[:4000])
    assert "damaged" in refusal(call("tint-lines", tmp_path / "a.tif"), tmp_path)


def test_a_service_that_cannot_start_is_said_with_its_last_words(call, lines, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("INKWASH_HOME", str(tmp_path / "file"))
    refusal(call("tint-lines", lines), tmp_path)


def test_a_pipe_that_closes_early(service, program, tmp_path):
    samples = np.random.default_rng(1).integers(0, 255, (600, 600), "u1")
    save(samples, tmp_path / "a.png")
    read, write = os.pipe()
    os.close(read)
    result = subprocess.run(
        [*program, "tint-lines", tmp_path / "a.png", "-o", "-"], stdout=write, stderr=subprocess.PIPE, text=True
    )
    os.close(write)
    assert result.returncode == 2
    assert result.stderr == "Error: Standard output does not take the picture: Broken pipe.\nUse -o FILE.\n"


def test_a_model_that_is_missing_damaged_or_of_another_kind(inkwash, home, lines, tmp_path):
    models = home / "models"
    models.mkdir(exist_ok=True)
    card = Card("dots", "Dots", "stylizer", "none", {}, "1.0", "CC0")
    store.save(models / "dots.safetensors", torch.nn.Linear(1, 1), card)
    (models / "broken.safetensors").write_bytes(b"broken")
    for name, said in [("gone", "no model called 'gone'"), ("broken", "damaged"), ("dots", "not a colorizer")]:
        result = inkwash("colorize", lines, "--model", name, "-o", tmp_path / "tint.png")
        assert said in refusal(result, tmp_path)


def test_a_folder_that_may_not_be_looked_into(call, monkeypatch):
    with tempfile.TemporaryDirectory() as name:
        closed = Path(name) / "closed"
        closed.mkdir()
        closed.chmod(0)
        Path(name).chmod(0o755)
        monkeypatch.setenv("INKWASH_HOME", name)
        with unprivileged():
            for file in (closed, closed / "a.png"):
                assert "rights" in refusal(call("tint-lines", file, "-o", f"{name}/o/"), Path(name))
        closed.chmod(0o755)
