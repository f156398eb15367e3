"""Where each GIMP 3 of this user looks for plug-ins; it has a folder of its own for each of its versions."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import hosts
from .home import Home

FLATPAK = ".var/app/org.gimp.GIMP/config/GIMP"
SNAP = "snap/gimp/current/.config/GIMP"
VERSION = re.compile(r"([3-9]|\d\d+)\.\d+")  # of a folder; 2.99 was an unfinished 3.0


def homes(found: Sequence[hosts.Host]) -> list[Home]:
    """Of every version of GIMP 3 among the programs `found`, or that was started once."""
    places = {"": (_usual(), "GIMP {}")}
    if sys.platform == "linux":
        places["Flatpak"] = (Path.home() / FLATPAK, "GIMP {} (Flatpak)")
        places["Snap"] = (Path.home() / SNAP, "GIMP {} (Snap)")
    chosen = os.environ.get("GIMP3_DIRECTORY")  # the whole folder of one version
    homes = [Home("gimp", "GIMP 3 (GIMP3_DIRECTORY)", Path(chosen))] if chosen else []
    for packing, (base, label) in places.items():
        versions = [host.version[:2] for host in found if host.name == "GIMP" and host.packing == packing]
        homes += _homes(base, label, [".".join(map(str, version)) for version in versions], packing)
    return homes


def _homes(base: Path, label: str, installed: Sequence[str], sandbox: str) -> Iterator[Home]:
    """Those in the folder `base` of all versions, and of the versions that are `installed`."""
    there = [folder.name for folder in base.iterdir() if folder.is_dir()] if base.is_dir() else []
    for version in sorted({name for name in (*there, *installed) if VERSION.fullmatch(name)}):
        yield Home("gimp", label.format(version), base / version, sandbox=sandbox)


def _usual() -> Path:
    """The folder of all versions of a GIMP that is no Flatpak or Snap."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData/Roaming") / "GIMP"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/GIMP"
    return hosts.xdg("XDG_CONFIG_HOME", ".config") / "GIMP"
