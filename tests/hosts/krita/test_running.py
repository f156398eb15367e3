"""In real Krita: filters started, followed, stopped and repeated from the docker and the menus."""

from __future__ import annotations

from typing import Any

import pytest
from krita_stage import Stage
from random_eye import write_random_eye

pytestmark = pytest.mark.hosts
WITH_DOCKER = True
NO_PICTURE = "No picture is open.\nOpen or create a picture, then run the filter again."


@pytest.fixture(scope="module", autouse=True)
def eye(stage: Stage) -> None:
    """What `restyle` sees with."""
    write_random_eye(stage.ink / "models")


def test_an_action_without_a_document_says_so(play: Any) -> None:
    assert play["scene_an_action_without_a_document"] == [NO_PICTURE]


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
    assert (found["run"], found["bar"]) == (True, True)
    assert found["waiting"][0] == "Next: Sleeper"
    assert found["dropped"] == [0, False]
    assert found["after"] == ["", False, True]
    assert found["layers"] == 1


def test_a_second_run_waits_for_the_first(play: Any) -> None:
    layers = ["Background", "Inkwash: Flats", "Lines", "Inkwash: Gray"]
    assert play["scene_a_second_run_waits"] == [1, "", layers]


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


def test_krita_ends_well_in_the_middle_of_a_job(play: Any) -> None:
    assert play["scene_a_job_runs_while_krita_is_closed"]
    assert play.status == 0
    assert "Traceback" not in play.said
