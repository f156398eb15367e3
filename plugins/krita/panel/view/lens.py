"""How the picture in front is seen: where its pixels lie on the canvas, by zoom, turn and mirror."""

from __future__ import annotations

from typing import Any, Optional

from ...qt import QEvent, QObject, pyqtSignal
from ...watch import canvas_of


class Lens(QObject):
    """Follows the view in front of one of Krita's windows, without a timer: the canvas is painted when it moves."""

    moved = pyqtSignal()  # another transform, another view, or the canvas has another size

    def __init__(self) -> None:
        super().__init__()
        self._window: Any = None
        self.canvas: Any = None  # the widget; None if no picture is in front
        self._transform: Any = None

    def follow(self, window: Any) -> None:
        """Look at `window`, one of Krita's, where another view may be in front now."""
        self._window = window
        canvas = canvas_of(window.qwindow())
        if canvas is not self.canvas:
            if self.canvas is not None:
                self.canvas.removeEventFilter(self)
                self.canvas.destroyed.disconnect(self._forget)
            self.canvas = canvas
            if canvas is not None:
                canvas.installEventFilter(self)
                canvas.destroyed.connect(self._forget)
        self._compare()

    def document(self) -> Any:
        """The document in front, None if there is none."""
        view = None if self.canvas is None else self._window.activeView()
        return None if view is None else view.document()

    def transform(self) -> Optional[Any]:
        """From the document's pixels to the canvas's; None if no picture is in front."""
        view = None if self.canvas is None else self._window.activeView()
        if view is None or view.document() is None:
            return None
        to_flake, can_be = view.flakeToImageTransform().inverted()
        return to_flake * view.flakeToCanvasTransform() if can_be else None

    def brush(self) -> float:
        """The brush's diameter in the document's pixels."""
        view = None if self.canvas is None else self._window.activeView()
        return 0.0 if view is None else float(view.brushSize())

    def eventFilter(self, watched: Any, event: Any) -> bool:  # noqa: N802 (Qt's name)
        """Only looks; every event goes on to Krita."""
        if event.type() in (QEvent.Type.Paint, QEvent.Type.Resize):
            self._compare()
        return False

    def _compare(self) -> None:
        transform = self.transform()
        if transform != self._transform:
            self._transform = transform
            self.moved.emit()

    def _forget(self) -> None:
        self.canvas = None
