"""What is shown of a result before it is in the document: its look, and how fresh that is."""

from __future__ import annotations

from typing import Any, Optional

from inkwash.protocol import Frame

from .document.pieces import Pieces
from .placing.look import Look, looking
from .qt import QObject, pyqtSignal
from .runner import Request


class Preview(QObject):
    """Puts looks together, the latest one wins; docker and canvas show them. The document is never touched."""

    changed = pyqtSignal()  # another look or none, or it has become older than the document

    def __init__(self) -> None:
        super().__init__()
        self.look: Optional[Look] = None
        self.document: Any = None  # whose look it is
        self.is_fresh = False  # whether it shows the document as it is
        self.request: Optional[Request] = None  # what `frame` came for
        self._frame: Optional[Frame] = None
        self._pieces: Optional[Pieces] = None

    @property
    def result(self) -> Optional[Frame]:
        """What it shows, if that is a result that can be kept."""
        return self._frame if self._frame and self._frame.message["type"] == "result" else None

    def offer(self, request: Request, frame: Frame) -> None:
        """Show the request's document with the layers of `frame`, a result or preview, from the next refresh on."""
        self.request, self._frame = request, frame

    def refresh(self) -> None:
        """Put the look together, of the document as it is now."""
        self._drop()
        if self.request is not None and self._frame is not None:
            self._pieces = Pieces(looking(self.request.document, self.request.first, self._frame), self)
            self._pieces.done.connect(self._take)
            self._pieces.broke.connect(lambda _: self.clear())  # its document or layer has gone
            self._pieces.start()

    def age(self) -> None:
        """The document has changed, or is being changed."""
        self._drop()
        if self.is_fresh:
            self.is_fresh = False
            self.changed.emit()

    def clear(self) -> None:
        """Show nothing."""
        self._drop()
        self.request = self._frame = self.look = self.document = None
        self.is_fresh = False
        self.changed.emit()

    def _take(self, look: Look) -> None:
        self._drop()
        if self.request is not None:
            self.look, self.document, self.is_fresh = look, self.request.document, True
            self.changed.emit()

    def _drop(self) -> None:
        if self._pieces is not None:
            self._pieces.stop()
            self._pieces.deleteLater()
            self._pieces = None
