import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inkwash.daemon.files import pictures
from inkwash.daemon.files.samples import array_of, layer_of
from inkwash.daemon.pages import openraster

RED = [255, 204, 204]


def solid(width: int, height: int, *colour: int, x: int = 0, y: int = 0):
    return layer_of(np.full((height, width, len(colour)), colour, "u1"), "solid", x=x, y=y)


def pixels(file: Path) -> np.ndarray:
    with Image.open(file) as image:
        return np.asarray(image)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page of 8 x 6: lines on nothing at (2, 1), hints over them, paper below."""
    page = openraster.Page.of(solid(8, 6, 250, 250, 250), "Paper")
    paper = next(page.entries())
    page.put(solid(5, 5, 0, 0, 255, 255, x=6, y=4), "Colour Hints", paper, above=True)
    page.put(ink(), "Line-Art 2", paper, above=True)
    openraster.write(page, tmp_path / "page.ora")
    return tmp_path / "page.ora"


def ink():
    samples = np.zeros((4, 6, 4), "u1")
    samples[:, 1] = (10, 20, 30, 255)
    return layer_of(samples, "ink", x=2, y=1)


def test_lines_and_hints_are_found_by_name_and_the_page_keeps_its_layers(inkwash, page, tmp_path):
    result = inkwash("tint-lines", page, "--shade", "-o", tmp_path / "out.ora")
    assert result.exit_code == 0, result.output
    assert "Hints were used." in result.stderr
    out = openraster.read(tmp_path / "out.ora")
    entries = list(out.entries())
    names = ["Colour Hints", "Line-Art 2", "Shading", "Colours", "Paper"]
    assert sorted(entry.name for entry in entries) == sorted(names)
    seen = [entry.name for entry in entries if entry.visible]
    assert seen == ["Line-Art 2", "Shading", "Colours", "Paper"]
    lines, shading, colours, _ = (entry for entry in entries if entry.visible)
    assert (lines.blend, shading.blend, colours.blend) == ("normal", "multiply", "normal")
    np.testing.assert_array_equal(array_of(out.layer(lines, "l")), array_of(ink()))
    layer = out.layer(colours, "c")
    assert (layer.x, layer.y, layer.width, layer.height) == (0, 0, 8, 6)  # the page, not its lines alone
    assert array_of(layer)[1, 2].tolist() == RED
    assert array_of(layer)[4, 7].tolist() == [0, 0, 255]  # the hints' corner, where their offset puts it


def test_a_page_as_one_picture_shows_all_that_is_visible(inkwash, page, tmp_path):
    assert inkwash("tint-lines", page, "-o", tmp_path / "out.png").exit_code == 0
    samples = pixels(tmp_path / "out.png")
    assert samples.shape == (6, 8, 3)
    assert samples[0, 0].tolist() == RED
    assert samples[1, 2].tolist() == RED
    assert samples[1, 3].tolist() == [10, 20, 30]
    assert samples[4, 7].tolist() == [0, 0, 255]


def test_a_picture_becomes_a_page_with_its_lines_multiplied_on_top(inkwash, lines, tmp_path):
    assert inkwash("tint-lines", lines, "-o", tmp_path / "out.ora").exit_code == 0
    out = openraster.read(tmp_path / "out.ora")
    top, below = out.entries()
    assert (top.name, top.blend, below.name) == ("Line art", "multiply", "Colours")
    np.testing.assert_array_equal(array_of(out.layer(top, "l")), pixels(lines))
    assert array_of(out.merged())[0, 0].tolist() == RED
    assert array_of(out.merged())[0, 4].tolist() == [0, 0, 0]


def test_a_result_that_replaces_hides_the_layer_that_it_replaces(inkwash, page, tmp_path):
    assert inkwash("invert", page, "--picture-layer", "Paper", "-o", tmp_path / "out.ora").exit_code == 0
    entries = [(entry.name, entry.visible) for entry in openraster.read(tmp_path / "out.ora").entries()]
    assert entries[-2:] == [("Result", True), ("Paper", False)]


def test_a_page_comes_through_a_pipe(service, program, page):
    result = subprocess.run([*program, "tint-lines", "-"], input=page.read_bytes(), capture_output=True)
    assert result.returncode == 0
    assert result.stdout.startswith(b"\x89PNG")


def test_a_layer_can_be_named(inkwash, page, tmp_path):
    arguments = ["--line-layer", "Paper", "--hints-layer", "Line-Art 2", "-o", tmp_path / "out.ora"]
    assert inkwash("tint-lines", page, *arguments).exit_code == 0
    names = [entry.name for entry in openraster.read(tmp_path / "out.ora").entries() if entry.visible]
    assert names == ["Colour Hints", "Paper", "Colours"]


def test_hints_in_a_file_lie_on_the_page(inkwash, page, tmp_path):
    samples = np.zeros((6, 8, 4), "u1")
    samples[1, 2] = (0, 255, 0, 255)
    Image.fromarray(samples).save(tmp_path / "hints.png")
    assert inkwash("tint-lines", page, "--hints", tmp_path / "hints.png", "-o", tmp_path / "out.png").exit_code == 0
    assert pixels(tmp_path / "out.png")[1, 2].tolist() == [0, 255, 0]


def refusal(result) -> str:
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    return result.stderr


def test_a_page_without_lines_says_which_layers_it_has(call, page):
    said = refusal(call("invert", page))
    assert "'Colour Hints', 'Line-Art 2', 'Paper'" in said
    assert "--picture-layer NAME" in said
    assert "no layer called 'gone'" in refusal(call("tint-lines", page, "--line-layer", "gone"))
    assert "no layer called 'gone'" in refusal(call("tint-lines", page, "--hints-layer", "gone"))


def test_the_only_layer_left_is_the_first_input(inkwash, tmp_path):
    openraster.write(openraster.Page.of(ink(), "whatever"), tmp_path / "page.ora")
    assert inkwash("tint-lines", tmp_path / "page.ora", "-o", tmp_path / "out.png").exit_code == 0


def test_hints_beside_the_lines_count(inkwash, tmp_path):
    page = openraster.Page.of(solid(12, 9, 250, 250, 250), "Paper")
    page.put(solid(2, 2, 0, 0, 255, 255, x=10, y=7), "hints", next(page.entries()), above=True)
    page.put(ink(), "lines", next(page.entries()), above=True)
    openraster.write(page, tmp_path / "page.ora")
    assert inkwash("tint-lines", tmp_path / "page.ora", "-o", tmp_path / "out.ora").exit_code == 0
    out = openraster.read(tmp_path / "out.ora")
    [colours] = (entry for entry in out.entries() if entry.name == "Colours")
    assert array_of(out.layer(colours, "c"))[8, 11].tolist() == [0, 0, 255]


def test_print_resolution_goes_through(inkwash, lines, page, tmp_path):
    samples = pictures.read(lines, "a").layer
    pictures.write(samples, tmp_path / "printed.png", dpi=(600, 600))
    for out in ("out.tif", "out.jpg", "out.webp", "out.png"):
        assert inkwash("tint-lines", tmp_path / "printed.png", "-o", tmp_path / out).exit_code == 0
        assert pictures.read(tmp_path / out, "a").dpi == pytest.approx((600, 600), abs=0.5)
    assert inkwash("tint-lines", tmp_path / "printed.png", "-o", tmp_path / "out.ora").exit_code == 0
    assert openraster.read(tmp_path / "out.ora").dpi == (600, 600)


def test_hints_outside_the_page_are_refused(call, tmp_path):
    page = openraster.Page.of(ink(), "lines")
    page.put(solid(2, 2, 1, 2, 3, 255, x=100, y=0), "hints", next(page.entries()), above=True)
    openraster.write(page, tmp_path / "page.ora")
    assert "'hints' lies outside the page" in refusal(call("tint-lines", tmp_path / "page.ora"))


def test_a_file_hint_of_another_size_than_the_page_is_refused(call, page, hints):
    Image.new("RGBA", (6, 4)).save(hints)
    assert "is 6 x 4 pixels" in refusal(call("tint-lines", page, "--hints", hints))


def test_layer_names_are_for_pages(call, lines):
    assert "not an .ora" in refusal(call("tint-lines", lines, "--line-layer", "lines"))


def test_a_page_that_is_none(call, tmp_path):
    (tmp_path / "page.ora").write_bytes(b"nothing")
    assert "not an OpenRaster" in refusal(call("tint-lines", tmp_path / "page.ora"))
