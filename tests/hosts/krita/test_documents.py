"""In real Krita: results that concern the whole document: its frames, its size."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.hosts
WITH_DOCKER = True
NOTHING, WHITE = [0, 0, 0, 0], [255, 255, 255, 255]


def red(amount: int) -> list[int]:
    return [0, 0, amount, 255]


def test_a_result_is_a_keyframe_that_ends_with_its_lines(play: Any) -> None:
    found = play["scene_a_frame"]
    assert found["names"] == ["Background", ["Inkwash: Flats", ["Flat colours", "Shading"]], "Lines"]
    assert found["first"] == {"0": NOTHING, "4": red(255), "8": NOTHING}
    assert found["blends"] == ["normal", "multiply"]
    assert found["notices"] == []
    assert found["seen"] == [WHITE, red(255), red(255), WHITE]
    assert found["now"] == red(255)


def test_one_undo_step_takes_a_frames_result_back(play: Any) -> None:
    assert play["scene_a_frame"]["undone"] == ["Background", "Lines"]


def test_another_frames_result_joins_the_group_and_replacing_keeps_other_frames(play: Any) -> None:
    found = play["scene_a_frame"]
    assert found["second"] == [3, {"0": NOTHING, "4": red(255), "8": red(100)}]
    assert found["replaced"] == [3, {"0": NOTHING, "4": red(50), "8": red(100)}]
    assert found["beside"] == [4, {"0": NOTHING, "4": red(70), "8": NOTHING}]


def test_a_frame_that_was_painted_on_is_kept_with_its_group(play: Any) -> None:
    found = play["scene_a_frame"]
    assert found["touched"][0] == ["The earlier result was painted on, so it is still there, hidden."]
    assert found["touched"][1] == {"0": NOTHING, "4": red(50), "8": red(9)}
    assert found["kept"] == [False, {"0": NOTHING, "4": red(50), "8": [0, 255, 0, 255]}]


def test_keyframes_come_in_every_colour_space(play: Any) -> None:
    found = play["scene_every_space"]
    assert len(found) == 4
    for space, (times, same, (before, now, after)) in found.items():
        assert (times, same) == ([0, 5, 8], True), space
        assert before == after == [255, 255, 255], space
        assert now[0] < 140 if space == "GRAYA U8" else now[0] > now[1] + 100, (space, now)


def test_a_layer_that_is_not_animated_is_told_of(play: Any) -> None:
    still = "This picture is animated, but “Strokes” is not: it is the same on every frame. The result is on frame 4"
    hinted, alone, (name, *frames) = play["scene_what_is_still"]
    assert hinted == [f"{still} to 7."]
    assert alone == [f"{still} and after it."]
    assert name == "Inkwash: Identity"
    assert frames == [["0", NOTHING], ["4", red(255)]] or frames == [[0, NOTHING], [4, red(255)]]


def test_what_to_do_with_a_larger_result_is_asked_once(play: Any) -> None:
    found = play["scene_larger"]
    assert found["asked"] == ["Scale the picture", "Open a new picture", "Cancel"]
    assert found["not yet"] == [60, 40]
    assert found["asked again"] == 0
    assert found["choice"] == "Scale the picture"


def test_the_picture_may_grow_with_all_its_layers(play: Any) -> None:
    found = play["scene_larger"]
    assert found["scaled"] == [120, 80]
    assert found["layers"] == {"Background": [120, 80], "Ink": [20, 20], "Inkwash: Doubled": [120, 80]}
    assert found["ink"] == [10, 20]
    assert found["undone"] == [[120, 80], [60, 40]]


def test_or_a_new_picture_is_made(play: Any) -> None:
    found = play["scene_larger"]
    assert found["old"] == [60, 40, ["Background", "Ink"]]
    assert found["new"] == [120, 80, ["Result"], red(255)]


def test_krita_quits_as_usual(play: Any) -> None:
    assert play.status == 0
