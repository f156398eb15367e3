"""In real Krita: the docker and the actions, with and without a document, at every width, in light and dark."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from krita_stage import Stage
from random_eye import write_random_eye

from inkwash.models.filters import find

pytestmark = pytest.mark.hosts
WITH_DOCKER = True
NO_PICTURE = "No picture is open.\nOpen or create a picture, then run the filter again."
DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module", autouse=True)
def eye(stage: Stage) -> None:
    """What `restyle` sees with."""
    write_random_eye(stage.ink / "models")


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
    wanted = {"run_colorize", "run_lineart", "repeat", "live", "keep", "cancel"}
    assert wanted <= {name.removeprefix("inkwash_") for names in shortcuts.values() for name in names}
    assert {key: names for key, names in shortcuts.items() if len(names) > 1} == {}


def test_an_action_without_a_document_says_so(play: Any) -> None:
    assert play["scene_an_action_without_a_document"] == [NO_PICTURE]


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


def test_a_colorize_mask_can_be_the_hints(play: Any) -> None:
    assert play["scene_key_strokes_are_hints"] == [["Lines", "(none)"], ["Lines", "My mask"]]


def test_run_takes_the_forms_values_and_places_a_group(play: Any) -> None:
    found = play["scene_run_by_the_button"]
    assert [node["name"] for node in found["tree"]] == ["Background", "Inkwash: Flats", "Lines"]
    assert found["red"] == 7
    assert found["report"] == ""


def test_the_last_filter_is_repeated_without_the_docker(play: Any) -> None:
    assert play["scene_repeat_by_its_action"] == ["Background", "Inkwash: Flats", "Inkwash: Flats", "Lines"]


def test_closing_the_docker_stops_nothing(play: Any) -> None:
    assert play["scene_closing_the_docker_stops_nothing"]


def test_progress_is_shown_and_one_click_cancels(play: Any) -> None:
    found = play["scene_progress_and_cancel"]
    assert found["nothing to keep"] == ["There is nothing to keep yet.\nWait for it, or cancel it.", False]
    assert found["words"].startswith("Sleeping, ")
    assert found["words"].endswith(" s left")
    assert (found["run"], found["bar"]) == (False, True)
    assert found["while it runs"].startswith("Inkwash is still working.")
    assert found["after"] == ["", False, True]
    assert found["layers"] == 1


def test_a_filter_is_stopped_and_what_it_has_is_placed(play: Any) -> None:
    found = play["scene_stop_and_keep"]
    assert (found["before"], found["at first"], found["at work"]) == (False, [True, False], [True, True])
    assert found["percent"] < 50
    assert (found["asked"], found["after"]) == (False, False)
    assert found["report"] == "Stopped as you asked: this is the best picture so far."
    *others, group = found["tree"]
    assert group["name"] == "Inkwash: Restyle"
    assert [(layer["name"], layer["bounds"]) for layer in group["children"]] == [("Restyled", [0, 0, 64, 48])]
    assert [node["name"] for node in others] == found["undone"] == ["Background", "Style", "Lines"]


def test_an_error_has_details_that_can_be_copied(play: Any) -> None:
    found = play["scene_an_error_has_a_hint_and_details"]
    assert found["text"]
    assert found["copied"] == found["details"] != ""


def test_a_killed_daemon_is_told_of_and_the_next_run_starts_another(play: Any) -> None:
    found = play["scene_the_daemon_is_killed"]
    assert found["text"].startswith("The connection to the Inkwash service broke")
    assert found["again"] == ["", ["Background", "Inkwash: Identity"]]


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


def test_krita_ends_well_in_the_middle_of_a_job(play: Any) -> None:
    assert play["scene_a_job_runs_while_krita_is_closed"]
    assert play.status == 0
    assert "Traceback" not in play.said
