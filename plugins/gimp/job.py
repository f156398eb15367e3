"""A job in a thread of its own, while GIMP's main loop turns: progress and pictures arrive as it goes."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Callable, List, Mapping, Optional

from gi.repository import GLib

from inkwash.client import Client, ClientError, Job, JobFailed, connect
from inkwash.protocol import Frame, Layer

WITH_ALPHA = "ALPHA"  # what is drawn or erased on later needs it


@dataclass(frozen=True)
class Request:
    """What to run, and on what."""

    filter: str
    params: Mapping[str, Any]
    layers: List[Layer]
    document: str
    priority: str = "user"


class Run:
    """One request; all of it but the work itself happens in the main loop."""

    def __init__(
        self,
        request: Request,
        *,
        on_connected: Callable[[Client], None] = lambda client: None,  # called in the thread
        on_frame: Callable[[Frame], None] = lambda frame: None,  # called by the main loop, for all but the result
    ) -> None:
        self.request = request
        self._on_connected = on_connected
        self._on_frame = on_frame
        self._then: Callable[[], Any] = lambda: None
        self._job: Optional[Job] = None
        self._stopped = False
        self._result: Optional[Frame] = None
        self._error: Optional[BaseException] = None

    def start(self, then: Callable[[], Any]) -> None:
        """Begin; the main loop calls `then` when it has ended, however that was."""
        self._then = then
        threading.Thread(target=self._work, daemon=True).start()

    def wait(self) -> Frame:
        """Run the main loop until the job has ended; its `result`."""
        loop = GLib.MainLoop()
        self.start(loop.quit)
        loop.run()
        return self.result()

    def result(self) -> Frame:
        """Of a job that has ended; raises the client's error, JobFailed with the code "cancelled" if it was stopped."""
        if self._stopped:
            raise JobFailed("cancelled", "The job was cancelled.")
        if self._error is not None:
            raise self._error
        assert self._result is not None
        return self._result

    def stop(self) -> None:
        """Cancel."""
        self._stopped = True
        if self._job is not None:
            self._job.close()
        GLib.idle_add(self._end)

    def keep(self) -> None:
        """Let a stoppable filter that is at work end with its best result so far: `wait` returns that."""
        threading.Thread(target=self._keep, daemon=True).start()

    def _keep(self) -> None:
        assert self._job is not None
        with suppress(ClientError):  # the thread that follows the job hears of it too
            self._job.keep()

    def _work(self) -> None:
        try:
            client = connect()
            self._on_connected(client)
            asked = self.request
            self._job = client.run(
                asked.filter, asked.params, asked.layers, asked.document, asked.priority, model=WITH_ALPHA
            )
            if not self._stopped:
                self._follow(self._job)
        except BaseException as error:  # raised again by `wait`
            self._error = error
        finally:
            GLib.idle_add(self._end)

    def _end(self) -> None:
        then, self._then = self._then, lambda: None
        then()

    def _follow(self, job: Job) -> None:
        for frame in job:
            if frame.message["type"] == "result":
                self._result = frame
            else:
                GLib.idle_add(self._on_frame, frame)
