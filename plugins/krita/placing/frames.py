"""Results in animated documents: keyframes in the layers of our group, so that no still lies over all frames.

Krita's interface makes no keyframes. But it imports pictures as the frames of a layer, and a layer that is merged with
another one has the frames of both. So in a document that nobody sees, empty pictures become frames where they are
wanted, and are merged with the layers that were there.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List, NamedTuple, Optional

from ..document.area import Area
from ..document.nodes import children
from ..document.pieces import Work
from ..document.scratch import scratch, space_of
from ..errors import HostError
from ..qt import QImage
from . import stencils
from .stencils import Style

ROWS = 256  # copied at once
STILL = "This picture is animated, but “{}” is not: it is the same on every frame. The result is on frame {}{}."


class Moment(NamedTuple):
    """Where in time a result belongs."""

    time: int  # the frame
    until: Optional[int] = None  # the next frame on which something else was drawn
    still: str = ""  # the name of a layer that was read and is not animated

    @property
    def notices(self) -> List[str]:
        """What the artist should know of it."""
        end = " and after it" if self.until is None else " to {}".format(self.until - 1)
        return [STILL.format(self.still, self.time, "" if self.until == self.time + 1 else end)] if self.still else []


def moment(document: Any, nodes: Iterable[Any]) -> Optional[Moment]:
    """The frame of `document` that is seen, of which `nodes` are read; None if it has but one picture."""
    if not any(node.animated() for node in _inside(document.rootNode())):
        return None
    read = [list(_inside(node)) for node in nodes]
    still = [inside[0] for inside in read if not any(node.animated() for node in inside)]
    moving = [node for inside in read for node in inside if node.animated()]
    now = int(document.currentTime())
    later = range(now + 1, document.fullClipRangeEndTime() + 1)
    until = next((time for time in later if any(node.hasKeyframeAtTime(time) for node in moving)), None)
    return Moment(now, until, str(still[0].name()) if still else "")


def is_animated(group: Any) -> bool:
    """Whether one of its layers is."""
    return any(layer.animated() for layer in children(group))


def has_frame(group: Any, time: int) -> bool:
    """Whether one of the layers of `group` has a keyframe there."""
    return any(layer.hasKeyframeAtTime(time) for layer in children(group))


def waits(group: Any, area: Area, time: int) -> Work[bool]:
    """Whether `group` is animated and has nothing at `time`, in pieces: what comes there takes the place of nothing."""
    for layer in children(group):
        if not layer.animated():
            return False
        for top in range(area.y, area.y + area.height, ROWS):
            rows = min(ROWS, area.y + area.height - top)
            if bytes(layer.pixelDataAtTime(area.x, top, area.width, rows, time)).strip(b"\0"):
                return False
            yield
    return True


def framed(still: Any, style: Style, size: Any, moment: Moment, old: Optional[Any]) -> Work[Any]:
    """A detached group of the layers of `still` as frames of that moment; on the others it is as `old`, in pieces.

    `size` is the document's, width and height. HostError.
    """
    layers = {str(layer.name()): layer for layer in children(still)}
    before = {str(layer.name()): layer for layer in (children(old) if old is not None else ())}
    with scratch(space_of(still), *size) as document:
        group = document.createGroupLayer("")
        stencils.dress(group, style)
        document.rootNode().addChildNode(group, None)
        empty = [_empty(document, time) for time in (moment.time, moment.until) if time is not None]
        made: Dict[str, Any] = {}
        for name in [*layers, *(name for name in before if name not in layers)]:
            made[name] = _with_frames(document, group, empty, before.get(name))
            yield
        document.setCurrentTime(moment.time)
        document.waitForDone()
        for name, layer in made.items():
            yield from _clear(layer)
            if name in layers:
                yield from _copy(layers[name], layer)
            stencils.dress(layer, Style.of(layers.get(name) or before[name]))
            layer.setName(name)
        return group.duplicate()


def _empty(document: Any, time: int) -> Any:
    """A layer of the scratch `document` with nothing but a keyframe."""
    with tempfile.TemporaryDirectory(prefix="inkwash-frames-") as folder:
        file = str(Path(folder, "empty.png"))
        picture = QImage(1, 1, QImage.Format.Format_ARGB32)
        picture.fill(0)
        picture.save(file)
        # One file at a time: where Krita opens the second one, a thread may still work on the first, and it crashes.
        if not document.importAnimation([file], time, 1):
            raise HostError("Krita could not make a keyframe.", "Save the picture, start Krita again, try once more.")
    document.waitForDone()
    layer = children(document.rootNode())[-1]
    space = space_of(document.rootNode())
    if space_of(layer) != space:
        layer.setColorSpace(*space)
    return layer


def _with_frames(document: Any, group: Any, frames: List[Any], old: Optional[Any]) -> Any:
    """A layer on top in `group` that has the keyframes of all `frames` and what is on those of `old`."""
    top = (children(group) or [None])[-1]
    parts = [layer.duplicate() for layer in ([] if old is None else [old]) + frames]
    for part in parts:
        stencils.dress(part, Style())
        part.setVisible(True)
        group.addChildNode(part, top)
        top = part
    for _ in parts[1:]:
        children(group)[-1].mergeDown()
        document.waitForDone()
    return children(group)[-1]


def _clear(layer: Any) -> Work[None]:
    """Let nothing be on its frame that is seen."""
    area = Area.of(layer.bounds())
    pixel = len(bytes(layer.pixelData(0, 0, 1, 1)))
    for top in range(area.y, area.y + area.height, ROWS):
        rows = min(ROWS, area.y + area.height - top)
        layer.setPixelData(bytes(pixel * area.width * rows), area.x, top, area.width, rows)
        yield


def _copy(source: Any, target: Any) -> Work[None]:
    """The pixels of a layer of the same colour space."""
    area = Area.of(source.bounds())
    for top in range(area.y, area.y + area.height, ROWS):
        strip = area.x, top, area.width, min(ROWS, area.y + area.height - top)
        target.setPixelData(bytes(source.pixelData(*strip)), *strip)
        yield


def _inside(node: Any) -> Iterator[Any]:
    """`node` and all that is in it."""
    yield node
    for child in children(node):
        yield from _inside(child)
