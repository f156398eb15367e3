"""In real Krita: the docker and the menus, with and without a document, at every width, in light and dark."""

from __future__ import annotations

import base64
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from inkwash.models.filters import declared, find

pytestmark = pytest.mark.hosts
WITH_DOCKER = True
NO_PICTURE = "No picture is open.\nOpen or create a picture, then run the filter again."
DOCS = Path(__file__).parents[3] / "docs"
IN_MANUAL = {  # the pictures inside it, by what they are said to show
    "A line drawing with strokes of colour on it": "manual-hints.png",
    "The same drawing, coloured": "manual-result.png",
    "The Inkwash docker": "docker-dark-220.png",
}
MANUAL = DOCS.with_name("plugins") / "krita/Manual.html"


def test_it_opens_without_a_document(play: Any) -> None:
    found = play["scene_without_a_document"]
    assert "Colorize line art" in found["filters"]
    assert found["pickers"] == ["(no picture is open)"] * len(find("colorize").inputs)
    assert found["state"].startswith("Ready")
    assert found["report"] == NO_PICTURE


def test_every_filter_is_in_both_menus(play: Any) -> None:
    found = play["scene_actions"]["menus"]
    fixed = {"Repeat last Inkwash filter", "Live preview", "Stop and keep", "Cancel"}
    expected = {*play["scene_without_a_document"]["filters"], *fixed}
    assert set(found["filter"]) == set(found["scripts"]) == expected


def test_no_default_shortcut_is_taken(play: Any) -> None:
    shortcuts = play["scene_actions"]["shortcuts"]
    wanted = {"repeat", "live", "keep", "cancel", *(f"run_{filter.id}" for filter in declared())}
    assert wanted <= {name.removeprefix("inkwash_") for names in shortcuts.values() for name in names}
    assert {key: names for key, names in shortcuts.items() if len(names) > 1} == {}


def test_the_pickers_follow_the_layers(play: Any) -> None:
    assert play["scene_pickers_follow_the_layers"] == [
        ["Background", "(none)"],
        ["Lines", "My hints"],
        ["Sketch", "My hints"],
        ["Sketch", "(none)"],  # as the artist chose
        ["Background", "(none)"],  # after the others were deleted
        ["(no picture is open)"] * 2,
    ]


def test_chosen_layers_are_remembered_with_the_file(play: Any) -> None:
    assert play["scene_choices_are_remembered_with_the_file"] == ["one", "(none)"]


def test_a_picture_may_be_the_whole_one_another_document_or_a_file(play: Any) -> None:
    found = play["scene_pictures_from_everywhere"]
    assert found["picture"] == [["Whole picture", "Ink (1)", "Ink (2)", "Background"], "Whole picture"]
    assert found["style"][0] == "Whole picture"
    assert found["style"][-2:] == ["Document: Palette", "From a file…"]
    layers, pixels = found["whole"]
    assert layers[-1] == "Inkwash: Learn"
    assert pixels == [[255, 0, 0, 255], [0, 0, 255, 255]]
    assert found["document"] == "30 x 20: [255, 255, 255]"
    assert found["file shown"] == "File: reference.png"
    assert found["file"] == "13 x 7: [16, 32, 48]"
    assert found["file gone"].startswith("“reference.png” is no picture that can be read.")
    assert found["chosen"] == "Ink (2)"


def test_hints_have_a_button_and_may_be_hidden_afterwards(play: Any) -> None:
    found = play["scene_hints"]
    assert found["active"] == "Colour hints"
    assert found["pickers"] == ["Lines", "Colour hints"]
    assert found["seen"] == {"Background": True, "Inkwash: Flats": True, "Lines": True, "Colour hints": False}


def test_a_colorize_mask_can_be_the_hints(play: Any) -> None:
    assert play["scene_key_strokes_are_hints"] == [["Lines", "(none)"], ["Lines", "My mask"]]


def test_nothing_is_cut_off_at_any_width_in_any_theme(play: Any) -> None:
    found = play["scene_every_width_and_theme"]
    for theme in ("dark", "bright"):
        for width in (220, 460):
            reached, cut_off, _ = found[f"{theme}-{width}"]
            assert reached == width
            assert cut_off == []


def test_a_drawing_is_coloured_and_portrayed(play: Any) -> None:
    found = play["scene_portrait"]
    assert "Inkwash: Colorize" in [node["name"] for node in found["tree"]]
    if "INKWASH_PORTRAIT" in os.environ:  # for the README, to be looked at before it is committed
        for picture, name in zip(found["pictures"], ("krita-hints.png", "krita.png"), strict=True):
            shutil.copy(picture, DOCS / name)
        play["scene_every_width_and_theme"]
        manual = MANUAL.read_text("utf-8")
        for words, name in IN_MANUAL.items():
            data = base64.b64encode((play.folder / name).read_bytes()).decode()
            seen = rf'(alt="{words}" src="data:image/png;base64,)[^"]+'
            manual, count = re.subn(seen, rf"\g<1>{data}", manual)
            assert count == 1
        MANUAL.write_text(manual, "utf-8")
