"""The endpoint: one daemon per user, where it listens, and the file that tells clients."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from inkwash.protocol import PROTOCOL, VERSION, places

from .errors import AlreadyRunning, Unsafe

LOOPBACK = "127.0.0.1"
POLL_SECONDS = 0.05
PROBED_SECONDS = 1.0  # clients that look whether the lock is held hold it for a moment
BUFFER_BYTES = 4 * 2**20  # of a socket; the kernel gives as much of it as it allows
PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600

if sys.platform == "win32":
    import msvcrt

    def _try_to_lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try_to_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@dataclass(frozen=True)
class Endpoint:
    """What `endpoint.json` says."""

    unix: str | None  # path of the Unix socket; None where there are none
    tcp: dict[str, Any]  # host and port
    token: str  # what callers over TCP must know: 256 bits
    pid: int
    started: float  # seconds since 1970
    protocol: int = PROTOCOL
    version: str = VERSION


@contextlib.contextmanager
def owned(patience: float = 10.0) -> Iterator[None]:
    """Be this user's only daemon inside the block; AlreadyRunning if there is one.

    Waits up to `patience` seconds for one that has withdrawn its endpoint to end, or to offer one.
    The system frees the lock however the daemon ends, so a killed one stops nobody.
    """
    private_folder(places.data_folder())
    descriptor = os.open(places.lock_file(), os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        _lock(descriptor, patience)
        withdraw()  # what a killed daemon left
        try:
            yield
        finally:
            withdraw()
    finally:
        os.close(descriptor)  # which unlocks it


def listen() -> list[socket.socket]:
    """Sockets that listen: the Unix socket where there are such, and a free port of 127.0.0.1."""
    sockets = [_listen_tcp()]
    if hasattr(socket, "AF_UNIX"):
        sockets.insert(0, _listen_unix(places.socket_file()))
    for sock in sockets:
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            sock.setsockopt(socket.SOL_SOCKET, option, BUFFER_BYTES)  # connections inherit it
    return sockets


def describe(sockets: list[socket.socket]) -> Endpoint:
    """The endpoint of these listening sockets, with a new token."""
    host, port = sockets[-1].getsockname()
    unix = sockets[0].getsockname() if len(sockets) > 1 else None
    tcp = {"host": host, "port": port}
    return Endpoint(unix, tcp, secrets.token_hex(32), os.getpid(), time.time())


def publish(endpoint: Endpoint) -> None:
    """Write `endpoint.json`, whole or not at all, for this user's eyes only."""
    file = places.endpoint_file()
    beside = file.with_suffix(".part")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(asdict(endpoint), stream)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)  # half of it, if the disk is full


def withdraw() -> None:
    """Remove `endpoint.json` and the socket; only their owner may."""
    places.endpoint_file().unlink(missing_ok=True)
    places.socket_file().unlink(missing_ok=True)


def private_folder(folder: Path) -> None:
    """Make `folder` for this user only; Unsafe if it belongs to somebody else or is a link."""
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    if not hasattr(os, "getuid"):
        return  # on Windows it is inside the user's profile, which others cannot write to
    if folder.lstat().st_uid != os.getuid() or folder.is_symlink():
        raise Unsafe(
            f"{folder} belongs to another user or leads elsewhere, so Inkwash will not use it.",
            "Remove it, or set INKWASH_HOME to a folder of your own.",
        )
    folder.chmod(PRIVATE_FOLDER)


def _lock(descriptor: int, patience: float) -> None:
    begun = time.monotonic()
    while True:
        try:
            return _try_to_lock(descriptor)
        except OSError:
            waited = time.monotonic() - begun
            if waited > patience or (waited > PROBED_SECONDS and places.endpoint_file().exists()):
                raise AlreadyRunning("Inkwash is running already.", "See `inkwash daemon status`.") from None
        time.sleep(POLL_SECONDS)


def _listen_tcp() -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.bind((LOOPBACK, 0))
    return sock


def _listen_unix(path: Path) -> socket.socket:
    private_folder(path.parent)
    path.unlink(missing_ok=True)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.bind(str(path))
    path.chmod(PRIVATE_FILE)
    return sock
