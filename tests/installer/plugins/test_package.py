"""The plugins as zips, as Krita's own importer and an unpacked folder take them."""

import io
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from inkwash.installer.plugins.package import name, package
from inkwash.protocol import VERSION, places

MANIFEST = {"filters": [], "models": []}


def names(data: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(data)).namelist()


def test_gimps_zip_is_a_folder_of_plug_ins_with_its_program(tmp_path: Path) -> None:
    data = package("gimp", MANIFEST)
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert {path.split("/")[0] for path in archive.namelist()} == {"inkwash-gimp"}
    launcher = archive.getinfo("inkwash-gimp/inkwash-gimp.py")
    assert stat.S_IMODE(launcher.external_attr >> 16) == 0o755
    for path in (
        "manifest.json",
        "inkwash/client/guess.py",
        "inkwash/gimp/dialog/window.py",
        "inkwash/msgpack/COPYING",
    ):
        assert f"inkwash-gimp/{path}" in archive.namelist()
    assert any(path.endswith("manual/gimp-dialog.png") for path in archive.namelist())


def test_kritas_zip_is_one_module_with_its_manual_and_actions() -> None:
    archive = zipfile.ZipFile(io.BytesIO(package("krita", MANIFEST)))
    inside = archive.namelist()
    assert {
        "inkwash/",
        "inkwash/__init__.py",
        "inkwash.desktop",
        "inkwash/Manual.html",
        "inkwash/krita/__init__.py",
    } <= {*inside}
    assert "actions/inkwash.action" in inside
    assert b"\nX-KDE-Library=inkwash\n" in archive.read("inkwash.desktop")


@pytest.mark.parametrize("part", ["krita", "gimp"])
def test_nothing_of_this_machine_is_in_a_zip_and_it_is_the_same_each_time(part: str) -> None:
    data = package(part, MANIFEST)
    assert data == package(part, MANIFEST)
    assert not [path for path in names(data) if path.endswith(places.FOLDERS.name)]
    assert str(Path(__file__).parents[2]).encode() not in b"".join(
        zipfile.ZipFile(io.BytesIO(data)).read(path) for path in names(data)
    )
    assert name(part) == f"inkwash-{part}-{VERSION}.zip"


def test_the_command_writes_both(tmp_path: Path) -> None:
    code = "from inkwash.daemon.commands import main; main()"
    made = subprocess.run(
        [sys.executable, "-c", code, "plugins", "package", "-o", tmp_path / "zips"], capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    assert "Import Python Plugin from File" in made.stdout
    assert {path.name for path in (tmp_path / "zips").iterdir()} == {name("krita"), name("gimp")}
