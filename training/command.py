"""`inkwash train`: the recipes as commands, their options made from their settings."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from .presets import PRESETS, Settings

TYPES = {"int": int, "float": float, "str": str}


@click.group()
def train() -> None:
    """Train a model on a folder of pictures."""


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """One option for every field of `Settings`; the preset gives what is not said."""
    for field in reversed(dataclasses.fields(Settings)):
        option = click.option(
            f"--{field.name.replace('_', '-')}", type=TYPES[str(field.type)], help=field.metadata["help"]
        )
        command = option(command)
    return command


def _settings(preset: str, given: dict[str, Any]) -> Settings:
    said = {name: value for name, value in given.items() if value is not None}
    try:
        return dataclasses.replace(PRESETS[preset], **said)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


@train.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--preset", type=click.Choice(list(PRESETS)), default="inkwash", show_default=True)
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="The run's folder.")
@click.option("--resume", is_flag=True, help="Continue the run in its folder exactly where it stopped.")
@_options
def colorizer(folder: Path, preset: str, out: Path | None, resume: bool, **given: Any) -> None:
    """Train a colorizer on FOLDER: pairs made by `python -m inkwash.training.data`, or any pictures."""
    from .colorizer import train as run

    settings, out = _settings(preset, given), out or Path("runs") / f"colorizer-{preset}"
    if resume and not (out / "checkpoint.safetensors").exists():
        raise click.UsageError(f"{out} has no checkpoint to continue from; leave --resume out to start.")
    if not resume and (out / "checkpoint.safetensors").exists():
        raise click.UsageError(f"{out} holds a run already. Continue it with --resume, or choose another -o.")
    try:
        click.echo(run(folder, out, settings, resume=resume, said=click.echo))
    except ValueError as error:
        raise click.UsageError(str(error)) from error
