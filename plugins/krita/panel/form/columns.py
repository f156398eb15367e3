"""Widgets one below the other, or where there is room, in two columns."""

from __future__ import annotations

from typing import Any, List, Tuple

from ...qt import QGridLayout, Qt, QWidget

WIDE = 430  # pixels from which on there are two columns
GAP = 6


class Columns(QWidget):
    """Lays out what is added to it, anew whenever its width asks for it."""

    def __init__(self) -> None:
        super().__init__()
        self._held: List[Tuple[Any, bool]] = []
        self.count = 1  # of the columns
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * GAP)
        self._grid.setVerticalSpacing(GAP)

    def add(self, widget: Any, wide: bool = False) -> None:
        """One more at the end; a `wide` one has the whole width in any case."""
        self._held.append((widget, wide))
        self._lay()

    def resizeEvent(self, event: Any) -> None:  # noqa: N802 (Qt's name)
        """Another width: perhaps other columns."""
        super().resizeEvent(event)
        count = 2 if self.width() >= WIDE else 1
        if count != self.count:
            self.count = count
            self._lay()

    def _lay(self) -> None:
        while self._grid.count():
            self._grid.takeAt(0)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, self.count - 1)
        row = column = 0
        for widget, wide in self._held:
            if wide and column:
                row, column = row + 1, 0
            span = self.count if wide else 1
            self._grid.addWidget(widget, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
            column += span
            if column >= self.count:
                row, column = row + 1, 0
