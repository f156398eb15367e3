"""`inkwash train`: the recipes as commands, their options made from their settings."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from .painting.settings import PainterSettings
from .pix2pix.pair_settings import PairSettings
from .presets import PRESETS, Settings
from .styles.style_presets import FEED_FORWARD, NEW_BANK, STYLE_BANK, StyleSettings
from .upscaling.upscale_settings import UPSCALE, UpscaleSettings

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


def carry_out(recipe: Callable[..., Any], *what: Path, out: Path, settings: Any, resume: bool) -> None:
    """Train by `recipe` on `what`, and say where its model is; click.UsageError if that cannot be done."""
    check_run(out, resume=resume)
    try:
        _tell(recipe(*what, out, settings, resume=resume, said=click.echo))
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _tell(file: Path) -> None:
    """Where the trained model is, and how it gets among the others."""
    click.echo(file)
    click.echo(f"To use it: inkwash models add {file}", err=True)


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
    carry_out(run, folder, out=out, settings=settings, resume=resume)


@train.command()
@FOLDER
@OUT
@RESUME
@options_of(PairSettings)
def pairs(folder: Path, out: Path | None, resume: bool, **given: Any) -> None:
    """Train pix2pix on FOLDER: `A` and `B` with pictures of the same names, or pictures of both side by side."""
    from .pix2pix.pairs import train as run

    settings, out = settled(PairSettings(), given), out or Path("runs") / "pairs"
    carry_out(run, folder, out=out, settings=settings, resume=resume)


STYLE = click.Path(path_type=Path, exists=True, dir_okay=False)


@train.command()
@FOLDER
@click.option("--style", type=STYLE, required=True, help="The painting to learn from.")
@click.option("--preset", type=click.Choice(list(FEED_FORWARD)), default="light", show_default=True)
@click.option("--coder", default="inkwash-stylebank", show_default=True, help="The StyleBank that preset light uses.")
@OUT
@RESUME
@options_of(StyleSettings)
def feedforward(
    folder: Path, style: Path, preset: str, coder: str, out: Path | None, resume: bool, **given: Any
) -> None:
    """Train a network that paints in one style, on the pictures in FOLDER; preset light begins as a known style."""
    from .styles.feedforward import train as run

    settings, out = settled(FEED_FORWARD[preset], given), out or Path("runs") / style.stem
    carry_out(partial(run, coder=coder), folder, style, out=out, settings=settings, resume=resume)


@train.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False)
@click.option("--style", "styles", type=STYLE, multiple=True, required=True, help="A painting; several with --preset.")
@click.option("--coder", default="inkwash-stylebank", show_default=True, help="The model that a new bank is for.")
@click.option("--preset", type=click.Choice(list(STYLE_BANK)), help="Train a coder too, and a bank for each style.")
@OUT
@RESUME
@options_of(StyleSettings)
def stylebank(
    folder: Path | None,
    styles: tuple[Path, ...],
    coder: str,
    preset: str | None,
    out: Path | None,
    resume: bool,
    **given: Any,
) -> None:
    """Train a new style: a bank, for a StyleBank that stays as it is. Without FOLDER made-up pictures do."""
    from .styles.stylebank import add
    from .styles.stylebank import train as run

    if preset is None and len(styles) > 1:
        raise click.UsageError("One new bank at a time. With --preset a coder and the banks of all styles are trained.")
    if preset is not None and folder is None:
        raise click.UsageError("A coder needs a FOLDER of pictures to be trained on.")
    settings = settled(NEW_BANK if preset is None else STYLE_BANK[preset], given)
    out = out or Path("runs") / (styles[0].stem if preset is None else f"stylebank-{preset}")
    check_run(out, resume=resume)
    try:
        if preset is None or folder is None:
            _tell(add(folder, styles[0], out, settings, coder=coder, resume=resume, said=click.echo))
            return
        named = {style.stem: style for style in styles}
        for file in run(folder, named, out, settings, resume=resume, said=click.echo):
            _tell(file)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


@train.command()
@FOLDER
@OUT
@RESUME
@options_of(UpscaleSettings)
def upscale(folder: Path, out: Path | None, resume: bool, **given: Any) -> None:
    """Train a network that enlarges, on the pictures in FOLDER."""
    from .upscaling.upscale import train as run

    settings, out = settled(UPSCALE, given), out or Path("runs") / "upscale"
    carry_out(run, folder, out=out, settings=settings, resume=resume)


@train.command()
@FOLDER
@OUT
@RESUME
@options_of(PainterSettings)
def painter(folder: Path, out: Path | None, resume: bool, **given: Any) -> None:
    """Train a painter, which lays shade and light on flats, on the shaded pictures in FOLDER."""
    from .painting.recipe import train as run

    settings, out = settled(PainterSettings(), given), out or Path("runs") / "painter"
    carry_out(run, folder, out=out, settings=settings, resume=resume)
