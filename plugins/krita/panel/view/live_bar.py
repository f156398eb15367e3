"""The live preview's part of the docker: on and off, keep, what is going on, and the picture."""

from __future__ import annotations

from ...live import Live
from ...qt import QPushButton, QStyle, QToolButton, QVBoxLayout, QWidget
from ...session import NotReady, Session
from ..labels import Caption, Toggle, row
from .lens import Lens
from .overlay import Overlay
from .picture import Detachable, Picture

ON_CANVAS = "on_canvas"  # a remembered option: whether the preview lies over the canvas too


class LiveBar(QWidget):
    """Switches live preview for the filter `filter`, and shows what it shows."""

    def __init__(self, session: Session, live: Live) -> None:
        super().__init__()
        self._session, self._live = session, live
        self.filter = ""  # what would be switched on
        self.lens = Lens()
        self.overlay = Overlay(live.preview, self.lens)
        self.picture = Picture(live.preview, self.lens)
        self.place = Detachable(self.picture)
        self._make()
        self._arrange()
        live.changed.connect(self._show)
        live.preview.changed.connect(self._show)
        self.overlay.want(self.on_canvas.isChecked())
        self._show()

    def offer(self, filter: str) -> None:
        """What is switched on from now on; another one that is on ends."""
        self.filter = filter
        if self._live.is_on and self._live.filter != filter:
            self._live.stop()

    def _make(self) -> None:
        self.live = Toggle("Live preview")
        self.live.setToolTip("Run again after each stroke. The picture itself stays untouched until you keep it.")
        self.live.changed.connect(self._switch)
        self.on_canvas = QToolButton()
        self.on_canvas.setText("On canvas")
        self.on_canvas.setCheckable(True)
        self.on_canvas.setToolTip("Lay the preview over the canvas too; it fades while you draw.")
        self.on_canvas.setChecked(self._session.memory.option(ON_CANVAS, True))
        self.on_canvas.toggled.connect(self._lay)
        self.detach = QToolButton()
        self.detach.setIcon(self.style().standardIcon(QStyle.StandardPixmap.SP_TitleBarNormalButton))
        self.detach.setToolTip("Show the preview in a window of its own, of any size.")
        self.detach.setAccessibleName("Preview in a window")
        self.detach.clicked.connect(self.place.toggle)
        self.keep = QPushButton("Keep")
        self.keep.setToolTip("End the live preview and put what it shows into the picture, as one undo step.")
        self.keep.clicked.connect(self._live.keep)
        self.words = Caption(faint=True)

    def _arrange(self) -> None:
        switches = row((self.live, 1), (self.on_canvas, 0), (self.detach, 0))
        self.keep.setMinimumWidth(50)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.place, 1)
        column.addLayout(switches)
        column.addLayout(row((self.words, 1), (self.keep, 0)))

    def _lay(self, on: bool) -> None:
        self._session.memory.keep_option(ON_CANVAS, on)
        self.overlay.want(on)

    def _switch(self) -> None:
        if self.live.is_on() == self._live.is_on:
            return
        if not self.live.is_on():
            self._live.stop()
            return
        try:
            self._live.start(self.filter)
        except NotReady as error:
            self._session.failed.emit(error)
        self._show()

    def _show(self) -> None:
        is_seen = self._live.preview.look is not None
        self.live.set_on(self._live.is_on)
        self.keep.setVisible(self._live.is_on)
        self.keep.setEnabled(self._live.can_keep)
        for widget in (self.on_canvas, self.detach):
            widget.setVisible(self._live.is_on or is_seen)
        self.place.setVisible(is_seen and not self.place.is_away)
        self.words.setText(self._live.words)
        self.words.setVisible(bool(self._live.words))
