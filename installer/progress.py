"""What is being done and how far it is, in plain words, on a terminal or in a log."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

LARGE = 20 * 10**6  # bytes; smaller downloads are over before a line about them is read
HUGE = 200 * 10**6  # bytes; how far a download is matters where it takes minutes


def size(count: float) -> str:
    """`count` bytes in the words of a download page: "850 kB", "196 MB", "2.9 GB"."""
    if count < 10**6:
        return f"{count / 10**3:.0f} kB"
    if count < 10**9:
        return f"{count / 10**6:.0f} MB"
    return f"{count / 10**9:.1f} GB"


def duration(seconds: float) -> str:
    """`seconds` in words: "4 s", "2 min 5 s"."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


class Progress:
    """Says each step and its parts; on a terminal a download has one line that moves."""

    def __init__(self, steps: int, stream: TextIO | None = None) -> None:
        self.steps = steps
        self.stream = stream if stream is not None else sys.stdout
        self._moves = self.stream.isatty()
        self._at = 0
        self._said = ("", 0)  # the download and its quarter that were said last, where lines do not move
        self._open = False  # a moving line is on the screen

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """One numbered step; says how long it took when it went well."""
        self._at += 1
        self._line(f"({self._at} of {self.steps}) {what}")
        started = time.monotonic()
        yield
        self.note(f"done in {duration(time.monotonic() - started)}")

    def note(self, text: str) -> None:
        """A sentence that belongs to the step."""
        self._line(f"         {text}")

    def download(self, name: str, done: int, total: int) -> None:
        """`done` of `total` bytes of the file `name` have arrived."""
        text = f"         {name}: {size(done)} of {size(total)}"
        if self._moves:
            self._open = True
            print(f"\r{text:<70}", end="", file=self.stream, flush=True)
            return
        if self._said[0] != name:
            self._said = (name, 0)
            if total >= LARGE:
                self._line(f"         {name}, {size(total)}")
        quarter = 4 * done // total if total else 4
        if total >= HUGE and self._said[1] < quarter < 4:
            self._said = (name, quarter)
            self._line(text)

    def _line(self, text: str) -> None:
        """A whole line, after a moving one was ended."""
        if self._open:
            print(file=self.stream)
        self._open = False
        print(text, file=self.stream, flush=True)
