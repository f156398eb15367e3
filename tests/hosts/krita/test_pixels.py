"""In real Krita: what the artist sees is sent, whatever the document's format; nothing comes back changed."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.hosts

FORMATS = (
    *("rgba_u8", "rgba_u16", "rgba_f16_linear", "rgba_f32_linear", "rgba_u8_other_profile", "rgba_u16_other_profile"),
    *("gray_u8", "gray_u16", "gray_f16", "gray_f32"),
)
WHOLE = [0, 0, 100, 100]


@pytest.mark.parametrize("format", FORMATS)
def test_a_filter_that_changes_nothing_gives_the_very_same_pixels(play: Any, format: str) -> None:
    found = play["scene_identity_in_every_format"][format]
    assert found["end"]["type"] == "result"
    assert found["stored"], "Krita has not kept what the test has written"
    assert found["same"]
    assert found["lines untouched"]
    model, depth = format.split("_")[:2]
    assert found["space"][:2] == [{"rgba": "RGBA", "gray": "GRAYA"}[model], depth.upper()]


@pytest.mark.parametrize("size", ["1x1", "1x300", "777x3", "64x64", "1025x513"])
def test_any_size_comes_back_as_it_was(play: Any, size: str) -> None:
    assert play["scene_identity_of_odd_sizes"][size]


@pytest.mark.parametrize("layer", ["locked", "hidden", "empty", "tiny", "off", "half off"])
def test_an_odd_layer_comes_back_as_it_was_and_stays_as_it_is(play: Any, layer: str) -> None:
    found = play["scene_identity_of_odd_layers"][layer]
    assert found["same"]
    assert found["active"] == layer
    assert found["locked"] == (layer == "locked")
    assert found["visible"] == (layer != "hidden")


def test_a_mask_counts_that_was_changed_while_its_layer_is_hidden(play: Any) -> None:
    found = play["scene_a_mask_is_changed_while_its_layer_is_hidden"]
    assert (found["before"], found["changed"]) == (["x", "-"], ["-", "x"])
    assert found["left"] == [False, 0, 1, ["Background", "masked"]]


def test_masks_groups_and_vectors_are_sent_as_they_are_seen(play: Any) -> None:
    found = play["scene_projection"]
    assert found["masked"] == {"pixels": ["0a141eff", "00000000"], "opacity": 1.0, "area": WHOLE}
    assert found["group"] == {"pixels": ["010203ff", "00000000"], "opacity": 0.2, "area": WHOLE}
    assert found["vector"] == {"pixels": ["0080ffff", "00000000"], "opacity": 1.0, "area": WHOLE}
    assert found["root"] == {"pixels": ["0080ffff", "ffffffff"], "opacity": 1.0, "area": WHOLE}
    assert found["mask itself"] == "GRAY"


@pytest.mark.parametrize(("model", "depth"), [("CMYKA", "U8"), ("LABA", "U16"), ("XYZA", "F32"), ("YCbCrA", "U8")])
def test_other_colour_models_are_converted_by_krita_there_and_back(play: Any, model: str, depth: str) -> None:
    found = play["scene_other_colour_models"][model]
    assert found["end"]["type"] == "result"
    assert found["space"] == [model, depth]
    assert found["documents"] == 1  # the one for the conversion is closed again
    assert max(abs(a - b) for a, b in zip(found["before"], found["after"], strict=True)) <= 12


def test_the_profile_is_that_of_krita_and_leaves_no_trace(play: Any) -> None:
    found = play["scene_profiles"]
    assert found["same"]
    assert found["before"] == found["after"] == [1, False]


def test_a_selection_limits_the_result_with_its_soft_edge(play: Any) -> None:
    found = play["scene_selection"]
    assert found["model"] == "GRAY"
    assert found["area"] == [14, 14, 52, 42]  # with what is feathered
    assert found["difference"] == 0
    assert found["values"] > 20


def test_a_selection_beyond_the_canvas_is_named_instead_of_giving_an_empty_layer(play: Any) -> None:
    end = play["scene_selection"]["beyond the canvas"]
    assert end["code"] == "nothing_to_send"
    assert "selected" in end["message"]


def test_key_strokes_of_a_colorize_mask_are_hints(play: Any) -> None:
    pixels = play["scene_key_strokes"]["pixels"]
    assert pixels == {
        "red": "0000ffff",
        "soft red": "0000ff80",
        "green": "00ff00ff",
        "transparent": "00000000",
        "none": "00000000",
    }


def test_krita_quits_as_usual(play: Any) -> None:
    play["scene_projection"]
    assert play.status == 0
