"""The look as a picture in the docker: the part of the document that the view shows, at any size."""

from __future__ import annotations

from typing import Any, Optional

from ...preview import Preview
from ...qt import QColor, QPainter, QPixmap, QRectF, QSize, QSizePolicy, Qt, QTransform, QVBoxLayout, QWidget
from .lens import Lens

CHECK = 8  # pixels of a square of what stands for transparent
LIGHT, DARK = QColor(255, 255, 255), QColor(216, 216, 216)
HEIGHT, LOW = 150, 60  # pixels: at best, and at least


class Picture(QWidget):
    """Follows the view's zoom, pan and turn."""

    def __init__(self, preview: Preview, lens: Lens) -> None:
        super().__init__()
        self._preview, self._lens = preview, lens
        self.setAccessibleName("Preview")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(LOW)
        preview.changed.connect(self.update)
        lens.moved.connect(self.update)

    def sizeHint(self) -> Any:  # noqa: N802 (Qt's name)
        """As much as the docker can spare."""
        return QSize(200, HEIGHT)

    def paintEvent(self, event: Any) -> None:  # noqa: N802 (Qt's name)
        """Qt wants it painted."""
        painter = QPainter(self)
        transform = self._transform()
        if self._preview.look is not None and transform is not None:
            whole = QRectF(self._preview.look.whole.rect())
            _check(painter, transform.mapRect(whole).intersected(QRectF(self.rect())).toAlignedRect())
            self._preview.look.paint(painter, transform)
        painter.end()

    def _transform(self) -> Optional[Any]:
        """From the document's pixels to this widget's: its view, or all of it while another one is in front."""
        seen = self._lens.transform()
        if seen is None or self._lens.document() != self._preview.document:
            whole = QRectF(self._preview.look.whole.rect()) if self._preview.look else QRectF(0, 0, 1, 1)
            return _fitted(whole, QRectF(self.rect()))
        return seen * _fitted(QRectF(self._lens.canvas.rect()), QRectF(self.rect()))


class Detachable(QWidget):
    """A place for the picture, which may leave it for a window of its own."""

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self._picture = picture
        self._window: Optional[_Window] = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(picture)

    @property
    def is_away(self) -> bool:
        """Whether the picture is in a window of its own."""
        return self._window is not None

    def toggle(self) -> None:
        """Let it leave, or fetch it back."""
        if self._window is None:
            self._window = _Window(self)
            self._window.layout().addWidget(self._picture)
            self._window.show()
            self.hide()
        else:
            self._window.close()

    def fetch(self) -> None:
        """The window is being closed: the picture comes back."""
        self._window = None
        self._column.addWidget(self._picture)
        self.show()


class _Window(QWidget):
    """A window beside Krita's, of any size."""

    def __init__(self, place: Detachable) -> None:
        super().__init__(place.window(), Qt.WindowType.Tool)
        self._place = place
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Inkwash: preview")
        QVBoxLayout(self).setContentsMargins(0, 0, 0, 0)
        self.resize(480, 360)

    def closeEvent(self, event: Any) -> None:  # noqa: N802 (Qt's name)
        """However it is closed."""
        self._place.fetch()
        super().closeEvent(event)


def _fitted(inner: Any, outer: Any) -> Any:
    """`inner` in the middle of `outer`, as large as it fits."""
    scale = min(outer.width() / max(inner.width(), 1), outer.height() / max(inner.height(), 1))
    place = QTransform.fromTranslate(-inner.center().x(), -inner.center().y())
    return place * QTransform.fromScale(scale, scale) * QTransform.fromTranslate(outer.center().x(), outer.center().y())


def _check(painter: Any, area: Any) -> None:
    """What stands for transparent."""
    tile = QPixmap(2 * CHECK, 2 * CHECK)
    tile.fill(LIGHT)
    pencil = QPainter(tile)
    for corner in (0, CHECK):
        pencil.fillRect(corner, corner, CHECK, CHECK, DARK)
    pencil.end()
    painter.drawTiledPixmap(area, tile)
