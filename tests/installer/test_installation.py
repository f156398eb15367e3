"""A finished environment is left alone, and hosts learn how the daemon is started."""

import json
from pathlib import Path

import pytest

from inkwash.installer.installation import install, name_daemon
from inkwash.installer.python import stamp
from inkwash.installer.python.environment import ROOT, Environment


@pytest.fixture
def finished(bare: Environment) -> Environment:
    """An environment with the stamp of what the files ask for now."""
    recipe = stamp.recipe(ROOT, bare.python_version, editable=bare.editable)
    stamp.write(bare.folder, stamp.Stamp(recipe, "cpu", ("test",)))
    return bare


def contents(folder: Path) -> dict[Path, float]:
    return {path: path.lstat().st_mtime for path in folder.rglob("*")}


@pytest.mark.parametrize("wanted", ["auto", "cpu"])
def test_a_second_run_changes_nothing_and_says_nothing(
    finished: Environment, wanted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(finished.folder)
    install(finished, ["test"], wanted=wanted)
    assert contents(finished.folder) == before
    assert capsys.readouterr().out == ""


def test_hosts_find_the_artists_daemon(finished: Environment, home: Path) -> None:
    install(finished)
    command = json.loads((home / "daemon-command.json").read_text())
    assert command == [str(finished.python), "-m", "inkwash.daemon.commands", "daemon", "run"]


def test_a_checkout_leaves_the_users_own_folder_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bare: Environment
) -> None:
    monkeypatch.delenv("INKWASH_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "user/data"))
    environment = Environment(bare.folder, editable=True)
    recipe = stamp.recipe(ROOT, environment.python_version, editable=True)
    stamp.write(environment.folder, stamp.Stamp(recipe, "cpu", ()))
    install(environment)
    assert not (tmp_path / "user").exists()


def test_the_command_is_replaced_whole(bare: Environment, tmp_path: Path) -> None:
    file = tmp_path / "new/daemon-command.json"
    name_daemon(bare.python, file)
    name_daemon(bare.python, file)
    assert [entry.name for entry in file.parent.iterdir()] == [file.name]
