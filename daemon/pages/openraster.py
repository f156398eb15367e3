"""OpenRaster documents: pages read from and written to .ora files.

An .ora file is a zip with `mimetype`, `stack.xml`, a PNG for each layer, and pictures for viewers. Nothing
is unpacked to the disk; the names in it are looked up among its own members and never used again.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

from inkwash.models.errors import BadPicture, InkwashError

from ..files import pictures, saving
from .page import AGAIN, LAYERS, Entry, Member, Page

__all__ = ["Entry", "Page", "encode", "read", "write"]

MIMETYPE = b"image/openraster"
STACK_BYTES = 4 * 2**20  # of stack.xml; a page of a thousand layers has a tenth of it
UNPACKED_BYTES = 2**30  # of all layers' PNGs
THUMBNAIL = 256  # longest side, pixels


def read(source: Path | BinaryIO, *, label: str = "", bounds: pictures.Bounds = pictures.DEFAULT_BOUNDS) -> Page:
    """The page in an .ora file; BadPicture if it is missing, damaged, hostile or of another kind."""
    label = label or (str(source) if isinstance(source, Path) else "The document")
    with pictures.opened(source, label) as stream:
        try:
            return _read(stream, label, bounds)
        except (InkwashError, MemoryError):
            raise
        except Exception as error:  # a hostile zip raises whatever it likes
            message = f"{label} cannot be read: it is damaged or not complete."
            raise BadPicture(message, f"{AGAIN} ({error})") from error


def encode(page: Page) -> bytes:
    """The page as an .ora file."""
    from ..files.samples import array_of, layer_of
    from ..files.shallow_pictures import reduced

    merged = page.merged()
    stack, members = page.packed()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:  # PNGs are packed already
        archive.writestr("mimetype", MIMETYPE)  # the first member, by which the format is known
        archive.writestr("stack.xml", stack)
        for name, data in members.items():
            archive.writestr(name, data)
        archive.writestr("mergedimage.png", pictures.encode(merged, ".png", page.dpi))
        small = layer_of(reduced(array_of(merged), THUMBNAIL), "thumbnail")
        archive.writestr("Thumbnails/thumbnail.png", pictures.encode(small, ".png"))
    return stream.getvalue()


def write(page: Page, file: Path, *, force: bool = False) -> None:
    """Save a page as `file`, whole or not at all; NotSaved as `pictures.write`, BadPicture as `Page.merged`."""
    saving.check(file, force=force)
    saving.save(file, encode(page), force=force)


class _Plain(ElementTree.TreeBuilder):
    """Builds a tree from XML without a document type, so that no entity can swell or reach out."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse."""
        raise ValueError("stack.xml declares a document type")


def _read(stream: BinaryIO, label: str, bounds: pictures.Bounds) -> Page:
    if not zipfile.is_zipfile(stream):
        raise BadPicture(f"{label} is not an OpenRaster document, or not complete.", AGAIN)
    with zipfile.ZipFile(stream) as archive:
        sizes = {member.filename: member.file_size for member in archive.infolist()}
        if "stack.xml" not in sizes:
            kind = "a Krita document" if "maindoc.xml" in sizes else "not an OpenRaster document"
            raise BadPicture(f"{label} is {kind}.", AGAIN)
        if sizes["stack.xml"] > STACK_BYTES:
            raise ValueError("stack.xml is too large")
        root = ElementTree.fromstring(archive.read("stack.xml"), ElementTree.XMLParser(target=_Plain()))
        sources = {element.get("src", "") for element in root.iter("layer")} & sizes.keys()
        if sum(sizes[source] for source in sources) > UNPACKED_BYTES:
            raise BadPicture(f"{label} is too large: its layers unpack to more than 1 GiB.", pictures.SMALLER)
        few = sorted(sources)[: LAYERS + 1]  # more are refused anyway
        members: dict[str, Member] = {source: archive.read(source) for source in few}
        return Page(root, members, bounds, label)
