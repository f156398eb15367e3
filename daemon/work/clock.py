"""A job's clock: how long it has worked, without the time in which it was overtaken, and has left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

EARLIEST = 0.02  # of the work done; before that an estimate is a guess


class Clock:
    """Runs from its making on."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def seconds(self) -> float:
        """Seconds of work so far."""
        return time.monotonic() - self._start

    def seconds_left(self, fraction: float) -> float | None:
        """Seconds until `fraction`, 0 to 1, is 1, if it goes on like this; None if it is too early to say."""
        if fraction < EARLIEST:
            return None
        return round(self.seconds() * max(0.0, 1 - fraction) / fraction, 2)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Does not run inside the block."""
        stopped = time.monotonic()
        try:
            yield
        finally:
            self._start += time.monotonic() - stopped
