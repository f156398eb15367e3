"""`inkwash study`: experiments with restyling, as the papers have them, on your own pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inkwash.models.errors import UnknownModel

if TYPE_CHECKING:
    from inkwash.models.networks.vgg import VGG

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
METHODS = ("l-bfgs", "adam", "adadelta", "gradient descent", "monte carlo")


@click.group()
def study() -> None:
    """Experiments with restyling: which method is fastest, what each layer sees."""


def _asked(out: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """What both studies ask for."""

    def add(command: Callable[..., None]) -> Callable[..., None]:
        for option in (
            click.option("--network", default="vgg16", show_default=True, help="The network that compares pictures."),
            click.option("--steps", default=60, show_default=True, type=click.IntRange(1), help="Steps of each run."),
            click.option("--side", default=128, show_default=True, type=click.IntRange(32), help="Longest side, px."),
            click.option("-o", "--out", default=out, show_default=True, type=click.Path(path_type=Path)),
            click.argument("style", type=FILE),
            click.argument("picture", type=FILE),
        ):
            command = option(command)
        return command

    return add


@study.command()
@_asked("study-optimisers")
@click.option("--start", type=click.Choice(("noise", "content", "style")), default="noise", show_default=True)
@click.option("--method", "methods", type=click.Choice(METHODS), multiple=True, help="Only this one; may be repeated.")
def optimisers(
    picture: Path, style: Path, out: Path, side: int, steps: int, network: str, start: str, methods: tuple[str, ...]
) -> None:
    """Draw loss against time and steps for every method, for PICTURE in the style of STYLE."""
    from ..pictures import read
    from .optimiser_study import study as run

    loaded = _loaded(network)
    try:
        content, painting = read(picture, side), read(style, side)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    run(loaded, content, painting, out, start=start, steps=steps, methods=methods or METHODS, said=click.echo)
    click.echo(out / "report.md")


@study.command()
@_asked("study-layers")
@click.option("--layer", "layers", multiple=True, help="Only this one, such as relu3_1; may be repeated.")
def layers(picture: Path, style: Path, out: Path, side: int, steps: int, network: str, layers: tuple[str, ...]) -> None:
    """Rebuild PICTURE's content and STYLE's style from each layer, and show the layers' responses."""
    from ..pictures import read
    from .layer_study import study as run

    loaded = _loaded(network)
    wanted = layers or tuple(name for name in loaded.layers if name.endswith("_1"))
    if unknown := set(wanted) - set(loaded.layers):
        raise click.UsageError(f"{network} has no {', '.join(sorted(unknown))}; it has {', '.join(loaded.layers)}.")
    try:
        content, painting = read(picture, side), read(style, side)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    run(loaded, content, painting, out, layers=wanted, steps=steps, said=click.echo)
    click.echo(out)


def _loaded(name: str) -> VGG:
    """The perceptual network; UnknownModel says how to get it."""
    from inkwash.models.networks.vgg import VGG
    from inkwash.models.store import Store
    from inkwash.models.styles.perceptual import advice

    try:
        network = Store().load(name, "perceptual")
    except UnknownModel as error:
        raise UnknownModel(error.message, advice(name)) from error
    assert isinstance(network, VGG)
    return network.requires_grad_(False)
