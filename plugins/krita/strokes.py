"""A Colorize Mask's key strokes as a hint layer."""

from __future__ import annotations

from typing import Any, Generator

from inkwash.protocol import Layer

TYPE = "colorizemask"


def reading(document: Any, mask: Any, name: str) -> Generator[None, None, Layer]:
    """The key strokes of `mask` as one RGBA layer called `name`, in pieces; transparent strokes are left out."""
    raise NotImplementedError
    yield
