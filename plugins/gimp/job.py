"""A job in a thread of its own, while GIMP's main loop turns: progress and pictures arrive as it goes."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Callable, List, Mapping, Optional

from gi.repository import GLib

from inkwash.client import Client, ClientError, Job, JobFailed, connect
from inkwash.protocol import Frame, Layer


@dataclass(frozen=True)
class Request:
    """What to run, and on what."""

    filter: str
    params: Mapping[str, Any]
    layers: List[Layer]
    document: str


class Run:
    """One request; `wait` returns its result, all else may be called meanwhile from anything the main loop runs."""

    def __init__(
        self,
        request: Request,
        *,
        on_connected: Callable[[Client], None],  # called in the thread
        on_frame: Callable[[Frame], None],  # called by the main loop, for all but the result
    ) -> None:
        self._request = request
        self._on_connected = on_connected
        self._on_frame = on_frame
        self._loop = GLib.MainLoop()
        self._job: Optional[Job] = None
        self._stopped = False
        self._result: Optional[Frame] = None
        self._error: Optional[BaseException] = None

    def wait(self) -> Frame:
        """Run the main loop until the job has ended; its result, or the client's error."""
        threading.Thread(target=self._work, daemon=True).start()
        self._loop.run()
        if self._stopped:
            raise JobFailed("cancelled", "The job was cancelled.")
        if self._error is not None:
            raise self._error
        assert self._result is not None
        return self._result

    def stop(self) -> None:
        """Cancel: `wait` raises JobFailed with the code "cancelled"."""
        self._stopped = True
        if self._job is not None:
            self._job.close()
        self._loop.quit()

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
            request = self._request
            self._job = client.run(request.filter, request.params, request.layers, request.document)
            if not self._stopped:
                self._follow(self._job)
        except BaseException as error:  # raised again by `wait`
            self._error = error
        finally:
            GLib.idle_add(self._loop.quit)

    def _follow(self, job: Job) -> None:
        for frame in job:
            if frame.message["type"] == "result":
                self._result = frame
            else:
                GLib.idle_add(self._on_frame, frame)
