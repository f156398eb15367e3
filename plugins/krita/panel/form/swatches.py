"""The colours of the hints, each of which may stand for another one, or for a place that stays empty."""

from __future__ import annotations

from functools import partial
from typing import Any, Callable, Dict, List, Optional, Sequence

from inkwash.protocol.recolouring import EMPTY, parsed, written

from ...document import colours
from ...qt import QColor, QGridLayout, QIcon, QMenu, QPainter, QPixmap, QSize, Qt, QToolButton, QWidget
from .fields import Field

SIDE = 20  # pixels of a swatch
IN_A_ROW = 6


class SwatchesField(Field):
    """A swatch for each colour; its menu says what it stands for."""

    def make(self) -> Any:
        self._swaps: Dict[str, str] = {}
        self._colours: List[str] = []
        self._row = QWidget()
        inside = QGridLayout(self._row)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(2)
        inside.setColumnStretch(IN_A_ROW, 1)
        return self._row

    def value(self) -> str:
        return written(self._swaps)

    def set(self, value: Any) -> None:
        if isinstance(value, str) and value != self.value():
            try:
                self._swaps = parsed(value)
            except ValueError:  # from a file, perhaps
                return
            self._show()
            self.tell()

    def text(self, value: Any) -> str:
        return str(value) or "the colours as they are painted"

    def offer(self, found: Sequence[str]) -> None:
        """The colours that there are now; those that stand for others stay in any case."""
        wanted = [*found, *(one for one in self._swaps if one not in found)]
        if wanted != self._colours:
            self._colours = wanted
            self._show()

    def stand_for(self, colour: str, other: Optional[str]) -> None:
        """Let `colour` stand for `other`, a colour or EMPTY; None: for itself."""
        self._swaps.pop(colour, None)
        if other is not None and other != colour:
            self._swaps[colour] = other
        self._show()
        self.tell()

    def _show(self) -> None:
        layout = self._row.layout()
        while layout.count():
            old = layout.takeAt(0).widget()
            old.hide()  # whose menu may just be used
            old.deleteLater()
        for place, colour in enumerate(self._colours):
            layout.addWidget(self._swatch(colour), place // IN_A_ROW, place % IN_A_ROW)

    def _swatch(self, colour: str) -> Any:
        button = QToolButton()
        button.setIconSize(QSize(SIDE, SIDE))
        button.setIcon(_picture(colour, self._swaps.get(colour, colour)))
        button.setAutoRaise(True)
        button.setToolTip("{}: choose what it stands for.".format(colour))
        button.setAccessibleName(colour)
        button.clicked.connect(lambda _=False: self._open(button, colour))
        return button

    def _open(self, button: Any, colour: str) -> None:
        self.menu(colour).popup(button.mapToGlobal(button.rect().bottomLeft()))

    def menu(self, colour: str) -> Any:
        """What there is to choose for `colour` now."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def add(place: Any, words: str, act: Callable[[], None], shown: str = "") -> None:
            action = place.addAction(_picture(shown, shown), words) if shown else place.addAction(words)
            action.triggered.connect(lambda _=False: act())

        add(menu, "Paint with it", lambda: colours.take_up(colour), colour)
        menu.addSeparator()
        brush = colours.brush()
        if brush:
            add(menu, "The brush's colour", lambda: self.stand_for(colour, brush), brush)
        palette = menu.addMenu("From the palette")
        for one in colours.palette():
            add(palette, one, partial(self.stand_for, colour, one), one)
        palette.setEnabled(not palette.isEmpty())
        add(menu, "Leave empty", lambda: self.stand_for(colour, EMPTY))
        add(menu, "As it is painted", lambda: self.stand_for(colour, None))
        return menu


def _picture(colour: str, other: str) -> Any:
    """A swatch of `colour`; its lower half as what it stands for, crossed out if that is nothing."""
    picture = QPixmap(SIDE, SIDE)
    picture.fill(QColor(colour))
    painter = QPainter(picture)
    if other == EMPTY:
        painter.fillRect(0, SIDE // 2, SIDE, SIDE, QColor("white"))
        painter.setPen(QColor("red"))
        painter.drawLine(0, SIDE, SIDE, SIDE // 2)
    else:
        painter.fillRect(0, SIDE // 2, SIDE, SIDE, QColor(other))
    painter.end()
    return QIcon(picture)
