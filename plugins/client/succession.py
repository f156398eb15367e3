"""Succession: a daemon of an older version, or whose program was replaced, makes way when nobody needs it."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any, Callable, Mapping, Optional, Set, Tuple

from inkwash.protocol import PROTOCOL, VERSION, places

from .answer import wrong_version
from .errors import Refused, WontStart, WrongVersion
from .lock import FileLock

if TYPE_CHECKING:
    from .client import Client

END_SECONDS = 30.0  # for an idle daemon to end
BUSY = "busy"  # the daemon's code for what it does not do while it works
_lasting: Set[Any] = set()  # versions that came again when they were replaced: what starts here is no newer


def is_due(status: Mapping[str, Any]) -> bool:
    """Whether the daemon that says this of itself should make way for what would be started now."""
    return is_older(status) or bool(status.get("outdated"))


def is_older(status: Mapping[str, Any]) -> bool:
    """Whether that daemon is of an older version than this client."""
    protocol = status.get("protocol")
    if status.get("proof") is False:
        return True
    if type(protocol) is int and protocol != PROTOCOL:
        return protocol < PROTOCOL
    return _numbers(status.get("version")) < _numbers(VERSION)


def heir(look: Callable[[], Optional[Client]]) -> Callable[[], Optional[Client]]:
    """`look`, which at first lets the daemon that it finds make way, if that is due; then it takes what comes."""
    looks = itertools.count()

    def found() -> Optional[Client]:
        is_first, client = next(looks) == 0, look()
        if client is None or not is_due(client.said) or client.said.get("version") in _lasting:
            return client
        if is_first and retire(client):
            return None
        if not is_first:
            _lasting.add(client.said.get("version"))
        return client

    return found


def retire(client: Client) -> bool:
    """Let an idle daemon end, and wait for that; False if it works but is of this version. WrongVersion, WontStart."""
    try:
        if client.said.get("jobs"):
            raise Refused(BUSY, "It works.")
        client.shutdown(if_idle=True)
    except Refused as error:
        if error.code != BUSY:
            raise wrong_version(str(client.said.get("version"))) from error
        if is_older(client.said):
            raise _busy(client.said) from error
        return False
    try:
        with FileLock(places.lock_file(), END_SECONDS):  # which the daemon holds as long as it lives
            return True
    except TimeoutError as error:
        raise WontStart("The older Inkwash service does not end.", "Run: inkwash daemon stop") from error


def _busy(status: Mapping[str, Any]) -> WrongVersion:
    return WrongVersion(
        "Inkwash was updated to {}, but its service of version {} still works on something.".format(
            VERSION, status.get("version")
        ),
        "Try again when that is done: the new service takes its place then. `inkwash daemon status` shows its jobs.",
    )


def _numbers(version: Any) -> Tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", str(version))[:4])
