"""Krita's layer tree: children, neighbours, and whether a node is still there."""

from __future__ import annotations

from typing import Any, List, Optional

from ..qt import sip


def children(node: Any) -> List[Any]:
    """The child nodes, bottom first.

    Krita makes an object for each and then forgets it: unless it is Python's to delete, the layer's pixels stay in
    memory for ever, long after the layer is gone.
    """
    found: List[Any] = node.childNodes()
    for child in found:
        sip.transferback(child)
    return found


def neighbour(node: Any, step: int) -> Optional[Any]:
    """The node beside `node` in its group, `step` places higher; None beyond the ends, and for the root."""
    parent = node.parentNode()
    if parent is None:
        return None
    siblings = children(parent)
    own = [sibling.uniqueId() for sibling in siblings].index(node.uniqueId())
    return siblings[own + step] if 0 <= own + step < len(siblings) else None


def is_open(document: Any) -> bool:
    """Whether the artist still has `document` open."""
    from krita import Krita

    return document in Krita.instance().documents()


def home(document: Any, node: Any) -> Any:
    """The open document that `node` is in: `document`, unless it is another's."""
    from krita import Krita

    if document.nodeByUniqueID(node.uniqueId()) is not None or node.parentNode() is not None:
        return document
    return next((one for one in Krita.instance().documents() if one.rootNode() == node), document)


def is_there(document: Any, node: Optional[Any]) -> bool:
    """Whether `node` is in `document`, and that open."""
    return node is not None and is_open(document) and document.nodeByUniqueID(node.uniqueId()) is not None
