"""An environment knows whether it is whole, and never removes what is not one."""

import sys
from pathlib import Path

import pytest

from inkwash.installer.errors import NotOurs
from inkwash.installer.python import debian
from inkwash.installer.python.environment import ROOT, Environment, artist, checkout

THIS = Path(sys.prefix)


def test_nothing_is_absent(tmp_path: Path) -> None:
    assert Environment(tmp_path / "nowhere", editable=True).state() == "absent"


def test_an_empty_folder_is_absent(tmp_path: Path) -> None:
    assert Environment(tmp_path, editable=True).state() == "absent"


@pytest.mark.skipif(not (THIS / "pyvenv.cfg").exists(), reason="these tests do not run in an environment")
def test_the_one_that_runs_these_tests_is_whole() -> None:
    assert Environment(THIS, editable=True).state() == "whole"


def test_one_without_pip_is_half_made(bare: Environment) -> None:
    assert bare.state() == "half-made"


def test_one_without_settings_is_half_made(bare: Environment) -> None:
    (bare.folder / "pyvenv.cfg").unlink()
    assert bare.state() == "half-made"


def test_one_whose_python_left_the_system_is_half_made(bare: Environment) -> None:
    bare.python.unlink()
    bare.python.symlink_to("/nowhere/python3")
    assert bare.state() == "half-made"


def test_a_half_made_one_is_removed(bare: Environment) -> None:
    (bare.folder / "pyvenv.cfg").unlink()
    bare.remove()
    assert not bare.folder.exists()


def test_a_folder_of_somebody_else_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "novel.txt").write_text("Chapter one")
    with pytest.raises(NotOurs, match="novel.txt"):
        Environment(tmp_path, editable=True).remove()
    assert (tmp_path / "novel.txt").exists()


def test_it_knows_its_python(bare: Environment) -> None:
    assert bare.python_version == ".".join(map(str, sys.version_info[:3]))


def test_it_knows_what_is_installed_without_starting_python(bare: Environment, packages: Path) -> None:
    assert bare.version_of("torch") == ""
    info = packages / "torch-2.13.0+cpu.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: torch\nVersion: 2.13.0+cpu\n")
    assert bare.version_of("torch") == "2.13.0+cpu"


def test_the_checkouts_own_is_in_it() -> None:
    assert checkout() == Environment(ROOT / ".venv", editable=True)


def test_the_artists_is_in_the_data_folder(home: Path) -> None:
    assert artist() == Environment(home / "environment", editable=False)


def test_this_python_can_make_environments() -> None:
    assert debian.can_make_environments()
    debian.provide_venv()
