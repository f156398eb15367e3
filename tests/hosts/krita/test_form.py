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
