"""One Krita for the scenes of each test module, and fresh ones for those that end it."""

from __future__ import annotations

from pathlib import Path

import pytest
from krita_stage import SCREEN, Play, Stage, scenes_in
from visit import Visit


@pytest.fixture(scope="module")
def stage(long_visit: Visit, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Stage:
    """For a module's tests; one that says WITH_DOCKER = True gets the whole plugin."""
    with_docker = getattr(request.module, "WITH_DOCKER", False)
    return Stage(long_visit, tmp_path_factory.mktemp("stage"), with_docker)


@pytest.fixture
def fresh_stage(visit: Visit, tmp_path: Path) -> Stage:
    return Stage(visit, tmp_path)


@pytest.fixture(scope="module")
def play(stage: Stage, request: pytest.FixtureRequest) -> Play:
    """All scenes of the file beside the test module, called after it: test_runner.py plays scenes_runner.py.

    On a screen of the size that the module calls SCREEN, if it does.
    """
    file = Path(str(request.path)).with_name(f"scenes_{request.path.stem.removeprefix('test_')}.py")
    return stage.play(file, scenes_in(file), screen=getattr(request.module, "SCREEN", SCREEN))
