"""Live preview: after each stroke the picture is worked on anew, and its look shown; the document stays untouched."""

from __future__ import annotations

from typing import Any, Dict, Optional

from inkwash.client import wording

from .document.pieces import Pieces
from .placing.leftovers import sweep
from .preview import Preview
from .qt import QObject, QTimer, pyqtSignal
from .runner import placing
from .session import NotReady, Session
from .watch import Pen, Watch, canvases_in

PAUSE = 80  # ms after a stroke: another one may follow at once
CANCELLED = "cancelled"
AWAY = ("not_running", "connection_lost", "unresponsive", "wont_start", "busy")  # errors that go by
AGAIN, LONGEST = 1000, 30000  # ms until the service is asked again, and at most
WORKING, FRESH, WAITING = "Working…", "Up to date.", "Waiting for the service…"
ELSEWHERE = "Paused: another picture is in front."


class Live(QObject):
    """Runs one filter on one document after each change of what it reads; off until it is started."""

    changed = pyqtSignal()  # on or off, or `words` are others
    kept = pyqtSignal(list)  # the result is in the document: what is to be said about it

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.words = ""  # what there is to say about it
        self.preview = Preview()
        self._session = session
        self._filter = ""
        self._document: Any = None
        self._nodes: Dict[str, Any] = {}  # what it reads
        self._ids: Dict[str, str] = {}  # the same as it is remembered: else a guess would follow the active layer
        self._wanted = False  # whatever the history says, a run is
        self._blind = False  # this Krita's history cannot be seen: each lift of the pen counts as a stroke
        self._pieces: Optional[Pieces] = None  # what is being kept
        self._pen = Pen()
        self._pen.lifted.connect(self._lifted)
        self._due = _timer(PAUSE, self._decide)
        self._again = _timer(AGAIN, self._run)
        self.preview.changed.connect(self._shown)
        session.live_runner.failed.connect(self._failed)
        session.started.connect(lambda _: self.stop())
        for runner in (session.runner, session.live_runner):
            runner.previewed.connect(self._show)
        session.runner.state_changed.connect(self._other)

    @property
    def is_on(self) -> bool:
        """Whether strokes are followed."""
        return self._document is not None

    @property
    def filter(self) -> str:
        """The id of the filter that is on; empty if none is."""
        return self._filter

    @property
    def can_keep(self) -> bool:
        """Whether there is a result to be kept."""
        return self.is_on and self.preview.result is not None

    def follow(self, watch: Watch, krita: Any) -> None:
        """Heed what `watch` sees; once for each of Krita's windows."""
        watch.edited.connect(self._edited)
        self._blind = not watch.sees_history
        watch.layers_changed.connect(self.look)
        for name in ("edit_undo", "edit_redo"):
            action = krita.action(name)
            if action is not None:
                action.triggered.connect(self._undo)

    def start(self, filter: str) -> None:
        """Begin with the current document; NotReady if it cannot be."""
        self.stop()
        request = self._session.request(filter, live=True)
        self._filter, self._document = filter, request.document
        self._watch_pen()
        self._begin(request)

    def stop(self) -> None:
        """End it, and show nothing."""
        if not self.is_on:
            return
        for timer in (self._due, self._again):
            timer.stop()
        self._session.live_runner.cancel()
        self._pen.watch(())
        self._document, self._filter, self._nodes, self._ids = None, "", {}, {}
        self.preview.clear()
        self._say("")

    def keep(self) -> None:
        """End it, and put what it shows into the document: its group, as one undo step."""
        request, result = self.preview.request, self.preview.result
        if not self.is_on or self._pieces is not None or request is None or result is None:
            return
        self.stop()
        self._session.history.add(request, result)
        self._pieces = Pieces(placing(request, result, update_existing=True), self)
        self._pieces.done.connect(lambda placed: self._end_keeping(placed.notices))
        self._pieces.broke.connect(self._session.failed)
        self._pieces.broke.connect(lambda _: self._end_keeping(None))
        self._pieces.start()

    def poke(self) -> None:
        """The artist has chosen other settings or layers."""
        if self.is_on:
            self._ids, self._wanted = {}, True
            self._due.start()

    def look(self) -> None:
        """Another picture may be in front, or the document may be gone."""
        front = self._session.document()
        if front is not None and front != self._document and sweep(front):
            front.refreshProjection()
        if not self.is_on:
            return
        if not any(document == self._document for document in self._session.krita.documents()):
            self.stop()
        elif front != self._document:
            self._due.stop()
            self._pen.watch(())
            self._say(ELSEWHERE)
        else:
            self._watch_pen()
            if self.words == ELSEWHERE:
                self._due.stop()  # the other picture's history has gone, which is no change of this one
                self._say(FRESH if self.preview.is_fresh else WORKING)

    def _edited(self) -> None:
        """The history has changed, perhaps many times for one deed: see what it was when that is over."""
        if self.is_on:
            self._due.start()

    def _decide(self) -> None:
        if not self.is_on or self._session.document() != self._document:
            return
        if self._pen.is_down or self._session.runner.running:
            self._due.start()  # never within a stroke, nor beside the artist's own job
            return
        wanted, self._wanted = self._wanted, False
        self.preview.age()
        if wanted or self._reads_active():
            self._run()
        elif not self._session.live_runner.running:
            self.preview.refresh()

    def _undo(self) -> None:
        # The history will tell, and then it matters whichever layer is active.
        self._wanted = True

    def _run(self) -> None:
        if not self.is_on:
            return
        try:
            request = self._session.request(self._filter, live=True, pinned=self._ids)
        except NotReady as error:
            self._say("Paused: {} {}".format(error.message, error.hint))
        else:
            self._begin(request)

    def _begin(self, request: Any) -> None:
        self._again.stop()
        self._nodes, self._ids = dict(request.nodes), dict(request.ids)
        self._say(WORKING)
        self._session.live_runner.start(request)

    def _show(self, request: Any, frame: Any) -> None:
        """A result, or what an artist's own run has so far; not within a stroke."""
        self._again.setInterval(AGAIN)
        self.preview.offer(request, frame)
        if not self._pen.is_down:
            self.preview.refresh()

    def _shown(self) -> None:
        if self.is_on and self.preview.is_fresh and not self._session.live_runner.running:
            self._say(FRESH)

    def _lifted(self) -> None:
        if self._blind or not self.preview.is_fresh:
            self._edited()

    def _failed(self, error: BaseException) -> None:
        code = getattr(error, "code", "")
        if not self.is_on or code == CANCELLED:
            return
        if code in AWAY:
            self._say(WAITING)
            self._again.start()
            self._again.setInterval(min(2 * self._again.interval(), LONGEST))
            return
        message, hint, _ = wording.failure(error)
        self._say("Paused: {} {}".format(message, hint).strip())

    def _watch_pen(self) -> None:
        window = self._session.krita.activeWindow()
        self._pen.watch(() if window is None else canvases_in(window.qwindow().centralWidget()))

    def _reads_active(self) -> bool:
        """Whether the active layer, or one it is in, is read by the filter."""
        node = self._document.activeNode()
        while node is not None:
            if any(node == one for one in self._nodes.values()):
                return True
            node = node.parentNode()
        return False

    def _end_keeping(self, notices: Any) -> None:
        self._pieces = None
        if notices is not None:
            self.kept.emit(notices)
        self._session.history.draw()

    def _other(self, state: str) -> None:
        """The artist's own run has come to `state`."""
        if state in ("placing", "idle") and not self.is_on:
            self.preview.clear()

    def _say(self, words: str) -> None:
        self.words = words
        self.changed.emit()


def _timer(milliseconds: int, slot: Any) -> Any:
    timer = QTimer()
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(slot)
    return timer
