"""The reader: bytes in, frames out, whatever carries them.

Pixels land where they stay: the transport reads into `buffer()`, which is a part of the layer itself.
Memory is taken as bytes arrive, never because a header asks for it.
"""

from __future__ import annotations

import mmap
from typing import Generator, List, Optional

from .errors import BadFrame, ProtocolError, TooLarge, Truncated
from .frame import PREFIX_BYTES, Frame
from .header import Limits, read_header
from .layer import Buffer, Layer

HUGE_BYTES = 4 * 2**20  # from here on huge pages pay
UNPROMISED_BYTES = 256 * 2**10  # taken at first for something whose arrival nothing vouches for


class FrameReader:
    """Puts frames together from any pieces; after an error it stays in error.

    Either `feed()` it bytes, or let the transport write into `buffer()` and tell how much with `advance()`.
    """

    def __init__(self, limits: Optional[Limits] = None) -> None:
        self._limits = limits or Limits()
        self._promised = 0
        self._received = 0
        self._inside = False  # a frame has begun to arrive
        self._error: Optional[ProtocolError] = None
        self._begin()

    def expect(self, total_bytes: int) -> None:
        """The transport vouches for this many bytes, from the stream's beginning: take memory at once."""
        self._promised = total_bytes

    def buffer(self) -> memoryview:
        """Where the next bytes must go; never empty, valid until `advance()`."""
        if self._error:
            raise self._error
        return self._room

    def advance(self, count: int) -> Optional[Frame]:
        """Take the first `count` bytes of `buffer()` as arrived; the frame if that completes it.

        BadFrame, BadLayer or TooLarge as soon as the bytes so far cannot become a frame.
        """
        room = self.buffer()
        if not 0 <= count <= len(room):
            raise ValueError("cannot advance by {} in a buffer of {}".format(count, len(room)))
        self._received += count
        self._inside = self._inside or count > 0
        whole = count == len(room)
        if not whole:
            self._room = room[count:]
        room.release()  # what is still referred to could not grow
        return self._next() if whole else None

    def feed(self, data: Buffer) -> List[Frame]:
        """Copy `data` in; the frames that it completes."""
        frames = []
        rest = memoryview(data).cast("B")
        while rest:
            room = self.buffer()
            count = min(len(room), len(rest))
            room[:count] = rest[:count]
            rest = rest[count:]
            frame = self.advance(count)
            if frame is not None:
                frames.append(frame)
        return frames

    def finish(self) -> None:
        """The stream has ended; Truncated if in the middle of a frame."""
        if self._error:
            raise self._error
        if self._inside:
            raise Truncated("The stream ended in the middle of a frame.")

    def _begin(self) -> None:
        self._inside = False
        self._parser = self._read_frame()
        self._room = next(self._parser)

    def _next(self) -> Optional[Frame]:
        try:
            self._room = next(self._parser)
        except StopIteration as done:
            self._begin()
            frame: Frame = done.value
            return frame
        except ProtocolError as error:
            self._error = error
            raise
        return None

    def _read_frame(self) -> Generator[memoryview, None, Frame]:
        prefix = yield from self._grow(PREFIX_BYTES)
        size = int.from_bytes(prefix, "big")
        if not size:
            raise BadFrame("A frame without a message.")
        if size > self._limits.header_bytes:
            raise TooLarge("A message of {} bytes; {} is the limit.".format(size, self._limits.header_bytes))
        header = yield from self._grow(size)
        message, heads = read_header(header, self._limits)
        layers = []
        for head in heads:
            data = yield from self._fill(head.size)
            layers.append(Layer(**vars(head), data=data))
        return Frame(message, layers)

    def _fill(self, size: int) -> Generator[memoryview, None, Buffer]:
        if size <= self._promised - self._received:
            data = _room(size)
            with memoryview(data) as room:
                yield room
            return data
        return (yield from self._grow(size))

    def _grow(self, size: int) -> Generator[memoryview, None, bytearray]:
        """Memory for what nothing vouches for: twice as much each time that the last has come."""
        pieces = 1
        while size > pieces * UNPROMISED_BYTES:
            pieces *= 2
        data = bytearray(-(-size // pieces))
        filled = 0
        while filled < size:
            with memoryview(data)[filled:size] as room:
                yield room
            filled = min(len(data), size)
            if filled < size:
                data *= 2  # the cheapest way to make a bytearray larger
        del data[size:]
        return data


def _room(size: int) -> Buffer:
    """Writable memory; for a large layer in huge pages where there are any: five times as quick to fill."""
    if size < HUGE_BYTES or not hasattr(mmap, "MADV_HUGEPAGE"):
        return bytearray(size)
    pages = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    pages.madvise(mmap.MADV_HUGEPAGE)
    return memoryview(pages)
