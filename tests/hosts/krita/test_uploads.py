"""In real Krita, which heeds SIGPIPE: large pages on their way when the artist, or the daemon, thinks better of it."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.hosts
WITH_DOCKER = True


def test_a_cancel_in_the_upload_of_a_large_page_costs_nothing(play: Any) -> None:
    found = play["scene_cancel_in_the_upload"]
    assert found["ends"] == ["cancelled"] * 20
    assert found["accepted before"] < 15, "too few were in the upload: the test proves little"
    assert found["afterwards"] == "result"


def test_a_daemon_that_dies_in_the_upload_is_named_and_another_one_started(play: Any) -> None:
    found = play["scene_the_daemon_dies_in_the_upload"]
    assert found["end"]["code"] == "connection_lost"
    assert found["afterwards"] == "result"


def test_strokes_while_the_page_is_on_its_way_begin_it_anew(play: Any) -> None:
    found = play["scene_live_strokes_during_uploads"]
    assert found["begun"] > 3
    assert found["shown"] >= 1


def test_krita_lives_and_ends_well(play: Any) -> None:
    assert play.status == 0, play.said[-3000:]
    assert "Traceback" not in play.said
