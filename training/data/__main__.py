"""`python -m inkwash.training.data OUT`: turn the sources into a folder of pairs with a manifest."""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import click
import cv2
from rich.progress import track

from .catalogue import SOURCES
from .sources import Pictures, Source
from .splits import keep_twins_out, split

FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


def _make(source: Source, name: str, file: Path, size: int, folder: Path, kept: str) -> dict[str, str] | str:
    """Write one pair of the split `kept`; its row in the manifest, or why it is of no use. A pair there is left."""
    color, line = folder / f"{name}.color.png", folder / f"{name}.line.png"
    unusable = folder / f"{name}.skipped"
    if unusable.exists():
        return unusable.read_text()
    if not color.exists():
        try:
            pair = source.pair(name, file, size)
        except Exception as error:  # a bad drawing is listed and passed over, whatever ails it
            unusable.write_text(str(error))
            return str(error)
        if pair.line is not None:
            cv2.imwrite(str(line), pair.line)
        part = folder / f"{name}.part.png"
        cv2.imwrite(str(part), cv2.cvtColor(pair.color, cv2.COLOR_RGBA2BGRA))
        part.replace(color)
    row = {"source": source.name, "name": name, "split": kept}
    row["color"] = f"{source.name}/{color.name}"
    return {**row, "line": f"{source.name}/{line.name}"} if line.exists() else row


def prepare(source: Source, out: Path, size: int) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Fetch one source and make its pairs; (manifest rows, reason by unusable name)."""
    raw, folder = out / "raw" / source.name, out / source.name
    raw.mkdir(parents=True, exist_ok=True)
    folder.mkdir(exist_ok=True)
    source.fetch(raw)
    drawings = list(source.drawings(raw))
    with ProcessPoolExecutor() as pool:
        jobs = [
            (name, pool.submit(_make, source, name, file, size, folder, split(source.name, name, position)))
            for position, (name, file) in enumerate(drawings)
        ]
        made = [(name, job.result()) for name, job in track(jobs, source.name)]
    rows = [row for _, row in made if isinstance(row, dict)]
    return rows, {name: reason for name, reason in made if isinstance(reason, str)}


@click.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--source", "names", multiple=True, type=click.Choice([s.name for s in SOURCES]), help="Only these.")
@click.option("--cartoons", type=FOLDER, help="Their folder.")
@click.option("--paintings", type=FOLDER, help="Their folder.")
@click.option("--photographs", type=FOLDER, help="Their folder.")
@click.option("--size", default=384, show_default=True, help="Longer side of the pairs in pixels.")
def main(out: Path, names: tuple[str, ...], size: int, **folders: Path | None) -> None:
    """Make the folder OUT of pairs of line art and colour; run it again to continue where it stopped."""
    manifest: dict[str, object] = {"size": size}
    pairs: list[dict[str, str]] = []
    for kind in SOURCES:
        if names and kind.name not in names:
            continue
        try:
            source = kind(folders[kind.name]) if issubclass(kind, Pictures) and kind.name in folders else kind()
            rows, unusable = prepare(source, out, size)
        except FileNotFoundError as error:
            click.echo(f"{kind.name}: left out: {error}", err=True)
            continue
        click.echo(f"{kind.name}: {len(rows)} pairs, {len(unusable)} drawings of no use")
        pairs += rows
        manifest[kind.name] = {"licence": kind.licence, "pairs": len(rows), "unusable": unusable}
    manifest["pairs"] = keep_twins_out(pairs, out)
    part = out / "manifest.part"
    part.write_text(json.dumps(manifest, indent=1))
    part.replace(out / "manifest.json")


if __name__ == "__main__":
    main()
