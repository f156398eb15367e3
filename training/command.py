"""`inkwash train`: the recipes as commands, their options made from their settings."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from .pair_settings import PairSettings
from .presets import PRESETS, Settings

Kind = TypeVar("Kind", bound=Any)
TYPES = {"int": int, "float": float, "str": str}


@click.group()
def train() -> None:
    """Train a model on a folder of pictures."""


def options_of(kind: type[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """One option for every field of the settings `kind`; the preset gives what is not said."""

    def add(command: Callable[..., None]) -> Callable[..., None]:
        for field in reversed(dataclasses.fields(kind)):
            option = click.option(
                f"--{field.name.replace('_', '-')}", type=TYPES[str(field.type)], help=field.metadata["help"]
            )
            command = option(command)
        return command

    return add


def settled(preset: Kind, given: dict[str, Any]) -> Kind:
    """The preset with what was said instead."""
    said = {name: value for name, value in given.items() if value is not None}
    try:
        return dataclasses.replace(preset, **said)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def check_run(out: Path, *, resume: bool) -> None:
    """click.UsageError if there is no run to resume in `out`, or one that would be overwritten."""
    there = (out / "checkpoint.safetensors").exists()
    if resume and not there:
        raise click.UsageError(f"{out} has no checkpoint to continue from; leave --resume out to start.")
    if there and not resume:
        raise click.UsageError(f"{out} holds a run already. Continue it with --resume, or choose another -o.")


FOLDER = click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
OUT = click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="The run's folder.")
RESUME = click.option("--resume", is_flag=True, help="Continue the run in its folder exactly where it stopped.")


@train.command()
@FOLDER
@click.option("--preset", type=click.Choice(list(PRESETS)), default="inkwash", show_default=True)
@OUT
@RESUME
@options_of(Settings)
def colorizer(folder: Path, preset: str, out: Path | None, resume: bool, **given: Any) -> None:
    """Train a colorizer on FOLDER: pairs made by `python -m inkwash.training.data`, or any pictures."""
    from .colorizer import train as run

    settings, out = settled(PRESETS[preset], given), out or Path("runs") / f"colorizer-{preset}"
    check_run(out, resume=resume)
    try:
        click.echo(run(folder, out, settings, resume=resume, said=click.echo))
    except ValueError as error:
        raise click.UsageError(str(error)) from error


@train.command()
@FOLDER
@OUT
@RESUME
@options_of(PairSettings)
def pairs(folder: Path, out: Path | None, resume: bool, **given: Any) -> None:
    """Train pix2pix on FOLDER: `A` and `B` with pictures of the same names, or pictures of both side by side."""
    from .pairs import train as run

    settings, out = settled(PairSettings(), given), out or Path("runs") / "pairs"
    check_run(out, resume=resume)
    try:
        click.echo(run(folder, out, settings, resume=resume, said=click.echo))
    except ValueError as error:
        raise click.UsageError(str(error)) from error
