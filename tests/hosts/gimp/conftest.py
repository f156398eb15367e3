"""One GIMP that plays every scene which needs no window, and fresh ones for those that break something."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from environment import Suite
from gimp_session import WITHOUT_WINDOWS, GimpSession
from visit import Visit


@pytest.fixture(scope="session")
def session(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GimpSession]:
    """The GIMP of all scenes."""
    with Visit(suite, tmp_path_factory.mktemp("gimp")) as visit:
        yield GimpSession(visit)


@pytest.fixture(scope="session")
def played(session: GimpSession) -> dict[str, Any]:
    """What came of every scene."""
    return session.play(*WITHOUT_WINDOWS)


@pytest.fixture
def result(played: dict[str, Any]) -> Callable[[str], dict[str, Any]]:
    """What came of one scene, which went to its end."""

    def result(name: str) -> dict[str, Any]:
        assert "error" not in played[name], played[name]["error"] + played["said"]
        return dict(played[name])

    return result


@pytest.fixture
def fresh(suite: Suite, tmp_path: Path) -> Iterator[GimpSession]:
    """A GIMP and a daemon of the test's own."""
    with Visit(suite, tmp_path / "home") as visit:
        yield GimpSession(visit)


@pytest.fixture
def eventually() -> Callable[..., Any]:
    """Wait until something holds; what it gave."""

    def eventually(holds: Callable[[], Any]) -> Any:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            if found := holds():
                return found
            time.sleep(0.1)
        raise AssertionError("this never came true")

    return eventually
