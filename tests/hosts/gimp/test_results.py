"""Results in GIMP: a group where the message says, blended as it says, with everything else left alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gimp_session import DRAWINGS, GimpSession
from PIL import Image

pytestmark = pytest.mark.hosts

Result = Callable[[str], dict[str, Any]]
WIDTH, HEIGHT = 48, 32
BLACK, RED = (0, 0, 0), (255, 0, 0)
HALF_RED = (128, 0, 0)  # red, multiplied by half of white as samples are stored


def names(layers: list[dict[str, Any]]) -> list[str]:
    return [layer["name"] for layer in layers]


def group_in(layers: list[dict[str, Any]]) -> dict[str, Any]:
    return next(layer for layer in layers if layer["name"].startswith("Inkwash: "))


@pytest.mark.parametrize(
    ("paper", "order", "mode"),
    [
        ("opaque", ["Inkwash: Flats", "lines", "under the lines"], "multiply"),
        ("clear", ["lines", "Inkwash: Flats", "under the lines"], "normal"),
    ],
)
def test_the_group_goes_to_the_lines_and_leaves_them_alone(
    result: Result, paper: str, order: list[str], mode: str
) -> None:
    found = result(f"placed:{paper}")
    assert names(found["layers"]) == ["above", "drawing", "background"]
    drawing = found["layers"][1]["children"]
    assert names(drawing) == order
    group = group_in(drawing)
    assert (group["mode"], group["x"], group["y"]) == (mode, 0, 0), "the page is coloured, wherever its lines lie"
    assert [(layer["name"], layer["mode"]) for layer in group["children"]] == [
        ("Shading", "multiply"),
        ("Flat colours", "normal"),
    ]
    assert found["untouched"]
    assert found["still_selected"] == ["lines"]


@pytest.mark.parametrize("paper", ["opaque", "clear"])
def test_shading_darkens_as_the_filter_computed_it(session: GimpSession, result: Result, paper: str) -> None:
    assert result(f"placed:{paper}")
    seen = np.frombuffer(session.pixels(f"placed-{paper}"), np.uint8).reshape(-1, 4)
    colours = {tuple(int(v) for v in pixel[:3]) for pixel in seen if pixel[3]}
    assert colours == {BLACK, RED, HALF_RED}


@pytest.mark.parametrize("paper", ["opaque", "clear"])
def test_lines_on_a_layer_smaller_than_the_page_have_the_page_coloured(
    session: GimpSession, result: Result, paper: str
) -> None:
    found = result(f"small_lines:{paper}")
    assert found["status"] == "success", found["message"]
    group = group_in(found["layers"])
    assert (group["x"], group["y"], group["width"], group["height"]) == (0, 0, 60, 50)
    assert group["mode"] == ("multiply" if paper == "opaque" else "normal")
    seen = np.frombuffer(session.pixels(f"small_lines-{paper}"), np.uint8).reshape(50, 60, 4)
    assert (seen[3:11, 2:12] == [0, 128, 0, 255]).all(), "hints beside the lines were lost"


def test_extracted_lines_are_coloured_and_the_colour_is_seen(session: GimpSession, result: Result) -> None:
    found = result("lines_then_colour")
    assert (found["extracted"], found["status"]) == ("success", "success"), found["message"]
    assert names(found["layers"]) == ["Inkwash: Lineart", "Background"]
    assert names(found["layers"][0]["children"]) == ["Lines", "Inkwash: Flats"]
    seen = np.frombuffer(session.pixels("lines_then_colour"), np.uint8).reshape(HEIGHT, WIDTH, 4)
    assert seen[2, WIDTH - 2].tolist() == [255, 0, 0, 255], "the flats' red is hidden"


def test_what_was_enlarged_is_seen_whole(result: Result) -> None:
    found = result("enlarged")
    assert (found["size"], found["other"]) == ([96, 64], [96, 64])
    (made,) = group_in(found["layers"])["children"]
    assert [made[key] for key in ("x", "y", "width", "height")] == [12, 8, 40, 32]


def test_the_quick_mask_is_the_selection_and_stays_selected(session: GimpSession, result: Result) -> None:
    found = result("quick_mask")
    assert found["status"] == "success", found["message"]
    assert (found["active"], found["layers_active"]) == (["Quick Mask"], 0)
    alpha = np.frombuffer(session.pixels("quick_mask.alpha"), np.uint8)
    assert (alpha[: alpha.size // 2] == 255).all()
    assert (alpha[alpha.size // 2 :] == 0).all()


@pytest.mark.parametrize("scene", ["placed:opaque", "enlarged", "grey_stays_grey"])
def test_what_came_can_be_erased(result: Result, scene: str) -> None:
    layers = result(scene)["layers"]
    inside = layers[1]["children"] if scene.startswith("placed") else layers
    made = group_in(inside)["children"]
    assert made
    assert all(layer["type"] in ("rgba-image", "graya-image") for layer in made)


def test_shade_and_light_change_what_is_below_their_group(session: GimpSession, result: Result) -> None:
    group = group_in(result("glazed")["layers"])
    assert group["mode"] == "pass-through"
    assert [(layer["name"], layer["mode"]) for layer in group["children"]] == [
        ("Light", "screen"),
        ("Shade", "multiply"),
    ]
    seen = np.frombuffer(session.pixels("glazed"), np.uint8).reshape(-1, 4).astype(int)
    for wanted in ((25, 50, 100, 255), (50, 100, 214, 255)):  # of the left half and of the right one
        assert (abs(seen - wanted).max(-1) <= 1).mean() > 0.4


def test_a_repeated_filter_takes_the_place_of_its_earlier_result_and_keeps_what_was_painted_on(result: Result) -> None:
    found = result("repeated")
    first, second, third = found["said"]
    assert names(first) == names(second) == ["lines", "Inkwash: Flats"]
    assert (first[1]["opacity"], second[1]["opacity"]) == (100, pytest.approx(60, abs=0.5))
    assert len(third) == 3, "somebody's brushwork was thrown away"
    assert found["visible"] == [True, True, False]


def test_results_for_other_layers_and_on_wish_stay(result: Result) -> None:
    found = names(result("another_beside")["layers"])
    assert [name.startswith("Inkwash") for name in found] == [False, True, False, True, True]


@pytest.mark.parametrize("scene", DRAWINGS)
def test_a_real_drawing_is_coloured(result: Result, scene: str) -> None:
    found = result(scene)
    assert found["status"] == "success", found["message"]
    assert found["untouched"]
    group = group_in(found["layers"])
    assert {"Colour", "Shading"} <= set(names(group["children"]))
    with Image.open(scene.split(":")[1]) as lines:
        assert found["size"] == list(lines.size)


def test_what_is_seen_of_a_coloured_drawing_has_colours(session: GimpSession, result: Result) -> None:
    width, height = result(DRAWINGS[-1])["size"]  # the last one played
    seen = np.frombuffer(session.pixels("picture.seen"), np.uint8).reshape(height, width, 3).astype(int)
    assert ((seen.max(-1) - seen.min(-1)) > 40).mean() > 0.2
