"""Between Krita's nodes and layers: what the artist sees of a node goes out, a result's pixels come in."""

from __future__ import annotations

from typing import Any, Generator, Optional

from inkwash.protocol import Layer

Pieces = Generator[None, None, Any]


def read(document: Any, node: Any, name: str) -> Layer:
    """What the artist sees of `node` on the canvas (masks and opacity included) as a layer called `name`."""
    raise NotImplementedError


def reading(document: Any, node: Any, name: str, trim: bool = False) -> Generator[None, None, Layer]:
    """The same in pieces; between two of them the window answers. `trim` leaves out what is empty."""
    raise NotImplementedError
    yield


def write(node: Any, layer: Layer) -> None:
    """Put `layer`'s pixels into the paint layer `node`, at their place."""
    raise NotImplementedError


def writing(node: Any, layer: Layer) -> Generator[None, None, None]:
    """The same in pieces."""
    raise NotImplementedError
    yield


def selection(document: Any) -> Optional[Layer]:
    """The document's selection as a GRAY layer called `selection`; None if everything is selected."""
    raise NotImplementedError
