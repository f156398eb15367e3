"""In real Krita on a small screen: films of an artist at work, each picture with lines and colour."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from statistics import median
from typing import Any

import pytest

pytestmark = pytest.mark.hosts
WITH_DOCKER = True
SCREEN = "1280x720"
STEPS = ["one stroke", "within a stroke", "five strokes", "two undone", "turned", "going on", "saved", "kept"]


def put_away(found: Any) -> None:
    """Keep the pictures where INKWASH_FILM says, to be looked at."""
    if folder := os.environ.get("INKWASH_FILM"):
        for picture in [*found.get("pictures", ()), *(one["picture"] for one in found.get("film", {}).values())]:
            shutil.copy(picture, Path(folder))


@pytest.mark.parametrize("paper", ["opaque", "open"])
def test_lines_and_colour_are_seen_at_every_step_and_the_document_has_strokes_and_one_group(
    play: Any, paper: str
) -> None:
    found = play[f"scene_strip_on_{paper}_paper"]
    put_away(found)
    film = found["film"]
    assert list(film) == STEPS
    assert {step: shot["lines"] for step, shot in film.items() if shot["lines"] < 0.3} == {}
    # Within a stroke the look has faded, so that what is below it is seen.
    assert {
        step: shot["colour"] for step, shot in film.items() if shot["colour"] < (0.1 if "within" in step else 2)
    } == {}
    assert film["within a stroke"]["overlay"][0]
    assert film["within a stroke"]["overlay"][1] < 0.5
    assert found["preview saved"] is False
    assert len([one for one in found["layers"] if isinstance(one, list)]) == 1
    strokes, added = found["history"][:-1], found["history"][-1]
    assert len(strokes) == 4
    assert len(set(strokes)) == 1
    assert added != strokes[0]


def test_from_the_first_start_to_the_first_colour_takes_one_click_after_a_stroke(play: Any) -> None:
    found = play["scene_first_colour"]
    put_away(found)
    assert found["seen"]
    assert found["clicks"] <= 3
    assert found["form"] >= 150  # pixels of the form are seen
    assert found["after"]["colour"] > 2
    assert found["error is whole"]


def test_colour_follows_the_pen(play: Any, capsys: pytest.CaptureFixture[str]) -> None:
    seconds = play["scene_live_rounds"]
    with capsys.disabled():
        print(f"\nlive, 1024 px, from pen-up to colour: median {median(seconds):.2f} s, longest {max(seconds):.2f} s")  # noqa: T201 (a measurement)
    assert len(seconds) == 5
