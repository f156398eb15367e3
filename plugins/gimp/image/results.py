"""Results as layers: a group beside the first input's layer, in one undo step; nothing else is touched."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Iterator, Mapping, Optional, Tuple

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp  # noqa: E402

from inkwash.protocol import Frame  # noqa: E402

from ..errors import ImageGone  # noqa: E402
from . import earlier  # noqa: E402
from .pixels import Format, write  # noqa: E402
from .selection import kept_active  # noqa: E402

MODES = {
    "normal": Gimp.LayerMode.NORMAL,
    "multiply": Gimp.LayerMode.MULTIPLY,
    "screen": Gimp.LayerMode.SCREEN,
    "through": Gimp.LayerMode.PASS_THROUGH,  # not the group, but each layer in it lies on what is below the group
}
COLOURED = ("RGB", "RGBA")


@dataclass(frozen=True)
class Order:
    """Where a result belongs."""

    filter: str
    layers: Mapping[str, Any]  # what the filter read, by input; results go beside the first one
    size: Tuple[int, int]  # width and height of the first one as it was sent
    form: Format  # what they were read in
    instead: bool  # of what the filter gave for the first layer before

    @property
    def beside(self) -> Any:
        """The layer of the first input."""
        return next(iter(self.layers.values()))


def place(image: Any, result: Frame, order: Order) -> Any:
    """Put the layers of `result` into a new group; the group. ImageGone.

    A greyscale image becomes RGB if the result has colour, an indexed one in any case: with its colours as they are.
    Where the result is larger than what was sent, the image grows with it, all of its layers.
    """
    if not image.is_valid():
        raise ImageGone("The image was closed while Inkwash worked on it.", "Open it and run the filter again.")
    wanted, beside = result.message["group"], order.beside
    is_there = beside.is_valid() and beside.get_image() == image
    with _one_undo_step(image), kept_active(image):
        _make_room_for_colour(image, result)
        growth = _grown(image, result, order.size)
        again = order.instead and is_there and growth == 1
        old = earlier.find(image, order.filter, beside, wanted) if again else None
        group = _group(image, beside if is_there else None, wanted, old)
        _fill(group, image, result, order.form, growth)
        if old is not None and earlier.retire(image, old, needed=[layer.get_id() for layer in order.layers.values()]):
            _name(group, result)  # which had to be others as long as the old ones were there
        if is_there:
            earlier.mark(group, order.filter, beside, wanted)
    Gimp.displays_flush()
    return group


def _fill(group: Any, image: Any, result: Frame, form: Format, growth: float) -> None:
    layers = {layer.name: layer for layer in result.layers}
    for output in result.message["outputs"]:  # bottom first
        made = write(layers[output["name"]], image, form, output["label"])
        blend(made, output["blend"])
        image.insert_layer(made, group, 0)
        _, x, y = made.get_offsets()
        made.set_offsets(round(x * growth), round(y * growth))


@contextmanager
def _one_undo_step(image: Any) -> Iterator[None]:
    image.undo_group_start()
    try:
        yield
    finally:
        image.undo_group_end()


def _make_room_for_colour(image: Any, result: Frame) -> None:
    coloured = any(layer.model in COLOURED for layer in result.layers)
    base = image.get_base_type()
    if base == Gimp.ImageBaseType.INDEXED or (coloured and base == Gimp.ImageBaseType.GRAY):
        image.convert_rgb()


def _grown(image: Any, result: Frame, sent: Tuple[int, int]) -> float:
    """Scale the image as the result was enlarged; how many times."""
    factor = max(layer.width for layer in result.layers) / sent[0]
    if factor != 1:
        with _context():
            Gimp.context_set_interpolation(Gimp.InterpolationType.CUBIC)
            image.scale(round(image.get_width() * factor), round(image.get_height() * factor))
    return factor


@contextmanager
def _context() -> Iterator[None]:
    """Settings of GIMP's tools that are only ours."""
    Gimp.context_push()
    try:
        yield
    finally:
        Gimp.context_pop()


def _group(image: Any, beside: Optional[Any], wanted: Mapping[str, Any], old: Optional[Any]) -> Any:
    """The group, in its place: of the `old` one, as opaque and blended as that is; on top if there is no `beside`."""
    group = Gimp.GroupLayer.new(image, wanted["name"])
    blend(group, wanted["blend"])
    parent, position = None, 0
    if old is not None:
        parent, position = old.get_parent(), image.get_item_position(old)
        group.set_opacity(old.get_opacity())
        if group.get_mode() != old.get_mode():  # else it would forget the space in which it blends
            group.set_mode(old.get_mode())
    elif beside is not None:
        parent, position = beside.get_parent(), image.get_item_position(beside)
        position += wanted["place"] == "below"
    image.insert_layer(group, parent, position)
    return group


def _name(group: Any, result: Frame) -> None:
    group.set_name(result.message["group"]["name"])
    for layer, output in zip(reversed(group.get_children()), result.message["outputs"]):
        layer.set_name(output["label"])


def blend(layer: Any, mode: str) -> None:
    """Let `layer` be blended as the wire says."""
    layer.set_mode(MODES.get(mode, Gimp.LayerMode.NORMAL))
    if mode not in ("normal", "through"):
        # Filters compute what is blended for samples as they look, not for light, which is GIMP's default.
        layer.set_blend_space(Gimp.LayerColorSpace.RGB_PERCEPTUAL)
