"""Krita, played from outside: scenes run inside it, reports come back."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from visit import Visit

from inkwash.installer.plugins.copies import copy_parts

TRIAL_DAEMON = Path(__file__).with_name("trial_daemon.py")
DRIVER = Path(__file__).parent / "krita" / "driver"
SETTINGS = "[python]\nenable_driver=true\nenable_inkwash.krita={}\n"
DESKTOP = "[Desktop Entry]\nType=Service\nServiceTypes=Krita/PythonPlugin\nX-KDE-Library=driver\nName=Driver\n"
SCREEN = "1600x1000"
PATIENCE = 900.0  # seconds for all scenes of a play; long, since a busy machine is no fault
STARTS = 2  # one in some starts of Krita ends before its window is there


@dataclass
class Play:
    """What happened inside Krita."""

    scenes: dict[str, dict[str, Any]]  # what each reported last
    status: int  # Krita's exit status
    folder: Path  # where scenes put their files
    said: str  # on stderr
    visit: Visit

    def __getitem__(self, scene: str) -> Any:
        """What `scene` returned; fails with its traceback if it did not come to that."""
        report = self.scenes.get(scene) or self.scenes.get("beginning") or {"state": "never begun"}
        assert "result" in report, f"{report.get('error', report['state'])}\n{self.said[-3000:]}"
        return report["result"]


class Stage:
    """A Krita with our plugin and the driver in its home, and the daemon's command."""

    def __init__(self, visit: Visit, folder: Path, with_docker: bool = False) -> None:
        self.visit, self.folder = visit, folder
        self.resources = visit.home / ".local/share/krita"
        copy_parts(self.resources, "krita", {"filters": [], "models": []})
        plugins = self.resources / "pykrita"
        shutil.copytree(DRIVER, plugins / "driver")
        (plugins / "driver.desktop").write_text(DESKTOP)
        self.config = visit.home / ".config/kritarc"
        self.config.parent.mkdir()
        self.config.write_text(SETTINGS.format(str(with_docker).lower()))
        self.ink = visit.home / "ink"
        self.ink.mkdir()
        (self.ink / "daemon-command.json").write_text(json.dumps([sys.executable, str(TRIAL_DAEMON)]))

    def play(
        self,
        scenes: Path,
        names: Sequence[str],
        timeout: float = PATIENCE,
        env: Mapping[str, str] | None = None,
        screen: str = SCREEN,
    ) -> Play:
        """Start Krita on a `screen` of that size, let it play the scenes `names` of the file `scenes`, and quit."""
        display = self.visit.display(screen)
        settings, report = self._settings(scenes, names, env or {})
        for _ in range(STARTS):
            try:
                answer = self.visit.run(["krita", "--nosplash"], env=settings, display=display, timeout=timeout)
                status, said = answer.returncode, answer.stderr
            except subprocess.TimeoutExpired as error:
                status, said = -1, f"{error.stderr}\nKrita was still running after {timeout} s"
            if report.exists():
                break
        lines = [json.loads(line) for line in report.read_text().splitlines()] if report.exists() else []
        return Play({line["scene"]: line for line in lines}, status, self.folder, said, self.visit)

    def start(self, scenes: Path, names: Sequence[str], display: str) -> tuple[subprocess.Popen[str], Path]:
        """Begin to play without waiting for it; Krita's process, and the file in which it reports."""
        settings, report = self._settings(scenes, names, {})
        silent: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return self.visit.popen(["krita", "--nosplash"], env=settings, display=display, **silent), report

    def _settings(self, scenes: Path, names: Sequence[str], env: Mapping[str, str]) -> tuple[dict[str, str], Path]:
        report = self.folder / "report.jsonl"
        report.unlink(missing_ok=True)  # of an earlier play
        ours = {
            "INKWASH_SCENES": str(scenes),
            "INKWASH_REPORT": str(report),
            "INKWASH_PLAY": " ".join(names),
            "INKWASH_FOLDER": str(self.folder),
            "INKWASH_HOME": str(self.ink),
        }
        return {**env, **ours}, report


def scenes_in(file: Path) -> list[str]:
    """The names of the generator functions called `scene_...` in a scenes file."""
    lines = file.read_text("utf-8").splitlines()
    return [line[4:].split("(")[0] for line in lines if line.startswith("def scene_")]
