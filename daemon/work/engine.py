"""The engine: one worker thread that steps filters, lets urgent jobs go first, and survives full memory.

torch is imported by the worker when the first job comes: an idle daemon stays small.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from inkwash.models.errors import InkwashError
from inkwash.models.store import Store

from ..errors import OutOfMemory
from ..pages.stack import group, stacked
from ..settings import Settings
from .cache import Networks
from .clock import Clock
from .failing import TRY_LESS, explained, not_loaded, ran_out
from .feed import Event, failure
from .jobs import Job, Queue

if TYPE_CHECKING:
    import torch

    from .device import Device
    from .loan import Loan, Pictures

log = logging.getLogger(__name__)

LOOK_AROUND = 15.0  # seconds between two looks for networks that nobody uses any more


class Engine:
    """Runs the jobs of `queue`, one step at a time, on the device of `settings`."""

    def __init__(self, queue: Queue, store: Store, settings: Settings) -> None:
        self._queue = queue
        self._settings = settings
        self._networks = Networks(store, settings.model_memory_mb * 2**20)
        self._device: Device | None = None
        self._fault = ""  # why nothing can be computed, as the last job found
        self._thread = threading.Thread(target=self._work, name="engine", daemon=True)

    def start(self) -> None:
        """Start the worker."""
        self._thread.start()

    def join(self) -> None:
        """Wait until the worker has ended; it does when the queue is closed."""
        self._thread.join()

    def describe(self) -> dict[str, Any]:
        """The device as JSON-ready data; `ready` is false until a job has chosen it, `fault` says why that failed."""
        device = self._device
        if device is None or self._fault:
            return {"ready": False, "type": self._settings.device, "fault": self._fault}
        free, total = device.memory() or (None, None)
        return {
            "ready": True,
            "type": device.where.type,
            "name": device.name,
            "precision": str(device.dtype).removeprefix("torch."),
            "memory_free": free,
            "memory_total": total,
        }

    def models(self) -> list[str]:
        """The names of the models that are loaded."""
        return self._networks.names()

    def _work(self) -> None:
        while True:
            job = self._queue.take(LOOK_AROUND)
            if job is not None:
                self._perform(job)
            elif self._queue.closed:
                return
            else:
                self._look_around()

    def _perform(self, job: Job) -> None:
        """Run `job` and tell its client how it ended; never raises: the next job needs this thread."""
        start = time.monotonic()
        try:
            ending = self._run(job)
        except InkwashError as error:
            log.info("job %s %s: %s", job.id, job.filter.id, error.message)
            ending = failure(error)
        except BaseException as error:
            log.exception("job %s %s failed", job.id, job.filter.id)
            ending = failure(explained(error))
        else:
            log.info("job %s %s: %.2f s", job.id, job.filter.id, time.monotonic() - start)
        self._queue.done(job)  # before its client hears of it, who may ask for the list of jobs
        job.feed.put(*ending)

    def _run(self, job: Job) -> Event:
        self._load()
        from .loan import LARGEST_TILE, Loan, read_pictures

        clock = Clock()
        pictures = read_pictures(job)
        device, tile = self._chosen_device(), LARGEST_TILE
        notice, most = "", self._settings.pixel_limit_mp * 10**6
        while True:
            loan = Loan(self._networks, device, tile, most, [notice] if notice else [], job)
            outputs = self._attempt(job, pictures, loan, clock)
            if outputs is not None:
                break
            device, tile, notice = self._smaller(device, tile)
            log.warning("job %s: %s", job.id, notice)
        pictures.inputs.clear()
        shown = stacked(job.filter, outputs)
        message = {
            "type": "result",
            "notices": loan.notices,
            "group": group(job.filter, shown, paper=pictures.paper),
            "outputs": [asdict(output) for output in shown],
            "seconds": clock.seconds(),
        }
        return message, pictures.layers(shown, outputs)

    def _attempt(self, job: Job, pictures: Pictures, loan: Loan, clock: Clock) -> dict[str, torch.Tensor] | None:
        """The filter's outputs; None if memory ran out. What the attempt held is free then."""
        try:
            return self._step_through(job, pictures, loan, clock)
        except InkwashError:
            raise
        except Exception as error:
            if not ran_out(error):
                raise
            return None

    def _step_through(self, job: Job, pictures: Pictures, loan: Loan, clock: Clock) -> dict[str, torch.Tensor]:
        import torch

        body = job.filter.body(pictures.on(loan.on), job.settings, loan)
        try:
            while True:
                if job.cancelled:
                    raise job.cancelled
                try:
                    with torch.no_grad():  # entered anew for each step: other jobs run in between
                        step = next(body)
                except StopIteration as end:
                    return _checked(job, end.value)
                job.report(step.fraction, step.stage, clock.seconds_left(step.fraction))
                if step.preview is not None:
                    job.feed.put(_shown(job, pictures), [pictures.preview(step.preview)])
                self._let_urgent_jobs_go_first(job, clock)
        finally:
            body.close()

    def _let_urgent_jobs_go_first(self, job: Job, clock: Clock) -> None:
        while urgent := self._queue.take_over(job):
            with clock.paused():
                self._perform(urgent)  # which may be overtaken in turn, by a live job

    def _load(self) -> None:
        """Load torch and all that computes; NotLoaded, also in what the daemon says of itself."""
        try:
            from . import loan  # noqa: F401
        except BaseException as error:
            fault = not_loaded(error)
            self._fault = fault.message
            raise fault from error
        self._fault = ""

    def _chosen_device(self) -> Device:
        from .device import choose

        if self._device is None:
            self._device = choose(self._settings.device, self._settings.precision)
            log.info("running on %s", self._device)
        return self._device

    def _smaller(self, device: Device, tile: int) -> tuple[Device, int, str]:
        """What to try after memory ran out, and what to tell the artist; OutOfMemory if nothing is left."""
        from .device import choose
        from .loan import LARGEST_TILE, SMALLEST_TILE

        self._networks.clear()
        device.release()
        if tile > SMALLEST_TILE:
            return device, tile // 2, "Memory ran short: the picture was worked on in smaller tiles."
        if device.where.type != "cpu":
            cpu = choose("cpu", self._settings.precision)
            return cpu, LARGEST_TILE, "The graphics card's memory ran short: the processor did the work."
        raise OutOfMemory("There is not enough memory for this picture.", TRY_LESS)

    def _look_around(self) -> None:
        try:
            self._drop_idle_models()
        except Exception:  # a driver's, perhaps; what comes next needs this thread
            log.exception("the models could not be dropped")

    def _drop_idle_models(self) -> None:
        idle = self._networks.idle_seconds() > self._settings.model_minutes * 60
        if idle and self._device is not None and self._networks.names():
            self._networks.clear()
            self._device.release()
            log.info("dropped the models, which nobody used")


def _shown(job: Job, pictures: Pictures) -> dict[str, Any]:
    """The message of a preview: as a result that has one layer, so that a host can lay it where that would go."""
    where = group(job.filter, list(job.filter.outputs), paper=pictures.paper)
    return {"type": "preview", "group": where, "outputs": [{"name": "preview", "label": "Preview", "blend": "normal"}]}


def _checked(job: Job, outputs: Any) -> dict[str, torch.Tensor]:
    if not isinstance(outputs, dict):
        raise TypeError(f"{job.filter.id} gave {type(outputs).__name__}, not a dict of its outputs")
    return outputs
