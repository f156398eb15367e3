"""The way to the daemon from a thread that may be told to give up."""

from __future__ import annotations

from typing import Callable

from inkwash.client import Client, JobFailed, connect


def reach(given_up: Callable[[], bool], start: bool = True) -> Client:
    """A client of the running daemon; without one, start it. JobFailed "cancelled" once `given_up` says so."""

    def check() -> None:
        if given_up():
            raise cancelled()

    return connect(start=start, check=check)


def cancelled() -> JobFailed:
    """The error of what the artist gave up."""
    return JobFailed("cancelled", "Cancelled.")
