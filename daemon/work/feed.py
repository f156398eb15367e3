"""A job's feed: what its worker tells its client, the newest of each kind only."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

from inkwash.models.errors import InkwashError
from inkwash.protocol import Layer

Event = tuple[dict[str, Any], Sequence[Layer]]  # a message and its layers, to be sent as one frame
LAST = ("result", "error")  # after one of these nothing comes


class Feed:
    """Written by the worker thread, read by the route on `loop`.

    An event replaces an unread one of the same type: a client that reads slowly sees fewer previews,
    and never makes the daemon grow.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._unread: dict[str, Event] = {}
        self._arrived = asyncio.Event()

    def put(self, message: dict[str, Any], layers: Sequence[Layer] = ()) -> None:
        """Hand an event over; from any thread."""
        self._loop.call_soon_threadsafe(self._put, message, layers)

    async def take(self, seconds: float) -> list[Event]:
        """Wait for events and take them, the last one at the end; none if nothing comes for `seconds`."""
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._arrived.wait(), seconds)
        self._arrived.clear()
        events = list(self._unread.values())
        self._unread.clear()
        return events

    def _put(self, message: dict[str, Any], layers: Sequence[Layer]) -> None:
        self._unread[message["type"]] = (message, layers)
        self._arrived.set()


def failure(error: InkwashError) -> Event:
    """The last event of a job that has no result."""
    return {"type": "error", "code": error.code, "message": error.message, "hint": error.hint}, ()
