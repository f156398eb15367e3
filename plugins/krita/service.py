"""The service as the docker sees it: connected or started off the UI thread, with its filters, models and status."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional, Tuple

from inkwash.client import Client

from .connection import reach
from .errand import Errand
from .qt import QApplication, QObject, pyqtSignal

Objects = List[Dict[str, Any]]
Answers = Tuple[Dict[str, Any], Objects, Objects, Objects]  # status, filters, models, presets


class Service(QObject):
    """Finds or starts the daemon and asks it what it can do, in a thread of its own."""

    ready = pyqtSignal(list, list)  # filters (declarations), models (cards)
    presets_changed = pyqtSignal()  # others than before
    state = pyqtSignal(str)  # "connecting", "ready", "lost"
    failed = pyqtSignal(object)  # the error: .code, .message, .hint

    def __init__(self, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self.filters: Objects = []
        self.models: Objects = []
        self.presets: Objects = []  # the artist's named settings of all filters
        self.status: Dict[str, Any] = {}  # the daemon's last answer to GET /v1/status; empty if it gave none
        self._errand: Optional[Errand] = None
        self._quiet = False  # no `failed` if the daemon is not there
        QApplication.instance().aboutToQuit.connect(self.close)

    def connect_daemon(self, start: bool = True) -> None:
        """Find the daemon, or start it, and fetch the lists; then `ready` or `failed`."""
        if self._errand is None or self._quiet:
            self.state.emit("connecting")
            self._ask(lambda errand: _answers(reach(lambda: errand.given_up, start)), quiet=False)

    def refresh(self) -> None:
        """Fetch status and lists again, without starting a daemon: then `ready`, or only the state "lost"."""
        if self._errand is None:
            self._ask(lambda errand: _answers(reach(lambda: errand.given_up, False)), quiet=True)

    def change_presets(self, act: Callable[[Client], None]) -> None:
        """Let `act` save or delete a preset, and fetch those that there are then; `presets_changed` or `failed`."""
        errand = Errand(lambda errand: _changed(reach(lambda: errand.given_up), act))
        errand.done.connect(self._take_presets)
        errand.broke.connect(self._miss_presets)
        errand.start()

    def close(self) -> None:
        """Give up, and wait until no thread runs: before Krita ends."""
        self._errand = None
        Errand.end_all()

    def _ask(self, work: Callable[[Errand], Answers], quiet: bool) -> None:
        if self._errand is not None:
            self._errand.give_up()
        self._quiet = quiet
        self._errand = Errand(work)
        self._errand.done.connect(self._take)
        self._errand.broke.connect(self._miss)
        self._errand.start()

    def _take(self, errand: Errand, answers: Answers) -> None:
        if errand is self._errand:
            self._errand = None
            self.status, self.filters, self.models, presets = answers
            self.state.emit("ready")
            self.ready.emit(self.filters, self.models)
            self._take_presets(errand, presets)

    def _take_presets(self, _: Errand, presets: Objects) -> None:
        if presets != self.presets:
            self.presets = presets
            self.presets_changed.emit()

    def _miss_presets(self, _: Errand, error: Exception) -> None:
        self.failed.emit(error)

    def _miss(self, errand: Errand, error: Exception) -> None:
        if errand is self._errand:
            self._errand = None
            self.status = {}
            self.state.emit("lost")
            if not self._quiet:
                self.failed.emit(error)


def _answers(client: Client) -> Answers:
    return client.status(), client.filters(), client.models(), client.presets()


def _changed(client: Client, act: Callable[[Client], None]) -> Objects:
    act(client)
    return client.presets()
