"""Results as layers: a group named by the result, at its place beside the lines, one undo step."""

from __future__ import annotations

from typing import Any, Mapping, Optional

from inkwash.protocol import Frame

from . import stencils
from .errors import NotThere
from .pieces import PAUSE, Work, at_once
from .pixels import sent_space, writing
from .scratch import Space, scratch, space_of
from .stencils import Style

OURS = "Inkwash"  # what the names of our groups and layers begin with
BELOW = "below"


def place(document: Any, node: Any, result_frame: Frame, update_existing: bool) -> Any:
    """Put the result beside `node`, the first input's; the group. NotThere."""
    return at_once(placing(document, node, result_frame, update_existing))


def placing(document: Any, node: Any, result_frame: Frame, update_existing: bool) -> Work[Any]:
    """The same in pieces; nothing is in the document before the last one.

    One undo step takes the group out again. With `update_existing`, the group that the filter left there before
    goes, and the new one has its opacity and blending mode: Krita makes that a second undo step.
    """
    group = result_frame.message["group"]
    anchor = check_there(document, node)
    old = existing(anchor, group) if update_existing else None
    style = Style(group["blend"]) if old is None else Style(old.blendingMode(), old.opacity())
    made = yield from _filled(node, result_frame, style)
    made.setName(group["name"])
    anchor, active = check_there(document, node), document.activeNode()
    attached = attach(document, made, anchor, old if _is_in(document, old) else None, group["place"])
    yield from keeping_active(document, active)
    return attached


def attach(document: Any, made: Any, anchor: Any, old: Optional[Any], side: str) -> Any:
    """Put the detached `made` into the document, in the place of `old` or beside `anchor`; the node it is there."""
    parent = anchor.parentNode()
    if old is not None:
        parent.addChildNode(made, old)
        old.remove()
    elif parent is None:  # the whole picture was worked on
        anchor.addChildNode(made, (anchor.childNodes() or [None])[-1])
    else:
        parent.addChildNode(made, _neighbour(anchor, -1) if side == BELOW else anchor)
    document.refreshProjection()  # Krita takes a new group for empty until its layers have been put together
    return document.nodeByUniqueID(made.uniqueId())  # `made` itself still refers to the scratch document


def keeping_active(document: Any, active: Optional[Any]) -> Work[None]:
    """Krita makes a new layer the active one, some events after it was added: then make it `active` again."""
    for _ in range(2):
        yield PAUSE
    if active is not None and is_open(document):
        document.setActiveNode(active)


def is_open(document: Any) -> bool:
    """Whether the artist still has `document` open."""
    from krita import Krita

    return document in Krita.instance().documents()


def is_there(document: Any, node: Any) -> bool:
    """Whether `node` is in `document`, and that open."""
    return is_open(document) and _is_in(document, node)


def check_there(document: Any, node: Any) -> Any:
    """The layer beside which results of `node` go: itself, the layer whose mask it is; NotThere."""
    if not is_open(document):
        raise NotThere("The document was closed while Inkwash worked on it.")
    if not _is_in(document, node):
        raise NotThere(
            "The layer was deleted while Inkwash worked on it.", "Undo the deletion, or choose another layer."
        )
    while node.type().endswith("mask"):
        node = node.parentNode()
    return node


def existing(anchor: Any, group: Mapping[str, Any]) -> Optional[Any]:
    """The group that an earlier run of the same filter left beside `anchor`; None if there is none.

    Only our own groups may lie in between, so that it is not that of another layer. One that the artist has given
    masks or more layers is not ours any more.
    """
    step = -1 if group["place"] == BELOW else 1
    node = _neighbour(anchor, step)
    while node is not None and node.name().startswith(OURS):
        if node.name() == group["name"] and node.type() == "grouplayer":
            plain = all(child.type() == "paintlayer" and not child.childNodes() for child in node.childNodes())
            return node if plain else None
        node = _neighbour(node, step)
    return None


def _filled(node: Any, frame: Frame, style: Style) -> Work[Any]:
    """A detached group with the result's layers."""
    outputs = frame.message["outputs"]
    children = tuple(Style(output["blend"]) for output in outputs)
    space = sent_space(node)
    if space == own_space(node):
        made = stencils.group(space, style, children)
        yield from _fill(made, frame)
        return made
    with scratch(space) as document:  # the wire does not know the node's colour space: Krita must convert
        made = stencils.build(document, style, children)
        document.rootNode().addChildNode(made, None)
        yield from _fill(made, frame)
        document.setColorSpace(*own_space(node))
        document.waitForDone()
        return made.duplicate()


def own_space(node: Any) -> Space:
    """The colour space of the layers that results of `node` become."""
    return sent_space(node) if node.type().endswith("mask") else space_of(node)


def _fill(group: Any, frame: Frame) -> Work[None]:
    layers = {layer.name: layer for layer in frame.layers}
    for child, output in zip(group.childNodes(), frame.message["outputs"]):
        child.setName(output["label"])
        yield from writing(child, layers[output["name"]])


def _is_in(document: Any, node: Optional[Any]) -> bool:
    return node is not None and document.nodeByUniqueID(node.uniqueId()) is not None


def _neighbour(node: Any, step: int) -> Optional[Any]:
    """The node beside `node` in its group, `step` places higher; None beyond the ends, and for the root."""
    parent = node.parentNode()
    if parent is None:
        return None
    siblings = parent.childNodes()
    own = [sibling.uniqueId() for sibling in siblings].index(node.uniqueId())
    return siblings[own + step] if 0 <= own + step < len(siblings) else None
