"""`inkwash filters` and `inkwash models`: what can be done, and with which weights. The service is not needed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from .options import dashed
from .words import say, say_file

FROM = "address: from where its makers publish it; index: from the package index; auto: the first, else the second."
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@as_json_option
def filters(as_json: bool) -> None:
    """List the filters, and what each needs and gives."""
    from inkwash.models.filters import declared

    if as_json:
        click.echo(json.dumps({"filters": [filter.declaration() for filter in declared()]}, indent=2))
        return
    for filter in declared():
        click.echo(f"{dashed(filter.id)}: {filter.help}")


@click.group()
def models() -> None:
    """List the models, show what they are made of, add to them."""


@models.command("list")
@as_json_option
def list_models(as_json: bool) -> None:
    """List all models, yours included."""
    from inkwash.models.store import Store

    store = Store()
    cards = store.cards()
    if as_json:
        click.echo(json.dumps({"models": [asdict(card) for card in cards]}, indent=2))
        return
    width = max((len(card.name) for card in cards), default=0)
    for card in cards:
        say(f"{card.name:{width}}  {card.role}: {card.label} ({card.version}, {card.licence})")
    files = store.files()
    for name in sorted(files.keys() - {card.name for card in cards}):
        say(f"{name} is damaged or no model of Inkwash: {files[name]}", err=True)


@models.command()
@click.argument("name")
@as_json_option
def info(name: str, as_json: bool) -> None:
    """Show what a model was trained on, under which licence, and how well it does."""
    from inkwash.models.cards import read_card
    from inkwash.models.store import Store

    file = Store().file(name)
    card = read_card(file)
    facts = {"file": str(file), "bytes": file.stat().st_size, **asdict(card)}
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    for key, value in facts.items():
        if key != "thumbnail" and value not in ("", [], {}):
            say(f"{key.replace('_', ' ')}: {_text(value)}")


@models.command()
@click.argument("name")
@click.option("--from", "source", type=click.Choice(("auto", "address", "index")), default="auto", help=FROM)
@click.option("--force", is_flag=True, help="Fetch it again although it is there.")
def pull(name: str, source: str, force: bool) -> None:
    """Fetch a model that others publish, such as vgg16, which restyle compares pictures with."""
    from inkwash.protocol import places

    from ..pulling import origins
    from ..pulling import pull as fetch
    from .report import following

    found = origins(name, source)
    target = places.models_folder() / f"{name}.safetensors"
    if target.exists() and not force:
        click.echo(f"{name} is here already: {target}")
        return
    with following(name) as follow:
        origin = fetch(found, target, lambda text: click.echo(text, err=True), follow)
    click.echo(f"{target} ({origin.licence})")


@models.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--force", is_flag=True, help="Put it in the place of a model of that name.")
def add(file: Path, force: bool) -> None:
    """Put a model that you trained, or were given, among yours: it appears in every list."""
    from inkwash.models.store import SUFFIX, Store
    from inkwash.protocol import places

    from ..files import saving

    if file.suffix != SUFFIX:
        raise click.UsageError(f"{file.name} is no model: their names end in {SUFFIX}.")
    taken = Store().files().get(file.stem)
    if taken and not force:
        raise click.UsageError(f"There is a model of that name: {taken}. Rename {file.name}, or use --force.")
    Store([file.parent]).load(file.stem)
    target = places.models_folder() / file.name
    target.parent.mkdir(parents=True, exist_ok=True)
    saving.save(target, file.read_bytes(), force=True)
    say_file(target)


@models.command()
@click.argument("painting", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("name")
def keep(painting: Path, name: str) -> None:
    """Keep the manner of a painting as a style called NAME: one small file that paints at once."""
    from inkwash.models.pictures.pixels import to_tensor
    from inkwash.models.store import Store
    from inkwash.models.styles.keeping import manner_of
    from inkwash.models.styles.sources import seen

    from ..files import pictures

    store, layer = Store(), pictures.read(painting, "painting").layer
    seen_of_it = seen(to_tensor(layer, "rgba", layer))
    click.echo(store.keep(*manner_of(seen_of_it, name, copyist=store.load("any", "stylizer"), name="any")))


def _text(value: Any) -> str:
    """A card's field as an artist reads it."""
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key} {item}" for key, item in value.items())
    return str(value)
