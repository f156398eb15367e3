"""A host whose Python lacks what plugins need passes over them in silence: the check-up says it aloud."""

import os
import sys
from pathlib import Path

import pytest

from inkwash.installer.plugins import needs
from inkwash.installer.plugins.hosts import Host

KRITA = Host("Krita", (5, 2, 9), "/usr/bin/krita")
GIMP = Host("GIMP", (3, 0, 4), "/usr/bin/gimp-console-3.0")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the Python of the system is a shell script")


@pytest.fixture
def python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's Python; not there yet."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(needs, "SYSTEM_PYTHON", str(tmp_path / "python3"))
    return tmp_path / "python3"


def script(python: Path, text: str) -> None:
    python.write_text(f"#!/bin/sh\n{text}\n")
    python.chmod(0o755)


@pytest.mark.parametrize(("host", "package"), [(KRITA, "python3-pyqt5"), (GIMP, "gir1.2-gimp-3.0")])
def test_what_lacks_is_said_with_the_package_that_brings_it(python: Path, host: Host, package: str) -> None:
    script(python, "exit 1")
    lack, advice = needs.missing(host)
    assert "loads no Python plug" in lack
    assert package in advice


def test_where_nothing_lacks_nothing_is_said(python: Path) -> None:
    script(python, "exit 0")
    assert needs.missing(KRITA) == ("", "")


def test_a_python_that_cannot_be_asked_is_not_suspected(python: Path) -> None:
    assert needs.missing(KRITA) == ("", "")


@pytest.mark.parametrize("host", [Host("Krita", (), "/opt/krita/krita"), Host("Krita", (), "Flatpak", "Flatpak")])
def test_hosts_with_a_python_of_their_own_are_not_suspected(python: Path, host: Host) -> None:
    script(python, "exit 1")
    assert needs.missing(host) == ("", "")


@pytest.mark.parametrize("host", ["Krita", "GIMP"])
def test_the_trials_are_python(host: str) -> None:
    compile(needs.TRIALS[host], host, "exec")
