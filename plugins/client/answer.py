"""The daemon's answers to short calls, and its refusals as errors."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any, Dict, Mapping

from inkwash.protocol import PROTOCOL, VERSION

from .connection import STRANGER
from .errors import ConnectionLost, Refused, WrongVersion
from .route import RESTART, Route, connection_errors

JSON_BYTES = 64 * 2**20  # more than every model's thumbnail together
NOT_MODIFIED = 304
UPGRADE_REQUIRED = 426


@dataclass(frozen=True)
class Answer:
    """What the daemon said to a call."""

    status: int
    tag: str  # ETag, empty if it has none
    content: Dict[str, Any]  # the JSON object; empty if there is no body


def ask(
    route: Route, method: str, path: str, headers: Mapping[str, str], *, body: Any = None, proved: bool = True
) -> Answer:
    """Call the daemon and wait for its answer; Refused, WrongVersion, ConnectionLost, Unresponsive.

    `body`, if there is any, goes along as JSON. Without `proved` whoever listens at a Unix socket is asked, be it what
    it may: nothing secret goes there.
    """
    connection = route.connection()
    try:
        with connection_errors():
            connection.connect()
            if proved or route.unix is None:
                connection.prove(route.token)
            data = None if body is None else json.dumps(body).encode("utf-8")
            connection.request(method, path, data, headers={**route.headers(), **headers})
            response = connection.getresponse()
        check(response)
        return Answer(response.status, response.headers.get("ETag", ""), _read_json(response))
    finally:
        connection.close()


def check(response: http.client.HTTPResponse) -> None:
    """WrongVersion or Refused if `response` says that the daemon does not take the request."""
    if response.status < 400:
        return
    if response.status == UPGRADE_REQUIRED:
        raise wrong_version()
    error = _read_json(response)
    code, message, hint = (str(error.get(key, "")) for key in ("code", "message", "hint"))
    raise Refused(
        code or "internal",
        message or "The Inkwash service refused the request (HTTP {}).".format(response.status),
        hint,
    )


def wrong_version(theirs: str = "another version") -> WrongVersion:
    """The error for a daemon of another protocol."""
    return WrongVersion(
        "The Inkwash service that is running is {}; this is {} (protocol {}).".format(theirs, VERSION, PROTOCOL),
        "Run `inkwash daemon stop` and try again; if that does not help, run the installer again, so that "
        "the plugins and the service are of the same version.",
    )


def _read_json(response: http.client.HTTPResponse) -> Dict[str, Any]:
    """The JSON object in the body; ConnectionLost if the body is anything else."""
    with connection_errors():
        body = response.read(JSON_BYTES)
    try:
        content = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise ConnectionLost(STRANGER, RESTART)
    return content
