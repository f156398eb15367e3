"""An artist's first run: after the installer's part, a fresh Krita and GIMP have the plugin and start the daemon."""

import json
import os
import sys
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from visit import ROOT, Visit

pytestmark = pytest.mark.hosts

SECONDS = 180.0
DRAWING = ROOT / "tests/data/openmoji-line.png"
BATCH = """
names = Gimp.get_pdb().query_procedures("inkwash-.*", *[""] * 7)
open({file!r}, "w").write(" ".join(names))
"""


def plugins(visit: Visit, *words: str) -> str:
    """What `inkwash plugins *words` says inside, run by the Debian's own Python, which sees its Krita and GIMP."""
    packages = f"{ROOT / '.imports'}:{sysconfig.get_path('purelib')}"
    command = ["/usr/bin/python3", "-m", "inkwash.daemon.commands", "plugins", *words]
    answer = visit.run(command, env={"PYTHONPATH": packages, "PYTHONDONTWRITEBYTECODE": "1"})
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


@pytest.fixture
def installed(visit: Visit) -> Visit:
    """A home in which the installer has been, and nobody else."""
    said = plugins(visit, "install")
    assert "Krita: the plugin is in" in said
    assert "GIMP 3." in said
    # The Python that installs is the daemon's. Here that one lies outside, with its libraries.
    command = visit.home / ".local/share/inkwash/daemon-command.json"
    words = json.loads(command.read_text())
    assert words == ["/usr/bin/python3", "-m", "inkwash.daemon.commands", "daemon", "run"]
    command.write_text(json.dumps([sys.executable, *words[1:]]))
    return visit


def eventually(holds: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < until, what
        time.sleep(0.2)


def daemon_of(visit: Visit) -> int:
    """The pid of the daemon that was started in the visit's home; 0 if there is none."""
    try:
        pid = int(json.loads((visit.home / ".local/share/inkwash/endpoint.json").read_text())["pid"])
    except OSError:
        return 0
    return pid if pid in visit.running() else 0


def test_a_fresh_krita_loads_the_plugin_which_starts_the_daemon(installed: Visit, tmp_path: Path) -> None:
    display = installed.display()
    with (tmp_path / "krita.log").open("w") as log:
        krita = installed.popen(["krita", "--nosplash", DRAWING], display=display, stdout=log, stderr=log)
        try:
            eventually(lambda: bool(daemon_of(installed)), "no daemon was started from inside Krita")
            time.sleep(3)
            installed.picture(display, Path(os.environ.get("INKWASH_PICTURES", tmp_path)) / "first-run-krita.png")
        finally:
            krita.terminate()
            krita.wait()
    assert "Traceback" not in (tmp_path / "krita.log").read_text()


def test_a_fresh_gimp_has_the_filters(installed: Visit, tmp_path: Path) -> None:
    batch = BATCH.format(file=str(tmp_path / "names"))
    program = ["sh", "-c", 'exec $(ls /usr/bin/gimp-console-3.* | head -1) "$@"', "gimp"]
    arguments = ["-i", "-d", "-f", "--batch-interpreter", "python-fu-eval", "-b", batch, "--quit"]
    answer = installed.run([*program, *arguments], timeout=SECONDS)
    assert answer.returncode == 0, answer.stderr
    assert {"inkwash-colorize", "inkwash-lineart"} <= set((tmp_path / "names").read_text().split())


def test_after_removal_krita_and_gimp_know_nothing_of_it(installed: Visit) -> None:
    assert "is there and will be loaded" in plugins(installed, "list")
    assert plugins(installed, "remove").count("the plugin is removed") == 2
    # Krita writes its logs even when it is only asked for its version.
    kept = [file for file in installed.home.rglob("*") if file.is_file() and file.suffix != ".log"]
    assert kept == [installed.home / ".local/share/inkwash/daemon-command.json"]
