"""Named settings of filters, the artist's own: one file of the data folder, shared by every front end."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inkwash.models.errors import InkwashError
from inkwash.models.filters import Filter, find

from ..errors import BadRequest, NoSuchPreset
from . import saving

NAME_LENGTH = 100  # characters
MOST = 1000  # of one filter
BYTES = 4 * 2**20  # of the file; more was not written by Inkwash

Named = dict[str, dict[str, Any]]  # settings by name


class Presets:
    """The presets in `file`, read anew each time; its methods may be called from any thread."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()

    def all(self) -> list[dict[str, Any]]:
        """Each preset as JSON-ready data: filter, name, settings; sorted."""
        found = self._read()
        return [
            {"filter": filter, "name": name, "settings": settings}
            for filter in sorted(found)
            for name, settings in sorted(found[filter].items())
        ]

    def get(self, filter: Filter, name: str) -> dict[str, Any]:
        """The settings called `name` that `filter` still knows; NoSuchPreset."""
        named = self._read().get(filter.id, {})
        if name not in named:
            there = ", ".join(sorted(named)) or "none"
            raise NoSuchPreset(f"There is no preset called {name!r} for {filter.label}.", f"There are: {there}.")
        return usable(filter, named[name])

    def put(self, filter: str, name: str, settings: Mapping[str, Any]) -> None:
        """Keep `settings` under `name`, in place of earlier ones.

        UnknownFilter, BadParameter, BadRequest, NotSaved.
        """
        if not name.strip() or len(name) > NAME_LENGTH or not name.isprintable():
            raise BadRequest(f"A preset cannot be called {name!r:.60}.", f"Give it up to {NAME_LENGTH} letters.")
        find(filter).settings(settings)
        with self._lock:
            found = self._read()
            named = found.setdefault(filter, {})
            if name not in named and len(named) >= MOST:
                raise BadRequest("There are too many presets.", "Delete those that you do not need.")
            named[name] = dict(settings)
            self._write(found)

    def delete(self, filter: str, name: str) -> None:
        """Forget one; NoSuchPreset, NotSaved."""
        with self._lock:
            found = self._read()
            if name not in found.get(filter, {}):
                raise NoSuchPreset("There is no such preset any more.", "It has been deleted before.")
            del found[filter][name]
            self._write(found)

    def _read(self) -> dict[str, Named]:
        """What the file holds, without what makes no sense in it: it may have been edited by hand."""
        try:
            data = json.loads(self._file.read_bytes()) if self._file.stat().st_size <= BYTES else {}
        except (OSError, ValueError, RecursionError):
            return {}
        items = data.items() if isinstance(data, dict) else ()
        return {
            filter: {name: settings for name, settings in named.items() if isinstance(settings, dict)}
            for filter, named in items
            if isinstance(named, dict)
        }

    def _write(self, found: dict[str, Named]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        saving.save(self._file, json.dumps(found, indent=1).encode(), force=True)


def usable(filter: Filter, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `settings` that `filter` knows and takes: another version may have written them."""
    kept = {}
    for name, value in settings.items():
        try:
            filter.settings({name: value})
        except InkwashError:
            continue
        kept[name] = value
    return kept


def from_file(filter: Filter, file: Path) -> dict[str, Any]:
    """The settings in the JSON `file`, a preset as `presets show` prints it or the settings alone; BadRequest."""
    try:
        data = json.loads(file.read_bytes()) if file.stat().st_size <= BYTES else None
    except (OSError, ValueError, RecursionError):
        data = None
    settings = data.get("settings", data) if isinstance(data, dict) else None
    if not isinstance(settings, dict) or (isinstance(data, dict) and data.get("filter", filter.id) != filter.id):
        raise BadRequest(f"{file} holds no settings for {filter.label}.", "`inkwash presets show` prints such a file.")
    filter.settings(settings)
    return settings
