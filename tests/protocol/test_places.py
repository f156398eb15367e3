"""Where files are: one folder for tests, each system's habit otherwise."""

import sys
import tempfile
from pathlib import Path

import pytest

from inkwash.protocol import places

NAMES = ("INKWASH_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "LOCALAPPDATA")


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setattr(sys, "platform", "linux")


def all_places() -> list[Path]:
    return [
        places.endpoint_file(),
        places.log_file(),
        places.lock_file(),
        places.start_lock_file(),
        places.command_file(),
        places.settings_file(),
        places.models_folder(),
        places.socket_file(),
    ]


def test_one_variable_puts_everything_into_one_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = Path(tempfile.gettempdir()) / "ink"
    monkeypatch.setenv("INKWASH_HOME", str(home))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert all(home in place.parents for place in all_places())
    assert len(set(all_places())) == len(all_places())
    assert not home.exists()


def test_a_relative_home_is_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INKWASH_HOME", "here")
    assert places.data_folder() == tmp_path / "here"


def test_linux_follows_the_xdg_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert places.data_folder() == Path("/home/ada/.local/share/inkwash")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert places.data_folder() == Path("/data/inkwash")
    assert places.endpoint_file() == Path("/data/inkwash/endpoint.json")
    assert places.models_folder() == Path("/data/inkwash/models")


def test_relative_xdg_folders_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "data")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "run")
    assert places.data_folder() == Path("/home/ada/.local/share/inkwash")
    assert places.runtime_folder() == Path("/home/ada/.local/share/inkwash/run")


def test_the_runtime_folder_is_taken_if_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        assert places.runtime_folder() == Path(folder) / "inkwash"
    assert places.runtime_folder() == Path("/home/ada/.local/share/inkwash/run")


def test_macos_and_windows_have_their_own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert places.data_folder() == Path("/home/ada/Library/Application Support/inkwash")
    monkeypatch.setattr(sys, "platform", "win32")
    assert places.data_folder() == Path("/home/ada/AppData/Local/inkwash")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert places.data_folder() == tmp_path / "inkwash"


def test_a_socket_path_is_never_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    homes = ["/" + "a" * n for n in (50, 87, 88, 89, 90, 91, 200)] + ["/" + "b" * 200, "/" + "é" * 46]
    found = set()
    for home in homes:
        monkeypatch.setenv("INKWASH_HOME", home)
        found.add(places.socket_file())
        assert len(str(places.socket_file()).encode()) <= 103
        assert places.socket_file() == places.socket_file()
    assert len(found) == len(homes)
