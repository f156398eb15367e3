"""Live preview: after each stroke the picture is worked on anew, into one layer that is always replaced."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple

from inkwash.client import wording

from .preview import PreviewLayer
from .qt import QObject, QTimer, pyqtSignal
from .session import NotReady, Session
from .watch import Pen, Watch, canvas_of

PAUSE = 150  # ms after a stroke: another one may follow at once
CANCELLED = "cancelled"
ELSEWHERE = "Paused: another picture is in front."
SELECTED = "Paused: the selection has changed. The next stroke goes on."


class Live(QObject):
    """Runs one filter on one document after each change of what it reads; off until it is started."""

    changed = pyqtSignal()  # on or off, or `words` are others

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.words = ""  # what there is to say about it
        self._session = session
        self._filter = ""
        self._document: Any = None
        self._preview: Optional[PreviewLayer] = None
        self._selection: Any = None
        self._nodes: Dict[str, Any] = {}  # what it reads: else a guess would follow the active layer
        self._held: Any = None  # a result that waits, for the pen to be lifted or for the one before to be shown
        self._showing = False
        self._wanted = False  # whatever the history says, a run is
        self._echo = False  # the next thing that the history tells is our own layer
        self._blind = False  # this Krita's history cannot be seen: each lift of the pen counts as a stroke
        self._pen = Pen()
        self._pen.lifted.connect(self._lifted)
        self._due = _timer(PAUSE, self._decide)
        session.live_runner.previewed.connect(self._show)
        session.live_runner.failed.connect(self._failed)
        session.started.connect(lambda _: self.stop())

    @property
    def is_on(self) -> bool:
        """Whether strokes are followed."""
        return self._document is not None

    @property
    def filter(self) -> str:
        """The id of the filter that is on; empty if none is."""
        return self._filter

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
        self._pin(request)
        self._filter, self._document = filter, request.document
        self._preview = PreviewLayer(request.document, request.first)
        self._selection = _selected(request.document)
        self._wanted = self._echo = False
        self._pen.watch(self._canvas())
        self._say("")
        self._run()

    def stop(self, keep: bool = False) -> None:
        """End it; the preview is removed, or left as an ordinary layer."""
        if not self.is_on:
            return
        self._due.stop()
        self._session.live_runner.cancel()
        self._pen.watch(None)
        preview, self._preview = self._preview, None
        self._document, self._filter, self._held = None, "", None
        if preview is not None:
            preview.keep() if keep else preview.remove()
        self._say("")

    def poke(self) -> None:
        """The artist has chosen other settings or layers."""
        if self.is_on:
            self._nodes, self._wanted, self._echo = {}, True, False
            self._due.start()

    def _edited(self) -> None:
        """The history has changed, perhaps many times for one deed: see what it was when that is over."""
        if self.is_on:
            self._due.start()

    def _decide(self) -> None:
        if not self.is_on or not self._in_front():
            return
        if self._pen.is_down or self._session.runner.running:
            self._due.start()  # never within a stroke, nor beside the artist's own job
            return
        echo, self._echo = self._echo, False
        if echo:
            return
        wanted, self._wanted = self._wanted, False
        selection = _selected(self._document)
        if selection != self._selection:
            self._selection = selection
            self._session.live_runner.cancel()
            self._say(SELECTED)
        elif wanted or self._reads_active():
            self._run()

    def _undo(self) -> None:
        # The history will tell, and then it matters whichever layer is active.
        self._wanted, self._echo = True, False

    def look(self) -> None:
        """Another picture may be in front, or the document may be gone."""
        if not self.is_on:
            return
        if not any(document == self._document for document in self._session.krita.documents()):
            self._preview = None  # it went with its document
            self.stop()
        elif not self._in_front():
            self._due.stop()
            self._pen.watch(None)
            self._say(ELSEWHERE)
        else:
            self._pen.watch(self._canvas())
            if self.words == ELSEWHERE:
                self._due.stop()  # the other picture's history has gone, which is no change of this one
                self._say("")

    def _run(self) -> None:
        pinned = {name: str(node.uniqueId().toString()) for name, node in self._nodes.items()}
        try:
            request = self._session.request(self._filter, live=True, pinned=pinned)
        except NotReady as error:
            self._say("Paused: {} {}".format(error.message, error.hint))
            return
        self._pin(request)
        self._say("Following your strokes.")
        self._session.live_runner.start(request)

    def _show(self, layer: Any, group: Any) -> None:
        if self._preview is not None:
            self._held = (layer, group)
            self._show_held()

    def _show_held(self) -> None:
        """Show the newest result: not within a stroke, nor within itself: Krita heeds events as it makes layers."""
        if self._showing:
            return
        self._showing = True
        try:
            while self._held is not None and self._preview is not None and not self._pen.is_down:
                (layer, group), self._held = self._held, None
                if not self._preview.shown:
                    self._echo = True  # it adds a layer, of which the history will tell
                self._preview.show(layer, group)
        finally:
            self._showing = False

    def _lifted(self) -> None:
        self._echo = False  # what the history tells next is this stroke
        if self._blind:
            self._edited()
        self._show_held()

    def _failed(self, error: BaseException) -> None:
        if self.is_on and getattr(error, "code", "") != CANCELLED:
            message, hint, _ = wording.failure(error)
            self._say("Paused: {} {}".format(message, hint).strip())

    def _pin(self, request: Any) -> None:
        self._nodes = dict(request.nodes)

    def _in_front(self) -> bool:
        return bool(self._session.document() == self._document)

    def _reads_active(self) -> bool:
        """Whether the active layer, or one it is in, is read by the filter."""
        node = self._document.activeNode()
        while node is not None:
            if any(node == one for one in self._nodes.values()):
                return True
            node = node.parentNode()
        return False

    def _canvas(self) -> Any:
        window = self._session.krita.activeWindow()
        return None if window is None else canvas_of(window.qwindow())

    def _say(self, words: str) -> None:
        self.words = words
        self.changed.emit()


def _selected(document: Any) -> Optional[Tuple[int, int, int, int]]:
    """Where the selection is, None if there is none."""
    selection = document.selection()
    if selection is None:
        return None
    return (selection.x(), selection.y(), selection.width(), selection.height())


def _timer(milliseconds: int, slot: Any) -> Any:
    timer = QTimer()
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(slot)
    return timer
