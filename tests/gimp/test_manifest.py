"""The manifest: what GIMP registered stays until it asks anew; news wait, and touch the plug-in's file."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from inkwash.gimp import manifest

ECHO: dict[str, Any] = {"id": "echo", "label": "Echo", "inputs": [], "outputs": [], "parameters": []}
MODEL = {"name": "m", "label": "M", "role": "colorizer", "thumbnail": "x" * 1000, "metrics": {}}
LONG_AGO = 1_000_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The plug-in's folder as the installer leaves it."""
    (tmp_path / "manifest.json").write_text(json.dumps({"filters": [ECHO], "models": [MODEL]}))
    (tmp_path / "inkwash-gimp.py").touch()
    os.utime(tmp_path / "inkwash-gimp.py", (LONG_AGO, LONG_AGO))
    return tmp_path


def refresh(folder: Path, *filters: dict[str, Any]) -> bool:
    return manifest.refresh(folder, folder / "inkwash-gimp.py", list(filters), [MODEL])


def was_touched(folder: Path) -> bool:
    return (folder / "inkwash-gimp.py").stat().st_mtime > LONG_AGO


def test_the_installers_manifest_is_read_without_thumbnails(folder: Path) -> None:
    found = manifest.read(folder)
    assert found == {"filters": [ECHO], "models": [{"name": "m", "label": "M", "role": "colorizer"}]}


def test_the_same_list_changes_nothing(folder: Path) -> None:
    assert not refresh(folder, ECHO)
    assert not was_touched(folder)
    assert not (folder / "pending.json").exists()


def test_news_wait_until_gimp_asks(folder: Path) -> None:
    assert refresh(folder, ECHO, {**ECHO, "id": "new"})
    assert was_touched(folder)
    assert [filter["id"] for filter in manifest.read(folder)["filters"]] == ["echo"]
    manifest.adopt(folder)
    assert [filter["id"] for filter in manifest.read(folder)["filters"]] == ["echo", "new"]
    assert not (folder / "pending.json").exists()


def test_the_same_news_touch_the_file_once(folder: Path) -> None:
    assert refresh(folder)
    os.utime(folder / "inkwash-gimp.py", (LONG_AGO, LONG_AGO))
    assert refresh(folder)
    assert not was_touched(folder)


def test_news_that_are_taken_back_are_forgotten(folder: Path) -> None:
    assert refresh(folder)
    assert not refresh(folder, ECHO)
    assert not (folder / "pending.json").exists()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"filters": 3, "models": []}', '{"filters": [], "models": [7]}'])
def test_a_damaged_manifest_is_an_empty_one(folder: Path, content: str) -> None:
    (folder / "manifest.json").write_text(content)
    assert manifest.read(folder) == {"filters": [], "models": []}


def test_without_news_there_is_nothing_to_adopt(folder: Path) -> None:
    manifest.adopt(folder)
    assert manifest.read(folder)["filters"] == [ECHO]


def test_a_folder_that_is_gone_is_no_error(tmp_path: Path) -> None:
    assert refresh(tmp_path / "gone", ECHO)
