"""The runner: reads a request's layers, lets the daemon work on them in a thread, places the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping

from .qt import QObject, pyqtSignal


@dataclass
class Request:
    """What to run, and on what."""

    filter: Mapping[str, Any]  # its declaration
    params: Mapping[str, Any]
    nodes: Mapping[str, Any]  # input name: Krita's node; an optional input may be missing
    document: Any  # Krita's document
    live: bool = False  # a live preview: nothing is placed, `previewed` brings the result
    update_existing: bool = False  # replace the group that this filter made before


class Runner(QObject):
    """Runs one request at a time; every signal comes on the UI thread, and each start ends in finished or failed."""

    progressed = pyqtSignal(str, float, object)  # stage, fraction 0..1, seconds left or None
    previewed = pyqtSignal(object)  # Layer
    finished = pyqtSignal(object)  # the result message (dict); its "node" is the group that was placed, None if live
    failed = pyqtSignal(object)  # the error: .code ("cancelled", ...), .message, .hint
    state_changed = pyqtSignal(str)  # "reading", "starting", "running", "placing", "idle"

    @property
    def running(self) -> bool:
        """Whether a request is being worked on."""
        raise NotImplementedError

    def start(self, request: Request) -> None:
        """Begin; a request that is running is cancelled first, without a signal (latest wins)."""
        raise NotImplementedError

    def cancel(self) -> None:
        """Give up; `failed` follows with the code "cancelled"."""
        raise NotImplementedError

    def close(self) -> None:
        """Give up and wait until the thread has ended; before Krita unloads Python."""
        raise NotImplementedError
