"""In real Krita with a fresh home: the docker is seen with the first picture, and then as the artist likes."""

from __future__ import annotations

from pathlib import Path

import pytest
from krita_stage import Stage
from visit import Visit

pytestmark = pytest.mark.hosts
SCENES = Path(__file__).with_name("scenes_first_start.py")


def installed(stage: Stage) -> None:
    """What the installer changes in Krita's settings."""
    config = stage.config.read_text()
    assert "enable_inkwash.krita=false" in config
    stage.config.write_text(config.replace("enable_inkwash.krita=false", "enable_inkwash.krita=true"))


@pytest.fixture
def new(visit: Visit, tmp_path: Path) -> Stage:
    """Krita with everything of ours, and nothing yet of the artist's."""
    return Stage(visit, tmp_path, with_docker=True)


def test_the_docker_is_seen_with_the_first_picture_and_stays_as_the_artist_leaves_it(new: Stage) -> None:
    found = new.play(SCENES, ["scene_first_start"])["scene_first_start"]
    assert (found["first"]["seen"], found["second"]["seen"]) == (True, True)
    assert new.play(SCENES, ["scene_next_start"])["scene_next_start"]["seen"]
    closed = new.play(SCENES, ["scene_closed_by_the_artist"])["scene_closed_by_the_artist"]
    assert closed == {"seen": False, "with another picture": False}
    assert not new.play(SCENES, ["scene_next_start"])["scene_next_start"]["seen"]


def test_who_has_used_krita_before_sees_it_too(fresh_stage: Stage) -> None:
    assert fresh_stage.play(SCENES, ["scene_before_the_installation"])["scene_before_the_installation"] is None
    installed(fresh_stage)
    found = fresh_stage.play(SCENES, ["scene_first_start"])["scene_first_start"]
    assert (found["first"]["seen"], found["second"]["seen"]) == (True, True)
