"""What a command has to do: for each picture, what goes with it and where its result goes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from ..files import pictures, saving

STREAM = Path("-")  # standard input or output
PAGE = ".ora"
SUFFIXES = (*pictures.FORMATS, ".gif", ".bmp", PAGE, ".psd", ".psb")  # what is taken out of a folder


@dataclass(frozen=True)
class Task:
    """One picture: its file, the files of the filter's other inputs by name, and the result's file."""

    source: Path
    companions: Mapping[str, Path]
    target: Path
    notices: tuple[str, ...] = ()


def plan(sources: Sequence[Path], companions: Mapping[str, Path], out: str | None, ending: str) -> list[Task]:
    """A task for each picture, those of folders included; `ending` ends the results' names.

    Raises click.UsageError if the results have no place of their own.
    """
    ending = f"-{ending}"
    files = [file for source in sources for file in _files_in(source, ending)]
    many = len(files) > 1 or any(source.is_dir() for source in sources)
    folder = _folder(out, many)
    tasks = [_task(file, companions, _target(file, out, folder, ending)) for file in files]
    seen: dict[Path, Path] = {}
    for task in tasks:
        other = seen.setdefault(task.target, task.source)
        if task.source is not other and task.target != STREAM:
            raise click.UsageError(
                f"{other} and {task.source} would both be saved as {task.target}. Work on them one by one with -o."
            )
    if folder is not None:
        saving.make_folder(folder)
    return tasks


def _files_in(source: Path, ending: str) -> list[Path]:
    """A folder's pictures without the results of an earlier run; a file as it is."""
    if not source.is_dir():
        return [source]
    files = [
        file
        for file in sorted(source.iterdir())
        if file.suffix.lower() in SUFFIXES and not file.name.startswith(".") and not file.stem.endswith(ending)
    ]
    if not files:
        raise click.UsageError(f"There are no pictures in the folder {source}.")
    return files


def _folder(out: str | None, many: bool) -> Path | None:
    """The folder for the results, None if they go to a file, a stream, or beside the pictures."""
    if out is None or (out == "-" and not many):
        return None
    if out == "-":
        raise click.UsageError("Only one picture fits into standard output. Name a folder with -o.")
    path = Path(out)
    if path.is_dir() or out.endswith(("/", os.sep)):
        return path
    if many and path.suffix:
        raise click.UsageError(f"{out} is one file, but there are several pictures. Name a folder with -o.")
    return path if many else None


def _target(file: Path, out: str | None, folder: Path | None, ending: str) -> Path:
    name = f"{'picture' if file == STREAM else file.stem}{ending}.png"
    if folder is not None:
        return folder / name
    if out is not None:
        return Path(out)
    return STREAM if file == STREAM else file.with_name(name)


def _task(source: Path, companions: Mapping[str, Path], target: Path) -> Task:
    found, notices = {}, []
    for name, path in companions.items():
        file = _of_same_name(path, source) if path.is_dir() else path
        if file is not None:
            found[name] = file
        else:
            notices.append(f"There is no {name} picture for {source} in {path}.")
    return Task(source, found, target, tuple(notices))


def _of_same_name(folder: Path, source: Path) -> Path | None:
    files = (file for file in sorted(folder.iterdir()) if file.stem == source.stem)
    return next((file for file in files if file.suffix.lower() in SUFFIXES), None)
