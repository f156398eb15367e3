"""Which Krita and GIMP are on this machine, and whether Inkwash can live in them."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

OLDEST = {"Krita": (5, 0), "GIMP": (3, 0)}  # the first whose plugins speak Python 3
COMMANDS = {
    "Krita": ("krita",),
    # The console program answers without a display; an unversioned one may be GIMP 2.
    "GIMP": ("gimp-console-3.2", "gimp-console-3.0", "gimp-console-3", "gimp-console", "gimp-3.0", "gimp"),
}
FLATPAKS = {"Krita": "org.kde.krita", "GIMP": "org.gimp.GIMP"}
BUNDLES = {
    "Krita": ("/Applications/krita.app", "C:/Program Files/Krita (x64)/bin/krita.exe"),
    "GIMP": ("/Applications/GIMP.app", "C:/Program Files/GIMP 3/bin/gimp-3.exe"),
}


@dataclass(frozen=True)
class Host:
    """A painting program that was found."""

    name: str  # "Krita" or "GIMP"
    version: tuple[int, ...]  # as far as it says; empty if it cannot be asked
    place: str  # its file, or how it was packed

    @property
    def is_new_enough(self) -> bool:
        """Whether plugins like ours can run in it; one that cannot be asked gets the benefit of the doubt."""
        return not self.version or self.version >= OLDEST[self.name]

    def __str__(self) -> str:
        version = ".".join(map(str, self.version))
        return " ".join(filter(None, (self.name, version, f"({self.place})")))


def find() -> list[Host]:
    """Every host program in the usual places; an AppImage can be anywhere and is not found."""
    return [host for name in OLDEST for host in (*_on_path(name), *_flatpak(name), *_bundles(name))]


def version_in(words: str) -> tuple[int, ...]:
    """The first version number in a program's answer; empty if there is none."""
    found = re.search(r"\d+(?:\.\d+)+", words)
    return tuple(map(int, found[0].split("."))) if found else ()


def _on_path(name: str) -> list[Host]:
    """The first of the program's commands that is on the PATH."""
    place = next(filter(None, map(shutil.which, COMMANDS[name])), None)
    if place is None:
        return []
    settings = {**os.environ}
    if sys.platform == "linux" and "DISPLAY" not in settings and "WAYLAND_DISPLAY" not in settings:
        settings["QT_QPA_PLATFORM"] = "offscreen"  # Krita aborts without a display, even to say its version
    try:
        answer = subprocess.run([place, "--version"], capture_output=True, text=True, timeout=30, env=settings)
    except (OSError, subprocess.TimeoutExpired):
        return [Host(name, (), place)]
    return [Host(name, version_in(answer.stdout), place)]


def _flatpak(name: str) -> list[Host]:
    """Flatpak's, for the machine or for this user."""
    homes = (Path("/var/lib/flatpak/app"), Path.home() / ".local/share/flatpak/app")
    return [Host(name, (), f"Flatpak, {home}") for home in homes if (home / FLATPAKS[name]).is_dir()]


def _bundles(name: str) -> list[Host]:
    """Those of macOS and Windows, where they install themselves."""
    return [Host(name, (), place) for place in BUNDLES[name] if Path(place).exists()]
