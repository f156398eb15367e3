"""In real Krita: strokes with the pen on the canvas, and what is shown of each, with the document untouched."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.hosts
WITH_DOCKER = True
ELSEWHERE = "Paused: another picture is in front."
WORKING, FRESH, WAITING = "Working…", "Up to date.", "Waiting for the service…"
LAYERS = ["Background", "Lines", "Hints"]
ROUNDING = 3  # of 255: Krita and Qt blend in 8 bits, each its own way
BRUSH = [0, 0, 0, 255]


def test_a_stroke_is_followed_by_one_run_and_the_document_stays_as_it_is(play: Any) -> None:
    found = play["scene_a_stroke_is_followed"]
    assert found["at first"] == [1, LAYERS, False, FRESH]
    assert found["one stroke"] == [1, True, BRUSH]


def test_undo_and_redo_reach_the_strokes_and_are_followed(play: Any) -> None:
    found = play["scene_a_stroke_is_followed"]
    assert found["undone"][:2] == [2, True]
    assert found["redone"] == [3, True]


def test_nothing_of_it_is_saved(play: Any) -> None:
    assert play["scene_a_stroke_is_followed"]["saved"] is False


def test_switched_off_nothing_of_it_is_left_and_it_follows_no_more(play: Any) -> None:
    assert play["scene_a_stroke_is_followed"]["off"] == [LAYERS, True, False, False, 0]


def test_nothing_begins_within_a_stroke_and_the_last_stroke_wins(play: Any) -> None:
    found = play["scene_never_within_a_stroke"]
    assert found["during"] == [0, True]  # and the overlay has faded
    assert found["after"] == [1, 1.0]
    assert found["differs"] <= ROUNDING


def test_a_stroke_on_a_layer_that_is_not_read_is_shown_without_a_run(play: Any) -> None:
    assert play["scene_it_pauses"]["a stroke elsewhere"] == [0, True]


def test_it_pauses_while_another_picture_is_in_front(play: Any) -> None:
    found = play["scene_it_pauses"]
    assert found["other document"] == [ELSEWHERE, False, 0]
    assert found["back"] == [FRESH, True]
    assert found["going on"] in (1, 2)  # some Kritas tell of the way back as of a change


@pytest.mark.parametrize(
    ("paper", "kept"),
    [
        ("opaque", ["Background", "Lines", ["Inkwash: Flats", ["Flat colours", "Shading"]], "Hints"]),
        ("open", ["Background", ["Inkwash: Flats", ["Flat colours", "Shading"]], "Lines", "Hints"]),
        ("deep", ["Background", ["Inkwash: Flats", ["Flat colours", "Shading"]], "Lines", "Hints"]),
    ],
)
def test_keeping_puts_what_was_seen_into_the_document_as_one_undo_step(play: Any, paper: str, kept: Any) -> None:
    layers, is_on, differs, undone = play["scene_keeping"][paper]
    assert layers == kept
    assert not is_on
    assert differs <= ROUNDING
    assert undone == LAYERS


def test_over_an_earlier_result_colours_lie_once(play: Any) -> None:
    assert play["scene_keeping"]["over the earlier one"] <= ROUNDING


def test_it_follows_the_settings(play: Any) -> None:
    assert play["scene_settings_count"] == {"begun": 1, "red": [9, 0, 0, 255]}


@pytest.mark.parametrize("view", ["far", "near", "mirrored"])
def test_the_overlay_lies_exactly_on_the_picture(play: Any, view: str) -> None:
    is_seen, differs, _ = play["scene_the_overlay_lies_on_the_picture"][view]
    assert is_seen
    assert differs < 0.02


def test_with_the_view_split_the_pen_is_seen_where_it_draws(play: Any) -> None:
    found = play["scene_split_view"]
    assert found["canvases"] == 2
    assert found["during"] == [[0, True, True]] * 2


def test_the_picture_may_leave_the_docker_and_comes_back(play: Any) -> None:
    found = play["scene_the_picture_leaves_the_docker"]
    assert found["in the docker"]
    assert found["away"][:2] == [True, False]
    assert found["back"] == [True, True]


def test_a_preview_layer_of_an_earlier_version_goes_when_its_file_is_opened(play: Any) -> None:
    assert play["scene_a_leftover_goes_when_it_is_opened"] == ["Background", "Inkwash preview"]


def test_what_a_run_has_so_far_is_seen_beside_the_document(play: Any) -> None:
    found = play["scene_a_run_shows_what_it_has"]
    assert found["seen"] == [255, 0, 0, 255]
    assert (found["overlay"], found["in the docker"]) == (True, True)
    assert found["document"] == [["Background", "Red"], False]
    assert found["afterwards"] == [True, False]


def test_it_ends_with_its_document(play: Any) -> None:
    assert play["scene_its_document_is_closed"] == {"on": False, "running": False, "look": True}


def test_after_a_crash_of_the_service_it_goes_on_by_itself(play: Any) -> None:
    found = play["scene_the_daemon_is_killed_meanwhile"]
    assert found["begun"] >= 2
    assert {WORKING, WAITING} <= set(found["said"])
    assert found["afterwards"] == [FRESH, BRUSH]


def test_krita_ends_well(play: Any) -> None:
    assert play.status == 0
    assert "Traceback" not in play.said
