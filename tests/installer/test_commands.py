"""`python3 installer` runs from a bare folder, and takes away only what it made."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A downloaded folder with what the installer itself needs, and no more."""
    folder = tmp_path / "down loaded"
    for part in ("installer", "plugins/protocol", "plugins/client"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "pyproject.toml").write_text("[project]\n")
    return folder


def installer(folder: Path, *words: str, answer: str = "") -> subprocess.CompletedProcess[str]:
    """`python3 installer *words` with a Python that sees no installed package."""
    command = [sys.executable, "-I", "-S", "-B", "-W", "error", "installer", *words]
    return subprocess.run(command, cwd=folder, input=answer, capture_output=True, text=True)


def test_it_runs_without_anything_installed(folder: Path) -> None:
    answer = installer(folder, "--help")
    assert answer.returncode == 0, answer.stderr
    assert "uninstall" in answer.stdout


def test_it_leaves_no_name_of_its_modules_open(folder: Path) -> None:
    (folder / "installer/json.py").write_text("raise ImportError('the installer shadows the standard library')")
    assert installer(folder, "--help").returncode == 0


def test_an_unknown_command_is_refused(folder: Path) -> None:
    answer = installer(folder, "explode")
    assert answer.returncode == 2
    assert "explode" in answer.stderr


def test_outside_a_downloaded_folder_it_says_where_to_go(folder: Path) -> None:
    (folder / "pyproject.toml").unlink()
    answer = installer(folder, "demo")
    assert answer.returncode == 2
    assert "downloaded folder" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_file_in_the_way_is_said(folder: Path) -> None:
    (folder / ".venv").mkdir()
    (folder / ".venv/novel.txt").write_text("Chapter one")
    answer = installer(folder, "demo")
    assert answer.returncode == 2
    assert "novel.txt" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert (folder / ".venv/novel.txt").exists()


def test_the_check_up_of_a_bare_folder_says_how_to_begin(folder: Path) -> None:
    answer = installer(folder, "doctor")
    assert answer.returncode == 1
    assert "Nothing is installed yet" in answer.stdout
    assert "python3 installer" in answer.stdout


@pytest.fixture
def installed(folder: Path, home: Path) -> Path:
    """The folder, with what an installation, a daemon and an artist leave behind."""
    for file in (
        folder / ".venv/install.log",
        folder / "demo-output/cartoon.png",
        folder / "drawing.png",
        home / "environment/install.log",
        home / "daemon-command.json",
        home / "daemon.log",
        home / "daemon.log.1",
        home / "models/mine.safetensors",
        home / "settings.json",
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("content")
    return folder


def left(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_uninstalling_keeps_what_the_artist_made(installed: Path, home: Path) -> None:
    answer = installer(installed, "uninstall", "--yes")
    assert answer.returncode == 0, answer.stderr
    assert left(home) == {os.path.join("models", "mine.safetensors"), "settings.json"}
    assert not (installed / ".venv").exists()
    assert not (installed / "demo-output").exists()
    assert (installed / "drawing.png").exists()


def test_uninstalling_takes_the_models_too_if_told(installed: Path, home: Path) -> None:
    assert installer(installed, "uninstall", "--yes", "--models").returncode == 0
    assert not home.exists()


def test_uninstalling_takes_the_plugins_out_of_the_hosts(installed: Path, tmp_path: Path) -> None:
    user = tmp_path / "user"
    for file in (".local/share/krita/pykrita/inkwash/a.py", ".config/GIMP/3.0/plug-ins/inkwash-gimp/inkwash-gimp.py"):
        (user / file).parent.mkdir(parents=True)
        (user / file).write_text("")
    (user / ".local/share/krita/brush.kpp").write_text("")
    (user / ".config/kritarc").write_text("a=1\n[python]\nenable_inkwash.krita=true\nenable_other=true\n")
    answer = installer(installed, "uninstall", "--yes")
    assert answer.returncode == 0, answer.stderr
    assert "the plugin of GIMP 3.0" in answer.stdout
    assert left(user) == {".local/share/krita/brush.kpp", ".config/kritarc"}
    assert (user / ".config/kritarc").read_text() == "a=1\n[python]\nenable_other=true\n"


@pytest.mark.parametrize("answer", ["", "n\n", "\n", "what?\n"])
def test_without_a_yes_nothing_is_removed(installed: Path, home: Path, answer: str) -> None:
    before = left(home) | left(installed)
    assert installer(installed, "uninstall", answer=answer).returncode == 1
    assert left(home) | left(installed) == before


def test_a_yes_removes(installed: Path, home: Path) -> None:
    assert installer(installed, "uninstall", answer="yes\n").returncode == 0
    assert not (home / "environment").exists()


def test_an_environment_made_by_hand_stays(installed: Path) -> None:
    (installed / ".venv/install.log").rename(installed / ".venv/pyvenv.cfg")
    installer(installed, "uninstall", "--yes")
    assert (installed / ".venv/pyvenv.cfg").exists()


def test_with_nothing_to_remove_it_says_so(folder: Path) -> None:
    answer = installer(folder, "uninstall", "--yes")
    assert answer.returncode == 0
    assert "nothing to remove" in answer.stdout
