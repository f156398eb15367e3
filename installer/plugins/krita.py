"""Where each Krita of this user looks for plugins and keeps its settings."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import hosts, kritarc
from .home import Home

FLATPAK = ".var/app/org.kde.krita"
SNAP = "snap/krita/current"
STORE = "Packages/*Krita*/LocalCache"  # below %LOCALAPPDATA%, where the Microsoft Store's programs are redirected


def homes(found: Sequence[hosts.Host]) -> list[Home]:
    """Of every Krita among the programs `found`, or that was started once: an AppImage can be anywhere."""
    packings = {host.packing for host in found if host.name == "Krita"}
    return [home for packing, home in _candidates() if packing in packings or _was_started(home)]


def usual_home() -> Home:
    """That of a Krita which is no Flatpak, Snap or the like."""
    if sys.platform == "win32":
        roaming, local = _windows()
        return _home("Krita", roaming / "krita", local / "kritarc")
    if sys.platform == "darwin":
        library = Path.home() / "Library"
        return _home("Krita", library / "Application Support" / "krita", library / "Preferences" / "kritarc")
    data, config = hosts.xdg("XDG_DATA_HOME", ".local/share"), hosts.xdg("XDG_CONFIG_HOME", ".config")
    return _home("Krita", data / "krita", config / "kritarc")


def _candidates() -> Iterator[tuple[str, Home]]:
    """Each home that there can be, after how its Krita is packed."""
    yield "", usual_home()
    if sys.platform == "win32":
        for cache in sorted(_windows()[1].glob(STORE)):
            yield "Store", _home("Krita (Microsoft Store)", cache / "Roaming/krita", cache / "Local/kritarc")
    if sys.platform == "linux":
        flatpak, snap = Path.home() / FLATPAK, Path.home() / SNAP
        yield "Flatpak", _home("Krita (Flatpak)", flatpak / "data/krita", flatpak / "config/kritarc", "Flatpak")
        yield "Snap", _home("Krita (Snap)", snap / ".local/share/krita", snap / ".config/kritarc", "Snap")


def _home(label: str, folder: Path, settings: Path, sandbox: str = "") -> Home:
    """A home, moved to where the user has told this Krita to keep its resources."""
    try:
        chosen = kritarc.resource_folder(settings.read_bytes())
    except OSError:
        chosen = None
    return Home("krita", label, chosen or folder, settings, sandbox)


def _was_started(home: Home) -> bool:
    return home.folder.is_dir() or (home.settings is not None and home.settings.is_file())


def _windows() -> tuple[Path, Path]:
    """%APPDATA% and %LOCALAPPDATA%."""
    data = Path.home() / "AppData"
    return Path(os.environ.get("APPDATA") or data / "Roaming"), Path(os.environ.get("LOCALAPPDATA") or data / "Local")
