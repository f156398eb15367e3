"""The client: finds or starts the daemon, asks it what it can do, and sends it jobs."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence
from urllib.parse import quote

from inkwash.protocol import PROTOCOL, Layer, encode

from . import succession
from .answer import NOT_MODIFIED, Answer, ask, wrong_version
from .errors import ConnectionLost, NotRunning, Refused, Unresponsive, WrongVersion
from .job import Job
from .job import stop as stop_job
from .launch import launch
from .route import SPOKEN, Route, read_routes

PATIENCE_SECONDS = 90.0  # for a daemon to start: a slow disk reads a gigabyte of libraries meanwhile


class Client:
    """A daemon that answers; each call is a connection of its own, so threads may share a client.

    Every call raises Refused, WrongVersion, ConnectionLost or Unresponsive.
    """

    def __init__(self, route: Route, said: Mapping[str, Any]) -> None:
        self.said = said  # what the daemon said of itself when it was found
        self._route = route
        self._models = Answer(0, "", {})

    def status(self) -> Dict[str, Any]:
        """Version, protocol, pid, device, loaded models and jobs."""
        return self._ask("GET", "/v1/status").content

    def filters(self) -> List[Dict[str, Any]]:
        """Every filter's declaration."""
        return self._list("/v1/filters", "filters")

    def models(self) -> List[Dict[str, Any]]:
        """Every model's card; sent anew by the daemon only when something changed."""
        tag = {"If-None-Match": self._models.tag} if self._models.tag else {}
        answer = self._ask("GET", "/v1/models", tag)
        if answer.status != NOT_MODIFIED:
            self._models = answer
        return _list_in(self._models, "models")

    def presets(self) -> List[Dict[str, Any]]:
        """The artist's named settings, of all filters: `filter`, `name` and `settings` of each."""
        return self._list("/v1/presets", "presets")

    def save_preset(self, filter: str, name: str, settings: Mapping[str, Any]) -> None:
        """Keep `settings` of `filter` under `name`, in place of earlier ones."""
        ask(self._route, "PUT", _preset(filter, name), SPOKEN, body=dict(settings))

    def delete_preset(self, filter: str, name: str) -> None:
        """Forget named settings; Refused if there are none of that name."""
        ask(self._route, "DELETE", _preset(filter, name), SPOKEN)

    def jobs(self) -> List[Dict[str, Any]]:
        """The jobs that run or wait."""
        return self._list("/v1/jobs", "jobs")

    def cancel(self, id: str, keep: bool = False) -> None:
        """Cancel a job, of this client or of another; Refused if there is none of that id.

        With `keep` a running job of a `stoppable` filter ends soon with its best result so far.
        """
        stop_job(self._route, id, keep=keep)

    def shutdown(self, if_idle: bool = False) -> None:
        """Ask the daemon, of whatever version, to finish what is running and then to end.

        With `if_idle` one that has a job to do is Refused, with the code "busy".
        """
        ask(self._route, "POST", "/v1/shutdown" + ("?idle=1" if if_idle else ""), {}, proved=_can_prove(self.said))

    def run(
        self,
        filter: str,
        params: Mapping[str, Any],
        layers: Sequence[Layer],
        document: str = "",
        priority: str = "user",
        model: Optional[str] = None,
    ) -> Job:
        """A job for `filter`, to be iterated over; `layers` are named after the filter's inputs.

        One more layer, `selection` (GRAY), limits what comes back to where it is white. `document` tells
        documents apart: a newer "live" job of the same document and filter replaces an older one. `priority`
        is "live", "user" or "batch". `model` is that of the layers to come back (GRAY, GRAYA, RGB, RGBA);
        None leaves it to the filter, "ALPHA" too, but for alpha: ink comes on nothing then.
        """
        message = {
            "type": "job",
            "filter": filter,
            "params": dict(params),
            "document": document,
            "priority": priority,
        }
        if model is not None:
            message["model"] = model
        return Job(self._route, encode(message, layers))

    def _ask(self, method: str, path: str, headers: Optional[Mapping[str, str]] = None) -> Answer:
        return ask(self._route, method, path, {**SPOKEN, **(headers or {})})

    def _list(self, path: str, key: str) -> List[Dict[str, Any]]:
        return _list_in(self._ask("GET", path), key)


def connect(
    start: bool = True,
    transport: Optional[str] = None,
    patience: float = PATIENCE_SECONDS,
    check: Callable[[], None] = lambda: None,
) -> Client:
    """A client of the running daemon; without one, start it and wait up to `patience` seconds.

    With `start` a daemon of an older version makes way, if it is idle. `transport` is "unix" or "tcp"; None takes
    INKWASH_TRANSPORT, else what works. `check` is called now and then; what it raises ends the wait. Raises NotRunning
    (only with start=False), NotInstalled, WontStart, WrongVersion or Unresponsive.
    """

    def look() -> Optional[Client]:
        check()
        return _seen(transport)

    client = look()
    if client is None and not start:
        hint = "It starts by itself when a filter is run, or by: inkwash daemon start"
        raise NotRunning("The Inkwash service is not running.", hint)
    if client is None or (start and succession.is_due(client.said)):
        client = launch(succession.heir(look), patience)
    return _spoken_to(client)


def find(transport: Optional[str] = None) -> Optional[Client]:
    """A client of the running daemon, None if none answers; WrongVersion, Unresponsive."""
    client = _seen(transport)
    return None if client is None else _spoken_to(client)


def stop() -> bool:
    """Ask the daemon, of whatever version, to finish its jobs and end; False if none runs. Unresponsive."""
    client = _seen()
    if client is None:
        return False
    client.shutdown()
    return True


def _preset(filter: str, name: str) -> str:
    return "/v1/presets/{}/{}".format(quote(filter, safe=""), quote(name, safe=""))


def _seen(transport: Optional[str] = None) -> Optional[Client]:
    """A client of the running daemon, of whatever version; None if none answers. Unresponsive."""
    for route in read_routes(transport):
        try:
            said = _hailed(route)
        except Unresponsive:
            if route in read_routes(transport):
                raise
            continue  # it was about to end
        except (ConnectionLost, Refused):  # it has just ended, or a stranger is there
            continue
        if "protocol" in said:
            return Client(route, said)
    return None


def _hailed(route: Route) -> Dict[str, Any]:
    """What the daemon says of itself, in whatever version of the protocol."""
    try:
        return ask(route, "GET", "/v1/status", {}).content
    except WrongVersion:
        if route.unix is None:
            raise
        return {**ask(route, "GET", "/v1/status", {}, proved=False).content, "proof": False}


def _can_prove(said: Mapping[str, Any]) -> bool:
    return bool(said.get("proof", True))


def _spoken_to(client: Client) -> Client:
    """`client`, if its daemon speaks this protocol, and proves that it is one; WrongVersion."""
    said = client.said
    if said["protocol"] != PROTOCOL or not _can_prove(said):
        raise wrong_version("{} (protocol {})".format(said.get("version"), said["protocol"]))
    return client


def _list_in(answer: Answer, key: str) -> List[Dict[str, Any]]:
    items = answer.content.get(key)
    if not isinstance(items, list):
        raise ConnectionLost("The Inkwash service sent no list of {}.".format(key))
    return items
