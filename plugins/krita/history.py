"""The latest results, kept beside their documents: to be looked at again, compared, placed or thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Optional

from inkwash.protocol import Frame

from .document.nodes import is_open
from .document.pieces import Pieces
from .placing.look import Look, looking
from .qt import QObject, QSize, Qt, pyqtSignal
from .runner import Request

MOST = 8  # results
BYTES = 512 * 2**20  # of all their pixels; the latest one is kept in any case
PICTURE = QSize(64, 64)


@dataclass(eq=False)
class Result:
    """What a run gave."""

    request: Request
    frame: Frame
    picture: Any = None  # a small QImage of the document with it; None until there is time for it

    @property
    def bytes(self) -> int:
        """How much memory its pixels take."""
        return sum(layer.memory().nbytes for layer in self.frame.layers)


class History(QObject):
    """Holds the latest results, the newest first."""

    changed = pyqtSignal()  # other results, or one has its picture now

    def __init__(self) -> None:
        super().__init__()
        self.results: List[Result] = []
        self._pieces: Optional[Pieces] = None
        self._drawn: Optional[Result] = None

    def add(self, request: Request, frame: Frame) -> None:
        """One more; the oldest ones go when there are too many."""
        self.results.insert(0, Result(request, frame))
        self.sweep()

    def sweep(self) -> None:
        """Let go of what is too much, and of documents that were closed."""
        before, room = self.results, BYTES
        kept: List[Result] = []
        for one in self.results[:MOST]:
            room -= one.bytes
            if is_open(one.request.document) and (room >= 0 or not kept):
                kept.append(one)
        self.results = kept
        if kept != before or any(one.picture is None for one in kept):
            self.changed.emit()

    def drop(self, result: Result) -> None:
        """Throw one away."""
        self.results = [one for one in self.results if one is not result]
        self.changed.emit()

    def draw(self) -> None:
        """Make the pictures that are missing, one after the other, in pieces."""
        missing = next((one for one in self.results if one.picture is None), None)
        if missing is None or self._pieces is not None:
            return
        self._drawn = missing
        self._pieces = Pieces(looking(missing.request.document, missing.request.first, missing.frame), self)
        self._pieces.done.connect(self._take)
        self._pieces.broke.connect(self._miss)
        self._pieces.start()

    def clear(self) -> None:
        """Let go of all, before Krita ends."""
        if self._pieces is not None:
            self._pieces.stop()
            self._pieces = None
        self.results = []

    def _take(self, look: Look) -> None:
        if self._drawn is not None:
            shape = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            self._drawn.picture = look.small.scaled(PICTURE, *shape)
        self._end()

    def _miss(self, _: Exception) -> None:
        """Its document or layer has gone."""
        if self._drawn is not None:
            self.results = [one for one in self.results if one is not self._drawn]
        self._end()

    def _end(self) -> None:
        self._pieces = self._drawn = None
        self.changed.emit()
        self.draw()
