"""Which pictures are in a folder of an artist's: those below it too, without what other programs leave among them."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

FOREIGN = {"__MACOSX", "@eaDir", "#recycle", "$RECYCLE.BIN", "System Volume Information"}  # of systems and servers


def pictures_below(
    folder: Path, suffixes: Collection[str], *, leave_out: Callable[[Path], bool] = lambda folder: False
) -> Iterator[Path]:
    """The files of these suffixes in `folder` and the folders in it, by name; links to folders are not followed.

    Hidden ones, those that macOS and file servers add, and folders to `leave_out` are passed over. OSError if
    `folder` itself cannot be read.
    """
    for place, folders, files in os.walk(folder, onerror=_only_of(folder)):
        where = Path(place)
        folders[:] = sorted(name for name in folders if _is_ours(name) and not leave_out(where / name))
        for name in sorted(files):
            file = where / name
            if _is_ours(name) and file.suffix.lower() in suffixes and file.is_file():
                yield file


def _is_ours(name: str) -> bool:
    return not name.startswith(".") and name not in FOREIGN


def _only_of(folder: Path) -> Callable[[OSError], None]:
    def fail(error: OSError) -> None:
        if error.filename is not None and Path(error.filename) == folder:
            raise error

    return fail
