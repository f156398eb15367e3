"""The docker: the panel in one of Krita's windows."""

from __future__ import annotations

from typing import Any

from krita import DockWidget

from ..live import Live
from ..qt import Qt, QWidget
from ..session import Session
from ..watch import LAYERS, Watch
from .panel import Panel

ID = "inkwash"
SHARE = 0.7  # of the window's height
INTRODUCED = "introduced"  # a remembered option: whether the artist has seen it


class InkwashDocker(DockWidget):
    """Krita makes one for each of its windows, and tells it which picture is in front."""

    def __init__(self, session: Session, live: Live) -> None:
        super().__init__()
        self._session, self._live = session, live
        self._watch: Any = None
        self.setWindowTitle("Inkwash")
        self.panel = Panel(session, live)
        self.setWidget(self.panel)

    def canvasChanged(self, canvas: Any) -> None:  # noqa: N802 (Krita's name)
        """Another picture is in front, or none."""
        if self._watch is None and self.parent() is not None:  # the window's other dockers are there by now
            self._watch = Watch(self._session.krita, self.parent())
            self._watch.layers_changed.connect(self.panel.refresh)
            self._live.follow(self._watch, self._session.krita)
        self._introduce()
        for window in self._session.krita.windows():
            if window.qwindow() == self.parent():
                self.panel.console.live_bar.lens.follow(window)
        self.panel.refresh()
        self._session.history.sweep()
        self._live.look()

    def _introduce(self) -> None:
        """Let it be seen with the first picture after the installation; from then on Krita keeps what the artist likes.

        Not before there is a picture: until then Krita hides every docker, and then lays them out as it knows them.
        """
        memory = self._session.memory
        if self._session.document() is not None and not memory.option(INTRODUCED, False):
            memory.keep_option(INTRODUCED, True)
            self.show()
            self._take_place()
            self.raise_()

    def _take_place(self) -> None:
        """Beside Krita's layers, as a tab, and of a height at which one can work; the artist may change both."""
        window = self.parent()
        layers = window.findChild(QWidget, LAYERS)
        if layers is not None:
            window.tabifyDockWidget(layers, self)
            window.resizeDocks([self], [round(SHARE * window.height())], Qt.Orientation.Vertical)
