"""The plugins as zips, for who installs them by hand: Krita imports its own, GIMP's is unpacked into a folder."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from inkwash.protocol import VERSION, places

from .copies import LAUNCHER, contents
from .home import Part

WHEN = (1980, 1, 1, 0, 0, 0)  # so that the same files make the same zip
FILE, PROGRAM = 0o100644, 0o100755
MODULE = "inkwash"  # of the zip's Krita plugin; Krita imports no module inside another
LOADED = b'"""Inkwash as a plugin that Krita imported from a zip."""\n\nfrom . import krita  # noqa: F401\n'
LIBRARY = b"X-KDE-Library="


def name(part: Part) -> str:
    """The zip's name."""
    return f"{MODULE}-{part}-{VERSION}.zip"


def package(part: Part, manifest: Mapping[str, Any]) -> bytes:
    """A zip of the plugin; `manifest` is as for `contents`.

    Nothing of this machine is in it: the plugin finds the service of whoever unpacks it.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if part == "krita":
            _add(archive, f"{MODULE}/", b"")  # Krita's importer looks for the folder itself
        for path, data in sorted(_files(part, manifest)):
            _add(archive, path, data, mode=PROGRAM if LAUNCHER.endswith(path) else FILE)
    return out.getvalue()


def _files(part: Part, manifest: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    for path, data in contents(part, manifest).items():
        if PurePosixPath(path).name == places.FOLDERS.name:
            continue
        if part == "gimp":
            yield path.removeprefix("plug-ins/"), data
        else:
            yield _for_import(path, data)
    if part == "krita":
        yield f"{MODULE}/__init__.py", LOADED


def _for_import(path: str, data: bytes) -> tuple[str, bytes]:
    """A file of the Krita plugin where Krita's importer expects it, which knows plugins of one module."""
    file = PurePosixPath(path)
    if file.suffix == ".desktop":
        lines = [LIBRARY + MODULE.encode() if line.startswith(LIBRARY) else line for line in data.splitlines()]
        return f"{MODULE}.desktop", b"\n".join(lines) + b"\n"
    if file.parts[1] == "inkwash.krita":  # the manual, in a folder that is called as the module
        return f"{MODULE}/{file.name}", data
    return path.removeprefix("pykrita/"), data


def _add(archive: zipfile.ZipFile, path: str, data: bytes, *, mode: int = FILE) -> None:
    info = zipfile.ZipInfo(path, WHEN)
    info.external_attr = mode << 16
    archive.writestr(info, data, zipfile.ZIP_DEFLATED)
