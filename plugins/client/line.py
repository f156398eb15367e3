"""A line to the daemon for one job: frames go out as they are, bytes come in where they stay."""

from __future__ import annotations

import http.client
import socket
from contextlib import suppress
from typing import Optional, Sequence

from inkwash.protocol import CONTENT_TYPE, Buffer

from .errors import ConnectionLost
from .route import SPOKEN, Route, connection_errors

FINISH_SECONDS = 5.0  # for a few bytes that say "this was all"
SILENCE_SECONDS = 45.0  # without a byte: the daemon says something each BEAT_SECONDS, however long a job takes
SLICE = 4 * 2**20  # bytes for whose sending that holds


class Line:
    """One request whose answer is a stream; only `wake()` may be called from another thread."""

    def __init__(self, route: Route) -> None:
        self._route = route
        self._connection = route.connection()
        self._response: Optional[http.client.HTTPResponse] = None
        self._socket: Optional[socket.socket] = None
        self.shut = False  # given up from this side

    def send(self, pieces: Sequence[Buffer]) -> http.client.HTTPResponse:
        """Send a frame and wait until the daemon begins to answer; ConnectionLost, Unresponsive."""
        connection = self._connection
        with connection_errors():
            connection.connect()
            self._socket = connection.sock
            connection.prove(self._route.token)
            self._socket.settimeout(SILENCE_SECONDS)
            if self.shut:  # before there was a socket to wake
                raise ConnectionLost("The job was cancelled.")
            connection.putrequest("POST", "/v1/jobs")
            for name, value in {**self._route.headers(), **SPOKEN}.items():
                connection.putheader(name, value)
            connection.putheader("Content-Type", CONTENT_TYPE)
            connection.putheader("Content-Length", str(sum(len(piece) for piece in pieces)))
            connection.endheaders()
            with suppress(BrokenPipeError, ConnectionResetError):  # it wants no more: its answer says why
                for piece in pieces:
                    memory = memoryview(piece)
                    for start in range(0, len(memory), SLICE):
                        connection.send(memory[start : start + SLICE])
            self._response = connection.getresponse()
        return self._response

    def receive_into(self, room: memoryview) -> int:
        """Wait for bytes and put them into `room`; how many, 0 at the end. ConnectionLost, Unresponsive."""
        assert self._response is not None
        with connection_errors():
            return self._response.readinto(room)

    def finish(self) -> None:
        """Let the daemon end its answer before the line is closed, so that it sees no broken connection."""
        assert self._socket is not None
        self._socket.settimeout(FINISH_SECONDS)
        with suppress(ConnectionLost):
            self.receive_into(memoryview(bytearray(1)))

    def wake(self) -> None:
        """Give up; a thread that sends or waits goes on with ConnectionLost."""
        self.shut = True
        if self._socket is not None:
            with suppress(OSError):  # closed already
                self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Free the connection."""
        if self._response is not None:
            self._response.close()
        self._connection.close()
