"""A model's card: what a weights file says of itself, checked by type and size before anybody believes it."""

from __future__ import annotations

import base64
import binascii
import functools
import json
import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from . import regular
from .errors import BadModel
from .text import plain

HEADER_KEY = "inkwash"
HEADER_LIMIT = 2**20  # bytes; a real header is a few kB and a thumbnail
THUMBNAIL_SIDE = 512  # pixels
PNG = b"\x89PNG\r\n\x1a\n"
KEPT = 20_000  # cards in memory: of more models than anybody has
NAME, WORDS = 100, 4000  # characters
MANY = 200  # entries of a list or a map

Shapes = Mapping[str, tuple[str, tuple[int, ...]]]  # type and sides of each tensor, by name


def _text(most: int, *, kept: str = "") -> Callable[[Any], str]:
    """A check for words of so many characters, which come back as what can be shown anywhere."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or len(value) > most:
            raise ValueError(f"it is no text of at most {most} characters")
        return plain(value, kept=kept)

    return check


def _sources(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MANY:
        raise ValueError(f"it is no list of at most {MANY} texts")
    return [_text(WORDS)(item) for item in value]


def _figures(value: Any) -> dict[str, float]:
    if not isinstance(value, dict) or len(value) > MANY:
        raise ValueError(f"it is no map of at most {MANY} numbers")
    for item in value.values():
        if isinstance(item, bool) or not isinstance(item, (int, float)) or not math.isfinite(item):
            raise ValueError("one of its values is no number")
    return {_text(NAME)(key): item for key, item in value.items()}


def _settings(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > MANY:
        raise ValueError(f"it is no map of at most {MANY} settings")
    if not all(isinstance(item, (bool, int, float, str)) and len(str(item)) <= NAME for item in value.values()):
        raise ValueError("one of its values is neither a number nor a short text")
    return value


def _thumbnail(value: Any) -> str:
    """The picture's text; none at all if it is no small PNG: no model is refused for its thumbnail."""
    try:
        png = base64.b64decode(value, validate=True)
        sides = struct.unpack_from(">II", png, 16)
    except (TypeError, ValueError, binascii.Error, struct.error):
        return ""
    return str(value) if png.startswith(PNG) and 0 < max(sides) <= THUMBNAIL_SIDE else ""


@dataclass(frozen=True)
class Card:
    """What a weights file says of itself; enough to rebuild its network and to credit its sources."""

    name: str = field(metadata={"check": _text(NAME)})  # unique in the store, lower case, the file's stem
    label: str = field(metadata={"check": _text(NAME)})  # for menus
    role: str = field(metadata={"check": _text(NAME)})  # which filters can use it, such as "colorizer"
    architecture: str = field(metadata={"check": _text(NAME)})  # a key of `inkwash.models.networks.ARCHITECTURES`
    settings: dict[str, Any] = field(metadata={"check": _settings})  # keyword arguments of the architecture
    version: str = field(metadata={"check": _text(NAME)})
    licence: str = field(metadata={"check": _text(WORDS)})
    trained_on: list[str] = field(default_factory=list, metadata={"check": _sources})  # with their licences
    metrics: dict[str, float] = field(default_factory=dict, metadata={"check": _figures})
    notes: str = field(default="", metadata={"check": _text(WORDS, kept="\n\t")})
    thumbnail: str = field(default="", metadata={"check": _thumbnail})  # PNG, base64; empty if none


def read_card(file: Path) -> Card:
    """The card in `file`'s header, without reading its weights, under the file's own name; BadModel if there is none.

    A file that has not changed is read once.
    """
    try:
        status = file.stat()
        stamp = status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
    except OSError as error:
        raise _bad(file, error) from error
    card = _card_at(file, stamp)
    if isinstance(card, BadModel):
        raise card
    return card


def read_shapes(file: Path) -> Shapes:
    """The types and sides of `file`'s tensors, by its header alone; BadModel."""
    try:
        header = _header(file)
        return {
            name: (str(tensor["dtype"]), tuple(int(side) for side in tensor["shape"]))
            for name, tensor in header.items()
            if name != "__metadata__"
        }
    except (OSError, struct.error, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _bad(file, error) from error


@functools.lru_cache(maxsize=KEPT)
def _card_at(file: Path, stamp: tuple[int, ...]) -> Card | BadModel:
    try:
        if plain(file.stem) != file.stem or len(file.stem) > NAME:
            raise ValueError("its name cannot be shown: rename it")
        data = json.loads(_header(file)["__metadata__"][HEADER_KEY], parse_constant=_no_number)
        return replace(_parsed(data), name=file.stem)
    except (OSError, struct.error, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return _bad(file, error)


def _header(file: Path) -> dict[str, Any]:
    with regular.opened(file) as stream:
        (size,) = struct.unpack("<Q", stream.read(8))
        if size > HEADER_LIMIT:
            raise ValueError("its header is too large")
        header = json.loads(stream.read(size))
    if not isinstance(header, dict):
        raise ValueError("its header is no map")
    return header


def _parsed(data: Any) -> Card:
    """The card that `data` describes; ValueError names the field that is wrong. Fields of later versions are left."""
    values = {}
    for known in fields(Card):
        if known.name in data:
            try:
                values[known.name] = known.metadata["check"](data[known.name])
            except ValueError as error:
                raise ValueError(f"its card's {known.name}: {error}") from error
    return Card(**values)


def _no_number(name: str) -> float:
    raise ValueError(f"its card holds {name}")


def _bad(file: Path, error: Exception) -> BadModel:
    reason = getattr(error, "strerror", None) or str(error)[:200] or type(error).__name__
    return BadModel(
        plain(f"{file.name} is not an Inkwash model, or it is damaged."),
        plain(f"Copy the file again or remove it from {file.parent}. ({reason})"),
    )
