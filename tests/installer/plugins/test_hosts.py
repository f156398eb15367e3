"""Painting programs are found, and asked how old they are."""

import os
from pathlib import Path

import pytest

from inkwash.installer.plugins import hosts
from inkwash.installer.plugins.hosts import Host


@pytest.mark.parametrize(
    ("words", "version"),
    [
        ("krita 5.2.9", (5, 2, 9)),
        ("GNU Image Manipulation Program version 3.0.4\ngit-describe: ...", (3, 0, 4)),
        ("Krita", ()),
        ("", ()),
    ],
)
def test_a_version_is_read_from_what_a_program_says(words: str, version: tuple[int, ...]) -> None:
    assert hosts.version_in(words) == version


def test_gimp_2_is_too_old() -> None:
    assert not Host("GIMP", (2, 10, 34), "/usr/bin/gimp").is_new_enough
    assert Host("GIMP", (3, 0, 4), "/usr/bin/gimp").is_new_enough


def test_one_that_cannot_be_asked_is_taken_as_new_enough() -> None:
    assert Host("Krita", (), "Flatpak").is_new_enough
    assert str(Host("Krita", (), "Flatpak")) == "Krita (Flatpak)"


@pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")
def test_one_on_the_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "krita"
    program.write_text("#!/bin/sh\necho krita 5.2.9\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Host("Krita", (5, 2, 9), str(program)) in hosts.find()


@pytest.mark.parametrize(("name", "code"), [("Krita", "org.kde.krita"), ("GIMP", "org.gimp.GIMP")])
def test_a_flatpak_of_this_user_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: str) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".local/share/flatpak/app" / code).mkdir(parents=True)
    assert name in {host.name for host in hosts.find() if host.place.startswith("Flatpak")}
