"""The plugins' copies inside Krita and GIMP: laid out, put in place, looked at, taken away.

A copy is the plugin with all that it needs: the parts `protocol` and `client`, msgpack's own Python codec, the
folders of this daemon (a sandboxed host would look elsewhere) and the filters' declarations.
"""

import importlib.util
import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path, PurePosixPath
from typing import Any

from inkwash.protocol import places

from ..errors import NothingThere
from . import gimp, hosts, krita, kritarc
from .home import PARTS, Home, Part

BESIDES = ("protocol", "client")  # the parts that go with each plugin
TOPS = {  # what of a home can be ours, also of earlier versions
    "krita": (
        "pykrita/inkwash",
        "pykrita/inkwash.krita",
        "pykrita/inkwash_krita*",
        "pykrita/inkwash.desktop",
        "actions/inkwash*.action",
    ),
    "gimp": ("plug-ins/inkwash-gimp",),
}
LAUNCHER = "plug-ins/inkwash-gimp/inkwash-gimp.py"
MANUAL = "Manual.html"
MANIFEST, PENDING = "manifest.json", "pending.json"  # which the plugin itself refreshes
LEFT_OUT = ("py.typed", "__pycache__")
NEW, OLD = "inkwash.new", "inkwash.old"  # in a home while its copy is replaced


@dataclass(frozen=True)
class Copy:
    """What is in a home."""

    version: str  # empty if there is no plugin
    is_current: bool  # the very same files as this installation's, and GIMP may run its own
    is_enabled: bool | None  # None where the host does not say, or does not ask


def homes(parts: Iterable[Part] = PARTS, found: list[hosts.Host] | None = None) -> list[Home]:
    """Every home of the wanted plugins; `found` are the programs, looked for if not given."""
    found = hosts.find() if found is None else found
    each = {"krita": krita.homes, "gimp": gimp.homes}
    return [home for part in parts for home in each[part](found)]


def contents(part: Part, manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """The files of a copy by their paths in a home; `manifest` holds the lists `filters` and `models`."""
    inside = "pykrita/inkwash" if part == "krita" else "plug-ins/inkwash-gimp/inkwash"
    copied = {}
    for name in (*BESIDES, part):
        folder = _source(f"inkwash.{name}")
        for path in sorted(file.relative_to(folder) for file in folder.rglob("*") if file.is_file()):
            if not set(path.parts) & set(LEFT_OUT):
                copied[_place(part, name, path.as_posix(), inside)] = (folder / path).read_bytes()
    for file in _source("msgpack").glob("*.py"):
        copied[f"{inside}/msgpack/{file.name}"] = file.read_bytes()
    copied[f"{inside}/msgpack/COPYING"] = _licence_of_msgpack()
    folders = {"data": str(places.data_folder()), "runtime": str(places.runtime_folder())}
    copied[f"{inside}/protocol/{places.FOLDERS.name}"] = json.dumps(folders).encode()
    beside = inside if part == "krita" else str(PurePosixPath(inside).parent)
    copied[f"{beside}/{MANIFEST}"] = json.dumps(manifest, indent=1).encode()
    return copied


def copy_parts(target: Path, part: Part, manifest: Mapping[str, Any]) -> None:
    """Put the plugin into the home `target` in place of any earlier copy; nothing else there is touched.

    It is whole at every moment that a host may look; after an interruption the next call puts things right.
    """
    copied = contents(part, manifest)
    new, old = target / NEW, target / OLD
    _clear(new, old)
    try:
        for path, data in copied.items():
            (new / path).parent.mkdir(parents=True, exist_ok=True)
            (new / path).write_bytes(data)
            if path == LAUNCHER:
                (new / path).chmod(0o755)  # without it GIMP passes over it in silence
        tops = {"/".join(path.split("/")[:2]) for path in copied}
        for top in sorted(tops):
            _replace(target / top, new / top, old / top)
        _delete(path for path in _ours(target, part) if path.relative_to(target).as_posix() not in tops)
    finally:
        _clear(new, old)


def install(home: Home, manifest: Mapping[str, Any]) -> bool:
    """Put the plugin into `home` and switch it on; False if its user has switched it off, which is left so."""
    was_there = home.plugin.exists()
    copy_parts(home.folder, home.part, manifest)
    if home.settings is None:
        return True
    settings = _read(home.settings)
    if was_there and kritarc.is_enabled(settings) is False:
        return False
    if kritarc.enabled(settings) != settings:
        kritarc.write(home.settings, kritarc.enabled(settings))
    return True


def remove(home: Home) -> bool:
    """Take the plugin and every trace of it from `home`; whether there was anything."""
    ours = _ours(home.folder, home.part)
    _delete(ours)
    _clear(home.folder / NEW, home.folder / OLD)
    for folder in {path.parent for path in ours}:
        _remove_if_empty(folder)
    if ours:
        for folder in (home.folder, home.folder.parent)[: 1 + (home.part == "gimp")]:
            _remove_if_empty(folder)
    settings = _read(home.settings) if home.settings else b""
    if home.settings and kritarc.forgotten(settings) != settings:
        kritarc.write(home.settings, kritarc.forgotten(settings))
        return True
    return bool(ours)


def is_in(home: Home) -> bool:
    """Whether `home` has the plugin or a word of it."""
    settings = _read(home.settings) if home.settings else b""
    return bool(_ours(home.folder, home.part)) or kritarc.is_enabled(settings) is not None


def look(home: Home, manifest: Mapping[str, Any]) -> Copy:
    """What of the plugin is in `home`, compared with what this installation would put there."""
    enabled = kritarc.is_enabled(_read(home.settings)) if home.settings else None
    wanted = contents(home.part, manifest)
    found = {path.relative_to(home.folder).as_posix(): path for path in _files(_ours(home.folder, home.part))}
    changing = {path for path in (*wanted, *found) if path.rpartition("/")[2] in (MANIFEST, PENDING)}
    same = wanted.keys() - changing == found.keys() - changing and all(
        found[path].read_bytes() == data for path, data in wanted.items() if path not in changing
    )
    can_run = LAUNCHER not in wanted or os.access(home.folder / LAUNCHER, os.X_OK)
    return Copy(_version(home), same and can_run, enabled)


def _source(module: str) -> Path:
    """The folder of an installed package, which is not imported."""
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise NothingThere(f"{module} is not installed in this Python.", "Run `python3 installer` in Inkwash's folder.")
    return Path(next(iter(spec.submodule_search_locations)))


def _place(part: Part, name: str, path: str, inside: str) -> str:
    """Where the file `path` of the part `name` goes: some files are for the host's eyes."""
    if name == "gimp" and path == "launcher.py":
        return LAUNCHER
    if name == "krita" and path.endswith(".desktop"):
        return f"pykrita/{path}"
    if name == "krita" and path.endswith(".action"):
        return f"actions/{path}"
    if name == "krita" and path == MANUAL:
        return f"pykrita/inkwash.krita/{path}"  # where Krita looks for it: in a folder called as the module
    return f"{inside}/{name}/{path}"


def _licence_of_msgpack() -> bytes:
    """The terms under which its codec may be copied."""
    try:
        found = [file for file in files("msgpack") or () if file.name == "COPYING"]
    except PackageNotFoundError:
        found = []
    return Path(str(found[0].locate())).read_bytes() if found else b"Apache License 2.0, https://github.com/msgpack\n"


def _replace(place: Path, new: Path, old: Path) -> None:
    """Put `new` where `place` is, which moves to `old`; if that cannot be done, all stays as it was."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if new.is_file():
        os.replace(new, place)
        return
    had = os.path.lexists(place)
    if had:
        old.parent.mkdir(parents=True, exist_ok=True)
        os.rename(place, old)
    try:
        os.rename(new, place)
    except OSError:
        if had:
            os.rename(old, place)
        raise


def _ours(folder: Path, part: Part) -> list[Path]:
    """The files and folders in a home that are the plugin's."""
    return sorted(path for pattern in TOPS[part] for path in folder.glob(pattern))


def _files(paths: Iterable[Path]) -> list[Path]:
    """All files below `paths`, but for what Python itself makes."""
    found = [file for path in paths for file in (path.rglob("*") if path.is_dir() else (path,))]
    return [file for file in found if file.is_file() and "__pycache__" not in file.parts]


def _version(home: Home) -> str:
    """The version of the copy in `home`; "unknown" if it is damaged."""
    if not home.plugin.exists():
        return ""
    inside = home.plugin if home.part == "krita" else home.plugin / "inkwash"
    found = re.search(rb'^VERSION = "([^"]+)"', _read(inside / "protocol/version.py"), re.MULTILINE)
    return found[1].decode("ascii", "replace") if found else "unknown"


def _read(file: Path) -> bytes:
    """The content of `file`; empty if there is none."""
    try:
        return file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return b""


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _clear(*folders: Path) -> None:
    _delete(folder for folder in folders if folder.exists())


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
