"""The service as the docker sees it: connected or started off the UI thread, with its filters, models and status."""

from __future__ import annotations

from typing import Any, Dict, List

from .qt import QObject, pyqtSignal


class Service(QObject):
    """Finds or starts the daemon and asks it what it can do, in a thread of its own."""

    ready = pyqtSignal(list, list)  # filters (declarations), models (cards)
    state = pyqtSignal(str)  # "connecting", "ready", "lost"
    failed = pyqtSignal(object)  # the error: .code, .message, .hint

    filters: List[Dict[str, Any]]
    models: List[Dict[str, Any]]
    status: Dict[str, Any]  # the daemon's last answer to /v1/status; empty if there was none

    def connect_daemon(self, start: bool = True) -> None:
        """Find the daemon, or start it, and fetch the lists; then `ready` or `failed`."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Ask again for status and lists, without starting a daemon; at once, and quietly if one is being asked."""
        raise NotImplementedError

    def close(self) -> None:
        """Give up and wait until the thread has ended; before Krita unloads Python."""
        raise NotImplementedError
