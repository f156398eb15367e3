"""The stamp tells a finished environment from an unfinished or outdated one."""

from dataclasses import replace
from pathlib import Path

import pytest

from inkwash.installer.python import stamp

MADE = stamp.Stamp("abc", "cpu", ("evaluate", "test"))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A project of two files."""
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    (folder / "pyproject.toml").write_text("[project]")
    (folder / "models/store.py").write_text("a = 1")
    return folder


def test_what_is_written_is_read(tmp_path: Path) -> None:
    stamp.write(tmp_path, MADE)
    assert stamp.read(tmp_path) == MADE


def test_without_a_stamp_nothing_was_finished(tmp_path: Path) -> None:
    assert stamp.read(tmp_path) is None


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", "[" * 100_000, '{"recipe": "abc"}', '{"recipe": 1, "torch": 2}']
)
def test_a_damaged_stamp_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / stamp.NAME).write_text(content)
    assert stamp.read(tmp_path) is None


def test_an_erased_stamp_is_gone_and_may_be_erased_again(tmp_path: Path) -> None:
    stamp.write(tmp_path, MADE)
    stamp.erase(tmp_path)
    stamp.erase(tmp_path)
    assert stamp.read(tmp_path) is None


def test_an_environment_with_more_covers_one_with_less() -> None:
    assert MADE.covers(replace(MADE, extras=()), any_torch=False)
    assert MADE.covers(replace(MADE, extras=("test",)), any_torch=False)
    assert not replace(MADE, extras=()).covers(MADE, any_torch=False)


def test_another_recipe_is_not_covered() -> None:
    assert not MADE.covers(replace(MADE, recipe="def"), any_torch=True)


def test_another_build_is_covered_only_if_any_will_do() -> None:
    wanted = replace(MADE, torch="cuda")
    assert MADE.covers(wanted, any_torch=True)
    assert not MADE.covers(wanted, any_torch=False)


def test_the_recipe_follows_the_settings_and_the_python(source: Path) -> None:
    first = stamp.recipe(source, "3.11.2", editable=True)
    assert stamp.recipe(source, "3.11.2", editable=True) == first
    assert stamp.recipe(source, "3.12.1", editable=True) != first
    (source / "pyproject.toml").write_text("[project] # changed")
    assert stamp.recipe(source, "3.11.2", editable=True) != first


def test_only_a_copy_must_follow_the_files(source: Path) -> None:
    before = [stamp.recipe(source, "3.11.2", editable=editable) for editable in (True, False)]
    (source / "models/store.py").write_text("a = 1000")
    after = [stamp.recipe(source, "3.11.2", editable=editable) for editable in (True, False)]
    assert before[0] == after[0]
    assert before[1] != after[1]
