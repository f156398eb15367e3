"""One session of Inkwash in a running Krita: what the docker and the actions share."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any, Dict, List, Mapping, Optional

from inkwash.client.guess import takes_hints

from .document import hints, layers
from .document.layers import Entry
from .document.pieces import Pieces
from .history import History, Result
from .memory import Memory
from .panel.form.numbers import ANY
from .panel.form.parameters import checked
from .placing.enlarging import NEW, SCALE
from .qt import QObject, pyqtSignal
from .runner import Request, Runner, placing
from .service import Service

FILTER, LAST, UPDATE, HIDE = "filter", "last", "update_existing", "hide_hints"  # names of remembered options
VARIATIONS = 4
ENLARGED = "enlarged"  # another: what is done with a result that is larger than the picture; "" asks
ENLARGING = {SCALE: "Scale the picture", NEW: "Open a new picture"}  # the answers, in words
GREY = "This picture is greyscale, so the result is too. For colour: Image > Convert Image Color Space… > RGB."


class NotReady(Exception):
    """A filter cannot be started as things are; the artist can help it."""

    code = "not_ready"

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Session(QObject):
    """Remembers, and starts filters on Krita's current document with what it remembers."""

    filters_changed = pyqtSignal()  # other filters or models than before
    started = pyqtSignal(object)  # the Request of a run
    finished = pyqtSignal(list)  # the notices that came with its result
    failed = pyqtSignal(object)  # the error, of a run or of what was to become one
    undecided = pyqtSignal(str)  # the id of a filter that makes the picture larger: ask how, keep it, run it again
    waiting_changed = pyqtSignal()  # others wait than before
    shown = pyqtSignal(str)  # the id of a filter that was chosen by an action

    def __init__(self, krita: Any) -> None:
        super().__init__()
        self.krita = krita
        self.memory = Memory(krita)
        self.service = Service()
        self.runner = Runner()
        self.live_runner = Runner()
        self.history = History()
        self._filters = self.memory.filters()
        self._models: List[Dict[str, Any]] = []
        self.service.ready.connect(self._take)
        self.runner.finished.connect(self._finish)
        self.runner.failed.connect(self.failed)
        self.runner.state_changed.connect(self._go_on)
        self.runner.made.connect(self.history.add)
        self._placing: Optional[Pieces] = None
        self._request: Optional[Request] = None
        self.waiting: List[Request] = []  # for what runs to end

    @property
    def filters(self) -> List[Dict[str, Any]]:
        """The declarations, of the service or as they were last time."""
        return self._filters

    @property
    def models(self) -> List[Dict[str, Any]]:
        """The cards of the models; empty until the service has answered."""
        return self._models

    def document(self) -> Any:
        """Krita's current document, None if there is none."""
        return self.krita.activeDocument()

    def filter(self, id: str) -> Dict[str, Any]:
        """The declaration of filter `id`; NotReady if there is none."""
        for declaration in self._filters:
            if declaration["id"] == id:
                return declaration
        raise NotReady(
            "Inkwash has no filter called “{}”.".format(id),
            "Run the installer again: the plugin and the Inkwash service are of different versions.",
        )

    def value(self, declaration: Mapping[str, Any], parameter: Mapping[str, Any]) -> Any:
        """The remembered value of a parameter, or its default."""
        kept = self.memory.values(declaration["id"]).get(parameter["name"], parameter["default"])
        return checked(parameter, kept, self.models)

    def keep_value(self, declaration: Mapping[str, Any], name: str, value: Any) -> None:
        """Remember a value that the artist chose; a default is not kept, so that a better one may come."""
        defaults = {parameter["name"]: parameter["default"] for parameter in declaration["parameters"]}
        if value == defaults[name]:
            self.memory.forget_value(declaration["id"], name)
        else:
            self.memory.keep_value(declaration["id"], name, value)

    def request(self, id: str, live: bool = False, pinned: Optional[Mapping[str, str]] = None) -> Request:
        """What filter `id` would do now; `pinned` layers (by id) stay. NotReady if a document or layer is missing."""
        declaration = self.filter(id)
        document = self.document()
        if document is None:
            raise NotReady("No picture is open.", "Open or create a picture, then run the filter again.")
        found = layers.chosen(document, declaration, self.memory, pinned)
        check_layers(declaration, found)
        return Request(
            filter=declaration,
            params={parameter["name"]: self.value(declaration, parameter) for parameter in declaration["parameters"]},
            nodes={name: entry.node for name, entry in found.items() if entry is not None},
            ids={name: entry.id for name, entry in found.items() if entry is not None},
            document=document,
            live=live,
            update_existing=self.memory.option(UPDATE, False),
            enlarged=self.memory.option(ENLARGED, "") or SCALE,
        )

    def run(self, id: str) -> None:
        """Start filter `id`, or let it wait for what runs; whatever prevents it comes as `failed`."""
        self.shown.emit(id)
        try:
            request = self.request(id)
        except NotReady as error:
            self.failed.emit(error)
            return
        if enlarges(request.filter) and not self.memory.option(ENLARGED, ""):
            self.undecided.emit(id)
            return
        self.memory.keep_option(LAST, id)
        if self.runner.running:
            self.waiting.append(request)
            self.waiting_changed.emit()
        else:
            self._start(request)

    def vary(self, id: str) -> None:
        """Start filter `id` some times over, each with other random numbers; nothing is placed, `history` has it."""
        try:
            request = self.request(id)
        except NotReady as error:
            self.failed.emit(error)
            return
        for _ in range(VARIATIONS):
            params = {**request.params, **drawn(request.filter)}
            self.waiting.append(replace(request, params=params, aside=True))
        self.waiting_changed.emit()
        self._go_on("idle")

    def place(self, result: Result) -> None:
        """Put an earlier result into its document, in the place of what is there; `finished` or `failed`."""
        self._placing = Pieces(placing(result.request, result.frame, update_existing=True), self)
        self._placing.done.connect(self._placed)
        self._placing.broke.connect(self.failed)
        self._placing.start()

    def _placed(self, placed: Any) -> None:
        self._placing = None
        self.finished.emit(placed.notices)
        self.history.draw()

    def drop(self, request: Request) -> None:
        """Let a request that waits wait no more."""
        self.waiting = [one for one in self.waiting if one is not request]
        self.waiting_changed.emit()

    def _start(self, request: Request) -> None:
        self._request = request
        self.started.emit(request)
        self.runner.start(request)

    def _go_on(self, state: str) -> None:
        """The runner has come to `state`: if it has nothing to do, there may be something."""
        if state == "idle" and not self.waiting:
            self.history.draw()
        if state == "idle" and self.waiting and not self.runner.running:
            request = self.waiting.pop(0)
            self.waiting_changed.emit()
            self._start(request)

    def repeat(self) -> None:
        """Start the filter again that was started last."""
        last = self.memory.option(LAST, "")
        if last:
            self.run(last)
        else:
            self.failed.emit(NotReady("No Inkwash filter has been used yet.", "Choose one in Filter > Inkwash."))

    def cancel(self) -> None:
        """Give up what runs."""
        self.runner.cancel()

    def keep(self) -> None:
        """Let what runs end with its best result so far; `failed` if there is none to be had."""
        if self.runner.running and not self.runner.keep():
            self.failed.emit(NotReady("There is nothing to keep yet.", "Wait for it, or cancel it."))

    def close(self) -> None:
        """Give up everything, what waits too, and let the threads end, before Krita goes."""
        self.waiting.clear()
        self.history.clear()
        for part in (self.runner, self.live_runner, self.service):
            part.close()

    def _finish(self, result: Dict[str, Any]) -> None:
        notices = list(result.get("notices") or [])
        if self._request is not None:
            notices += [GREY] if loses_colour(self._request) else []
            if self.memory.option(HIDE, False):
                hints.hide(self._request.document, used_hints(self._request))
        self._request = None
        self.finished.emit(notices)

    def _take(self, filters: List[Dict[str, Any]], models: List[Dict[str, Any]]) -> None:
        known, self._filters, self._models = (self._filters, self._models), filters, models
        if known != (filters, models):
            self.memory.keep_filters(filters)
            self.filters_changed.emit()


def drawn(declaration: Mapping[str, Any]) -> Dict[str, int]:
    """Random numbers for those of the filter's settings for which any is as good; empty if there are none."""
    spans = {
        one["name"]: (one["minimum"], one["maximum"])
        for one in declaration["parameters"]
        if one["type"] == "integer" and one["maximum"] - one["minimum"] > ANY
    }
    return {name: random.randint(*span) for name, span in spans.items()}


def enlarges(declaration: Mapping[str, Any]) -> bool:
    """Whether what the filter makes is larger than the picture."""
    return any(output.get("larger") for output in declaration.get("outputs") or [])


def loses_colour(request: Request) -> bool:
    """Whether the filter deals with colour, but the document has none."""
    kinds = {input.get("kind") for input in request.filter["inputs"]}
    return bool(kinds - {"gray"}) and request.document.colorModel() == "GRAYA"


def used_hints(request: Request) -> List[Any]:
    """The nodes that were taken as colour hints."""
    names = [input["name"] for input in request.filter["inputs"] if takes_hints(input)]
    return [request.nodes[name] for name in names if request.nodes.get(name) is not None]


def check_layers(declaration: Mapping[str, Any], found: Mapping[str, Optional[Entry]]) -> None:
    """NotReady if a required input has no layer."""
    missing = [i["label"] for i in declaration["inputs"] if i["required"] and found.get(i["name"]) is None]
    if missing:
        raise NotReady(
            "{} needs a layer for: {}.".format(declaration["label"], ", ".join(missing)),
            "Choose it in the Inkwash docker, or add a layer.",
        )
