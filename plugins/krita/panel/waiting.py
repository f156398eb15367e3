"""The runs that wait for the one at work, each with a way out."""

from __future__ import annotations

from ..qt import QToolButton, QVBoxLayout, QWidget
from ..session import Session
from .labels import Caption, row


class Waiting(QWidget):
    """A line for each; hidden while there is none."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        session.waiting_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        while self._column.count():
            line = self._column.takeAt(0).widget()
            line.hide()  # whose button may just be clicked
            line.deleteLater()
        for request in self._session.waiting:
            drop = QToolButton()
            drop.setText("✕")
            drop.setAutoRaise(True)
            drop.setToolTip("Do not run it")
            drop.clicked.connect(lambda _=False, request=request: self._session.drop(request))
            line = QWidget()
            inside = row((Caption("Next: {}".format(request.filter["label"]), faint=True), 1), (drop, 0))
            inside.setContentsMargins(0, 0, 0, 0)
            line.setLayout(inside)
            self._column.addWidget(line)
        self.setVisible(bool(self._session.waiting))
