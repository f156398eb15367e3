"""`inkwash plugins`: put the plugins into the Kritas and GIMPs of this user, list them, take them away."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from inkwash.installer.plugins import hosts, needs
from inkwash.installer.plugins.home import PARTS, Home, Part
from inkwash.protocol import places

NEXT = {
    "krita": "Next: close Krita if it is open, and start it: Settings > Dockers > Inkwash.",
    "gimp": "Next: close GIMP if it is open, and start it: Filters > Inkwash.",
}
AGAIN = "Run `inkwash plugins install`."
SWITCH = "To switch it on, in Krita: Settings > Configure Krita > Python Plugin Manager > Inkwash."
SANDBOX = {
    "Flatpak": "If Inkwash does not start in it, run `inkwash daemon start` first: a Flatpak may not start programs.",
    "Snap": "If it does not find Inkwash, use the Flatpak or the program's own download: a Snap sees few files.",
}
BY_HAND = {
    "krita": "In Krita: Tools > Scripts > Import Python Plugin from File.",
    "gimp": "Unpack it into GIMP's plug-ins folder: Edit > Preferences > Folders > Plug-ins says where that is.",
}
NAMES = {"krita": "Krita", "gimp": "GIMP 3"}

which = click.argument("host", required=False, type=click.Choice(PARTS))


@click.group()
def plugins() -> None:
    """Put Inkwash into Krita and GIMP."""


@plugins.command()
@which
def install(host: Part | None) -> None:
    """Put the plugin into every Krita and GIMP 3 found, or into those of HOST; an earlier one is replaced."""
    from inkwash.installer.installation import name_daemon
    from inkwash.installer.plugins.copies import install as put

    found = hosts.find()
    homes = _homes(host, found)
    if homes:
        name_daemon(Path(sys.executable), places.command_file())
    failed = sum(not _tried(home, lambda home: _install(home, put)) for home in homes)
    _say_of_programs(host, found, homes)
    if failed or not homes:
        raise click.exceptions.Exit(1)


@plugins.command()
@which
def remove(host: Part | None) -> None:
    """Take the plugin out of every Krita and GIMP, or out of those of HOST."""
    from inkwash.installer.plugins.copies import remove as take

    homes = _homes(host, hosts.find())
    taken = [home for home in homes if _tried(home, lambda home: _remove(home, take))]
    if not homes:
        click.echo("There is no Krita or GIMP 3 to take Inkwash out of.")
    if len(taken) < len(homes):
        raise click.exceptions.Exit(1)


@plugins.command("list")
@which
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def show(host: Part | None, as_json: bool) -> None:
    """Show where the plugin is, and why it would not appear."""
    found = hosts.find()
    homes = _homes(host, found)
    rows = [_row(home, found) for home in homes]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['label']}: {row['words']}")
        for line in filter(None, (row["advice"], f"in {row['folder']}")):
            click.echo(f"    {line}")
    _say_of_programs(host, found, homes)


@plugins.command()
@which
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), default=Path(), help="Folder for the zips.", metavar="FOLDER"
)
def package(host: Part | None, out: Path) -> None:
    """Make zips of the plugins, for those who install them by hand."""
    from inkwash.installer.plugins.package import name
    from inkwash.installer.plugins.package import package as zipped

    from ..files import saving

    saving.make_folder(out)
    for part in [host] if host else PARTS:
        saving.save(out / name(part), zipped(part, manifest()), force=True)
        click.echo(f"{NAMES[part]}: {out / name(part)}\n    {BY_HAND[part]}")


def manifest() -> dict[str, Any]:
    """The filters and models that a plugin knows before a daemon has run."""
    from inkwash.gimp.manifest import MODEL_KEYS
    from inkwash.models.filters import declared
    from inkwash.models.store import Store

    models = [{key: value for key, value in asdict(card).items() if key in MODEL_KEYS} for card in Store().cards()]
    return {"filters": [filter.declaration() for filter in declared()], "models": models}


def _homes(host: Part | None, found: list[hosts.Host]) -> list[Home]:
    from inkwash.installer.plugins import krita
    from inkwash.installer.plugins.copies import homes

    known = homes([host] if host else PARTS, found)
    # An AppImage can be anywhere; who asks for Krita by name has one.
    return known or ([krita.usual_home()] if host == "krita" else [])


def _tried(home: Home, do: Callable[[Home], None]) -> bool:
    """Whether it could be done; one home that cannot be written keeps no other waiting."""
    try:
        do(home)
    except OSError as error:
        click.echo(f"{home.label}: {error}\n    Give yourself the right to write there, and try again.", err=True)
        return False
    return True


def _install(home: Home, put: Callable[[Home, Any], bool]) -> None:
    is_on = put(home, manifest())
    click.echo(f"{home.label}: the plugin is in {home.plugin}")
    if home.settings:
        click.echo(
            f"    {'and is switched on' if is_on else 'but is switched off, as you left it,'} in {home.settings}"
        )
    if not is_on:
        click.echo(f"    {SWITCH}")
    click.echo(f"    {NEXT[home.part]}")
    if home.sandbox:
        click.echo(f"    {SANDBOX[home.sandbox]}")


def _remove(home: Home, take: Callable[[Home], bool]) -> None:
    click.echo(f"{home.label}: {'the plugin is removed' if take(home) else 'there was no plugin'} ({home.folder})")


def _row(home: Home, found: list[hosts.Host]) -> dict[str, Any]:
    """What is to be said of one home: the words, what to do about it, and whether it is wrong or just so."""
    from inkwash.installer.plugins.copies import look

    copy = look(home, manifest())
    lacks = [lack for lack in map(needs.missing, (host for host in found if _lives_in(host, home))) if lack[0]]
    words, advice, is_wrong = f"the plugin {copy.version} is there and will be loaded", "", False
    if not copy.version:
        words, advice = "the plugin is not there", AGAIN
    elif not copy.is_current:
        words, advice, is_wrong = f"the plugin there ({copy.version}) is not that of this Inkwash", AGAIN, True
    elif home.settings and not copy.is_enabled:
        words, advice = "the plugin is there, but switched off", SWITCH
    elif lacks:
        (words, advice), is_wrong = lacks[0], True
    told = {"words": words, "advice": advice, "is_wrong": is_wrong}
    return {"host": home.part, "label": home.label, "folder": str(home.plugin), **told}


def _lives_in(program: hosts.Host, home: Home) -> bool:
    return program.name.lower() == home.part and program.packing == home.sandbox


def _say_of_programs(host: Part | None, found: list[hosts.Host], homes: list[Home]) -> None:
    """Programs that are too old, or that are not there at all."""
    for program in found:
        if host in (None, program.name.lower()) and not program.is_new_enough:
            click.echo(f"{program}: too old for Inkwash, which needs {hosts.NEEDS[program.name]}.")
    for part in [host] if host else PARTS:
        if part not in {home.part for home in homes}:
            click.echo(f"No {NAMES[part]} was found. Start it once if you have it, then run `inkwash plugins install`.")
