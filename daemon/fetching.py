"""Files from the network: continued where they broke off, checked, and there whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from .errors import NotFetched, NotSaved, Unreachable

CHUNK = 2**18  # bytes read at once
PATIENCE = 30.0  # seconds without a byte after which a connection counts as lost
WAITS = (1.0, 5.0, 15.0)  # seconds before each further try
LOST = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError)

Follow = Callable[[int, int], None]  # told how many bytes are there, and of how many (0: not known)


def fetch(url: str, file: Path, sha256: str, follow: Follow, *, waits: Sequence[float] = WAITS) -> None:
    """Download `url` to `file`, going on from what an earlier call left beside it.

    `sha256` is the whole checksum in hex. Raises Unreachable if nobody answers, NotFetched if the
    connection stays broken, the server refuses, or another file came; NotSaved if the disk is full.
    """
    part = file.with_name(f"{file.name}.part")
    file.parent.mkdir(parents=True, exist_ok=True)
    for wait in (*waits, None):
        before = _length(part)
        try:
            _continue(url, part, follow)
            break
        except urllib.error.HTTPError as error:
            raise NotFetched(f"{url} answered: {error.code} {error.reason}.", "Try again later.") from error
        except LOST as error:
            if wait is None or (before == _length(part) == 0):
                raise _lost(url, part, error) from error
            time.sleep(wait)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise NotSaved("The disk is full.", "Free some space and run the same command again.") from error
            raise
    check(part, sha256)
    part.replace(file)


def check(file: Path, sha256: str) -> None:
    """Remove `file` and raise NotFetched if its checksum is not `sha256`."""
    found = _digest(file)
    if found != sha256:
        file.unlink()
        raise NotFetched(
            "What was downloaded is damaged, or another file than expected.",
            f"Run the same command again. Its SHA-256 begins with {found[:16]}, not with {sha256[:16]}.",
        )


def _digest(file: Path) -> str:
    """The SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _continue(url: str, part: Path, follow: Follow) -> None:
    """Append to `part` what it lacks of `url`."""
    start = _length(part)
    request = urllib.request.Request(url, headers={"Range": f"bytes={start}-"} if start else {})
    try:
        response = urllib.request.urlopen(request, timeout=PATIENCE)
    except urllib.error.HTTPError as error:
        if error.code == 416 and start:  # nothing lies beyond what is there
            return
        raise
    with response:
        if getattr(response, "status", 200) != 206:  # it sends the whole file
            start = 0
        total = start + int(response.headers.get("Content-Length") or 0)
        with part.open("ab" if start else "wb") as stream:
            while chunk := response.read(CHUNK):
                stream.write(chunk)
                start += len(chunk)
                follow(start, total)
    if start < total:
        raise ConnectionError(f"it ended after {start} of {total} bytes")


def _length(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _lost(url: str, part: Path, error: BaseException) -> NotFetched:
    host = url.split("/")[2] or url
    if not _length(part):
        return Unreachable(f"{host} cannot be reached.", f"Check the network. ({getattr(error, 'reason', error)})")
    return NotFetched(
        f"The connection to {host} was lost.", f"Run the same command again: it goes on from there. ({error})"
    )
