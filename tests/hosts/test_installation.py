"""An artist's first run: after the installer's part, a fresh Krita and GIMP have the plugin and start the daemon."""

import json
import os
import stat
import sys
import sysconfig
import time
import zipfile
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

IMPORT = """
import builtins, sys
builtins.i18n = str  # which Krita has
sys.path.insert(0, "/usr/share/krita/pykrita/plugin_importer")
from plugin_importer import PluginImporter
print([plugin["name"] for plugin in PluginImporter(sys.argv[1], sys.argv[2], lambda plugin: False).import_all()])
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


@pytest.fixture
def unpacked(visit: Visit, tmp_path: Path) -> Visit:
    """A home in which somebody has imported and unpacked the zips by hand, and the service is installed."""
    plugins(visit, "package", "-o", str(tmp_path))
    krita = visit.home / ".local/share/krita"
    krita.mkdir(parents=True)
    zip = next(tmp_path.glob("inkwash-krita-*.zip"))
    answer = visit.run(["/usr/bin/python3", "-c", IMPORT, zip, krita])
    assert answer.stdout == "['inkwash']\n", answer.stderr
    (visit.home / ".config").mkdir()
    (visit.home / ".config/kritarc").write_text("[python]\nenable_inkwash=true\n")
    with zipfile.ZipFile(next(tmp_path.glob("inkwash-gimp-*.zip"))) as archive:
        for info in archive.infolist():
            file = visit.home / ".config/GIMP/3.0/plug-ins" / info.filename
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(archive.read(info))
            file.chmod(stat.S_IMODE(info.external_attr >> 16))
    command = visit.home / ".local/share/inkwash/daemon-command.json"
    command.parent.mkdir(parents=True)
    command.write_text(json.dumps([sys.executable, "-m", "inkwash.daemon.commands", "daemon", "run"]))
    return visit


@pytest.mark.parametrize("way", ["installed", "unpacked"])
def test_a_fresh_krita_loads_the_plugin_which_starts_the_daemon(
    request: pytest.FixtureRequest, way: str, tmp_path: Path
) -> None:
    installed: Visit = request.getfixturevalue(way)
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


@pytest.mark.parametrize("way", ["installed", "unpacked"])
def test_a_fresh_gimp_has_the_filters(request: pytest.FixtureRequest, way: str, tmp_path: Path) -> None:
    installed: Visit = request.getfixturevalue(way)
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
