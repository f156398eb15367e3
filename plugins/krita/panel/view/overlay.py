"""The look over the canvas: a widget that lets every event through to Krita below it."""

from __future__ import annotations

from typing import Any, Optional

from ...preview import Preview
from ...qt import QColor, QEvent, QObject, QPainter, QPen, QPoint, QRect, Qt, QWidget
from ...watch import DOWN, UP
from .lens import Lens

FADED = 0.2  # how much of it is seen while a stroke is drawn, or newer than it
NIBS = 4  # pixels around the brush's outline that are painted anew when it moves
MOVES = (QEvent.Type.MouseMove, QEvent.Type.TabletMove)


class Sheet(QWidget):
    """What is laid over one canvas."""

    def __init__(self, canvas: Any, overlay: Overlay) -> None:
        super().__init__(canvas)
        self._overlay = overlay
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.fit()
        self.lower()  # Krita's own widgets on the canvas stay above it
        self.show()

    def fit(self) -> None:
        """Cover the whole canvas."""
        self.setGeometry(self.parentWidget().rect())

    def paintEvent(self, event: Any) -> None:  # noqa: N802 (Qt's name)
        """Qt wants it painted."""
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        self._overlay.paint(painter)
        painter.end()


class Overlay(QObject):
    """Lays the preview's look over the canvas of its document, as long as that is in front."""

    def __init__(self, preview: Preview, lens: Lens) -> None:
        super().__init__()
        self._preview, self._lens = preview, lens
        self._sheet: Optional[Sheet] = None
        self._canvas: Any = None
        self._wanted = False
        self._is_down = False
        self._nib: Any = None  # where the pen is, over the canvas
        preview.changed.connect(self._follow)
        lens.moved.connect(self._follow)

    @property
    def is_seen(self) -> bool:
        """Whether something is laid over the canvas."""
        return self._sheet is not None

    @property
    def opacity(self) -> float:
        """How much of the look is seen: little of it within a stroke and until it has come in."""
        return 1.0 if self._preview.is_fresh and not self._is_down else FADED

    def want(self, wanted: bool) -> None:
        """Switch it on or off."""
        self._wanted = wanted
        self._follow()

    def paint(self, painter: Any) -> None:
        """Paint the look where the canvas shows the document, and the brush's outline, which it covers."""
        transform = self._lens.transform()
        if self._preview.look is None or transform is None:
            return
        painter.save()
        painter.setOpacity(self.opacity)
        self._preview.look.paint(painter, transform)
        painter.restore()
        if self._nib is not None and not self._is_down:
            radius = self._radius(transform)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for colour, width in ((QColor(255, 255, 255, 160), 3.0), (QColor(0, 0, 0, 200), 1.0)):
                painter.setPen(QPen(colour, width))
                painter.drawEllipse(self._nib, radius, radius)

    def eventFilter(self, watched: Any, event: Any) -> bool:  # noqa: N802 (Qt's name)
        """Only looks; every event goes on to Krita."""
        kind = event.type()
        if kind in DOWN or kind in UP:
            self._is_down = kind in DOWN
            self._update()
        elif kind in MOVES:
            self._move(_place(event))
        elif kind == QEvent.Type.Leave:
            self._move(None)
        elif kind == QEvent.Type.Resize and self._sheet is not None:
            self._sheet.fit()
        return False

    def _follow(self) -> None:
        """Be there, or not, and as new as the look."""
        canvas = self._lens.canvas if self._wanted and self._preview.look is not None else None
        if canvas is not None and self._lens.document() != self._preview.document:
            canvas = None
        if canvas is not self._canvas:
            self._lift()
            if canvas is not None:
                self._canvas, self._sheet = canvas, Sheet(canvas, self)
                canvas.installEventFilter(self)
                canvas.destroyed.connect(self._forget)
        self._update()

    def _lift(self) -> None:
        if self._canvas is not None:
            self._canvas.removeEventFilter(self)
            self._canvas.destroyed.disconnect(self._forget)
        if self._sheet is not None:
            self._sheet.deleteLater()
            self._sheet.hide()
        self._forget()

    def _forget(self) -> None:
        self._canvas = self._sheet = self._nib = None
        self._is_down = False

    def _move(self, nib: Optional[QPoint]) -> None:
        before, self._nib = self._nib, nib
        transform = self._lens.transform()
        if self._sheet is None or transform is None:
            return
        reach = round(self._radius(transform)) + NIBS
        for place in (before, nib):
            if place is not None:
                self._sheet.update(QRect(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach))

    def _radius(self, transform: Any) -> float:
        return float(self._lens.brush() / 2 * abs(transform.determinant()) ** 0.5)

    def _update(self) -> None:
        if self._sheet is not None:
            self._sheet.update()


def _place(event: Any) -> Any:
    """Where the pen or mouse is, on the widget: Qt 6 has given it another name."""
    return event.position().toPoint() if hasattr(event, "position") else event.pos()
