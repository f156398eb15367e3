"""Which layer is meant by which input: guessed from names, looks, and what the artist chose in this image before."""

from __future__ import annotations

import json
from typing import Any, Collection, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp  # noqa: E402

from inkwash.client.guess import guess  # noqa: E402
from inkwash.client.looks import SIDE, UNKNOWN, look  # noqa: E402

from ..errors import MissingLayer, NotALayer, SameLayer  # noqa: E402

MEMORY = "inkwash-layers"  # a parasite of the image: as long as it is open, outside its undo history
LOOKED_AT = 40  # layers, the topmost; more would take too long, and their names must do
Chosen = Dict[str, Optional[Any]]


def candidates(image: Any) -> List[Tuple[str, Any]]:
    """Every layer of `image` with its path, such as "Group/Layer", the topmost first."""
    return list(_walk(image.get_layers(), ""))


def choose(declaration: Mapping[str, Any], image: Any, drawables: Sequence[Any]) -> Chosen:
    """The layer that each input most likely means; None where there is none.

    If several layers are selected, it is these that are meant.
    """
    found = candidates(image)
    selected = {drawable.get_id() for drawable in drawables}
    several = [(path, layer) for path, layer in found if layer.get_id() in selected]
    if len(several) > 1:
        return _among(several, declaration, None, {})
    ids = [layer.get_id() for _, layer in found]
    active = ids.index(several[0][1].get_id()) if several else None
    remembered = _remembered(declaration, image, ids)
    first = declaration["inputs"][0]["name"]
    if active is not None and active not in [index for name, index in remembered.items() if name != first]:
        remembered.pop(first, None)  # as everywhere in GIMP, the selected layer is the one that is meant
    return _among(found, declaration, active, remembered)


def remember(declaration: Mapping[str, Any], image: Any, chosen: Chosen) -> None:
    """Keep the choice for the next time in this image."""
    memory = _memory(image)
    memory[declaration["id"]] = {name: layer.get_tattoo() if layer else None for name, layer in chosen.items()}
    image.attach_parasite(Gimp.Parasite.new(MEMORY, 0, json.dumps(memory).encode("utf-8")))


def given(
    declaration: Mapping[str, Any],
    image: Any,
    layers: Chosen,
    drawables: Sequence[Any],
    elsewhere: Collection[str] = (),
) -> Dict[str, Any]:
    """The layers that go out: those that were given, for the first input else what is selected.

    The inputs `elsewhere`, by name, need none. MissingLayer, NotALayer, SameLayer.
    """
    full = dict(layers)
    first, *others = declaration["inputs"]
    if full.get(first["name"]) is None:
        if len(drawables) > 1 and others:
            full = {**choose(declaration, image, drawables), **{name: it for name, it in full.items() if it}}
        elif len(drawables) == 1:
            full[first["name"]] = drawables[0]
        else:
            raise MissingLayer(
                "{} works on one layer; {} are selected.".format(declaration["label"], len(drawables)),
                "Select one layer and try again.",
            )
    for item in declaration["inputs"]:
        if item["required"] and full.get(item["name"]) is None and item["name"] not in elsewhere:
            raise MissingLayer(
                "{} needs a layer for {}.".format(declaration["label"], item["label"]),
                "Choose one: {}".format(item["help"]),
            )
    chosen = {name: layer for name, layer in full.items() if layer is not None and name not in elsewhere}
    for layer in chosen.values():
        if layer.get_image() != image:
            raise NotALayer("{} is a layer of another image.".format(layer.get_name()), "Copy it into this one first.")
    _check_different(declaration, chosen)
    return chosen


def _check_different(declaration: Mapping[str, Any], chosen: Mapping[str, Any]) -> None:
    """SameLayer if a layer is to be two inputs at once."""
    labels = {item["name"]: item["label"] for item in declaration["inputs"]}
    seen: Dict[int, str] = {}
    for name, layer in chosen.items():
        other = seen.setdefault(layer.get_id(), name)
        if other != name:
            raise SameLayer(
                "{} is chosen twice: as {} and as {}.".format(layer.get_name(), labels[other], labels[name]),
                "Choose another layer for one of them.",
            )


def _among(
    found: Sequence[Tuple[str, Any]],
    declaration: Mapping[str, Any],
    active: Optional[int],
    remembered: Mapping[str, Optional[int]],
) -> Chosen:
    looks = [_looks(layer) if place < LOOKED_AT else UNKNOWN for place, (_, layer) in enumerate(found)]
    indices = guess(declaration["inputs"], [path for path, _ in found], active, remembered, looks)
    return {name: None if index is None else found[index][1] for name, index in indices.items()}


def _looks(layer: Any) -> str:
    """What a layer looks like; a group has no looks of its own."""
    if layer.is_group():
        return UNKNOWN
    scale = SIDE / max(layer.get_width(), layer.get_height(), SIDE)
    width, height = (max(1, round(scale * side)) for side in (layer.get_width(), layer.get_height()))
    small = layer.get_thumbnail(width, height, Gimp.PixbufTransparency.KEEP_ALPHA)
    small = small if small.get_has_alpha() else small.add_alpha(False, 0, 0, 0)
    return look(bytes(small.get_pixels()))


def _walk(layers: Sequence[Any], above: str) -> Iterator[Tuple[str, Any]]:
    for layer in layers:
        path = above + layer.get_name()
        yield path, layer
        if layer.is_group():
            yield from _walk(layer.get_children(), path + "/")


def _remembered(declaration: Mapping[str, Any], image: Any, ids: Sequence[int]) -> Dict[str, Optional[int]]:
    """What the artist chose before, as indices; what is gone is left out."""
    remembered: Dict[str, Optional[int]] = {}
    for name, tattoo in _memory(image).get(declaration["id"], {}).items():
        layer = None if tattoo is None else image.get_layer_by_tattoo(tattoo)
        if tattoo is None:
            remembered[name] = None
        elif layer is not None and layer.get_id() in ids:
            remembered[name] = ids.index(layer.get_id())
    return remembered


def _memory(image: Any) -> Dict[str, Dict[str, Optional[int]]]:
    parasite = image.get_parasite(MEMORY)
    if parasite is None:
        return {}
    try:
        memory = json.loads(bytes(parasite.get_data()).decode("utf-8"))
    except (ValueError, RecursionError):
        return {}
    return memory if isinstance(memory, dict) else {}
