"""Folders of its own for every test, and small real environments."""

import subprocess
import sys
from pathlib import Path

import pytest

from inkwash.installer.python.environment import Environment


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An INKWASH_HOME that nothing else uses, not created, and a user without Krita's and GIMP's folders."""
    folder = tmp_path / "home"
    monkeypatch.setenv("INKWASH_HOME", str(folder))
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "GIMP3_DIRECTORY", "INKWASH_FOLDERS"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def bare(tmp_path: Path) -> Environment:
    """A real environment without pip: what an interruption of `python -m venv` leaves."""
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-I", "-m", "venv", "--without-pip", str(folder)], check=True)
    return Environment(folder, editable=False)


@pytest.fixture
def packages(bare: Environment) -> Path:
    """The folder of `bare` into which packages are installed."""
    return next(path for path in bare.folder.rglob("site-packages") if path.is_dir())
