"""The latest results as small pictures: a click lays one over the canvas, and it can be placed or thrown away."""

from __future__ import annotations

from typing import Any, Optional

from ...history import PICTURE, Result
from ...live import Live
from ...qt import QIcon, QListView, QListWidget, QListWidgetItem, QPixmap, QSize, Qt, QToolButton, QVBoxLayout, QWidget
from ...session import Session
from ..labels import row

HEIGHT = 58  # pixels of the row of pictures
SMALL = QSize(44, 44)


class HistoryBar(QWidget):
    """Hidden while there is no result."""

    def __init__(self, session: Session, live: Live) -> None:
        super().__init__()
        self._session, self._live = session, live
        self.shown: Optional[Result] = None  # the one that lies over the canvas
        self.list = _row()
        self.list.setAccessibleName("Latest results")
        self.list.itemClicked.connect(self._click)
        self.list.currentRowChanged.connect(self._enable)
        self.compare = self._button("Compare", "Lay this result over the canvas, or take it away again.", self._compare)
        self.apply = self._button("Apply", "Put this result in the place of the one that is there.", self._apply)
        self.discard = self._button("Discard", "Forget this result; what is in the picture stays.", self._discard)
        self.compare.setCheckable(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.list)
        self._buttons = QWidget()  # seen when one is chosen: a docker is low
        buttons = row((self.compare, 1), (self.apply, 1), (self.discard, 1))
        buttons.setContentsMargins(0, 0, 0, 0)
        self._buttons.setLayout(buttons)
        column.addWidget(self._buttons)
        session.history.changed.connect(self._show)
        session.runner.state_changed.connect(self._enable)
        live.preview.changed.connect(self._look)
        self._show()

    def chosen(self) -> Optional[Result]:
        """The one that is selected."""
        item = self.list.currentItem()
        results = self._session.history.results
        place = -1 if item is None else self.list.row(item)
        return results[place] if 0 <= place < len(results) else None

    def _show(self) -> None:
        chosen, results = self.list.currentRow(), self._session.history.results
        self.list.clear()
        for one in results:
            item = QListWidgetItem()
            item.setSizeHint(QSize(SMALL.width() + 6, SMALL.height() + 6))
            if one.picture is not None:
                item.setIcon(QIcon(QPixmap.fromImage(one.picture)))
            item.setToolTip(one.request.filter["label"])
            self.list.addItem(item)
        self.list.setCurrentRow(min(chosen, len(results) - 1))
        self.setVisible(bool(results))
        self._enable()

    def _enable(self, *_: object) -> None:
        there = self.chosen() is not None
        self._buttons.setVisible(there)
        for button in (self.compare, self.discard):
            button.setEnabled(there)
        self.apply.setEnabled(there and not self._session.runner.running)

    def _look(self) -> None:
        """Something else may be shown over the canvas by now."""
        if self.shown is not None and self._live.preview.request is not self.shown.request:
            self.shown = None
        self.compare.setChecked(self.shown is not None)

    def _click(self, _: Any) -> None:
        self._enable()
        self._lay(None if self.chosen() is self.shown else self.chosen())

    def _compare(self) -> None:
        self._lay(self.chosen() if self.compare.isChecked() else None)

    def _lay(self, result: Optional[Result]) -> None:
        """Let `result` be shown over the canvas, or nothing."""
        self._live.stop()
        self.shown = result
        if result is None:
            self._live.preview.clear()
        else:
            self._live.preview.offer(result.request, result.frame)
            self._live.preview.refresh()
        self.compare.setChecked(result is not None)

    def _apply(self) -> None:
        result = self.chosen()
        if result is not None:
            self._lay(None)
            self._session.place(result)

    def _discard(self) -> None:
        result = self.chosen()
        if result is not None:
            if result is self.shown:
                self._lay(None)
            self._session.history.drop(result)

    def _button(self, text: str, help: str, act: Any) -> Any:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(help)
        button.clicked.connect(lambda _=False: act())
        button.setMinimumWidth(50)
        return button


def _row() -> Any:
    made = QListWidget()
    made.setViewMode(QListView.ViewMode.IconMode)
    made.setFlow(QListView.Flow.LeftToRight)
    made.setWrapping(False)
    made.setMovement(QListView.Movement.Static)
    made.setIconSize(SMALL)
    made.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setFixedHeight(HEIGHT)
    made.setMinimumWidth(PICTURE.width())
    return made
