"""A GIMP inside the Debian in a folder, with the plug-in installed, that runs scenes and says what came of them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgpack
from visit import ROOT, Visit

from inkwash.client import Client, find
from inkwash.gimp import manifest

HERE = Path(__file__).parent / "gimp"
FILTERS = HERE / "filters.py"
SCENES = HERE / "scenes.py"
CONSOLE = ("sh", "-c", 'exec $(ls /usr/bin/gimp-console-3.* | head -1) "$@"', "gimp")
WINDOW = ("sh", "-c", 'exec $(ls /usr/bin/gimp-3.* | head -1) "$@"', "gimp")
QUIET = ("-d", "-f")  # no brushes, no fonts
SECONDS = 240.0


class GimpSession:
    """GIMP with a folder of its own, our plug-in in it, and a daemon home that it shares with the tests."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.home = visit.home / "inkwash"
        self.settings = visit.home / "gimp"
        self.plugin = self.settings / "plug-ins" / "inkwash-gimp"
        self.out = visit.home / "out"
        for folder in (self.home, self.out, self.plugin.parent):
            folder.mkdir(parents=True, exist_ok=True)
        (self.home / "daemon-command.json").write_text(json.dumps([sys.executable, str(FILTERS)]))
        install(self.plugin)

    @property
    def env(self) -> dict[str, str]:
        """What GIMP and its plug-ins find in their environment."""
        return {
            "GIMP3_DIRECTORY": str(self.settings),
            "INKWASH_HOME": str(self.home),
            "INKWASH_OUT": str(self.out),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def play(self, *names: str, **arguments: Any) -> dict[str, Any]:
        """Play scenes (of scenes.py) in one GIMP without windows; by name, what each returned or its `error`."""
        answer = self.visit.run(
            [*CONSOLE, "-i", *QUIET, *batch(names, arguments), "--quit"], env=self.env, timeout=SECONDS
        )
        played = self.out / "scenes.json"
        assert played.exists(), answer.stdout + answer.stderr
        results: dict[str, Any] = json.loads(played.read_text())
        played.unlink()
        results["said"] = answer.stdout + answer.stderr
        return results

    def open(self, display: str, *names: str, **arguments: Any) -> subprocess.Popen[str]:
        """Start GIMP with its windows on `display`, playing scenes."""
        log = (self.out / "gimp.log").open("w")
        return self.visit.popen(
            [*WINDOW, "-s", *QUIET, *batch(names, arguments)], env=self.env, display=display, stdout=log, stderr=log
        )

    def pixels(self, name: str) -> bytes:
        """Samples that a scene kept as `name`."""
        return (self.out / name).read_bytes()

    def client(self) -> Client:
        """A client of the daemon that the plug-in uses."""
        os.environ["INKWASH_HOME"] = str(self.home)
        client = find()
        assert client is not None
        return client


def batch(names: tuple[str, ...], arguments: dict[str, Any]) -> list[str]:
    """The words that make GIMP play the scenes."""
    source = f"exec(compile(open({str(SCENES)!r}).read(), 'scenes.py', 'exec')); play({names!r}, {arguments!r})"
    return ["--batch-interpreter=python-fu-eval", "-b", source]


def install(folder: Path) -> None:
    """Lay the plug-in out in `folder`, as the installer does."""
    parts = {"protocol": ROOT / "plugins/protocol", "client": ROOT / "plugins/client", "gimp": ROOT / "plugins/gimp"}
    for name, source in parts.items():
        shutil.copytree(source, folder / "inkwash" / name, ignore=shutil.ignore_patterns("__pycache__"))
    package = Path(msgpack.__file__).parent
    shutil.copytree(package, folder / "msgpack", ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    launcher = folder / "inkwash-gimp.py"
    shutil.copy(ROOT / "plugins/gimp/launcher.py", launcher)
    launcher.chmod(0o755)
    answer = subprocess.run([sys.executable, str(FILTERS), "--manifest"], capture_output=True, text=True, check=True)
    manifest.write(folder, json.loads(answer.stdout))
