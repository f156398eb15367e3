"""Results as layers: a group beside the first input's layer, in one undo step; nothing else is touched."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator, Mapping, Tuple

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp  # noqa: E402

from inkwash.protocol import Frame  # noqa: E402

from .errors import ImageGone  # noqa: E402
from .pixels import Format, write  # noqa: E402
from .selection import kept_active  # noqa: E402

MODES = {"normal": Gimp.LayerMode.NORMAL, "multiply": Gimp.LayerMode.MULTIPLY}
COLOURED = ("RGB", "RGBA")
Size = Tuple[int, int]  # width and height


def place(image: Any, beside: Any, result: Frame, form: Format, *, sent: Size) -> Any:
    """Put the layers of `result` into a new group by the layer `beside`; the group. ImageGone.

    A greyscale image becomes RGB if the result has colour, an indexed one in any case: with its colours as they are.
    Where the result is larger than what was `sent`, the image grows with it, all of its layers.
    """
    if not image.is_valid():
        raise ImageGone("The image was closed while Inkwash worked on it.", "Open it and run the filter again.")
    with _one_undo_step(image), kept_active(image):
        _make_room_for_colour(image, result)
        growth = _grown(image, result, sent)
        group = _group(image, beside, result.message["group"])
        layers = {layer.name: layer for layer in result.layers}
        for output in result.message["outputs"]:  # bottom first
            made = write(layers[output["name"]], image, form, output["label"])
            _blend(made, output["blend"])
            image.insert_layer(made, group, 0)
            _, x, y = made.get_offsets()
            made.set_offsets(round(x * growth), round(y * growth))
    Gimp.displays_flush()
    return group


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


def _grown(image: Any, result: Frame, sent: Size) -> float:
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


def _group(image: Any, beside: Any, wanted: Mapping[str, Any]) -> Any:
    """The group, in its place; on top if the layer that it belongs to was deleted in the meantime."""
    group = Gimp.GroupLayer.new(image, wanted["name"])
    _blend(group, wanted["blend"])
    parent, position = None, 0
    if beside.is_valid() and beside.get_image() == image:
        parent, position = beside.get_parent(), image.get_item_position(beside)
        position += wanted["place"] == "below"
    image.insert_layer(group, parent, position)
    return group


def _blend(layer: Any, blend: str) -> None:
    layer.set_mode(MODES.get(blend, Gimp.LayerMode.NORMAL))
    if blend == "multiply":
        # Filters compute what is multiplied for samples as they look, not for light, which is GIMP's default.
        layer.set_blend_space(Gimp.LayerColorSpace.RGB_PERCEPTUAL)
