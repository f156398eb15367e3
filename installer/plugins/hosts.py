"""Which Krita and GIMP are on this machine, and whether Inkwash can live in them."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

OLDEST = {"Krita": (5, 2), "GIMP": (3, 0)}  # the first in which the plugins were tried
NEEDS = {
    "Krita": "Krita 5.2 or later (krita.org)",
    "GIMP": "GIMP 3.0 or later (gimp.org): GIMP 2 has no Python 3. Both can live on one machine",
}
COMMANDS = {
    "Krita": ("krita",),
    # The console program answers without a display; an unversioned one may be GIMP 2.
    "GIMP": ("gimp-console-3.2", "gimp-console-3.0", "gimp-console-3", "gimp-console", "gimp-3.0", "gimp"),
}
FLATPAKS = {"Krita": "org.kde.krita", "GIMP": "org.gimp.GIMP"}
SNAPS = Path("/snap")
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
    packing: str = ""  # "Flatpak" or "Snap", which shut it in; else empty

    @property
    def is_new_enough(self) -> bool:
        """Whether plugins like ours can run in it; one that cannot be asked gets the benefit of the doubt."""
        return not self.version or self.version >= OLDEST[self.name]

    def __str__(self) -> str:
        version = ".".join(map(str, self.version))
        return " ".join(filter(None, (self.name, version, f"({self.place})")))


def find() -> list[Host]:
    """Every host program in the usual places; an AppImage can be anywhere and is not found."""
    kinds = (_on_path, _flatpak, _snap, _bundles)
    return [host for name in OLDEST for kind in kinds for host in kind(name)]


def xdg(variable: str, otherwise: str) -> Path:
    """The folder in `variable`, or else `otherwise` in the user's home; a relative one is ignored, as XDG says."""
    value = os.environ.get(variable, "")
    return Path(value) if os.path.isabs(value) else Path.home() / otherwise


def version_in(words: str) -> tuple[int, ...]:
    """The first version number in a program's answer; empty if there is none."""
    found = re.search(r"\d+(?:\.\d+)+", words)
    return tuple(map(int, found[0].split("."))) if found else ()


def _on_path(name: str) -> list[Host]:
    """The first of the program's commands that is on the PATH."""
    places = filter(None, map(shutil.which, COMMANDS[name]))
    place = next((place for place in places if not place.startswith("/snap/")), None)
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
    apps = [
        home / FLATPAKS[name]
        for home in (Path("/var/lib/flatpak/app"), xdg("XDG_DATA_HOME", ".local/share") / "flatpak/app")
    ]
    found = [app for app in apps if app.is_dir()]
    return [
        Host(name, _in_names(app / "current/active/files/bin"), f"Flatpak, {app.parent}", "Flatpak") for app in found
    ]


def _snap(name: str) -> list[Host]:
    """Snap's."""
    snap = SNAPS / name.lower()
    if not snap.is_dir():
        return []
    try:
        words = re.search(r"^version:.*$", (snap / "current/meta/snap.yaml").read_text("utf-8"), re.MULTILINE)
    except (OSError, UnicodeDecodeError):
        words = None
    return [Host(name, version_in(words[0]) if words else (), f"Snap, {snap}", "Snap")]


def _bundles(name: str) -> list[Host]:
    """Those of macOS and Windows, where they install themselves."""
    found = [Path(place) for place in BUNDLES[name] if Path(place).exists()]
    programs = {place: place / "Contents/MacOS" if place.suffix == ".app" else place.parent for place in found}
    return [Host(name, _in_names(folder), str(place)) for place, folder in programs.items()]


def _in_names(programs: Path) -> tuple[int, ...]:
    """The newest version in the programs' names (`gimp-console-3.0`), of those that cannot be asked."""
    return max((version_in(file.name) for file in programs.glob("gimp-console-*")), default=())
