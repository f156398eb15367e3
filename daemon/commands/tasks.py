"""What a command has to do: for each picture, what goes with it and where its result goes."""

from __future__ import annotations

import functools
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from ..files import pictures, saving
from ..files.folders import pictures_below

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


@dataclass(frozen=True)
class Plan:
    """All that is to be done, and which of the files that go with pictures go with none of them."""

    tasks: Sequence[Task]
    unmatched: Sequence[Path]


def plan(sources: Sequence[Path], companions: Mapping[str, Path], out: str | None, ending: str) -> Plan:
    """A task for each picture, those in folders and below them included; `ending` ends the results' names.

    Below a folder for the results they lie as the pictures do. Raises click.UsageError if the results have no place of
    their own.
    """
    ending = f"-{ending}"
    out_folder = Path(out) if out not in (None, "-") else None
    found = [found for source in sources for found in _files_in(source, ending, out_folder)]
    many = len(found) > 1 or any(source.is_dir() for source in sources)
    folder = _folder(out, many)
    if folder is not None:
        found = _told_apart(found)
    tasks = [_task(file, place, companions, _target(file, place, out, folder, ending)) for file, place in found]
    seen: dict[Path, Path] = {}
    for task in tasks:
        other = seen.setdefault(task.target, task.source)
        if task.source is not other and task.target != STREAM:
            raise click.UsageError(
                f"{other} and {task.source} would both be saved as {task.target}. Work on them one by one with -o."
            )
    if folder is not None:
        saving.make_folder(folder)
        for needed in {task.target.parent for task in tasks}:
            saving.make_folder(needed, parents=True)
    return Plan(tasks, _unmatched(tasks, companions) if many else ())


def _files_in(source: Path, ending: str, out: Path | None) -> list[tuple[Path, Path]]:
    """A folder's pictures without the results of an earlier run, each with its place in it; a file as it is."""
    if not source.is_dir():
        return [(source, Path(source.name))]
    results = out.resolve() if out is not None else None
    files = [
        (file, file.relative_to(source))
        for file in pictures_below(source, SUFFIXES, leave_out=lambda folder: folder.resolve() == results)
        if not file.stem.endswith(ending)
    ]
    if not files:
        raise click.UsageError(f"There are no pictures in the folder {source}.")
    return files


def _told_apart(found: Sequence[tuple[Path, Path]]) -> list[tuple[Path, Path]]:
    """Files of equal place, from several folders, each in a place that begins with its folder's name."""
    counts = Counter(place.with_suffix("") for _, place in found)
    return [
        (file, Path(_root(file, place).name) / place if counts[place.with_suffix("")] > 1 else place)
        for file, place in found
    ]


def _root(file: Path, place: Path) -> Path:
    """The folder in which `file` has its `place`."""
    return file.absolute().parents[len(place.parts) - 1]


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


def _target(file: Path, place: Path, out: str | None, folder: Path | None, ending: str) -> Path:
    name = f"{'picture' if file == STREAM else file.stem}{ending}.png"
    if folder is not None:
        return folder / place.parent / name
    if out is not None:
        return Path(out)
    return STREAM if file == STREAM else file.with_name(name)


def _task(source: Path, place: Path, companions: Mapping[str, Path], target: Path) -> Task:
    found, notices = {}, []
    for name, path in companions.items():
        file = _of_same_name(path, place) if path.is_dir() else path
        if file is not None:
            found[name] = file
        else:
            notices.append(f"There is no {name} picture for {source} in {path}.")
    return Task(source, found, target, tuple(notices))


def _of_same_name(folder: Path, place: Path) -> Path | None:
    """The picture in `folder` that has the place of another, or else its name."""
    for where in dict.fromkeys((folder / place.parent, folder)):
        files = _pictures_in(where)
        if place.stem in files:
            return files[place.stem]
    return None


@functools.lru_cache(maxsize=1024)
def _pictures_in(folder: Path) -> Mapping[str, Path]:
    """The pictures right in a folder by their names without suffix, the first of each; looked at once a command."""
    if not folder.is_dir():
        return {}
    files = sorted(folder.iterdir(), reverse=True)
    return {file.stem: file for file in files if file.suffix.lower() in SUFFIXES and not file.name.startswith(".")}


def _unmatched(tasks: Sequence[Task], companions: Mapping[str, Path]) -> list[Path]:
    """Pictures in folders of companions that no task takes."""
    taken = {file for task in tasks for file in task.companions.values()}
    folders = [path for path in companions.values() if path.is_dir()]
    return [file for folder in folders for file in pictures_below(folder, SUFFIXES) if file not in taken]
