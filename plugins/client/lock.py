"""A lock between processes: a locked file, which the system frees however its holder ends."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Optional

POLL_SECONDS = 0.05


class FileLock:
    """Exclusive among all who lock `path`, threads and processes alike; a context manager."""

    def __init__(self, path: Path, timeout: float) -> None:
        self._path = path
        self._timeout = timeout
        self._descriptor: Optional[int] = None

    def __enter__(self) -> FileLock:
        """Wait for the lock; TimeoutError after `timeout` seconds, OSError if the file cannot be made."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(str(self._path), os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + self._timeout
        while not _try_to_lock(descriptor):
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise TimeoutError("{} is locked".format(self._path))
            time.sleep(POLL_SECONDS)
        self._descriptor = descriptor
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)  # which unlocks it
        self._descriptor = None


def is_held(path: Path) -> Optional[bool]:
    """Whether somebody holds the lock at `path`; None if the system does not say.

    To look is to hold it for a moment, together with others who look.
    """
    try:
        descriptor = os.open(str(path), os.O_RDWR)
    except FileNotFoundError:
        return False
    except OSError:
        return None
    try:
        return not _try_to_lock(descriptor, shared=True)
    except OSError:  # a file system without locks
        return None
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _try_to_lock(descriptor: int, *, shared: bool = False) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_to_lock(descriptor: int, *, shared: bool = False) -> bool:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
