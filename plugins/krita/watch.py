"""Watching Krita without polling: pictures, layers and the undo history tell when something changed.

Krita's scripting interface has no signals for this, but its own dockers do: the layer docker's list and the
history's list stand in one window each and follow the picture in front. The history changes when a stroke has
ended, never within one, and when something is undone.
"""

from __future__ import annotations

from typing import Any, List, Optional, Sequence

from .qt import QAbstractItemView, QEvent, QMdiArea, QObject, QTimer, QWidget, pyqtSignal, sip

SETTLED = 120  # ms without a further change, so that many at once count as one
HISTORY, LAYERS, LAYER_VIEW = "History", "KisLayerBox", "NodeView"
CANVASES = ("KisOpenGLCanvas", "KisQPainterCanvas")  # how the classes of what is painted on begin
DOWN = (QEvent.Type.TabletPress, QEvent.Type.MouseButtonPress)
UP = (QEvent.Type.TabletRelease, QEvent.Type.MouseButtonRelease)


class Watch(QObject):
    """Follows one of Krita's windows."""

    edited = pyqtSignal()  # a stroke ended, or something else was done or undone
    layers_changed = pyqtSignal()  # other layers, or another one is active; also another picture in front

    def __init__(self, krita: Any, window: Any) -> None:
        """`window` is Krita's QMainWindow."""
        super().__init__(window)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLED)
        self._settle.timeout.connect(self.layers_changed)
        history = view(window, HISTORY)
        self.sees_history = history is not None
        if history is not None:
            history.model().modelReset.connect(self._edited)
        tree = view(window, LAYERS, LAYER_VIEW)
        if tree is not None:
            tree.selectionModel().currentChanged.connect(self._wait)
            for change in ("rowsInserted", "rowsRemoved", "rowsMoved", "modelReset"):  # a new name is in the history
                getattr(tree.model(), change).connect(self._wait)
        for change in ("imageCreated", "imageClosed", "imageSaved", "viewCreated", "viewClosed"):
            getattr(krita.notifier(), change).connect(self._wait)

    def _edited(self) -> None:
        self.edited.emit()
        self._wait()

    def _wait(self, *_: object) -> None:
        self._settle.start()


class Pen(QObject):
    """Knows whether the pen is down on any canvas of a window; watches only while it is told to."""

    pressed = pyqtSignal()
    lifted = pyqtSignal()

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.is_down = False
        self._canvases: List[Any] = []

    def watch(self, canvases: Sequence[Any]) -> None:
        """Watch `canvases`, widgets, instead of what was watched before; none ends it."""
        if list(canvases) == self._canvases:
            return
        for canvas in self._canvases:
            canvas.removeEventFilter(self)
        self._canvases, self.is_down = list(canvases), False
        for canvas in canvases:
            canvas.installEventFilter(self)
            canvas.destroyed.connect(self._forget)

    def eventFilter(self, watched: Any, event: Any) -> bool:  # noqa: N802 (Qt's name)
        """Only looks; every event goes on to Krita."""
        kind = event.type()
        if kind in DOWN:
            self.is_down = True
            self.pressed.emit()
        elif kind in UP:
            self.is_down = False
            self.lifted.emit()
        return False

    def _forget(self) -> None:
        self._canvases, self.is_down = [canvas for canvas in self._canvases if not sip.isdeleted(canvas)], False


def canvas_of(window: Any) -> Any:
    """The widget that is painted on in the front picture of `window`, None if there is none."""
    area = window.centralWidget().findChild(QMdiArea)
    front = None if area is None else area.activeSubWindow()
    return None if front is None else next(iter(canvases_in(front)), None)


def canvases_in(widget: Any) -> List[Any]:
    """All that can be painted on in `widget` now: with the view split, in a window more than one."""
    found = widget.findChildren(QWidget)
    return [one for one in found if one.metaObject().className().startswith(CANVASES) and one.isVisible()]


def view(window: Any, docker: str, kind: Optional[str] = None) -> Any:
    """The list in one of Krita's own dockers; None if this Krita has no such thing."""
    found = window.findChild(QObject, docker)
    views = [] if found is None else found.findChildren(QAbstractItemView)
    views = [view for view in views if view.model() is not None]
    fitting = [view for view in views if kind is None or view.metaObject().className() == kind]
    return fitting[0] if fitting else None
