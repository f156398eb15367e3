"""A document that nobody sees, to do what would leave traces in the artist's own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator, NamedTuple


class Space(NamedTuple):
    """A colour space as Krita names it."""

    model: str  # RGBA, GRAYA, CMYKA, LABA, XYZA, YCbCrA; A for masks
    depth: str  # U8, U16, F16, F32
    profile: str


def space_of(node: Any) -> Space:
    """The colour space of a node's pixels."""
    return Space(node.colorModel(), node.colorDepth(), node.colorProfile())


@contextmanager
def scratch(space: Space, width: int = 1, height: int = 1) -> Iterator[Any]:
    """A new document in `space` with one empty layer; closed in the end, without a question."""
    from krita import Krita

    document = Krita.instance().createDocument(width, height, "Inkwash", *space, 72.0)
    try:
        document.setBatchmode(True)
        yield document
    finally:
        document.waitForDone()
        document.setModified(False)
        document.close()
