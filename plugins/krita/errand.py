"""An errand: something done in a thread of its own, which tells the UI thread about it by signals."""

from __future__ import annotations

from typing import Any, Callable, Set

from .qt import QApplication, QThread, pyqtSignal

END_SECONDS = 10.0  # for a thread that was told to give up: it may be waiting for the daemon's answer to a call


class Errand(QThread):
    """Runs `work(errand)`; connect its signals to methods, then `start()`. It stays alive until it has ended."""

    # Each with the errand itself first: who has begun another one meanwhile knows what to ignore.
    told = pyqtSignal(object, object)  # what the work says in between
    done = pyqtSignal(object, object)  # what it returned
    broke = pyqtSignal(object, object)  # the exception that it raised

    _under_way: Set[Errand] = set()  # a QThread that is deleted while it runs takes Krita with it

    def __init__(self, work: Callable[[Errand], Any]) -> None:
        super().__init__()
        self._work = work
        self._stop: Callable[[], None] = lambda: None
        self.given_up = False
        self.finished.connect(self._forget)
        self._under_way.add(self)

    def run(self) -> None:
        """Qt calls it in the new thread."""
        try:
            result = self._work(self)
        except Exception as error:
            self.broke.emit(self, error)
        else:
            self.done.emit(self, result)

    def stops_by(self, stop: Callable[[], None]) -> None:
        """What makes the work give up, from another thread."""
        self._stop = stop
        if self.given_up:
            stop()

    def tell(self, what: Any) -> None:
        """For the work: let `told` say `what`."""
        self.told.emit(self, what)

    def give_up(self) -> None:
        """Tell the work to end; the signals still come, unless they are disconnected."""
        self.given_up = True
        self._stop()

    @classmethod
    def end_all(cls) -> None:
        """Let every errand give up, and wait for it: before Krita ends."""
        for errand in tuple(cls._under_way):
            errand.give_up()
        for errand in tuple(cls._under_way):
            errand.wait(int(END_SECONDS * 1000))
        # What they have said meanwhile must not wait in Qt's queue until Krita takes it down: a thread that goes with
        # its own signal there makes Qt wait for itself for ever.
        QApplication.sendPostedEvents()
        cls._under_way.clear()

    def _forget(self) -> None:
        self._under_way.discard(self)
