"""In real Krita: jobs that go wrong, are given up, or lose their document; nothing of them is left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.hosts

HERE = Path(__file__).parent
TRIALS = ("identity", "echo_hints", "flats", "sleeper", "failing", "broken")


def test_cancelling_says_so_once_and_changes_nothing(play: Any) -> None:
    found = play["scene_cancel"]
    assert found["at once"] == 1
    assert found["cancelled"] == ["cancelled"]
    assert found["names"] == ["Background", "Lines"]
    assert found["states"][:4] == ["reading", "starting", "running", "idle"]


def test_progress_and_previews_come_while_it_runs(play: Any) -> None:
    found = play["scene_cancel"]
    assert "sleeping" in found["progress"]
    assert found["previews"] == 1


def test_after_a_cancel_the_next_run_works(play: Any) -> None:
    assert play["scene_cancel"]["afterwards"] == "result"


def test_the_latest_run_wins(play: Any) -> None:
    found = play["scene_latest_wins"]
    assert found["ends"] == ["result"]
    assert found["names"] == ["Background", "Lines", ["Inkwash: Identity", ["Result"]]]


def test_a_failing_filter_and_a_refused_setting_are_told_in_words(play: Any) -> None:
    found = play["scene_failing_filter"]
    assert (found["failing"]["code"], found["refused"]["code"]) == ("internal", "bad_params")
    assert found["failing"]["message"]
    assert found["failing"]["hint"]
    assert "255" in found["refused"]["message"]
    assert found["names"] == ["Background", "Lines"]


def test_a_killed_daemon_is_named_and_the_next_run_starts_another(play: Any) -> None:
    found = play["scene_daemon_killed"]
    assert found["end"]["code"] == "connection_lost"
    assert found["end"]["hint"]
    assert found["names"] == ["Background", "Lines"]
    assert found["afterwards"] == "result"


@pytest.mark.parametrize("scene", ["scene_document_closed", "scene_document_closed_while_reading"])
def test_a_document_may_be_closed_meanwhile(play: Any, scene: str) -> None:
    found = play[scene]
    assert found["end"]["code"] == "not_there"
    assert "closed" in found["end"]["message"]
    assert found["documents"] == 0


def test_a_layer_may_be_deleted_meanwhile(play: Any) -> None:
    found = play["scene_layer_deleted"]
    assert found["end"]["code"] == "not_there"
    assert "deleted" in found["end"]["message"]
    assert found["names"] == ["Background"]


def test_two_documents_at_once_get_their_own_results(play: Any) -> None:
    found = play["scene_two_documents"]
    assert found["ends"] == ["result", "result"]
    assert found["first"] == ["Background", "Lines", ["Inkwash: Sleeper", ["Result"]]]
    assert found["second"] == ["Background", "Lines", ["Inkwash: Identity", ["Result"]]]
    assert found["said to who waits"][0] == "waiting for Sleeper to end"


def test_a_live_run_shows_its_result_and_changes_nothing(play: Any) -> None:
    found = play["scene_live"]
    assert found["end"] == "result"
    assert found["node"]
    assert found["names"] == ["Background", "Lines"]
    assert found["preview"] == [40, 30, "RGBA", "050607ff"]
    assert found["group"]["place"] == "above"


def test_the_service_is_found_lost_and_not_started_unasked(play: Any) -> None:
    found = play["scene_service"]
    connecting, ready, lists, *rest = found["heard"]
    assert (connecting, ready, lists[0]) == ("connecting", "ready", "ready")
    assert lists[1] >= len(TRIALS)
    assert rest == ["lost", "connecting", "lost", "not_running"]
    assert found["status"] == 1
    assert found["lost"] == {}


def test_nothing_is_left_behind(play: Any) -> None:
    found = play["scene_last_look"]
    assert found["documents"] == 0
    assert found["errands"] == 0
    assert found["files"] == []
    assert play.status == 0


@pytest.mark.parametrize("scene", ["quit_while_it_runs", "quit_while_it_reads", "quit_while_the_daemon_starts"])
def test_krita_may_be_closed_while_a_job_runs(fresh_stage: Any, scene: str) -> None:
    play = fresh_stage.play(HERE / "scenes_quitting.py", [scene])
    assert play.scenes[scene].get("result") == "left running", play.scenes[scene]
    assert play.status == 0, play.said[-3000:]
