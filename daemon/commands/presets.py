"""`inkwash presets`: named settings, shared with Krita and GIMP. The service is not needed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inkwash.models.filters import Filter

from .options import dashed

if TYPE_CHECKING:
    from ..files.presets import Presets

FILTER = click.argument("filter")
NAME = click.argument("name")


@click.group()
def presets() -> None:
    """List your named settings, show, save and remove them."""


@presets.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_presets(as_json: bool) -> None:
    """List all presets."""
    found = kept().all()
    if as_json:
        click.echo(json.dumps({"presets": found}, indent=2))
        return
    for preset in found:
        click.echo(f"{dashed(preset['filter'])}: {preset['name']}")


@presets.command()
@FILTER
@NAME
def show(filter: str, name: str) -> None:
    """Print a preset as JSON; what it prints is a file for --preset-file."""
    known = _filter(filter)
    settings = kept().get(known, name)
    click.echo(json.dumps({"filter": known.id, "name": name, "settings": settings}, indent=2, ensure_ascii=True))


@presets.command()
@FILTER
@NAME
@click.argument("file", type=click.Path(path_type=Path))
def save(filter: str, name: str, file: Path) -> None:
    """Keep the settings in FILE under a name, in place of an earlier preset of that name."""
    from ..files.presets import from_file

    known = _filter(filter)
    kept().put(known.id, name, from_file(known, file))


@presets.command()
@FILTER
@NAME
def remove(filter: str, name: str) -> None:
    """Forget a preset."""
    kept().delete(_filter(filter).id, name)


def kept() -> Presets:
    """The presets of this user."""
    from inkwash.protocol import places

    from ..files.presets import Presets

    return Presets(places.presets_file())


def _filter(name: str) -> Filter:
    """The filter of that name, as it is typed or as it is declared; UnknownFilter."""
    from inkwash.models.filters import find

    return find(name.replace("-", "_"))
