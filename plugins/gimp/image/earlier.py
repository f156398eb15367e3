"""The group that an earlier run left: known again by a mark that it carries, so that the next run takes its place."""

from __future__ import annotations

import json
import zlib
from typing import Any, Collection, Dict, Iterator, Mapping, Optional, Sequence

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp  # noqa: E402

MARK = "inkwash-result"  # a parasite of the group, kept in the file
FLAGS = Gimp.PARASITE_PERSISTENT | Gimp.PARASITE_UNDOABLE  # without the second one there would be no undo at all


def mark(group: Any, filter: str, beside: Any, wanted: Mapping[str, Any]) -> None:
    """Remember in `group`, which is whole, that `filter` made it for the layer `beside`, and what it is like now."""
    text = json.dumps({"filter": filter, "layer": beside.get_tattoo(), "group": dict(wanted), "state": _state(group)})
    group.attach_parasite(Gimp.Parasite.new(MARK, FLAGS, text.encode("utf-8")))


def find(image: Any, filter: str, beside: Any, wanted: Mapping[str, Any]) -> Optional[Any]:
    """The group that `filter` made for the layer `beside` and that is seen; None if there is none."""
    for group in _groups(image.get_layers()):
        memory = _memory(group)
        same = (memory.get("filter"), memory.get("group")) == (filter, dict(wanted))
        if same and memory.get("layer") == beside.get_tattoo() and group.get_visible():
            return group
    return None


def retire(image: Any, group: Any, *, needed: Collection[int] = ()) -> bool:
    """Take `group` away; if the artist has worked on it, or one of its layers is `needed` (ids), hide it instead.

    Whether it is away.
    """
    inside = {layer.get_id() for layer in (group, *_inside(group))}
    kept = bool(inside & set(needed)) or _memory(group).get("state") != _state(group)
    if kept:
        group.set_visible(False)
    else:
        image.remove_layer(group)
    return not kept


def _state(group: Any) -> Dict[str, Any]:
    """What would be lost with the group's layers: their samples, their place, masks."""
    return {str(layer.get_tattoo()): [_sum(layer), *layer.get_offsets()[1:]] for layer in _inside(group)}


def _sum(layer: Any) -> int:
    place = Gegl.Rectangle.new(0, 0, layer.get_width(), layer.get_height())
    total = zlib.crc32(layer.get_buffer().get(place, 1.0, None, Gegl.AbyssPolicy.NONE))
    mask = layer.get_mask()
    return total if mask is None else ~total


def _inside(group: Any) -> Iterator[Any]:
    for layer in group.get_children():
        yield layer
        if layer.is_group():
            yield from _inside(layer)


def _groups(layers: Sequence[Any]) -> Iterator[Any]:
    for layer in layers:
        if layer.is_group():
            yield layer
            yield from _groups(layer.get_children())


def _memory(group: Any) -> Dict[str, Any]:
    parasite = group.get_parasite(MARK)
    try:
        memory = json.loads(bytes(parasite.get_data()).decode("utf-8")) if parasite else {}
    except (ValueError, RecursionError):
        return {}
    return memory if isinstance(memory, dict) else {}
