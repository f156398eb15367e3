"""In real Krita: strokes with the pen on the canvas, each followed by one run into one preview layer."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.hosts
WITH_DOCKER = True
ELSEWHERE = "Paused: another picture is in front."
SELECTED = "Paused: the selection has changed. The next stroke goes on."


def test_a_stroke_is_followed_by_one_run_into_one_locked_layer(play: Any) -> None:
    found = play["scene_a_stroke_is_followed"]
    assert found["at first"] == [1, ["Background", "Lines", "Inkwash preview", "Hints"]]
    assert found["locked"]
    runs, shown, hints, before = found["one stroke"]
    assert runs == 1
    assert shown == hints != before
    assert found["still one layer"] == 1


def test_undo_and_redo_of_a_stroke_are_followed_too(play: Any) -> None:
    found = play["scene_a_stroke_is_followed"]
    runs, shown, hints = found["undone"]
    assert runs == 2
    assert shown == hints == found["one stroke"][3]
    assert found["redone"] == [3, found["one stroke"][1]]


def test_switched_off_it_takes_its_layer_away_and_follows_no_more(play: Any) -> None:
    found = play["scene_a_stroke_is_followed"]
    assert found["removed"] == ["Background", "Lines", "Hints"]
    assert found["off"] == 3


def test_nothing_begins_within_a_stroke_and_the_last_stroke_wins(play: Any) -> None:
    found = play["scene_never_within_a_stroke"]
    assert (found["during"], found["after"]) == (0, 1)
    assert found["differences after many"] == []


def test_strokes_elsewhere_do_not_count(play: Any) -> None:
    assert play["scene_it_pauses"]["a stroke elsewhere"] == 0


def test_it_pauses_when_the_selection_changes_until_the_next_stroke(play: Any) -> None:
    found = play["scene_it_pauses"]
    assert found["selection"] == [0, SELECTED]
    assert found["next stroke"] == 1


def test_it_pauses_while_another_picture_is_in_front(play: Any) -> None:
    found = play["scene_it_pauses"]
    assert found["other document"] == [ELSEWHERE, 1]
    assert found["back"] != ELSEWHERE
    assert found["going on"] in (2, 3)  # some Kritas tell of the way back as of a change


def test_what_it_shows_can_be_kept(play: Any) -> None:
    found = play["scene_it_is_kept"]
    assert found == {"name": "Inkwash preview, kept", "locked": False, "on": False}


def test_it_follows_the_settings(play: Any) -> None:
    assert play["scene_settings_count"] == {"begun": 1, "red": 9}


def test_there_is_one_layer_whatever_comes_while_it_is_made(play: Any) -> None:
    assert play["scene_krita_heeds_events_while_it_makes_the_layer"] == {"a result": 1, "switched off": 0}


def test_it_ends_with_its_document(play: Any) -> None:
    assert play["scene_its_document_is_closed"] == {"on": False, "running": False}


def test_it_goes_on_with_another_daemon(play: Any) -> None:
    assert play["scene_the_daemon_is_killed_meanwhile"]["same"]


def test_krita_ends_well(play: Any) -> None:
    assert play.status == 0
    assert "Traceback" not in play.said
