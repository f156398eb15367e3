"""Results as layers: a group named by the result, at its place beside the lines, one undo step."""

from __future__ import annotations

from typing import Any, List, Mapping, NamedTuple, Optional, Tuple

from inkwash.protocol import Frame

from ..document.nodes import children, is_open, is_there, neighbour
from ..document.pieces import PAUSE, Work, at_once
from ..document.pixels import canvas, sent_space, writing
from ..document.scratch import Space, scratch, space_of
from ..errors import NotThere
from . import enlarging, frames, marks, stencils
from .frames import Moment
from .stencils import Style

OURS = "Inkwash"  # what the names of our groups and layers begin with
BELOW = "below"
TOUCHED = "The earlier result was painted on, so it is still there, hidden."
CLOSED = "The document was closed while Inkwash worked on it."


class Placed(NamedTuple):
    """A result that is in the document."""

    node: Any  # its group
    notices: List[str]  # what the artist should know


def place(
    document: Any, node: Any, result_frame: Frame, update_existing: bool, moment: Optional[Moment] = None
) -> Placed:
    """Put the result beside `node`, the first input's. NotThere."""
    return at_once(placing(document, node, result_frame, update_existing, moment))


def placing(
    document: Any, node: Any, result_frame: Frame, update_existing: bool, moment: Optional[Moment] = None
) -> Work[Placed]:
    """The same in pieces.

    One undo step takes the group out again. With `update_existing`, the group that the filter left there before
    goes, and the new one has its opacity and blending mode: Krita makes that a second undo step. One that was
    painted on stays, hidden. With a `moment`, the layers have a keyframe there, and beside it the frames of the group
    before, which goes too if it has nothing at that time. Where the result is larger than the document, that is scaled
    before, as an undo step of its own.
    """
    size = enlarging.size_of(document, result_frame)
    if size is not None:
        yield from enlarging.scaling(document, size)
    group = result_frame.message["group"]
    old = existing(check_there(document, node), group)
    is_free = old is not None and (yield from _is_free(document, old, moment))
    old = old if update_existing or is_free else None
    style = Style(group["blend"]) if old is None else Style.of(old)
    is_touched = old is not None and not is_free and (yield from _is_touched(old, moment))
    made, is_full = yield from _made(node, result_frame, style, full=moment is not None)
    placed = yield from marks.of_frame(result_frame)
    if moment is not None:
        placed = yield from marks.of_group(made, placed)
        made = yield from frames.framed(made, style, (document.width(), document.height()), moment, old)
    made.setName(group["name"])
    anchor, active = check_there(document, node), document.activeNode()
    old = old if is_there(document, old) else None
    attached = attach(document, made, anchor, None if is_touched else old, group["place"])
    if is_touched and old is not None:
        old.setVisible(False)
    if not is_full:
        at_once(_fill(attached, result_frame))  # not in pieces: nobody shall see, or stop at, half a group
    if not is_full or is_touched or moment is not None:
        document.refreshProjection()
    if moment is None and sent_space(node) != own_space(node):  # Krita has converted what the frame has
        placed = yield from marks.of_group(attached, placed)
    marks.keep(attached, placed, *((moment.time, old) if moment is not None else ()))
    yield from keeping_active(document, active)
    return Placed(attached, [*(moment.notices if moment is not None else ()), *([TOUCHED] if is_touched else [])])


def _is_free(document: Any, old: Any, moment: Optional[Moment]) -> Work[bool]:
    """Whether nothing of the earlier group is seen at that moment."""
    return moment is not None and (yield from frames.waits(old, canvas(document), moment.time))


def _is_touched(old: Any, moment: Optional[Moment]) -> Work[bool]:
    """Whether what would go of the earlier group is not as it was placed."""
    time = moment.time if moment is not None and frames.is_animated(old) else None
    if time is not None and not frames.has_frame(old, time):
        return False
    return not (yield from marks.holds(old, time))


def attach(document: Any, made: Any, anchor: Any, old: Optional[Any], side: str) -> Any:
    """Put the detached `made` into the document, in the place of `old` or beside `anchor`.

    Returns the node that it is there: `made` still refers to the scratch document. NotThere.
    """
    parent = anchor.parentNode()
    if old is not None:
        old.parentNode().addChildNode(made, old)
        old.remove()
    elif parent is None:  # the whole picture was worked on
        anchor.addChildNode(made, (children(anchor) or [None])[-1])
    else:
        parent.addChildNode(made, neighbour(anchor, -1) if side == BELOW else anchor)
    attached = document.nodeByUniqueID(made.uniqueId())
    if attached is None:  # Krita deals with events while it adds a layer
        raise NotThere(CLOSED)
    return attached


def keeping_active(document: Any, active: Optional[Any]) -> Work[None]:
    """Krita makes a new layer the active one, some events after it was added: then make it `active` again."""
    for _ in range(2):
        yield PAUSE
    if active is not None and is_open(document):
        document.setActiveNode(active)


def check_there(document: Any, node: Any) -> Any:
    """The layer beside which results of `node` go: itself, the layer whose mask it is; NotThere."""
    if not is_open(document):
        raise NotThere(CLOSED)
    if not is_there(document, node):
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
    step = -1 if group["place"] == BELOW or anchor.parentNode() is None else 1
    node = neighbour(anchor, step) if anchor.parentNode() else (children(anchor) or [None])[-1]
    while node is not None and node.name().startswith(OURS):
        if node.name() == group["name"] and node.type() == "grouplayer":
            plain = all(child.type() == "paintlayer" and not children(child) for child in children(node))
            return node if plain else None
        node = neighbour(node, step)
    return None


def _made(node: Any, frame: Frame, style: Style, full: bool) -> Work[Tuple[Any, bool]]:
    """A detached group for the result's layers, and whether it has them in it already, as it has if `full`.

    Krita refreshes the picture where a group is added, but does not put the group's own layers together then. It
    need not if there is only one. So a group of more is filled when it is in its place, and refreshed once.
    """
    styles = tuple(Style(output["blend"]) for output in frame.message["outputs"])
    space = sent_space(node)
    if space != own_space(node):
        return (yield from _converted(node, frame, style, styles)), True
    made = stencils.group(space, style, styles)
    full = full or styles == (Style(),)
    if full:
        yield from _fill(made, frame)
    return made, full


def _converted(node: Any, frame: Frame, style: Style, styles: Tuple[Style, ...]) -> Work[Any]:
    """A full group in the colour space of `node`, which the wire does not know: Krita converts the result."""
    with scratch(sent_space(node), frame.layers[0].width, frame.layers[0].height) as document:
        made = stencils.build(document, style, styles)
        document.rootNode().addChildNode(made, None)
        yield from _fill(made, frame)
        document.setColorSpace(*own_space(node))
        document.refreshProjection()
        document.waitForDone()
        return made.duplicate()


def own_space(node: Any) -> Space:
    """The colour space of the layers that results of `node` become."""
    return sent_space(node) if node.type().endswith("mask") else space_of(node)


def _fill(group: Any, frame: Frame) -> Work[None]:
    layers = {layer.name: layer for layer in frame.layers}
    for child, output in zip(children(group), frame.message["outputs"]):
        child.setName(output["label"])
        yield from writing(child, layers[output["name"]])
