import json
import os
import stat
import sys

import pytest

from inkwash.daemon.commands import plugins


@pytest.fixture
def user(tmp_path, monkeypatch):
    """A user who has used Krita and two versions of GIMP 3."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("INKWASH_HOME", str(tmp_path / "inkwash"))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "GIMP3_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for folder in ("bin", ".local/share/krita", ".config/GIMP/3.0", ".config/GIMP/3.2"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


@pytest.fixture
def gimp_2(user):
    """A GIMP 2 on the PATH."""
    program = user / "bin/gimp"
    program.write_text("#!/bin/sh\necho GNU Image Manipulation Program version 2.10.34\n")
    program.chmod(0o755)


def test_the_plugin_goes_into_every_host_and_out_again(call, user):
    result = call("plugins", "install")
    assert result.exit_code == 0, result.stderr
    for words in ("Krita: the plugin is in", "GIMP 3.0: the plugin is in", "GIMP 3.2:", "Settings > Dockers > Inkwash"):
        assert words in result.stdout
    assert (user / ".config/GIMP/3.2/plug-ins/inkwash-gimp/inkwash-gimp.py").stat().st_mode & stat.S_IXUSR
    assert "enable_inkwash.krita=true" in (user / ".config/kritarc").read_text()
    assert call("plugins", "list").stdout.count("is there and will be loaded") == 3
    result = call("plugins", "remove")
    assert (result.exit_code, result.stdout.count("the plugin is removed")) == (0, 3)
    assert [path for path in (user / ".config").rglob("*") if path.is_file()] == []


def test_one_host_can_be_chosen(call, user):
    assert call("plugins", "install", "gimp").exit_code == 0
    assert not (user / ".config/kritarc").exists()
    assert "Krita" not in call("plugins", "list", "gimp").stdout
    call("plugins", "remove", "krita")
    assert (user / ".config/GIMP/3.0/plug-ins/inkwash-gimp").exists()


def test_the_plugin_learns_how_the_daemon_is_started(call, user):
    call("plugins", "install")
    command = json.loads((user / "inkwash/daemon-command.json").read_text())
    assert command == [sys.executable, "-m", "inkwash.daemon.commands", "daemon", "run"]


def test_the_filters_are_known_before_the_daemon_runs(call, user):
    call("plugins", "install", "gimp")
    manifest = json.loads((user / ".config/GIMP/3.0/plug-ins/inkwash-gimp/manifest.json").read_text())
    assert manifest == json.loads(json.dumps(plugins.manifest()))
    assert {"colorize", "lineart"} <= {filter["id"] for filter in manifest["filters"]}


def test_what_keeps_a_plugin_from_appearing_is_said(call, user):
    def row(label):
        return next(row for row in json.loads(call("plugins", "list", "--json").stdout) if row["label"] == label)

    assert row("Krita")["words"] == "the plugin is not there"
    call("plugins", "install")
    (user / ".config/kritarc").write_text("[python]\nenable_inkwash.krita=false\n")
    assert "switched off" in row("Krita")["words"]
    assert "Python Plugin Manager" in row("Krita")["advice"]
    assert not row("Krita")["is_wrong"]
    (user / ".local/share/krita/pykrita/inkwash/client/client.py").write_text("")
    assert "is not that of this Inkwash" in row("Krita")["words"]
    assert row("Krita")["is_wrong"]
    (user / ".config/GIMP/3.0/plug-ins/inkwash-gimp/inkwash-gimp.py").chmod(0o644)
    assert row("GIMP 3.0")["is_wrong"]


def test_installing_again_leaves_a_switched_off_plugin_off(call, user):
    call("plugins", "install", "krita")
    (user / ".config/kritarc").write_text("[python]\nenable_inkwash.krita=false\n")
    result = call("plugins", "install", "krita")
    assert "switched off, as you left it" in result.stdout
    assert "Python Plugin Manager" in result.stdout


def test_gimp_2_gets_a_kind_sentence(call, user, gimp_2):
    said = call("plugins", "install").stdout
    assert "GIMP 2.10.34" in said
    assert "GIMP 2 has no Python 3. Both can live on one machine" in said


def test_without_any_host_it_says_what_to_do(call, user):
    for folder in (".local/share/krita", ".config/GIMP/3.0", ".config/GIMP/3.2"):
        (user / folder).rmdir()
    result = call("plugins", "install")
    assert result.exit_code == 1
    assert "No Krita was found" in result.stdout
    assert "No GIMP 3 was found" in result.stdout
    assert not (user / "inkwash").exists()


def test_an_appimage_that_was_never_started_gets_the_plugin_when_asked_by_name(call, user):
    (user / ".local/share/krita").rmdir()
    assert call("plugins", "install", "krita").exit_code == 0
    assert (user / ".local/share/krita/pykrita/inkwash").is_dir()


def test_one_host_that_cannot_be_written_keeps_no_other_waiting(call, user):
    (user / ".config/GIMP/3.0/plug-ins").write_text("a file where a folder should be")
    result = call("plugins", "install")
    assert result.exit_code == 1
    assert "GIMP 3.0:" in result.stderr
    assert (user / ".config/GIMP/3.2/plug-ins/inkwash-gimp").exists()
    assert os.listdir(user / ".config/GIMP/3.0") == ["plug-ins"]
