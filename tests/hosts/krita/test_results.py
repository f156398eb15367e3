"""In real Krita: results are a group at its place, one undo step takes it back, nothing else changes."""

from __future__ import annotations

from typing import Any

import krita_file
import pytest

pytestmark = pytest.mark.hosts

FLATS = ["Inkwash: Flats", ["Flat colours", "Shading"]]
# Of 255, how far a look may be from the document: Krita blends linear documents linearly, and inks as inks.
FAR = {"RGBA U8": 2, "GRAYA U8": 2, "RGBA U16": 8, "RGBA F16": 8, "RGBA F32": 8, "CMYKA U8": 32}
BEFORE = ["Background", "Lines", "Notes"]
WITH_FLATS = ["Background", FLATS, "Lines", "Notes"]
WHITE, BLACK, RED, DARK_RED = [255, 255, 255, 255], [0, 0, 0, 255], [0, 0, 255, 255], [0, 0, 128, 255]


def test_colour_goes_under_the_lines_as_a_group_with_blending_modes(play: Any) -> None:
    found = play["scene_group_under_lines"]
    under, group, lines, notes = found["tree"]
    assert [under["name"], group["name"], lines["name"], notes["name"]] == ["Background", FLATS[0], "Lines", "Notes"]
    assert [(each["name"], each["blend"]) for each in group["children"]] == [
        ("Flat colours", "normal"),
        ("Shading", "multiply"),
    ]
    assert group["bounds"] == [0, 0, 120, 90]
    assert found["lines untouched"]


def test_the_picture_shows_the_result(play: Any) -> None:
    assert play["scene_group_under_lines"]["seen"] == {"left": DARK_RED, "right": RED, "line": BLACK}


def test_the_saved_file_has_the_layers(play: Any) -> None:
    play["scene_group_under_lines"]
    _, lines, group, _ = krita_file.layers(play.folder / "flats.kra")
    assert lines["name"] == "Lines"
    assert (group["name"], group["blend"]) == (FLATS[0], "normal")
    assert [(each["name"], each["blend"]) for each in group["children"]] == [
        ("Shading", "multiply"),
        ("Flat colours", "normal"),
    ]


def test_one_undo_step_takes_it_back_and_one_redo_step_gives_it_again(play: Any) -> None:
    found = play["scene_group_under_lines"]
    assert found["undone"] == BEFORE
    assert found["seen undone"] == WHITE
    assert found["redone"] == WITH_FLATS
    assert found["seen redone"] == DARK_RED


def test_the_active_layer_stays_active_and_the_document_is_modified(play: Any) -> None:
    found = play["scene_group_under_lines"]
    assert found["active"] == "Lines"
    assert found["modified"]
    assert found["states"] == ["reading", "starting", "running", "placing", "idle"]


def test_shade_and_light_change_what_is_below_their_group(play: Any) -> None:
    found = play["scene_glaze"]
    assert found["names"] == ["Background", "Base", ["Inkwash: Glaze", ["Shade", "Light"]]]
    assert found["blends"] == ["multiply", "screen"]
    for run in ("first", "again"):
        assert found[run]["through"]
        assert found[run]["left"] == pytest.approx([100, 50, 25, 255], abs=1)
        assert found[run]["right"] == pytest.approx([214, 100, 50, 255], abs=1)


def test_over_opaque_paper_the_group_multiplies(play: Any) -> None:
    found = play["scene_group_above_paper"]
    assert [(each["name"], each["blend"]) for each in found["tree"]] == [
        ("Background", "normal"),
        ("Lines", "normal"),
        (FLATS[0], "multiply"),
        ("Notes", "normal"),
    ]
    assert found["right"] == RED
    assert found["line"] == BLACK
    assert found["undone"] == BEFORE


def test_another_run_adds_a_group(play: Any) -> None:
    found = play["scene_again"]
    assert found["added"] == ["Background", FLATS, FLATS, "Lines", "Notes"]
    assert found["one undone"] == WITH_FLATS


def test_a_run_may_replace_the_group_and_two_undo_steps_bring_the_old_one_back(play: Any) -> None:
    found = play["scene_again"]
    assert found["updated"] == WITH_FLATS
    assert found["red"] == [0, 0, 50, 255]
    assert found["opacity"] == 128
    assert found["undo 1"] == ["Background", FLATS, FLATS, "Lines", "Notes"]
    assert found["undo 2"] == WITH_FLATS
    assert found["red after undo"] == RED


def test_replacing_spares_another_layers_group_and_one_that_the_artist_has_worked_on(play: Any) -> None:
    found = play["scene_update_spares_what_is_not_ours"]
    assert found["two"] == [*WITH_FLATS, FLATS, "Other lines"]
    worked_on = [FLATS[0], [*FLATS[1], "mine"]]
    assert found["masked"] == ["Background", worked_on, FLATS, "Lines", "Notes", FLATS, "Other lines"]


@pytest.mark.parametrize("parent", ["locked", "hidden", "passed through"])
def test_a_result_goes_into_an_odd_group_too(play: Any, parent: str) -> None:
    found = play["scene_odd_parents"]
    assert found[parent] == ["Background", "Lines", ["Group", ["Inside", FLATS]], "Notes"]
    assert found[f"{parent}, undone"] == ["Background", "Lines", ["Group", ["Inside"]], "Notes"]


def test_a_result_of_the_bottom_layer_or_the_whole_picture_finds_a_place(play: Any) -> None:
    found = play["scene_odd_parents"]
    hints = ["Inkwash: Echo hints", ["Hints seen"]]
    inside = ["Background", hints, "Lines", ["Group", ["Inside"]], "Notes"]
    assert found["bottom"] == inside
    assert found["whole picture"] == [*inside, ["Inkwash: Identity", ["Result"]]]


def test_layers_of_the_same_name_are_not_confused(play: Any) -> None:
    found = play["scene_same_names"]
    assert found["names"] == ["Background", "Ink", ["Inkwash: Identity", ["Result"]], "Ink"]
    assert found["pixel"] == [1, 1, 1, 255]


def test_a_look_is_what_the_document_becomes_in_every_format(play: Any) -> None:
    found = play["scene_looks"]
    assert found.pop("enlarged") == [[255, 0, 0, 255]] * 2
    assert len(found) == 24
    assert {n: what for n, what in found.items() if what[0] > FAR[" ".join(n.split()[:2])] or not what[1]} == {}


def test_replacing_keeps_what_was_painted_on(play: Any) -> None:
    found = play["scene_touched"]
    assert found["untouched"] == [["Background", ["Inkwash: Trial", ["Trial"]], "Lines", "Notes"], []]
    assert not found["same"]
    assert found["touched"] == [[False, True], ["The earlier result was painted on, so it is still there, hidden."]]
    assert found["kept"] == [[1, 2, 3, 255]]


def test_a_layers_own_selection_counts(play: Any) -> None:
    assert play["scene_own_selection"] == [True, [10, 10, 20, 20, 255]]


def test_krita_quits_as_usual(play: Any) -> None:
    assert play.status == 0
