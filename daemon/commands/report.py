"""What a command says: progress and errors on the terminal, results on standard output."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any

import click

from inkwash.models.errors import InkwashError
from inkwash.models.text import plain

from .words import say, say_file

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

NAMED = 20  # files that a summary counts up
FAILED = 2  # exit code of a command that could not do all that was asked
STOPPED = 130  # exit code after Ctrl-C, as shells have it


def explained(error: OSError | MemoryError) -> InkwashError:
    """An error of the system as one of ours."""
    if isinstance(error, MemoryError):
        return InkwashError("There is not enough memory.", "Close other programs, or work on a smaller picture.")
    where = f"{error.filename} cannot be used" if error.filename else "A file cannot be used"
    return InkwashError(f"{where}: {error.strerror or error}.", "Check the name, the folder and their rights.")


class Batch:
    """What became of all pictures of a command."""

    def __init__(self, count: int, unmatched: Sequence[object], *, as_json: bool) -> None:
        self.count = count
        self.done, self.skipped = 0, 0
        self.failed: list[str] = []
        self._unmatched = unmatched
        self._as_json = as_json

    def page(self, source: str) -> Report:
        """A report on the next picture."""
        number = self.done + self.skipped + len(self.failed) + 1
        return Report(source, batch=self, number=number, as_json=self._as_json)

    def close(self, *, stopped: bool = False) -> None:
        """Sum up more than one picture, on standard error: results are for other programs, and JSON has said it."""
        if self.count == 1 or self._as_json:
            return
        parts = [f"{self.done} done", f"{self.skipped} skipped" * bool(self.skipped)]
        parts += [f"{len(self.failed)} failed" * bool(self.failed)]
        said = ", ".join(filter(None, parts))
        say(f"{'Stopped' if stopped else 'All'}: {said}, of {self.count} pages.", err=True)
        if self.failed:
            say(f"Failed: {_some(self.failed)}", err=True)
        if self._unmatched:
            say(f"These belong to no page: {_some(self._unmatched)}", err=True)
        if stopped or self.failed:
            say("The same command with --skip-existing goes on.", err=True)


class Report:
    """Says how the work on one picture goes: a bar on a terminal, else a line a page; results as names or as JSON."""

    def __init__(self, source: str, *, batch: Batch, number: int, as_json: bool) -> None:
        self._batch = batch
        self._source = source
        self._prefix = f"page {number} of {batch.count}, {source}: " if batch.count > 1 else ""
        self._as_json = as_json
        self._began = time.monotonic()
        self._waits_for = ""  # as it was said
        self._bar: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Report:
        if sys.stderr.isatty():
            self._bar = _bar(plain(f"{self._prefix}starting"))
        elif self._prefix and not self._as_json:
            say(f"{self._prefix}starting", err=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_bar()

    def progress(self, message: Mapping[str, Any]) -> None:
        """Show a progress message of the service."""
        if self._bar is not None:
            bar, task = self._bar
            bar.update(task, completed=message["fraction"], description=plain(f"{self._prefix}{message['stage']}"))
        elif message["ahead"] and message["stage"] != self._waits_for and not self._as_json:
            self._waits_for = message["stage"]
            say(f"{self._prefix}{self._waits_for}", err=True)

    def saved(self, files: Sequence[str], notices: Sequence[str]) -> None:
        """The result is in `files`, of which `-` is standard output."""
        self._end_bar()
        self._batch.done += 1
        seconds = round(time.monotonic() - self._began, 3)
        if self._as_json:
            line = {"input": self._source, "outputs": files, "seconds": seconds, "notices": notices}
            click.echo(json.dumps(line))
            return
        for notice in notices:
            say(f"Note: {self._prefix}{notice}", err=True)
        for file in files:
            if file != "-":
                say_file(file)

    def error(self, error: Exception) -> None:
        """The picture could not be worked on."""
        self._end_bar()
        self._batch.failed.append(self._source)
        if self._as_json:
            data = {name: getattr(error, name) for name in ("code", "message", "hint")}
            click.echo(json.dumps({"input": self._source, "error": data}))
        else:
            parts = [getattr(error, name, "") for name in ("message", "hint", "log")]
            say(f"Error: {self._prefix}" + "\n".join(filter(None, parts)), err=True)

    def _end_bar(self) -> None:
        if self._bar is not None:
            self._bar[0].stop()
            self._bar = None


def _some(files: Sequence[object]) -> str:
    more = f" and {len(files) - NAMED} more" if len(files) > NAMED else ""
    return ", ".join(str(file) for file in files[:NAMED]) + more


@contextmanager
def following(name: str) -> Iterator[Callable[[int, int], None]]:
    """Show how much of the download `name` is there: a bar on a terminal, else a line now and then."""
    if sys.stderr.isatty():
        bar, task = _bar(name)
        try:
            yield lambda done, whole: bar.update(task, completed=done / whole if whole else 0)
        finally:
            bar.stop()
        return
    said = 0

    def follow(done: int, whole: int) -> None:
        nonlocal said
        if whole and done * 10 // whole > said:
            said = done * 10 // whole
            click.echo(f"{name}: {done / 1e6:.0f} of {whole / 1e6:.0f} MB", err=True)

    yield follow


def _bar(description: str) -> tuple[Progress, TaskID]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    bar = Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
    bar.start()
    return bar, bar.add_task(description, total=1.0)
