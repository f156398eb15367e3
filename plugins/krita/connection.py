"""The way to the daemon from a thread that may be told to give up."""

from __future__ import annotations

from typing import Callable, Optional

from inkwash.client import Client, JobFailed, NotRunning, find
from inkwash.client.client import PATIENCE_SECONDS
from inkwash.client.launch import launch


def reach(given_up: Callable[[], bool], start: bool = True) -> Client:
    """A client of the running daemon; without one, start it. JobFailed "cancelled" once `given_up` says so."""

    def look() -> Optional[Client]:
        if given_up():
            raise cancelled()
        return find()

    client = look()
    if client is None and not start:
        raise NotRunning("The Inkwash service is not running.", "It starts by itself when a filter is run.")
    return client or launch(look, PATIENCE_SECONDS)


def cancelled() -> JobFailed:
    """The error of what the artist gave up."""
    return JobFailed("cancelled", "Cancelled.")
