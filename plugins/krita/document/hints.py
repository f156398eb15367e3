"""Layers of colour hints: a new one to paint on, and out of sight when they have done their work."""

from __future__ import annotations

from typing import Any, Iterable

from .nodes import children

NAME = "Colour hints"


def add(document: Any) -> str:
    """Put an empty layer on top and make it the active one; its id."""
    root = document.rootNode()
    node = document.createNode(NAME, "paintlayer")
    root.addChildNode(node, (children(root) or [None])[-1])
    document.setActiveNode(node)
    return str(node.uniqueId().toString())


def hide(document: Any, nodes: Iterable[Any]) -> None:
    """Let `nodes` be seen no more."""
    for node in nodes:
        node.setVisible(False)
    document.refreshProjection()
