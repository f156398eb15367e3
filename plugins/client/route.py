"""A route to the daemon: its Unix socket or its TCP port, as the daemon's file says while the daemon lives."""

from __future__ import annotations

import http.client
import json
import os
import socket
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Optional

from inkwash.protocol import PROTOCOL, PROTOCOL_HEADER, places

from . import lock
from .connection import LOOPBACK, Connection
from .errors import ConnectionLost, Unresponsive

SPOKEN = {PROTOCOL_HEADER: str(PROTOCOL)}  # goes with every request that is not understood by every version
RESTART = "Run the command again, or start the filter again in your paint program."


@dataclass(frozen=True)
class Route:
    """One way to reach a daemon."""

    unix: Optional[str] = None  # path of its Unix socket
    port: int = 0  # on 127.0.0.1
    token: str = ""  # what it asks for on TCP, and proves to know on both

    def connection(self) -> Connection:
        """A new connection, not yet open."""
        return Connection(self.unix, self.port)

    def headers(self) -> Dict[str, str]:
        """What the daemon asks of its callers on this route."""
        return {"Authorization": "Bearer " + self.token} if self.unix is None else {}


def read_routes(transport: Optional[str] = None) -> List[Route]:
    """The routes in endpoint.json, the best first; none if there is no such file, or it is damaged or left behind.

    `transport` ("unix" or "tcp", else the environment's INKWASH_TRANSPORT) leaves only one kind.
    """
    transport = transport or os.environ.get("INKWASH_TRANSPORT") or None
    if transport not in (None, "unix", "tcp"):
        raise ValueError("transport must be unix or tcp, not {!r}".format(transport))
    if lock.is_held(places.lock_file()) is False:  # its daemon was killed, and who listens there now is a stranger
        return []
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
            "Wait a moment and try again; if that does not help, end its process{}.".format(_number()),
        ) from error
    except (OSError, http.client.HTTPException) as error:
        raise ConnectionLost("The connection to the Inkwash service broke: it may have ended.", RESTART) from error


def _number() -> str:
    """The daemon's process number, in brackets; empty if the file does not say."""
    try:
        return " (number {})".format(int(json.loads(places.endpoint_file().read_text("utf-8"))["pid"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""


def _routes(endpoint: Any) -> List[Route]:
    routes: List[Route] = []
    unix, tcp, token = endpoint["unix"], endpoint["tcp"], endpoint["token"]
    if not isinstance(token, str) or not token.isalnum():
        return []
    if isinstance(unix, str) and "\0" not in unix and hasattr(socket, "AF_UNIX"):
        routes.append(Route(unix=unix, token=token))
    if isinstance(tcp, dict) and tcp["host"] == LOOPBACK:  # pictures never leave this machine
        port = tcp["port"]
        if type(port) is int and 0 < port < 65536:
            routes.append(Route(port=port, token=token))
    return routes
