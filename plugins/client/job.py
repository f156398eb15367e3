"""A job as its client sees it: frames to iterate over, and ways to stop it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Generator, Iterator, Mapping, Sequence
from urllib.parse import quote

from inkwash.protocol import Buffer, Frame, FrameReader, ProtocolError

from .answer import ask, check
from .errors import ConnectionLost, JobFailed, Refused
from .line import Line
from .route import RESTART, SPOKEN, Route

ACCEPTED = "accepted"
RESULT = "result"
ERROR = "error"
GONE = "unknown_job"  # the daemon's code for a job that does not wait or run
RETURNED = 4  # times the bytes sent: about what a job gives back at most, three layers and previews


class Job(Iterator[Frame]):
    """Iterate for `accepted`, `progress`, `preview` and, as the last one, `result`.

    The job is sent when the first frame is asked for. Leaving it before its result (`close()`, the end of
    a `with` block, or dropping it) cancels it; `close()` may be called from another thread while one waits
    for a frame. Iterating raises JobFailed, Refused, WrongVersion or ConnectionLost.
    """

    def __init__(self, route: Route, pieces: Sequence[Buffer]) -> None:
        self._route = route
        self._line = Line(route)
        self._frames = _frames(self._line, pieces)  # must not refer to this object, see __del__
        self._id = ""  # until the daemon has accepted it
        self._ended = False

    def __next__(self) -> Frame:
        try:
            frame = next(self._frames)
        except StopIteration:
            if self._line.shut and not self._ended:
                raise _cancelled() from None
            raise
        except ConnectionLost:
            if self._line.shut:
                raise _cancelled() from None
            raise
        if frame.message.get("type") == ACCEPTED:
            self._id = str(frame.message.get("job", ""))
        self._ended = frame.message.get("type") == RESULT
        return frame

    def __enter__(self) -> Job:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Leave the job; the daemon cancels it if it has not ended."""
        self._line.wake()
        with suppress(ValueError):  # another thread is inside, and now on its way out
            self._frames.close()

    def keep(self) -> None:
        """Ask a job that works, of a `stoppable` filter, to end with its best result so far, which is its result then.

        Waits for the daemon's answer while another thread waits for frames. A job that has ended in the meantime is no
        error. Raises Refused, WrongVersion, ConnectionLost or Unresponsive.
        """
        try:
            stop(self._route, self._id, keep=True)
        except Refused as error:
            if error.code != GONE:
                raise


def stop(route: Route, id: str, *, keep: bool = False) -> None:
    """Cancel the job `id`, or with `keep` let it end with what it has; Refused if there is none of that id."""
    ask(route, "DELETE", "/v1/jobs/" + quote(id, safe="") + ("?keep=1" if keep else ""), SPOKEN)


def _frames(line: Line, pieces: Sequence[Buffer]) -> Generator[Frame, None, None]:
    try:
        response = line.send(pieces)
        check(response)
        reader = FrameReader()
        # Our own daemon's word is good for layers of about the size of those it was sent: room is made at once.
        reader.expect(RETURNED * sum(memoryview(piece).nbytes for piece in pieces))
        kind = None
        while kind != RESULT:
            frame = _receive(line, reader)
            kind = frame.message.get("type")
            if kind == ERROR:
                raise _failed(frame.message)
            yield frame
        line.finish()
    finally:
        line.close()


def _receive(line: Line, reader: FrameReader) -> Frame:
    try:
        while True:
            count = line.receive_into(reader.buffer())
            if not count:
                reader.finish()
                raise ConnectionLost("The Inkwash service ended the job without a result.", RESTART)
            frame = reader.advance(count)
            if frame is not None:
                return frame
    except ProtocolError as error:
        raise ConnectionLost(error.message, error.hint) from error


def _failed(message: Mapping[str, Any]) -> JobFailed:
    code, text, hint = (str(message.get(key, "")) for key in ("code", "message", "hint"))
    return JobFailed(code or "internal", text or "The job failed.", hint)


def _cancelled() -> JobFailed:
    return JobFailed("cancelled", "The job was cancelled.")
