"""Where a picture to learn from may come from besides a layer: a file, or one of GIMP's palettes."""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Iterator

import gi

gi.require_version("Babl", "0.1")
gi.require_version("Gimp", "3.0")
from gi.repository import Babl, Gimp, Gio, GLib  # noqa: E402

from inkwash.protocol import Layer  # noqa: E402

from ..errors import BadFile  # noqa: E402
from . import pixels  # noqa: E402

UNREADABLE = "{} cannot be read as a picture."
PATCH = 4  # pixels of a colour's side


def read(source: Any, name: str) -> Layer:
    """The picture in `source`, a Gio.File or a Gimp.Palette, as a layer called `name`; BadFile."""
    if isinstance(source, Gimp.Palette):
        return _patches(source, name)
    return _picture(source.get_uri(), name)


def opened(file: Any) -> Any:
    """The picture in a Gio.File as an image that nobody sees; BadFile."""
    try:
        with _errors_are_ours():
            image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, file)
    except GLib.Error as error:
        raise BadFile(UNREADABLE.format(file.get_parse_name()), error.message) from error
    if image is None:
        raise BadFile(UNREADABLE.format(file.get_parse_name()), "Choose another file.")
    return image


@contextmanager
def _errors_are_ours() -> Iterator[None]:
    """Let GIMP show no message of its own meanwhile."""
    plug_in = Gimp.get_plug_in()
    before = plug_in.get_pdb_error_handler()
    plug_in.set_pdb_error_handler(Gimp.PDBErrorHandler.PLUGIN)
    try:
        yield
    finally:
        plug_in.set_pdb_error_handler(before)


@lru_cache(maxsize=4)  # a dialog's drafts ask for it again and again
def _picture(uri: str, name: str) -> Layer:
    file = Gio.File.new_for_uri(uri)
    image = opened(file)
    try:
        seen = Gimp.Layer.new_from_visible(image, image, name)
        image.insert_layer(seen, None, 0)
        return pixels.read(seen, name)
    finally:
        image.delete()


def _patches(palette: Any, name: str) -> Layer:
    """Each colour as a patch, one beside the other."""
    form = Babl.format("R'G'B' u8")
    row = b"".join(bytes(colour.get_bytes(form).get_data()) * PATCH for colour in palette.get_colors())
    if not row:
        raise BadFile("The palette {} has no colours.".format(palette.get_name()), "Choose another one.")
    return Layer(name, len(row) // 3, PATCH, model="RGB", data=row * PATCH)
