"""Files appear whole or not at all, and never over another file unasked."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import sys
from pathlib import Path

from ..errors import NotSaved

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS)


def check(file: Path, *, force: bool = False) -> None:
    """Raise NotSaved now if `save` would refuse later, so that no work is done in vain."""
    if file.is_dir():
        raise NotSaved(f"{file} is a folder.", "Name a file in it with -o.")
    if file.exists() and not force:
        raise NotSaved(
            f"{file} exists already.",
            "Choose another name with -o, replace it with --force, or go on with --skip-existing.",
        )
    if not file.parent.is_dir():
        raise NotSaved(f"There is no folder {file.parent}.", "Make the folder, or choose another with -o.")
    if not os.access(file.parent, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        raise _refused(file)


def make_folder(folder: Path, *, parents: bool = False) -> None:
    """Make `folder` if it is missing, and with `parents` those that it is in; NotSaved if it cannot be made."""
    try:
        folder.mkdir(parents=parents, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise NotSaved(f"The folder {folder} cannot be made: {reason}.", "Choose another with -o.") from error


def save(file: Path, data: bytes, *, force: bool = False) -> None:
    """Write `data` beside `file`, then rename; NotSaved if the disk, the folder or an older file says no."""
    check(file, force=force)
    beside = file.with_name(f".{file.name[:40]}-{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(file)
    except OSError as error:
        raise _explained(file, error) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()  # what is left of it, if it did not become the file


def stream(data: bytes) -> None:
    """Write `data` to standard output; NotSaved if nobody takes it."""
    left = memoryview(data)
    try:
        while left:
            left = left[os.write(sys.stdout.fileno(), left) :]
    except OSError as error:
        reason = error.strerror or error
        raise NotSaved(f"Standard output does not take the picture: {reason}.", "Use -o FILE.") from error


def _refused(file: Path) -> NotSaved:
    return NotSaved(f"The folder {file.parent} may not be written to.", "Choose another folder with -o.")


def _explained(file: Path, error: OSError) -> NotSaved:
    if error.errno in FULL:
        return NotSaved(f"There is no room left on the disk for {file}.", "Free some space and run it again.")
    if error.errno in CLOSED:
        return _refused(file)
    return NotSaved(f"{file} cannot be written: {error.strerror or error}.", "Choose another place with -o.")
