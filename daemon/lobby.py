"""The lobby: callers over TCP that have not said the token yet. There are few places, and only for seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp.web import RequestHandler

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None  # type: ignore[assignment]

PLACES = 64  # the longest there goes when another one comes: whoever knows the token stays for milliseconds
SHARE = 4  # of the files that the daemon may have open, one in so many is a stranger's at most
SECONDS = 10  # for a caller to say the token, from its first byte to its last header


class Lobby:
    """Strangers cost no more than this: the Unix socket and who knows the token are served whatever they do."""

    def __init__(self) -> None:
        self.places = min(PLACES, _open_files() // SHARE)
        self._waiting: dict[RequestHandler, int] = {}  # the longest there first; for how many looks

    def __len__(self) -> int:
        return len(self._waiting)

    def receive(self, make: Callable[[], RequestHandler]) -> RequestHandler:
        """A handler for a new connection, which is closed unless it is let in."""
        handler = make()
        self._waiting[handler] = 0
        while len(self._waiting) > self.places:
            self._close(next(iter(self._waiting)))
        return handler

    def let_in(self, handler: RequestHandler) -> None:
        """Its caller has said the token."""
        self._waiting.pop(handler, None)

    async def watch(self) -> None:
        """Close who stays too long, for ever. It counts looks: time goes on while the daemon stands still."""
        while True:
            await asyncio.sleep(1)
            for handler, looks in list(self._waiting.items()):
                if handler.transport is None or looks >= SECONDS:  # gone, or too slow
                    self._close(handler)
                else:
                    self._waiting[handler] = looks + 1

    def _close(self, handler: RequestHandler) -> None:
        self.let_in(handler)
        if handler.transport is not None:
            handler.transport.abort()


def _open_files() -> int:
    """How many files the daemon may have open."""
    if resource is None:
        return PLACES * SHARE
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return PLACES * SHARE if limit == resource.RLIM_INFINITY else limit
