"""Below the form: run, cancel, live preview, progress, messages and the state of the service."""

from __future__ import annotations

from typing import Any, List, Optional

from inkwash.client import wording

from ..live import Live
from ..qt import QProgressBar, QPushButton, QSizePolicy, QTimer, QToolButton, QVBoxLayout, QWidget, pyqtSignal
from ..session import VARIATIONS, Session, drawn
from .labels import Caption, row
from .report import Report
from .view.history_bar import HistoryBar
from .view.live_bar import LiveBar
from .waiting import Waiting

LOOK = 3000  # ms between two looks at the service while a job runs; else it could never go to sleep
STATES = {
    "connecting": "Starting the Inkwash service…",
    "lost": "The Inkwash service is not running. It starts when it is needed.",
}
STAGES = {
    "reading": "reading the layers",
    "starting": "asking the service",
    "running": "waiting for the service",
    "keeping": "stopping with what is there",
    "placing": "placing the result",
}
SCALE = 1000  # of the progress bar


class Console(QWidget):
    """Starts and stops what the form describes, and tells how it goes."""

    run = pyqtSignal()

    def __init__(self, session: Session, live: Live) -> None:
        super().__init__()
        self._session, self._live = session, live
        self._asked = False  # for the service
        self.filter = ""  # the id of what `run` would start
        self._make()
        self._arrange()
        self._look = QTimer(self)
        self._look.setInterval(LOOK)
        self._look.timeout.connect(session.service.refresh)
        for signal, slot in (
            (session.started, self._started),
            (session.failed, self._failed),
            (session.runner.progressed, self._progressed),
            (session.finished, self._finished),
            (session.runner.state_changed, self._stage),
            (session.service.state, self._state),
            (session.service.ready, self._ready),
            (session.service.failed, self._failed),
            (live.kept, self.report.notice),
        ):
            signal.connect(slot)
        self._idle()

    def look(self) -> None:
        """Someone sees the console: find or start the service, or ask how it is."""
        if self._asked:
            self._session.service.refresh()
        else:
            self._asked = True
            self._session.service.connect_daemon()

    def offer(self, filter: str) -> None:
        """What `run` starts from now on; empty if there is nothing to run."""
        self.filter = filter
        self.live_bar.offer(filter)
        found = [one for one in self._session.filters if one["id"] == filter]
        self.vary_button.setVisible(bool(found and drawn(found[0])))
        self._idle()

    def _make(self) -> None:
        self.live_bar = LiveBar(self._session, self._live)
        self.start_button = QPushButton("Run")
        self.start_button.clicked.connect(self.run)
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.clicked.connect(self._session.cancel)
        self.stop_button = QPushButton("Stop and keep")
        self.stop_button.setToolTip("End now, and place the best result so far.")
        self.stop_button.clicked.connect(self._session.keep)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumHeight(10)
        self.words = Caption()
        self.vary_button = QToolButton()
        self.vary_button.setText("Try {}".format(VARIATIONS))
        self.vary_button.setToolTip("Try other random numbers; the results are listed below, and none is placed yet.")
        self.vary_button.clicked.connect(lambda _=False: self._session.vary(self.filter))
        self.waiting = Waiting(self._session)
        self.history = HistoryBar(self._session, self._live)
        self.report = Report()
        self.state = Caption(faint=True)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(self.live_bar, 1)
        for button in (self.start_button, self.cancel_button, self.stop_button):
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            button.setMinimumWidth(50)
        column.addLayout(row((self.start_button, 2), (self.vary_button, 0), (self.cancel_button, 1)))
        for widget in (self.stop_button, self.bar, self.words, self.waiting, self.history, self.report, self.state):
            column.addWidget(widget)

    def _started(self, request: Any) -> None:
        self.report.clear()
        self.start_button.setText("Run next")
        self.cancel_button.setEnabled(True)
        self.stop_button.setVisible(bool(request.filter.get("stoppable")))
        self._progressed("", 0.0, None)
        self.bar.show()
        self._look.start()

    def _progressed(self, stage: str, fraction: float, seconds_left: Optional[float]) -> None:
        # A bar without a range moves to and fro: nothing is known yet.
        self.bar.setRange(0, SCALE if fraction > 0 else 0)
        self.bar.setValue(round(fraction * SCALE))
        self._tell(wording.progress(stage, fraction, seconds_left))
        self.stop_button.setEnabled(self._session.runner.can_keep)

    def _stage(self, state: str) -> None:
        self.stop_button.setEnabled(self._session.runner.can_keep)
        if state in STAGES and self._session.runner.running:
            self._tell(STAGES[state])
        elif state == "idle":
            self._idle()

    def _tell(self, words: str) -> None:
        self.words.setText(words[:1].upper() + words[1:])
        self.words.show()

    def _finished(self, notices: List[str]) -> None:
        self._idle()
        self.report.notice(notices)
        self._session.service.refresh()

    def _failed(self, error: BaseException) -> None:
        if not self._session.runner.running:
            self._idle()
        self.report.fail(error)

    def _idle(self) -> None:
        running = self._session.runner.running
        self.start_button.setEnabled(bool(self.filter))
        self.start_button.setText("Run next" if running else "Run")
        self.start_button.setToolTip("Run it when what runs has ended." if running else "")
        self.cancel_button.setEnabled(running)
        if not running:
            self._look.stop()
            self.stop_button.hide()
            self.bar.hide()
            self.words.hide()

    def _state(self, state: str) -> None:
        self.state.setText(STATES.get(state) or wording.status(self._session.service.status))

    def _ready(self, *_: object) -> None:
        self.state.setText(wording.status(self._session.service.status))
