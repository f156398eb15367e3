"""The Debian with Krita and GIMP, and visits to it."""

import os
from collections.abc import Iterator
from pathlib import Path

import environment
import pytest
from environment import NotPossible, Suite
from visit import Visit


@pytest.fixture(scope="session")
def suite() -> Suite:
    """The prepared Debian; where that is not possible the tests are skipped, but never in the gate."""
    found = environment.suite()
    if reason := environment.obstacle():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no Krita and GIMP here: {reason}")
    try:
        found.prepare()
    except NotPossible as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no Krita and GIMP here: {error}")
    return found


@pytest.fixture
def visit(suite: Suite, tmp_path: Path) -> Iterator[Visit]:
    """A visit with a fresh home; what it started ends with the test."""
    with Visit(suite, tmp_path / "home") as visit:
        yield visit


@pytest.fixture(scope="module")
def long_visit(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """A visit that a module's tests share."""
    with Visit(suite, tmp_path_factory.mktemp("home")) as visit:
        yield visit
