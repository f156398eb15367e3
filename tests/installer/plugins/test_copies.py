"""A plugin's copy is whole, is replaced whole, and goes without a trace."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from inkwash.installer.plugins import copies, kritarc
from inkwash.installer.plugins.home import PARTS, Home, Part

MANIFEST = {"filters": [{"id": "colorize"}], "models": []}
RC = b"a=1\n\n[python]\nenable_docker=true\n"

IMPORT = """
import sys
sys.path.insert(0, sys.argv[1])
import inkwash.protocol, inkwash.client
from inkwash.protocol import Layer, encode, places
assert inkwash.protocol.packing.msgpack.__name__ == "inkwash.msgpack", inkwash.protocol.packing.msgpack
assert "msgpack" not in sys.modules
assert encode({"type": "job"}, [Layer("line", 1, 1, data=b"1234")])
print(places.data_folder(), places.runtime_folder())
"""


@pytest.fixture(params=PARTS)
def part(request: pytest.FixtureRequest) -> Part:
    part: Part = request.param
    return part


@pytest.fixture
def host(tmp_path: Path, part: Part) -> Home:
    """A host that has been used, with another plugin in it."""
    folder, settings = tmp_path / "host", tmp_path / "kritarc"
    for other in (
        "pykrita/other/__init__.py",
        "pykrita/inkwell/a.py",
        "actions/other.action",
        "plug-ins/other/other.py",
    ):
        (folder / other).parent.mkdir(parents=True, exist_ok=True)
        (folder / other).write_text("other")
    settings.write_bytes(RC)
    return Home(part, "Host", folder, settings if part == "krita" else None)


def state(folder: Path) -> dict[str, bytes]:
    """Every file and empty folder below `folder`."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return {name: path.read_bytes() if path.is_file() else b"" for name, path in paths.items()}


def test_it_goes_in_and_out_without_a_trace(tmp_path: Path, host: Home) -> None:
    before = state(tmp_path)
    assert copies.install(host, MANIFEST)
    assert copies.look(host, MANIFEST).is_current
    (host.plugin / "__pycache__").mkdir()
    (host.plugin / "__pycache__/x.pyc").write_bytes(b"")
    assert copies.remove(host)
    assert state(tmp_path) == before
    assert not copies.remove(host)


def test_into_a_host_that_was_never_started_too(tmp_path: Path, part: Part) -> None:
    home = Home(part, "Host", tmp_path / "data/host", tmp_path / "config/kritarc" if part == "krita" else None)
    assert copies.install(home, MANIFEST)
    assert copies.remove(home)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert not home.folder.exists()


def test_an_earlier_copy_is_replaced_whole(host: Home) -> None:
    copies.install(host, MANIFEST)
    fresh = state(host.folder)
    inside = host.plugin if host.part == "krita" else host.plugin / "inkwash"
    (inside / "client/gone.py").write_text("of an earlier version")
    (inside / "client/client.py").write_text("of an earlier version")
    (inside / "protocol/version.py").write_text('VERSION = "0.0.1"\n')
    (host.folder / "inkwash.new").mkdir()
    (host.folder / "inkwash.old").mkdir()
    if host.part == "krita":
        (host.folder / "actions/inkwash_old.action").write_text("of an earlier version")
        (host.folder / "pykrita/inkwash_krita_old.desktop").write_text("of an earlier version")
    seen = copies.look(host, MANIFEST)
    assert (seen.version, seen.is_current) == ("0.0.1", False)
    copies.install(host, MANIFEST)
    assert state(host.folder) == fresh


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no executable bit")
def test_gimps_launcher_can_be_run(tmp_path: Path) -> None:
    copies.copy_parts(tmp_path, "gimp", MANIFEST)
    launcher = tmp_path / "plug-ins/inkwash-gimp/inkwash-gimp.py"
    assert launcher.stat().st_mode & stat.S_IXUSR
    assert launcher.read_text().startswith("#!/usr/bin/env python3\n")


def test_krita_is_told_of_the_plugin_by_its_name(tmp_path: Path) -> None:
    copies.copy_parts(tmp_path, "krita", MANIFEST)
    assert f"X-KDE-Library={kritarc.MODULE}\n" in (tmp_path / "pykrita/inkwash_krita.desktop").read_text()
    assert (tmp_path / "pykrita" / kritarc.MODULE.replace(".", "/") / "__init__.py").exists()
    assert list((tmp_path / "actions").glob("inkwash*.action"))


def test_a_copy_needs_nothing_installed_and_finds_this_daemons_folders(
    host: Home, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies.install(host, MANIFEST)
    beside = host.plugin.parent if host.part == "krita" else host.plugin
    monkeypatch.delenv("INKWASH_HOME")
    command = [sys.executable, "-I", "-S", "-W", "error", "-c", IMPORT, str(beside)]
    answer = subprocess.run(command, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == [str(home), str(home / "run")]


def test_what_the_plugin_refreshes_itself_makes_it_no_older(host: Home) -> None:
    copies.install(host, MANIFEST)
    manifest = next(host.plugin.rglob("manifest.json"))
    manifest.write_text("{}")
    manifest.with_name("pending.json").write_text("{}")
    assert copies.look(host, MANIFEST).is_current


def test_a_plugin_that_its_user_switched_off_stays_off(tmp_path: Path) -> None:
    home = Home("krita", "Krita", tmp_path / "krita", tmp_path / "kritarc")
    assert copies.install(home, MANIFEST)
    off = (tmp_path / "kritarc").read_bytes().replace(b"=true", b"=false")
    (tmp_path / "kritarc").write_bytes(off)
    assert not copies.install(home, MANIFEST)
    assert (tmp_path / "kritarc").read_bytes() == off
    assert copies.look(home, MANIFEST).is_enabled is False
    copies.remove(home)
    assert copies.install(home, MANIFEST)


def test_a_copy_that_cannot_be_put_in_place_leaves_the_earlier_one(host: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    copies.install(host, MANIFEST)
    before = state(host.folder)
    rename = os.rename

    def refuse(source: Path, target: Path) -> None:
        if copies.NEW in Path(source).parts:
            raise OSError("it is in use")
        rename(source, target)

    monkeypatch.setattr(copies.os, "rename", refuse)
    with pytest.raises(OSError, match="in use"):
        copies.install(host, MANIFEST)
    assert state(host.folder) == before


def test_a_link_to_a_developers_folder_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "checkout").mkdir()
    (tmp_path / "checkout/mine.py").write_text("mine")
    (tmp_path / "host/pykrita").mkdir(parents=True)
    (tmp_path / "host/pykrita/inkwash").symlink_to(tmp_path / "checkout")
    copies.copy_parts(tmp_path / "host", "krita", MANIFEST)
    assert not (tmp_path / "host/pykrita/inkwash").is_symlink()
    assert (tmp_path / "checkout/mine.py").read_text() == "mine"


def test_a_damaged_copy_is_seen(host: Home) -> None:
    assert copies.look(host, MANIFEST).version == ""
    copies.install(host, MANIFEST)
    inside = host.plugin if host.part == "krita" else host.plugin / "inkwash"
    (inside / "protocol/version.py").unlink()
    seen = copies.look(host, MANIFEST)
    assert (seen.version, seen.is_current) == ("unknown", False)
    assert copies.is_in(host)
