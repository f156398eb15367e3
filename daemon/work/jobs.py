"""Jobs and their queue: who goes first, who is replaced, and how a job is cancelled."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from inkwash.models.filters import Filter
from inkwash.protocol import Layer

from ..errors import BadRequest, Busy, Cancelled, NoSuchJob
from .feed import Feed, failure

ALPHA = "ALPHA"  # a model of layers: whichever the filter gives, with alpha
PRIORITIES = ("live", "user", "batch")  # the most urgent first
BEGINNING = "getting ready"  # the stage before a filter's first step: libraries and networks are loaded


@dataclass(eq=False)
class Job:
    """One run of a filter for one client."""

    filter: Filter
    settings: dict[str, Any]
    layers: list[Layer]  # the worker takes them out as it converts them
    document: str  # the client's name for what is being worked on; for "latest wins"
    priority: str
    feed: Feed
    model: str | None = None  # of the layers that go back, GRAY to RGBA or ALPHA; None: as the filter gives them
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    state: str = "waiting"  # waiting, running, stopping
    ahead: int = 0  # jobs that it waits for
    fraction: float = 0.0
    stage: str = BEGINNING
    seconds_left: float | None = None
    enough: bool = False  # it may end at its next step with what it has
    cancelled: Cancelled | None = None  # why it must stop; looked at between steps

    def describe(self) -> dict[str, Any]:
        """The job as JSON-ready data, as `GET /v1/jobs` sends it."""
        shown = ("id", "document", "priority", "state", "ahead", "fraction", "stage", "seconds_left")
        return {"filter": self.filter.id, **{name: getattr(self, name) for name in shown}}

    def report(self, fraction: float, stage: str, seconds_left: float | None) -> None:
        """Tell the client how far the job is."""
        self.fraction, self.stage, self.seconds_left = fraction, stage, seconds_left
        self.feed.put(self.progress())

    def progress(self) -> dict[str, Any]:
        """How far it is, as its client is told."""
        shown = ("ahead", "fraction", "stage", "seconds_left")
        return {"type": "progress", **{name: getattr(self, name) for name in shown}}

    def wait_behind(self, ahead: Sequence[Job]) -> None:
        """Tell the client what it waits for, if that has changed; nothing: it begins."""
        words = BEGINNING if not ahead else f"waiting for {ahead[0].filter.label} to end"
        if len(ahead) > 1:
            words = f"waiting for {len(ahead)} other jobs to end"
        if (len(ahead), words) != (self.ahead, self.stage):
            self.ahead = len(ahead)
            self.report(0.0, words, None)

    def replaces(self, other: Job) -> bool:
        """Whether nobody will look at `other` now that this job is there."""
        same = (self.filter.id, self.document) == (other.filter.id, other.document)
        return same and self.priority == other.priority == "live"


class Queue:
    """The jobs that wait or run; its methods may be called from any thread."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._changed = threading.Condition()
        self._waiting: list[Job] = []
        self._running: list[Job] = []  # the last one steps, those before it were overtaken
        self._uploads = 0
        self._closed = False
        self._last_use = time.monotonic()

    @contextmanager
    def upload(self) -> Iterator[None]:
        """A place in the queue while a job arrives; Busy if there is none."""
        with self._changed:
            self._check_open()
            self._uploads += 1
        try:
            yield
        finally:
            with self._changed:
                self._uploads -= 1
                self._last_use = time.monotonic()

    def put(self, job: Job) -> None:
        """Let `job` wait for the worker; a live job takes the place of its predecessor. Busy."""
        with self._changed:
            for other in [*self._waiting, *self._running]:
                if job.replaces(other):
                    self._cancel(other, Cancelled("A newer preview took the place of this one."))
            self._check_open()
            self._waiting.append(job)
            self._changed.notify()
            self._tell_waiting()

    def take(self, timeout: float | None = None) -> Job | None:
        """The most urgent job, as soon as there is one; None after `timeout` seconds or when closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed, timeout)
            return self._start(PRIORITIES)

    def take_over(self, job: Job) -> Job | None:
        """A job that is more urgent than `job`, which is running; None if there is none."""
        with self._changed:
            return self._start(PRIORITIES[: PRIORITIES.index(job.priority)])

    def done(self, job: Job) -> None:
        """`job` runs no more."""
        with self._changed:
            self._running.remove(job)
            self._last_use = time.monotonic()
            self._tell_waiting()

    def cancel(self, id: str, why: str = "The job was cancelled.") -> None:
        """Stop the job called `id`: at once if it waits, after its current step if it runs. NoSuchJob."""
        with self._changed:
            for job in [*self._waiting, *self._running]:
                if job.id == id:
                    return self._cancel(job, Cancelled(why))
        raise NoSuchJob("There is no such job any more.", "It has ended, or it was cancelled before.")

    def finish(self, id: str) -> None:
        """Let the job called `id` end after its current step with what it has. NoSuchJob, BadRequest."""
        with self._changed:
            job = next((job for job in self._running if job.id == id), None)
            if job is None:
                raise NoSuchJob("There is no such job at work.", "It has ended, or has not begun yet.")
            if not job.filter.stoppable:
                raise BadRequest(f"{job.filter.label} has nothing to keep before it ends.", "Wait, or cancel it.")
            job.enough = True

    def close(self, *, now: bool = False) -> None:
        """Take no more jobs and drop those that wait; `now` stops the running ones after their step."""
        with self._changed:
            self._closed = True
            for job in [*self._waiting, *(self._running if now else ())]:
                self._cancel(job, Cancelled("Inkwash is being stopped.", "Start the filter again."))
            self._changed.notify_all()

    @property
    def busy(self) -> bool:
        """Whether a job waits, runs or arrives."""
        return bool(self._waiting or self._running or self._uploads)

    @property
    def closed(self) -> bool:
        """Whether no more jobs are taken."""
        return self._closed

    def jobs(self) -> list[Job]:
        """Those that run, then those that wait, the next one first."""
        with self._changed:
            return [*self._running, *sorted(self._waiting, key=_rank)]

    def touch(self) -> None:
        """Someone asked for something."""
        self._last_use = time.monotonic()

    def idle_seconds(self) -> float:
        """How long nothing was asked for; 0 while there is a job."""
        with self._changed:
            return 0.0 if self.busy else time.monotonic() - self._last_use

    def _check_open(self) -> None:
        if self._closed:
            raise Busy("Inkwash is being stopped.", "Try again in a moment.")
        if len(self._waiting) + self._uploads >= self._length:
            raise Busy("Inkwash has too much to do.", "Wait until some of it is done, then try again.")

    def _start(self, priorities: tuple[str, ...]) -> Job | None:
        candidates = [job for job in self._waiting if job.priority in priorities]
        if not candidates:
            return None
        job = min(candidates, key=_rank)  # min takes the first of equals: the one that waited longest
        self._waiting.remove(job)
        self._running.append(job)
        job.state = "running"
        job.wait_behind([])
        self._tell_waiting()
        return job

    def _tell_waiting(self) -> None:
        waiting = sorted(self._waiting, key=_rank)
        for place, job in enumerate(waiting):
            job.wait_behind([*reversed(self._running), *waiting[:place]])

    def _cancel(self, job: Job, why: Cancelled) -> None:
        job.cancelled = job.cancelled or why
        job.state = "stopping"
        if job in self._waiting:
            self._waiting.remove(job)
            job.layers.clear()
            job.feed.put(*failure(why))
            self._tell_waiting()


def _rank(job: Job) -> int:
    return PRIORITIES.index(job.priority)
