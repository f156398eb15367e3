"""`inkwash daemon`: run, start, stop and look at the daemon."""

from __future__ import annotations

import json
import time
from collections import deque
from typing import Any

import click

from inkwash.protocol import places

START_SECONDS = 20.0  # between taking the lock and listening


@click.group()
def daemon() -> None:
    """Start, stop and look at the daemon that runs the models."""


@daemon.command()
def run() -> None:
    """Run the daemon here, until it is stopped or idle for long."""
    from ..errors import AlreadyRunning
    from ..server import serve

    try:
        serve(announce=lambda ours: click.echo(f"Inkwash listens, process {ours.pid}."))
    except AlreadyRunning as error:
        click.echo(error.message)


@daemon.command()
def start() -> None:
    """Start the daemon in the background, unless it runs already."""
    from inkwash.client import connect

    click.echo(f"Inkwash runs, process {connect().status()['pid']}.")


@daemon.command()
@click.option("--seconds", default=60.0, show_default=True, help="How long to wait for running jobs to end.")
def stop(seconds: float) -> None:
    """Let running jobs end, then stop the daemon."""
    from inkwash.client.lock import FileLock

    if not _asked_to_stop():
        click.echo("Inkwash does not run.")
        return
    try:
        with FileLock(places.lock_file(), seconds):  # which the daemon holds as long as it lives
            click.echo("Inkwash has stopped.")
    except TimeoutError:
        raise click.ClickException("A job is still running; Inkwash stops when it has ended.") from None


@daemon.command()
@click.option("--json", "as_json", is_flag=True, help="Print what the daemon says, as JSON.")
def status(as_json: bool) -> None:
    """Show whether the daemon runs, on what, and its jobs. Exit code 1 if it does not run."""
    from inkwash.client import find

    client = find()
    if client is None:
        click.echo("{}" if as_json else "Inkwash does not run; it starts by itself when it is needed.")
        raise click.exceptions.Exit(1)
    answer = client.status()
    click.echo(json.dumps(answer, indent=2) if as_json else "\n".join(_lines(answer)))


@daemon.command()
@click.option("-n", "--lines", default=50, show_default=True, help="How many of the last lines to show.")
def logs(lines: int) -> None:
    """Show the end of the daemon's log."""
    try:
        with places.log_file().open(encoding="utf-8", errors="replace") as stream:
            click.echo("".join(deque(stream, maxlen=max(0, lines))), nl=False)
    except FileNotFoundError:
        click.echo(f"There is no log yet; it will be {places.log_file()}.")


def _asked_to_stop() -> bool:
    """Whether there is a daemon, which was asked to stop; one that just starts is waited for. Unresponsive."""
    from inkwash.client import stop
    from inkwash.client.lock import is_held

    until = time.monotonic() + START_SECONDS
    while not stop():
        if not is_held(places.lock_file()):
            return False
        if time.monotonic() > until:
            raise click.ClickException("Inkwash starts or ends at this moment. Try again.")
        time.sleep(0.1)
    return True


def _lines(answer: dict[str, Any]) -> list[str]:
    from inkwash.client import succession

    device = answer["device"]
    where = "not chosen until the first job"
    if device["ready"]:
        where = f"{device['type']} ({device['name']}, {device['precision']})"
    minutes = (time.time() - answer["started"]) / 60
    older = " (of an older program, which the next job replaces)" if succession.is_due(answer) else ""
    return [
        f"Inkwash {answer['version']}{older}, process {answer['pid']}, for {minutes:.0f} min",
        f"Device: {device.get('fault') or where}",
        f"Loaded models: {', '.join(answer['models']) or 'none'}",
        *(
            f"Job {job['id']}: {job['filter']}, "
            + (job["stage"] if job["ahead"] else f"{job['state']}, {job['fraction']:.0%} {job['stage']}")
            for job in answer["jobs"]
        ),
    ]
