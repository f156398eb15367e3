"""What the plugin remembers between sessions, in Krita's own settings: values, chosen layers, known filters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Protocol

GROUP = "inkwash"
DOCUMENTS = 40  # whose chosen layers are kept, the latest ones
MANIFEST = Path(__file__).parents[1] / "manifest.json"  # put there by the installer; absent in a checkout

Json = Dict[str, Any]


class Settings(Protocol):
    """Where it is kept: Krita itself."""

    def readSetting(self, group: str, name: str, default: str) -> str:  # noqa: N802 (Krita's name)
        """The text that was written, or `default`."""

    def writeSetting(self, group: str, name: str, value: str) -> None:  # noqa: N802 (Krita's name)
        """Keep a text."""


class Memory:
    """Reads once, writes at every change. Whatever is damaged counts as never said."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._values = self._read("values")
        self._layers = self._read("layers")
        self._options = self._read("options")

    def values(self, filter: str) -> Json:
        """The values of a filter's parameters that the artist changed."""
        return _object(self._values.get(filter))

    def keep_value(self, filter: str, name: str, value: Any) -> None:
        """Keep the value of one parameter."""
        self._values[filter] = {**self.values(filter), name: value}
        self._write("values", self._values)

    def forget_value(self, filter: str, name: str) -> None:
        """Let a parameter have its default again."""
        self._values[filter] = {key: value for key, value in self.values(filter).items() if key != name}
        self._write("values", self._values)

    def layers(self, document: str, filter: str) -> Dict[str, Optional[str]]:
        """The layers, by their id, that the artist chose for a filter's inputs; None stands for no layer."""
        return _object(_object(self._layers.get(document)).get(filter))

    def keep_layer(self, document: str, filter: str, input: str, layer: Optional[str]) -> None:
        """Keep the layer that was chosen for an input."""
        filters = _object(self._layers.pop(document, None))
        filters[filter] = {**_object(filters.get(filter)), input: layer}
        self._layers[document] = filters  # as the latest one
        for old in list(self._layers)[:-DOCUMENTS]:
            del self._layers[old]
        self._write("layers", self._layers)

    def option(self, name: str, default: Any) -> Any:
        """A choice that belongs to no filter."""
        value = self._options.get(name, default)
        return value if isinstance(value, type(default)) else default

    def keep_option(self, name: str, value: Any) -> None:
        """Keep such a choice."""
        if self._options.get(name) != value:
            self._options[name] = value
            self._write("options", self._options)

    def filters(self) -> List[Json]:
        """The declarations that were there last time, else those that came with the plugin."""
        known = _declarations(self._read("filters").get("filters"))
        return known or _declarations(_shipped().get("filters"))

    def keep_filters(self, filters: List[Json]) -> None:
        """Keep what the service declares, for a start without it."""
        if filters != self.filters():
            self._write("filters", {"filters": filters})

    def _read(self, name: str) -> Json:
        return _parsed(self._settings.readSetting(GROUP, name, ""))

    def _write(self, name: str, content: Mapping[str, Any]) -> None:
        self._settings.writeSetting(GROUP, name, json.dumps(content))


def _shipped() -> Json:
    try:
        return _parsed(MANIFEST.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _parsed(text: str) -> Json:
    try:
        return _object(json.loads(text))
    except (ValueError, RecursionError):
        return {}


def _object(value: Any) -> Json:
    return dict(value) if isinstance(value, dict) else {}


def _declarations(value: Any) -> List[Json]:
    """`value` if it is a list of declarations, as far as this plugin reads them; else nothing."""
    wanted = {"id": str, "label": str, "help": str, "inputs": list, "parameters": list}
    found = value if isinstance(value, list) else []
    good = [
        one
        for one in found
        if isinstance(one, dict) and all(isinstance(one.get(key), kind) for key, kind in wanted.items())
    ]
    return good if len(good) == len(found) else []
