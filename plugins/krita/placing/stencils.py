"""Ready-made groups and layers that belong to no document yet.

Whatever is done to a layer that Krita made for a document becomes an undo step of that document: each child that
is put into a group, each blending mode. So a group is made in a scratch document, once for each make, and then
copied: a copy costs nothing, and to attach it is the one undo step that the artist sees.
"""

from __future__ import annotations

from typing import Any, Dict, NamedTuple, Tuple

from ..document.nodes import children
from ..document.scratch import Space, scratch

THROUGH = "through"  # not the group, but each layer in it lies on what is below the group


class Style(NamedTuple):
    """How a layer lies on what is below it."""

    blend: str = "normal"
    opacity: int = 255

    @classmethod
    def of(cls, node: Any) -> Style:
        """The style of a group or layer that is there."""
        through = node.type() == "grouplayer" and node.passThroughMode()
        return cls(THROUGH if through else node.blendingMode(), node.opacity())


Make = Tuple[Space, Style, Tuple[Style, ...]]  # of the group, and of its paint layers from the bottom up

_stencils: Dict[Make, Any] = {}


def group(space: Space, style: Style, inside: Tuple[Style, ...]) -> Any:
    """A detached group with empty paint layers in `space`; only their names and pixels may be set."""
    make = (space, style, inside)
    if make not in _stencils:
        with scratch(space) as document:
            _stencils[make] = build(document, style, inside).duplicate()
    return _stencils[make].duplicate()


def paint_layer(space: Space, style: Style) -> Any:
    """A detached paint layer in `space`; only its name, its lock and its pixels may be set."""
    return children(group(space, Style(), (style,)))[0].duplicate()


def build(document: Any, style: Style, inside: Tuple[Style, ...]) -> Any:
    """A group for `document`, not attached to it."""
    node = document.createGroupLayer("")
    dress(node, style)
    below = None
    for child_style in inside:
        child = document.createNode("", "paintlayer")
        dress(child, child_style)
        node.addChildNode(child, below)
        below = child
    return node


def dress(node: Any, style: Style) -> None:
    """Let `node` lie so on what is below it."""
    if style.blend == THROUGH:
        node.setPassThroughMode(True)
    else:
        node.setBlendingMode(style.blend)
    node.setOpacity(style.opacity)


def forget() -> None:
    """Let go of all of them, before Krita ends."""
    _stencils.clear()
