"""Long work on the UI thread, a few milliseconds at a time, so that the window goes on answering."""

from __future__ import annotations

from time import perf_counter
from typing import Any, Generator, Optional, Tuple, TypeVar

from ..qt import QObject, QTimer, pyqtSignal

SLICE_SECONDS = 0.008  # half a frame of a 60 Hz screen
PAUSE = True  # yielded where Krita must come to its own events before the work goes on

T = TypeVar("T")
Work = Generator[Any, None, T]  # yields nothing, or PAUSE


def at_once(work: Work[T]) -> T:
    """Do all of `work` now; its result."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: T = end.value
            return result


class Pieces(QObject):
    """Goes through a generator that yields wherever it may be interrupted; one signal at the end."""

    done = pyqtSignal(object)  # what the generator returned
    broke = pyqtSignal(object)  # the exception that it raised

    def __init__(self, work: Work[Any], parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._work = work
        self._busy = self._stopped = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    def start(self) -> None:
        """Begin, as soon as the events that wait are dealt with."""
        self._timer.start(0)

    def stop(self) -> None:
        """Leave it where it is; no signal follows."""
        self._stopped = True
        self._timer.stop()
        if not self._busy:
            self._work.close()

    def _go_on(self) -> None:
        self._busy = True  # some of Krita's calls deal with events meanwhile, which may come to stop()
        ended = self._step()
        self._busy = False
        if self._stopped:
            self._work.close()
        elif ended is None:
            self._timer.start(0)
        else:
            signal, what = ended
            signal.emit(what)

    def _step(self) -> Optional[Tuple[Any, Any]]:
        """Work for one slice; None if there is more to do, else the signal and what it says."""
        until = perf_counter() + SLICE_SECONDS
        try:
            while next(self._work) is not PAUSE and perf_counter() < until:
                pass
        except StopIteration as end:
            return self.done, end.value
        except Exception as error:
            return self.broke, error
        return None
