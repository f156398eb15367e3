"""A GIMP inside the Debian in a folder, with the plug-in installed, that runs scenes and says what came of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from visit import ROOT, Visit

from inkwash.client import Client, find
from inkwash.installer.plugins.copies import copy_parts

HERE = Path(__file__).parent
SCENES = HERE / "gimp"  # a folder of modules that GIMP imports
TRIAL_DAEMON = HERE / "trial_daemon.py"
CONSOLE = ("sh", "-c", 'exec $(ls /usr/bin/gimp-console-3.* | head -1) "$@"', "gimp")
WINDOW = ("sh", "-c", 'exec $(ls /usr/bin/gimp-3.* | head -1) "$@"', "gimp")
QUIET = ("-d", "-f")  # no brushes, no fonts
NEEDED = ("python-eval", "file-png")
SECONDS = 600.0  # for all scenes of a play; long, since a busy machine is no fault
DATA = ROOT / "tests" / "data"

MODELS = ({"name": "inkwash-colorizer", "label": "Colorizer", "role": "colorizer"},)  # that GIMP was told of

# The scenes that need no window.
DRAWINGS = (
    f"picture:{DATA / 'openmoji-line.png'}:{DATA / 'openmoji-hints.png'}",
    f"picture:{DATA / 'cartoon-line.png'}",
)
SAMPLES = (f"sampled:file:{DATA / 'openmoji-hints.png'}", f"sampled:file:{__file__}", "sampled:palette")
CURVES = ("linear", "non-linear", "perceptual")
DEPTHS = ("u8", "u16", "u32", "half", "float", "double")
FORMATS = [(kind, f"{depth}-{curve}") for depth in DEPTHS for curve in CURVES for kind in ("rgba", "gray")]
FORMATS += [("rgb", "u8-non-linear"), ("graya", "u16-non-linear")]
PROFILED = ("u8-non-linear", "u16-non-linear", "float-linear", "half-perceptual")
WITHOUT_WINDOWS = (
    *(f"identity:{kind}:{nick}" for kind, nick in FORMATS),
    *(f"profile:{nick}" for nick in PROFILED),
    *("grey_becomes_colour", "grey_stays_grey", "indexed"),
    *("selected", "masked", "half_opaque", "grouped", "with_effect", "given_a_mask"),
    *("placed:opaque", "placed:clear", "hints_elsewhere", "every_argument", "no_arguments", "last_values"),
    "texts_of_a_preset",
    *("failing", "unknown_model", "channel", "two_layers", "floating", "another_image"),
    *(
        "small_lines:opaque",
        "small_lines:clear",
        "enlarged",
        "quick_mask",
        "repeated",
        "another_beside",
        "glazed",
        "lines_then_colour",
    ),
    *SAMPLES,
    *("lines_and_hints", "twice", "interactive"),
    *DRAWINGS,
    *("procedures", "echo", "queued", "crash"),
)


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
        (self.home / "daemon-command.json").write_text(json.dumps([sys.executable, str(TRIAL_DAEMON)]))
        (self.home / "browser.sh").write_text(f'echo "$1" > {self.out / "read"}')
        copy_parts(self.settings, "gimp", {"filters": declarations(), "models": list(MODELS)})
        self._leave_out_other_plugins()

    @property
    def env(self) -> dict[str, str]:
        """What GIMP and its plug-ins find in their environment."""
        return {
            "GIMP3_DIRECTORY": str(self.settings),
            "INKWASH_HOME": str(self.home),
            "INKWASH_OUT": str(self.out),
            "PYTHONDONTWRITEBYTECODE": "1",
            "BROWSER": f"/bin/sh {self.home / 'browser.sh'} %s",
        }

    def play(self, *names: str, **arguments: Any) -> dict[str, Any]:
        """Play scenes (of scenes_*.py) in one GIMP without windows; by name, what each returned or its `error`."""
        answer = self.visit.run(
            [*CONSOLE, "-i", *QUIET, *batch(names, arguments), "--quit"], env=self.env, timeout=SECONDS
        )
        played = self.out / "scenes.json"
        assert played.exists(), answer.stdout + answer.stderr
        results: dict[str, Any] = json.loads(played.read_text())
        played.unlink()
        results["said"] = answer.stdout + answer.stderr
        return results

    def start(self, *names: str, **settings: Any) -> subprocess.Popen[str]:
        """Begin to play scenes without waiting for them; `settings` are those of Popen."""
        words = [*CONSOLE, "-i", *QUIET, *batch(names, {}), "--quit"]
        return self.visit.popen(words, env=self.env, **settings)

    def kill_plugin(self) -> None:
        """End the process of our plug-in outright."""
        for pid in self.visit.running():
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if any(word.endswith(b"inkwash-gimp.py") for word in words[:3]):
                os.kill(pid, signal.SIGKILL)

    def open(self, display: str, *names: str, **arguments: Any) -> subprocess.Popen[str]:
        """Start GIMP with its windows on `display`, playing scenes."""
        words = [*WINDOW, "-s", *QUIET, *batch(names, arguments)]
        with (self.out / "gimp.log").open("w") as log:
            return self.visit.popen(words, env=self.env, display=display, stdout=log, stderr=log)

    def pixels(self, name: str) -> bytes:
        """Samples that a scene kept as `name`."""
        return (self.out / name).read_bytes()

    def client(self) -> Client:
        """A client of the daemon that the plug-in uses."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("INKWASH_HOME", str(self.home))
            client = find()
        assert client is not None
        return client

    def _leave_out_other_plugins(self) -> None:
        """Let GIMP look at the few plug-ins that scenes need besides ours: it starts in a third of the time."""
        few = self.settings / "few"
        few.mkdir()
        for system in self.visit.suite.folder.glob("usr/lib/*/gimp/3.0/plug-ins"):
            for name in NEEDED:
                (few / name).symlink_to(Path("/") / system.relative_to(self.visit.suite.folder) / name)
        paths = f"{self.plugin.parent}:{few}"
        said = self.visit.run([*CONSOLE, "--version"]).stdout.split()
        # Else GIMP greets a user who is new, or new to this version, with a window.
        welcomed = f'(config-version "{said[-1]}")\n(show-welcome-dialog no)\n'
        (self.settings / "gimprc").write_text(f'(plug-in-path "{paths}")\n(check-updates no)\n{welcomed}')


def batch(names: tuple[str, ...], arguments: dict[str, Any]) -> list[str]:
    """The words that make GIMP play the scenes."""
    source = f"import sys; sys.path.insert(0, {str(SCENES)!r}); import scenes; scenes.play({names!r}, {arguments!r})"
    return ["--batch-interpreter=python-fu-eval", "-b", source]


def declarations() -> list[dict[str, Any]]:
    """What the tests' daemon declares."""
    answer = subprocess.run([sys.executable, TRIAL_DAEMON, "--manifest"], capture_output=True, text=True, check=True)
    return list(json.loads(answer.stdout))
