"""The runner: reads a request's layers, lets the daemon work on them in a thread, places the result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Tuple

from inkwash.client import Job
from inkwash.protocol import Frame, Layer

from .connection import cancelled, reach
from .document.files import File
from .document.nodes import home, is_open
from .document.pieces import Pieces, Work
from .document.pixels import reading, selection
from .errand import Errand
from .errors import NotThere
from .placing import enlarging, frames, results, stencils
from .placing.frames import Moment
from .qt import QApplication, QObject, pyqtSignal

LIVE, USER = "live", "user"  # priorities


@dataclass
class Request:
    """What to run, and on what."""

    filter: Mapping[str, Any]  # its declaration
    params: Mapping[str, Any]
    nodes: Mapping[str, Any]  # input name: Krita's node or a File; an optional input may be missing
    document: Any  # Krita's document
    live: bool = False  # a live preview: nothing is placed, `previewed` brings the result
    ids: Mapping[str, str] = field(default_factory=dict)  # what was chosen, as it is remembered
    update_existing: bool = False  # replace the group that this filter made before
    aside: bool = False  # nothing is placed: `made` brings the result
    enlarged: str = enlarging.SCALE  # what is done with a result that is larger than the document
    moment: Optional[Moment] = None  # when its layers were read, if the document is animated

    @property
    def first(self) -> Any:
        """The node of the filter's first input that has one: results go beside it."""
        return next(node for _, node in self.inputs())

    def inputs(self) -> Iterator[Tuple[str, Any]]:
        """The inputs that have a node, in the order of their declaration: name, node."""
        names = [input["name"] for input in self.filter["inputs"]]
        return ((name, self.nodes[name]) for name in names if self.nodes.get(name) is not None)


class Runner(QObject):
    """Runs one request at a time; every signal comes on the UI thread, and each start ends in finished or failed."""

    progressed = pyqtSignal(str, float, object)  # stage, fraction 0..1, seconds left or None
    previewed = pyqtSignal(object, object)  # Request, Frame: what is there so far, or if live the result
    made = pyqtSignal(object, object)  # Request, Frame: a result that is not live, before it is placed
    finished = pyqtSignal(object)  # the result message (dict); its "node" is the group that was placed, None if live
    failed = pyqtSignal(object)  # the error: .code ("cancelled", ...), .message, .hint
    state_changed = pyqtSignal(str)  # "reading", "starting", "running", "keeping", "placing", "idle"

    def __init__(self, parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._request: Optional[Request] = None
        self._pieces: Optional[Pieces] = None
        self._errand: Optional[Errand] = None
        self._question: Optional[_Question] = None
        self._keepable: Optional[Job] = None  # one that works, of a filter that can end early
        self._kept = False
        QApplication.instance().aboutToQuit.connect(self.close)

    @property
    def running(self) -> bool:
        """Whether a request is being worked on."""
        return self._request is not None

    @property
    def can_keep(self) -> bool:
        """Whether `keep` would do something: the filter is stoppable and at work, and was not asked yet."""
        return self._keepable is not None and not self._kept

    def start(self, request: Request) -> None:
        """Begin; a request that is running is given up first, without a signal (latest wins)."""
        self._leave()
        self._request = request
        self.state_changed.emit("reading")
        self._go_through(_asking(request), self._send)

    def cancel(self) -> None:
        """Give up; `failed` follows with the code "cancelled"."""
        if self.running:
            self._fail(cancelled())

    def keep(self) -> bool:
        """Let it end soon with its best result so far, which is placed as any other; whether that is to come."""
        if self.can_keep:
            assert self._keepable is not None
            self._kept = True
            job = self._keepable
            Errand(lambda _: job.keep()).start()  # what goes wrong there, the job's own errand hears of too
            self.state_changed.emit("keeping")
        return self._kept

    def close(self) -> None:
        """Give up, and wait until nothing of ours runs: before Krita ends."""
        self._leave()
        Errand.end_all()
        stencils.forget()

    def _go_through(self, work: Work[Any], then: Callable[[Any], None]) -> None:
        self._drop_pieces()
        self._pieces = Pieces(work, self)
        self._pieces.done.connect(then)
        self._pieces.broke.connect(self._fail)
        self._pieces.start()

    def _send(self, question: _Question) -> None:
        self.state_changed.emit("starting")
        self._question = question
        self._errand = Errand(question.ask)
        self._errand.told.connect(self._hear)
        self._errand.broke.connect(self._hear_error)
        self._errand.start()

    def _hear(self, errand: Errand, frame: Frame) -> None:
        if errand is not self._errand or self._request is None:
            return
        if not is_open(self._request.document):
            self._fail(NotThere(results.CLOSED))
            return
        message = frame.message
        kind = message["type"]
        if kind == "accepted":
            self.state_changed.emit("running")
        elif kind == "progress":
            self._keepable = None if message["ahead"] else self._job_to_keep(self._request)
            self.progressed.emit(message["stage"], message["fraction"], message["seconds_left"])
        elif kind == "preview":
            self.previewed.emit(self._request, frame)
        elif kind == "result":
            self._take(self._request, frame)

    def _hear_error(self, errand: Errand, error: Exception) -> None:
        if errand is self._errand:
            self._fail(error)

    def _job_to_keep(self, request: Request) -> Optional[Job]:
        stoppable = request.filter.get("stoppable") and not request.live  # a live preview just goes on to the next
        return self._question.job if self._question is not None and stoppable else None

    def _take(self, request: Request, frame: Frame) -> None:
        self._errand = self._question = self._keepable = None
        if request.live:
            self.previewed.emit(request, frame)
            self._finish({**frame.message, "node": None})
            return
        self.made.emit(request, frame)
        if request.aside:
            self._finish({**frame.message, "node": None})
            return
        self.state_changed.emit("placing")
        self._go_through(_placing(request, frame), self._finish)

    def _finish(self, message: Dict[str, Any]) -> None:
        self._leave()
        self.finished.emit(message)
        self._say_idle()

    def _fail(self, error: Exception) -> None:
        self._leave()
        self.failed.emit(error)
        self._say_idle()

    def _say_idle(self) -> None:
        if not self.running:  # who heard how it ended may have started the next one
            self.state_changed.emit("idle")

    def _leave(self) -> None:
        """Let go of what is being worked on, whatever it is."""
        self._drop_pieces()
        if self._errand is not None:
            self._errand.give_up()
        self._request = self._errand = self._question = self._keepable = None
        self._kept = False

    def _drop_pieces(self) -> None:
        if self._pieces is not None:
            self._pieces.stop()
            self._pieces.deleteLater()
            self._pieces = None


class _Question:
    """What the daemon is asked, in a thread; each frame of its answer is told."""

    def __init__(self, request: Request, document: str, layers: List[Layer]) -> None:
        self.job: Optional[Job] = None
        self._layers = layers
        self._asked = {
            "filter": request.filter["id"],
            "params": dict(request.params),
            "document": document,
            "priority": LIVE if request.live else USER,
            "model": "GRAYA" if layers[0].model == "GRAYA" else "RGBA",  # what Krita can take
        }

    def ask(self, errand: Errand) -> None:
        client = reach(lambda: errand.given_up)
        with client.run(layers=self._layers, **self._asked) as job:
            self.job = job
            self._layers = []  # the job has them, and they are large
            errand.stops_by(job.close)
            for frame in job:
                errand.tell(frame)


def _asking(request: Request) -> Work[_Question]:
    """Read every layer that is sent: the first input whole, the others without what is empty around them."""
    document = request.document
    results.check_there(document, request.first)
    id = document.rootNode().uniqueId().toString()
    own = [node for _, node in request.inputs() if not isinstance(node, File) and home(document, node) == document]
    request.moment = frames.moment(document, own)
    layers: List[Layer] = []
    for name, node in request.inputs():
        if isinstance(node, File):
            layers.append(node.read(name))
        else:
            layers.append((yield from reading(home(document, node), node, name, trim=bool(layers))))
    results.check_there(document, request.first)
    chosen = yield from selection(document)
    return _Question(request, id, layers if chosen is None else [*layers, chosen])


def placing(request: Request, frame: Frame, update_existing: bool) -> Work[results.Placed]:
    """Put the result of a request where it belongs, in pieces. NotThere."""
    if request.enlarged == enlarging.NEW and enlarging.size_of(request.document, frame) is not None:
        results.check_there(request.document, request.first)
        made = yield from enlarging.made_anew(request.document, request.first, frame)
        return results.Placed(made.rootNode(), [])
    return (yield from results.placing(request.document, request.first, frame, update_existing, request.moment))


def _placing(request: Request, frame: Frame) -> Work[Dict[str, Any]]:
    """Place the result; its message, with the group as "node"."""
    placed = yield from placing(request, frame, request.update_existing)
    return {**frame.message, "node": placed.node, "notices": [*frame.message["notices"], *placed.notices]}
