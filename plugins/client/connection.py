"""Connections to the daemon: HTTP over a socket of its own, which sends no signal and trusts nobody unproved."""

from __future__ import annotations

import hmac
import http.client
import json
import secrets
import socket
import sys

from inkwash.protocol import proof

from .errors import ConnectionLost, WrongVersion

LOOPBACK = "127.0.0.1"
ANSWER_SECONDS = 10.0  # for a call that the daemon answers at once, even while it works
SO_NOSIGPIPE = 0x1022  # macOS; Python has no name for it
STRANGER = "What answered is not the Inkwash service, or it is damaged."


class Connection(http.client.HTTPConnection):
    """To a daemon's Unix socket, or to its port on this machine; `connect()` before anything is asked."""

    auto_open = 0  # a connection that was made anew in silence would be unproved

    def __init__(self, unix: str | None, port: int) -> None:
        super().__init__("localhost" if unix is not None else LOOPBACK, port or None, timeout=ANSWER_SECONDS)
        self._unix = unix

    def connect(self) -> None:
        """Open it; OSError."""
        family = socket.AF_INET if self._unix is None else socket.AF_UNIX
        self.sock = _Socket(family, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect((self.host, self.port) if self._unix is None else self._unix)
        if self._unix is None:
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def prove(self, token: str) -> None:
        """Let whoever listens prove that it knows `token`, which it is not told: neither that nor a pixel was sent yet.

        ConnectionLost if it does not, WrongVersion if it is a daemon that cannot.
        """
        challenge = secrets.token_hex(proof.CHALLENGE_BYTES)
        self.request("GET", proof.PATH + "?challenge=" + challenge)
        response = self.getresponse()
        body = response.read(proof.ANSWER_BYTES)
        if response.status in (403, 404):
            raise WrongVersion(
                "The Inkwash service that is running is of an earlier version.",
                "Run `inkwash daemon stop` and try again.",
            )
        address = proof.address(self._unix, self.port)
        if not hmac.compare_digest(_said(body).encode(), proof.proof(token, challenge, address).encode()):
            raise ConnectionLost(STRANGER)


class _Socket(socket.socket):
    """A socket that answers a broken connection with an error only.

    Python programs ignore the signal SIGPIPE that would come besides; Krita and others do not, and die of it.
    """

    _flags = 0 if sys.platform == "darwin" else getattr(socket, "MSG_NOSIGNAL", 0)

    def __init__(self, family: int, type: int) -> None:
        super().__init__(family, type)
        if sys.platform == "darwin":
            self.setsockopt(socket.SOL_SOCKET, SO_NOSIGPIPE, 1)

    def sendall(self, data, flags=0):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        """As every socket's; http.client calls nothing else to send."""
        super().sendall(data, flags | self._flags)


def _said(body: bytes) -> str:
    try:
        said = json.loads(body)["proof"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return said if isinstance(said, str) else ""
