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


@pytest.fixture
def folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where a plugin's copy is told of its folders; nothing there yet."""
    monkeypatch.setattr(places, "FOLDERS", tmp_path / "folders.json")
    return tmp_path / "folders.json"


def test_a_plugins_copy_goes_where_it_was_told(monkeypatch: pytest.MonkeyPatch, folders: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/home/ada/.var/app/org.kde.krita/data")
    monkeypatch.setenv("XDG_RUNTIME_DIR", tempfile.gettempdir())
    folders.write_text('{"data": "/home/ada/.local/share/inkwash", "runtime": "/run/user/7/inkwash"}')
    assert places.endpoint_file() == Path("/home/ada/.local/share/inkwash/endpoint.json")
    assert places.socket_file() == Path("/run/user/7/inkwash/daemon.sock")


def test_the_one_variable_counts_more_than_what_a_copy_was_told(
    monkeypatch: pytest.MonkeyPatch, folders: Path, tmp_path: Path
) -> None:
    folders.write_text('{"data": "/home/ada/.local/share/inkwash", "runtime": "/run/user/7/inkwash"}')
    monkeypatch.setenv("INKWASH_HOME", str(tmp_path))
    assert places.data_folder() == tmp_path
    assert places.socket_file().is_relative_to(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"data": 1}', '{"data": "inkwash"}', "[" * 100_000, "\udcff"])
def test_damaged_words_to_a_copy_are_ignored(folders: Path, text: str) -> None:
    folders.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert places.data_folder() == Path("/home/ada/.local/share/inkwash")
