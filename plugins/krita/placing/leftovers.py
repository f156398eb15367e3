"""What earlier versions left in files: the live preview was a locked layer then, saved with the document."""

from __future__ import annotations

from typing import Any

from ..document.nodes import children

NAME = "Inkwash preview"


def sweep(document: Any) -> bool:
    """Take such layers out of `document`; whether there were any. Its file still has them until it is saved."""
    found = [node for node in _all(document.rootNode()) if node.name() == NAME and node.locked()]
    for node in found:
        node.remove()
    return bool(found)


def _all(node: Any) -> Any:
    for child in [] if node is None else children(node):
        yield child
        yield from _all(child)
