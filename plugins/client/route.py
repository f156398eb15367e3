"""A route to the daemon: its Unix socket or its TCP port, and HTTP connections over it."""

from __future__ import annotations

import http.client
import json
import os
import socket
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Optional

from inkwash.protocol import PROTOCOL, PROTOCOL_HEADER, places

from .errors import ConnectionLost, Unresponsive

SPOKEN = {PROTOCOL_HEADER: str(PROTOCOL)}  # goes with every request that is not understood by every version
LOOPBACK = "127.0.0.1"
ANSWER_SECONDS = 10.0  # for a call that the daemon answers at once, even while it works
RESTART = "Run the command again, or start the filter again in your paint program."


@dataclass(frozen=True)
class Route:
    """One way to reach a daemon."""

    unix: Optional[str] = None  # path of its Unix socket
    port: int = 0  # on 127.0.0.1
    token: str = ""  # what it asks for on TCP

    def connection(self) -> http.client.HTTPConnection:
        """A new connection, not yet open."""
        if self.unix is not None:
            return _UnixConnection(self.unix)
        return http.client.HTTPConnection(LOOPBACK, self.port, timeout=ANSWER_SECONDS)

    def headers(self) -> Dict[str, str]:
        """What the daemon asks of its callers on this route."""
        return {"Authorization": "Bearer " + self.token} if self.unix is None else {}


def read_routes(transport: Optional[str] = None) -> List[Route]:
    """The routes in endpoint.json, the best first; none if there is no such file or it is damaged.

    `transport` ("unix" or "tcp", else the environment's INKWASH_TRANSPORT) leaves only one kind.
    """
    transport = transport or os.environ.get("INKWASH_TRANSPORT") or None
    if transport not in (None, "unix", "tcp"):
        raise ValueError("transport must be unix or tcp, not {!r}".format(transport))
    try:
        routes = _routes(json.loads(places.endpoint_file().read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []
    return [route for route in routes if transport in (None, "tcp" if route.unix is None else "unix")]


@contextmanager
def connection_errors() -> Iterator[None]:
    """Turn what sockets and HTTP raise into ConnectionLost or Unresponsive."""
    try:
        yield
    except socket.timeout as error:
        raise Unresponsive(
            "The Inkwash service does not answer.",
            "Wait a moment and try again; if that does not help, end its process, whose number (pid) is in {}.".format(
                places.endpoint_file()
            ),
        ) from error
    except (OSError, http.client.HTTPException) as error:
        raise ConnectionLost("The connection to the Inkwash service broke: it may have ended.", RESTART) from error


def _routes(endpoint: Any) -> List[Route]:
    routes: List[Route] = []
    unix, tcp = endpoint["unix"], endpoint["tcp"]
    if isinstance(unix, str) and "\0" not in unix and hasattr(socket, "AF_UNIX"):
        routes.append(Route(unix=unix))
    if isinstance(tcp, dict) and tcp["host"] == LOOPBACK:  # pictures never leave this machine
        port, token = tcp["port"], endpoint["token"]
        if type(port) is int and 0 < port < 65536 and isinstance(token, str) and token.isalnum():
            routes.append(Route(port=port, token=token))
    return routes


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=ANSWER_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)
