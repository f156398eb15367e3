"""Files appear whole or not at all, and never over another file unasked."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import tempfile
from pathlib import Path

from .errors import NotSaved

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS)


def check(file: Path, *, force: bool = False) -> None:
    """Raise NotSaved now if `save` would refuse later, so that no work is done in vain."""
    if file.is_dir():
        raise NotSaved(f"{file} is a folder.", "Name a file in it with -o.")
    if file.exists() and not force:
        raise NotSaved(f"{file} exists already.", "Choose another name with -o, or replace it with --force.")
    if not file.parent.is_dir():
        raise NotSaved(f"There is no folder {file.parent}.", "Make the folder, or choose another with -o.")
    if not os.access(file.parent, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        raise _refused(file)


def make_folder(folder: Path) -> None:
    """Make `folder` if it is missing; NotSaved if it cannot be made."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise NotSaved(f"The folder {folder} cannot be made: {reason}.", "Choose another with -o.") from error


def save(file: Path, data: bytes, *, force: bool = False) -> None:
    """Write `data` beside `file`, then rename; NotSaved if the disk, the folder or an older file says no."""
    check(file, force=force)
    beside = None
    try:
        handle, beside = tempfile.mkstemp(prefix=f".{file.name[:40]}-", suffix=".part", dir=file.parent)
        with open(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        _give_usual_rights(beside)
        os.replace(beside, file)
        beside = None
    except OSError as error:
        raise _explained(file, error) from error
    finally:
        if beside is not None:
            with contextlib.suppress(OSError):
                os.unlink(beside)


def stream(data: bytes) -> None:
    """Write `data` to standard output; NotSaved if nobody takes it."""
    left = memoryview(data)
    try:
        while left:
            left = left[os.write(sys.stdout.fileno(), left) :]
    except OSError as error:
        reason = error.strerror or error
        raise NotSaved(f"Standard output does not take the picture: {reason}.", "Use -o FILE.") from error


def _give_usual_rights(file: str) -> None:
    """The rights that a new file has by the user's mask; a temporary file is private."""
    mask = os.umask(0)
    os.umask(mask)
    os.chmod(file, 0o666 & ~mask)


def _refused(file: Path) -> NotSaved:
    return NotSaved(f"The folder {file.parent} may not be written to.", "Choose another folder with -o.")


def _explained(file: Path, error: OSError) -> NotSaved:
    if error.errno in FULL:
        return NotSaved(f"There is no room left on the disk for {file}.", "Free some space and run it again.")
    if error.errno in CLOSED:
        return _refused(file)
    return NotSaved(f"{file} cannot be written: {error.strerror or error}.", "Choose another place with -o.")
