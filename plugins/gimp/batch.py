"""A filter over a folder: every picture in it is opened, worked on, and saved with its layers beside the others."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, Iterator, List, NamedTuple

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, Gio, GLib  # noqa: E402

from inkwash.client.wording import failure  # noqa: E402

from .image import sources  # noqa: E402

SUFFIXES = (".xcf", ".ora", ".psd", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp", ".gif")
SAVED = ".xcf"  # which keeps the layers
SHOWN = 5  # failures that are told one by one


class Summary(NamedTuple):
    """What came of a batch."""

    done: int
    skipped: int  # there was a result already
    failed: List[str]  # each with its reason

    def __str__(self) -> str:
        parts = ["{} done".format(self.done)]
        parts += ["{} skipped, which had a result already".format(self.skipped)] if self.skipped else []
        parts += ["{} failed".format(len(self.failed))] if self.failed else []
        return "\n".join([", ".join(parts) + ".", *self.failed[:SHOWN]])


def pictures(folder: Path, ending: str) -> List[Path]:
    """The pictures in `folder` and the folders in it, without hidden ones and results of an earlier batch, by name."""
    found: List[Path] = []
    for place, folders, files in os.walk(str(folder)):
        folders[:] = [name for name in folders if not name.startswith((".", "__MACOSX", "@eaDir"))]
        ours = (Path(place, name) for name in files if not name.startswith("."))
        found += (file for file in ours if file.suffix.lower() in SUFFIXES and not file.stem.endswith(ending))
    return sorted(found)


def run(folder: Path, ending: str, work: Callable[[Any], Any], say: Callable[[str], None]) -> Summary:
    """Let `work` change each picture of `folder`, as an image, and save it as NAME and `ending`; never over a file.

    `say` hears which one it is. A job that is cancelled ends it all: JobFailed.
    """
    done, skipped, failed = 0, 0, []
    files = pictures(folder, ending)
    for number, file in enumerate(files, 1):
        target = file.with_name(file.stem + ending + SAVED)
        if target.exists():
            skipped += 1
            continue
        name = str(file.relative_to(folder))
        say("page {} of {}: {}".format(number, len(files), name))
        try:
            with _opened(file) as image:
                work(image)
                Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path(str(target)), None)
            done += 1
        except Exception as error:
            if getattr(error, "code", "") == "cancelled":
                raise
            failed.append("{}: {}".format(name, _reason(error)))
    return Summary(done, skipped, failed)


@contextmanager
def _opened(file: Path) -> Iterator[Any]:
    """The picture as an image, for as long as one works on it."""
    image = sources.opened(Gio.File.new_for_path(str(file)))
    try:
        yield image
    finally:
        image.delete()


def _reason(error: Exception) -> str:
    return str(error.message) if isinstance(error, GLib.Error) else failure(error).message
