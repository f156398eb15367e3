"""The client: finds or starts the daemon, asks it what it can do, and sends it jobs."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence

from inkwash.protocol import PROTOCOL, Layer, encode

from .answer import NOT_MODIFIED, Answer, ask, wrong_version
from .errors import ConnectionLost, NotRunning, Refused, Unresponsive
from .job import Job
from .job import stop as stop_job
from .launch import launch
from .route import SPOKEN, Route, read_routes

PATIENCE_SECONDS = 90.0  # for a daemon to start: a slow disk reads a gigabyte of libraries meanwhile


class Client:
    """A daemon that answers; each call is a connection of its own, so threads may share a client.

    Every call raises Refused, WrongVersion, ConnectionLost or Unresponsive.
    """

    def __init__(self, route: Route) -> None:
        self._route = route
        self._models = Answer(0, "", {})

    def status(self) -> Dict[str, Any]:
        """Version, protocol, pid, device, loaded models and jobs."""
        status = self._ask("GET", "/v1/status").content
        if "protocol" not in status:
            raise ConnectionLost("What answered is not the Inkwash service.")
        if status["protocol"] != PROTOCOL:
            raise wrong_version("{} (protocol {})".format(status.get("version"), status["protocol"]))
        return status

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

    def jobs(self) -> List[Dict[str, Any]]:
        """The jobs that run or wait."""
        return self._list("/v1/jobs", "jobs")

    def cancel(self, id: str, keep: bool = False) -> None:
        """Cancel a job, of this client or of another; Refused if there is none of that id.

        With `keep` a running job of a `stoppable` filter ends soon with its best result so far.
        """
        stop_job(self._route, id, keep=keep)

    def shutdown(self) -> None:
        """Ask the daemon to finish what is running and then to end."""
        self._ask("POST", "/v1/shutdown")

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
        None leaves it to the filter.
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


def connect(start: bool = True, transport: Optional[str] = None, patience: float = PATIENCE_SECONDS) -> Client:
    """A client of the running daemon; without one, start it and wait up to `patience` seconds.

    `transport` is "unix" or "tcp"; None takes INKWASH_TRANSPORT, else what works. Raises NotRunning
    (only with start=False), NotInstalled, WontStart, WrongVersion or Unresponsive.
    """
    client = find(transport)
    if client is not None:
        return client
    if not start:
        raise NotRunning("The Inkwash service is not running.", "Start it with: inkwash daemon start")
    return launch(lambda: find(transport), patience)


def find(transport: Optional[str] = None) -> Optional[Client]:
    """A client of the running daemon, None if none answers; WrongVersion, Unresponsive."""
    for route in read_routes(transport):
        client = Client(route)
        try:
            client.status()
        except Unresponsive:
            if route in read_routes(transport):
                raise
            continue  # it was about to end
        except (ConnectionLost, Refused):  # left behind by a daemon that was killed, or a stranger's port now
            continue
        return client
    return None


def stop() -> bool:
    """Ask the daemon that runs, of whatever version, to finish its jobs and end; False if none answers."""
    for route in read_routes():
        try:
            ask(route, "POST", "/v1/shutdown", {})
        except (ConnectionLost, Refused):
            continue
        return True
    return False


def _list_in(answer: Answer, key: str) -> List[Dict[str, Any]]:
    items = answer.content.get(key)
    if not isinstance(items, list):
        raise ConnectionLost("The Inkwash service sent no list of {}.".format(key))
    return items
