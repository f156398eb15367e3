"""Opens files and nothing else: a pipe, a device or a folder among them may never answer, or never end."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def opened(file: Path) -> BinaryIO:
    """`file` for reading, at once; OSError, also for what is no regular file, whose `strerror` says so."""
    _check(file, os.stat(file))  # before it is opened, which alone may already wait
    return open(file, "rb", opener=_descriptor)


def _descriptor(file: str, flags: int) -> int:
    descriptor = os.open(file, flags | getattr(os, "O_NONBLOCK", 0))  # a pipe may just have taken its place
    try:
        _check(Path(file), os.fstat(descriptor))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _check(file: Path, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(file))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is no file but a pipe or a device", str(file))
