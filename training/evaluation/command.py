"""`inkwash evaluate`: how good a model is, as tables, plots and a sheet of pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


@click.group()
def evaluate() -> None:
    """Judge a model on pictures whose colours are known."""


@evaluate.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--model", default="inkwash-colorizer", show_default=True, help="The colorizer to judge.")
@click.option("--finish", default="painted", show_default=True, type=click.Choice(["painted", "flat"]))
@click.option("--peer", "peers", multiple=True, type=click.Choice(["gmic"]), help="Judge this program beside it.")
@click.option("--bare", "bare", multiple=True, help="Judge this model's network alone, without fitting. Repeatable.")
@click.option("--set", "sets", multiple=True, help="Only this set of pictures. Repeatable.")
@click.option("--count", default=40, show_default=True, help="Pictures a set, at most.")
@click.option("--ratio", "ratios", multiple=True, type=click.FloatRange(0, 1), help="Only this hint ratio. Repeatable.")
@click.option("--shown", default=2, show_default=True, help="Pictures of each set on the sheet.")
@click.option("--processes", default=1, show_default=True, help="Pictures judged at a time.")
@click.option("-o", "--out", default="evaluation", show_default=True, type=click.Path(path_type=Path, file_okay=False))
def colorizer(
    folder: Path, model: str, finish: str, peers: tuple[str, ...], bare: tuple[str, ...], sets: tuple[str, ...],
    count: int, ratios: tuple[float, ...], shown: int, processes: int, out: Path,
) -> None:  # fmt: skip
    """Judge a colorizer on FOLDER: prepared pairs (those kept out of training), or any pictures.

    Hints are scribbles of the Hint-AUC protocol. Pictures are compared with their lines over the colour.
    """
    from .colorizers import Bare, Colorizer, Gmic, Inkwash
    from .judgement import RATIOS, judge
    from .pictures import entries
    from .report import sheet, tables, write

    try:
        judged: list[Colorizer] = [Inkwash(model, finish), *(Bare(name) for name in bare)]
        judged += [Gmic() for _ in peers]
        chosen = entries(folder, count, sets)
        rows = _gathered(judge(chosen, judged, tuple(sorted(ratios)) or RATIOS, processes), len(chosen))
    except (ValueError, FileNotFoundError, ImportError) as error:
        raise click.UsageError(str(error)) from error
    write(rows, out)
    if shown:
        import cv2

        few = [entry for name in {e.set: None for e in chosen} for entry in _first(chosen, name, shown)]
        cv2.imwrite(str(out / "sheet.png"), cv2.cvtColor(sheet(few, judged), cv2.COLOR_RGB2BGR))
    click.echo(tables(rows))
    click.echo(f"{out / 'report.json'}, curves.png, histograms.png, sheet.png")


@evaluate.command()
@click.argument("pictures", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("paintings", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--style", "styles", multiple=True, help="Only this style. Repeatable.")
@click.option("--restyle", "restyled", is_flag=True, help="Judge what restyle makes of the paintings beside them.")
@click.option("--count", default=6, show_default=True, help="Pictures, at most.")
@click.option("--side", default=384, show_default=True, help="Pixels of a side that they are painted at.")
@click.option("-o", "--out", default="evaluation", show_default=True, type=click.Path(path_type=Path, file_okay=False))
def style(
    pictures: Path, paintings: Path, styles: tuple[str, ...], restyled: bool, count: int, side: int, out: Path
) -> None:
    """Judge styles on the folder PICTURES, each against its painting, PAINTINGS/STYLE.*, and beside the style any."""
    import torch

    from inkwash.models.errors import UnknownModel

    from ..crops import Crops
    from .styles import judge, write
    from .styles import paintings as found_in

    made = []
    try:
        for rows in judge(pictures, found_in(paintings, styles), count=count, side=side, restyled=restyled):
            made += rows
            click.echo(f"{rows[0].style} judged", err=True)
    except (ValueError, UnknownModel) as error:
        raise click.UsageError(str(error)) from error
    click.echo(write(made, torch.split(Crops(pictures, size=side, seed=0).middles(count), 1), out))
    click.echo(f"{out / 'report.json'}, measures.png, sheet.png")


def _first(chosen: list[Any], name: str, count: int) -> list[Any]:
    """The first pictures of one set."""
    return [entry for entry in chosen if entry.set == name][:count]


def _gathered(results: Any, count: int) -> list[Any]:
    """All rows, with a word for every ten pictures."""
    rows = []
    for done, found in enumerate(results, 1):
        rows += found
        if done % 10 == 0 or done == count:
            click.echo(f"{done} of {count} pictures judged", err=True)
    return rows
