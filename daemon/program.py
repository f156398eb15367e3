"""The daemon's program as it lies on the disk: whether it is still the one that runs."""

from __future__ import annotations

import os
from collections.abc import Iterator

import inkwash.models
import inkwash.protocol

FOLDERS = (os.path.dirname(__file__), *inkwash.models.__path__, *inkwash.protocol.__path__)

Fingerprint = frozenset[tuple[str, int, int]]


def fingerprint() -> Fingerprint:
    """Each of its files, with size and time; an update changes it, also by a file that nothing has loaded yet."""
    return frozenset(found for folder in FOLDERS for found in _files(folder))


def _files(folder: str) -> Iterator[tuple[str, int, int]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:  # it is being replaced at this moment
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path)
        elif entry.name.endswith(".py"):
            told = entry.stat(follow_symlinks=False)
            yield entry.path, told.st_size, told.st_mtime_ns
