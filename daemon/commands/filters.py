"""A command for each declared filter: pictures in, the service's result out."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inkwash.models.errors import InkwashError
from inkwash.models.filters import Filter
from inkwash.models.text import plain

from .options import INPUT, LAYER, PARAMETER, FilterCommand, dashed, given, options_of, trailing
from .report import FAILED, STOPPED, Batch, Report, explained

if TYPE_CHECKING:
    from inkwash.client import Client
    from inkwash.protocol import Frame, Layer

    from ..files.pictures import Bounds
    from .tasks import Task


def command_of(filter: Filter) -> click.Command:
    """The command of a filter, from its declaration alone."""
    return FilterCommand(
        dashed(filter.id),
        callback=partial(_run, filter),
        params=options_of(filter),
        help=filter.help,
        no_args_is_help=True,
    )


@dataclass(frozen=True)
class Order:
    """What was asked for, the same for every picture."""

    filter: Filter
    settings: Mapping[str, Any]
    named: Mapping[str, str]  # layers of an .ora, by input
    bounds: Bounds
    apart: bool
    force: bool
    priority: str


def _run(
    filter: Filter,
    pictures: Sequence[Path],
    out: str | None,
    *,
    layers: bool,
    force: bool,
    skip_existing: bool,
    as_json: bool,
    tcp: bool,
    preset_file: str | None = None,
    **declared: Any,
) -> None:
    from .results import Place
    from .tasks import plan

    named = given(declared, LAYER)
    pictures, companions = _told_apart(filter, pictures, given(declared, INPUT), named)
    _check_result_options(out, pictures, layers=layers, as_json=as_json)
    settings = filter.settings({**_preset(filter, preset_file), **given(declared, PARAMETER)})
    bounds = _bounds()
    try:
        todo = plan(pictures, companions, out, dashed(filter.id))
    except OSError as error:
        raise explained(error) from error
    priority = "batch" if len(todo.tasks) > 1 else "user"
    order = Order(filter, settings, named, bounds, layers, force, priority)
    batch = Batch(len(todo.tasks), todo.unmatched, as_json=as_json)
    line = Line("tcp" if tcp else None)
    try:
        for task in todo.tasks:
            if skip_existing and Place(task.target, layers, force).is_taken(filter):
                batch.skipped += 1
                continue
            with batch.page(str(task.source)) as report:
                _work(task, order, line, report)
    except KeyboardInterrupt:
        click.echo("Stopped. Nothing is half-written.", err=True)
        batch.close(stopped=True)
        sys.exit(STOPPED)
    batch.close()
    if batch.failed:
        sys.exit(FAILED)


def _preset(filter: Filter, given: str | None) -> dict[str, Any]:
    """The settings that were named: of a file, if there is one, else of a preset."""
    if given is None:
        return {}
    from ..files.presets import from_file
    from .presets import kept

    return from_file(filter, Path(given)) if Path(given).is_file() else kept().get(filter, given)


def _told_apart(
    filter: Filter, pictures: Sequence[Path], companions: dict[str, Path], named: Mapping[str, str]
) -> tuple[Sequence[Path], dict[str, Path]]:
    """The pictures to work on, and what goes with them, the inputs named last among them."""
    last = [input.name for input in trailing(filter) if input.name not in {*companions, *named}]
    if not last or len(pictures) <= len(last):
        return pictures, companions
    return pictures[: -len(last)], {**companions, **dict(zip(last, pictures[-len(last) :], strict=True))}


def _work(task: Task, order: Order, line: Line, report: Report) -> None:
    """Work on one picture and report how it went."""
    from inkwash.client import ClientError
    from inkwash.protocol import ProtocolError

    from .gathering import gather
    from .results import Place, save

    place = Place(task.target, order.apart, order.force)
    try:
        place.check(order.filter)
        gathered = gather(task, order.filter, named=order.named, bounds=order.bounds)
        result = line.run(order, list(gathered.layers.values()), plain(str(task.source))[-1000:], report)
        files = save(result, gathered, place)
    except (InkwashError, ClientError, ProtocolError) as error:
        report.error(error)
    except (OSError, MemoryError) as error:
        report.error(explained(error))
    else:
        report.saved(files, [*gathered.notices, *result.message.get("notices", ())])


class Line:
    """The way to the service, found or opened when the first picture is ready, and again if it breaks."""

    def __init__(self, transport: str | None) -> None:
        self._transport = transport
        self._client: Client | None = None

    def run(self, order: Order, layers: list[Layer], document: str, report: Report) -> Frame:
        """The result of one job; leaving it early cancels it. ClientError."""
        from inkwash.client import ConnectionLost, connect

        if self._client is None:
            self._client = connect(transport=self._transport)
        job = self._client.run(order.filter.id, order.settings, layers, document, order.priority)
        try:
            with job, _kept_on_interrupt(order.filter, self._client) as started:
                for frame in job:
                    if frame.message["type"] == "accepted":
                        started(frame.message["job"])
                    elif frame.message["type"] == "progress":
                        report.progress(frame.message)
        except ConnectionLost:
            self._client = None
            raise
        return frame


@contextmanager
def _kept_on_interrupt(filter: Filter, client: Client) -> Iterator[Callable[[str], None]]:
    """Let the first Ctrl-C keep what a stoppable filter has, and only the second one cancel.

    Yields what must be called with the id of the job once it is known.
    """
    ids: list[str] = []

    def keep(*_: object) -> None:
        from inkwash.client import ClientError

        signal.signal(signal.SIGINT, before)
        if not ids:
            raise KeyboardInterrupt
        click.echo("Stopping with what is there; press Ctrl-C again to cancel.", err=True)
        with suppress(ClientError):  # it has just ended
            client.cancel(ids[0], keep=True)

    before = signal.getsignal(signal.SIGINT)
    ours = filter.stoppable and threading.current_thread() is threading.main_thread()
    if ours:
        signal.signal(signal.SIGINT, keep)
    try:
        yield ids.append
    finally:
        if ours:
            signal.signal(signal.SIGINT, before)


def _check_result_options(out: str | None, pictures: Sequence[Path], *, layers: bool, as_json: bool) -> None:
    """click.UsageError for results that would get into each other's way."""
    streamed = out == "-" or (out is None and str(pictures[0]) == "-")
    if streamed and (layers or as_json):
        raise click.UsageError("Standard output takes the picture alone. Name a file with -o.")
    if streamed and sys.stdout.isatty():
        raise click.UsageError("A terminal shows no pictures. Name a file with -o.")
    if layers and out is not None and out.lower().endswith(".ora"):
        raise click.UsageError("An .ora has the layers apart already. Leave out --layers.")


def _bounds() -> Bounds:
    """How large pictures may be, by the service's own settings."""
    from inkwash.protocol.places import settings_file

    from ..files.pictures import Bounds
    from ..settings import read_settings

    return Bounds(pixels=read_settings(settings_file()).pixel_limit_mp * 1_000_000)
