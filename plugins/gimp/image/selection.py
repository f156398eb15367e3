"""What is selected in an image: layers or channels, which stay so, and the selection, which limits a result."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator, Optional, Tuple

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp  # noqa: E402

from inkwash.protocol import Layer  # noqa: E402

QUICK_MASK = "Quick Mask"  # what GIMP calls the channel that stands for the selection meanwhile


def selection(image: Any, *, scale: float = 1) -> Optional[Layer]:
    """The selection, or the quick mask, with its soft edge, as a layer called `selection`; None if all is selected.

    `scale`, at most 1, makes it smaller.
    """
    mask = image.get_channel_by_name(QUICK_MASK)
    if mask is not None:
        return _mask(mask, (0, 0, image.get_width(), image.get_height()), scale)
    if Gimp.Selection.is_empty(image):
        return None
    _, _, x, y, right, bottom = Gimp.Selection.bounds(image)
    return _mask(image.get_selection(), (x, y, right - x, bottom - y), scale)


@contextmanager
def kept_active(image: Any) -> Iterator[None]:
    """Let the layers, or the channels, that are selected be so afterwards: GIMP selects a layer that is inserted."""
    layers, channels = image.get_selected_layers(), image.get_selected_channels()
    yield
    if channels:
        image.set_selected_channels(channels)
    elif layers:
        image.set_selected_layers([layer for layer in layers if layer.is_valid()])


def _mask(channel: Any, place: Tuple[int, int, int, int], scale: float) -> Layer:
    x, y, width, height = (round(number * scale) for number in place)
    width, height = max(1, width), max(1, height)
    # The share that is selected is linear, like alpha.
    small = Gegl.Rectangle.new(x, y, width, height)
    data = channel.get_buffer().get(small, scale, "Y u8", Gegl.AbyssPolicy.NONE)
    return Layer("selection", width, height, x, y, model="GRAY", data=data)
