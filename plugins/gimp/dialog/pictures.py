"""Small pictures for the dialog: previews from the wire, thumbnails from models' cards."""

from __future__ import annotations

import base64
from contextlib import suppress
from typing import Any, Optional

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import GdkPixbuf, Gimp, GLib  # noqa: E402

from inkwash.protocol import Layer  # noqa: E402

from ..image.pixels import Format, sheet  # noqa: E402


def pixbuf_of(layer: Layer, form: Format, side: int) -> Any:
    """A layer from the wire, whose samples are of `form`, as a picture of `side` pixels on its longer side."""
    scale = side / max(layer.width, layer.height)
    width, height = (max(1, round(scale * n)) for n in (layer.width, layer.height))
    with sheet(layer, form) as source:
        return source.get_thumbnail(width, height, Gimp.PixbufTransparency.SMALL_CHECKS)


def pixbuf_from_png(text: str, side: int) -> Optional[Any]:
    """The PNG in base64 `text`, at most `side` pixels wide and high; None if it is none."""
    if not text:
        return None
    with suppress(ValueError, GLib.Error):
        loader = GdkPixbuf.PixbufLoader.new_with_type("png")
        loader.write(base64.b64decode(text))
        loader.close()
        return fitted(loader.get_pixbuf(), side)
    return None


def fitted(picture: Any, side: int) -> Any:
    """`picture`, made smaller if it is larger than `side` pixels."""
    scale = side / max(picture.get_width(), picture.get_height(), side)
    width, height = (max(1, round(scale * n)) for n in (picture.get_width(), picture.get_height()))
    return picture.scale_simple(width, height, GdkPixbuf.InterpType.BILINEAR)
