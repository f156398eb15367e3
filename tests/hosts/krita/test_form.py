"""In real Krita: the form of a filter, built from its declaration."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.hosts
WITH_DOCKER = True


def test_settings_are_kept_under_a_name_and_chosen_again(play: Any) -> None:
    found = play["scene_presets"]
    assert found["empty"] == [False, False]
    assert found["kept"] == ["every_type", "Mine: ünï", 1.5, "flat"]
    assert found["of another filter"] == []
    assert found["chosen"] == [1.5, "flat"]
    assert found["remembered"] == {"amount": 1.5, "finish": "flat"}
    assert found["deleted"] == []


def test_settings_that_do_not_count_are_grey(play: Any) -> None:
    found = play["scene_what_counts"]
    assert found["smooth"] == [True, False]
    assert found["adaptive"] == [False, True]
    assert (found["without hints"], found["with hints"]) == (False, True)


def test_styles_are_a_gallery_and_a_wide_docker_has_two_columns(play: Any) -> None:
    found = play["scene_gallery"]
    assert found["kind"] == "Gallery"
    assert found["styles"] > 10
    assert found["chosen"] == "great-wave"
    assert (found["260"], found["600"]) == (1, 2)


def test_results_of_several_seeds_are_compared_applied_and_thrown_away(play: Any) -> None:
    found = play["scene_history"]
    assert found["button"]
    assert not found["no numbers"]
    assert found["placed"] == found["untouched"] == ["Background", "Paint"]
    assert found["listed"] == [True, 4]
    assert found["greys"] > 1
    assert found["compared"]
    assert found["not compared"]
    assert found["applied"] == [["Background", "Paint", "Inkwash: Lottery"], True]
    assert found["replaced"] == 3
    assert found["discarded"] == 3
    assert not found["hidden"]


def test_hint_colours_stand_for_the_brush_for_others_or_for_nothing(play: Any) -> None:
    found = play["scene_hint_colours"]
    assert found["swatches"] == ["#ff0000", "#0000ff"]
    assert found["brush"] == [0.0, 0.0, 1.0, 1.0]
    assert found["swapped"] == "#ff0000=#0000ff"
    assert found["palette"] > 3
    assert found["empty"] == "#ff0000=#0000ff #0000ff=empty"
    assert found["back"] == ""


def test_layers_are_guessed_by_what_is_on_them(play: Any) -> None:
    assert play["scene_looks"] == {"U8": ["Layer 1", "Layer 2"], "F32": ["Layer 1", "Layer 2"]}


def test_krita_quits_as_usual(play: Any) -> None:
    assert play.status == 0
