"""OpenRaster documents: a page's layers by name and place, read from and written to .ora files.

An .ora file is a zip with `mimetype`, `stack.xml`, a PNG for each layer, and pictures for viewers. Nothing
is unpacked to the disk; the names in it are looked up among its own members and never used again.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from inkwash.models.errors import BadPicture, InkwashError
from inkwash.protocol import Layer

from . import pictures, saving

MIMETYPE = b"image/openraster"
STACK_BYTES = 4 * 2**20  # of stack.xml; a page of a thousand layers has a tenth of it
UNPACKED_BYTES = 2**30  # of all layers' PNGs
DEPTH = 100  # of groups in groups
THUMBNAIL = 256  # longest side, pixels
MULTIPLY = "svg:multiply"
BLENDS = {"normal": "svg:src-over", "multiply": MULTIPLY}
AGAIN = "Export it again as OpenRaster (.ora)."


@dataclass(frozen=True)
class Entry:
    """A layer of a page as the page's stack describes it."""

    element: Element
    parent: Element
    visible: bool  # it and every group that it is in
    opacity: float  # 0 to 1, with its groups'

    @property
    def name(self) -> str:
        """What the artist calls it."""
        return self.element.get("name", "")

    @property
    def blend(self) -> str:
        """`multiply` or `normal`, for which every other way to blend is taken."""
        return "multiply" if self.element.get("composite-op") == MULTIPLY else "normal"


class Page:
    """An OpenRaster document in memory: its stack, and each layer's PNG as it was."""

    def __init__(self, root: Element, members: dict[str, bytes], bounds: pictures.Bounds, label: str) -> None:
        self.label = label
        self.width, self.height = _whole(root, "w"), _whole(root, "h")
        bounds.check(label, self.width, self.height)
        self._root = root
        self._members = members
        self._bounds = bounds

    @classmethod
    def of(cls, layer: Layer, name: str) -> Page:
        """A page of the size of `layer`, with it as the only one, called `name`."""
        root = Element("image", version="0.0.3", w=str(layer.width), h=str(layer.height))
        stack = ElementTree.SubElement(root, "stack")
        page = cls(root, {}, pictures.Bounds(layer.width * layer.height, 2**31), name)
        page._insert(stack, 0, layer, name, "normal")
        return page

    def entries(self) -> Iterator[Entry]:
        """The layers, topmost first, those in groups in their place."""
        return _entries(self._root, Entry(self._root, self._root, True, 1.0), 0)

    def layer(self, entry: Entry, name: str) -> Layer:
        """The pixels of a layer, where they are on the page, as a layer called `name`; BadPicture."""
        label = f"The layer {entry.name!r} of {self.label}"
        data = self._members.get(entry.element.get("src", ""))
        if data is None:
            raise BadPicture(f"{label} has no picture in the file.", AGAIN)
        layer = pictures.read(io.BytesIO(data), name, label=label, bounds=self._bounds).layer
        layer.x, layer.y = _whole(entry.element, "x", "0"), _whole(entry.element, "y", "0")
        return layer

    def put(self, layer: Layer, name: str, entry: Entry, *, above: bool, blend: str = "normal") -> None:
        """Add a layer called `name` right above or below an entry, in its group."""
        at = list(entry.parent).index(entry.element) + (0 if above else 1)
        self._insert(entry.parent, at, layer, name, blend)

    def hide(self, entry: Entry) -> None:
        """Keep a layer, unseen."""
        entry.element.set("visibility", "hidden")

    def multiply(self, entry: Entry) -> None:
        """Let a layer darken what is below it."""
        entry.element.set("composite-op", MULTIPLY)

    def merged(self, *, depth: str = "u8", icc: bytes | None = None) -> Layer:
        """What is seen of the page, whose layers are in the profile `icc`; BadPicture if one is damaged."""
        from .compositing import Extent, Sheet, flatten

        sheets: list[Sheet] = []
        for entry in self.entries():
            if entry.visible and entry.opacity > 0:
                sheets.insert(0, Sheet(self.layer(entry, entry.name), entry.blend, entry.opacity))
        return flatten(sheets, Extent(0, 0, self.width, self.height), "merged", depth=depth, icc=icc)

    def encode(self) -> bytes:
        """The page as an .ora file."""
        from .samples import array_of, layer_of
        from .shallow_pictures import reduced

        merged = self.merged()
        self._rename_members()
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:  # PNGs are packed already
            archive.writestr("mimetype", MIMETYPE)  # the first member, by which the format is known
            archive.writestr("stack.xml", ElementTree.tostring(self._root, "UTF-8"))
            for name, data in self._members.items():
                archive.writestr(name, data)
            archive.writestr("mergedimage.png", pictures.encode(merged, ".png"))
            small = layer_of(reduced(array_of(merged), THUMBNAIL), "thumbnail")
            archive.writestr("Thumbnails/thumbnail.png", pictures.encode(small, ".png"))
        return stream.getvalue()

    def _rename_members(self) -> None:
        """Give every layer's PNG a name of ours, whatever the file that was read called it."""
        members = {}
        for number, entry in enumerate(self.entries()):
            data = self._members.get(entry.element.get("src", ""))
            if data is not None:  # a hidden layer may have none, and stays so
                members[f"data/layer{number}.png"] = data
            entry.element.set("src", f"data/layer{number}.png")
        self._members = members

    def _insert(self, parent: Element, at: int, layer: Layer, name: str, blend: str) -> None:
        source = f"new/{len(self._members)}.png"
        self._members[source] = pictures.encode(layer, ".png")
        place = {"x": str(layer.x), "y": str(layer.y), "composite-op": BLENDS[blend]}
        parent.insert(at, Element("layer", {"name": name, "src": source, **place}))


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


def write(page: Page, file: Path, *, force: bool = False) -> None:
    """Save a page as `file`, whole or not at all; NotSaved as `pictures.write`, BadPicture as `merged`."""
    saving.check(file, force=force)
    saving.save(file, page.encode(), force=force)


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
        return Page(root, {source: archive.read(source) for source in sources}, bounds, label)


def _entries(parent: Element, group: Entry, depth: int) -> Iterator[Entry]:
    if depth > DEPTH:
        raise BadPicture("Its groups are nested too deeply.", "Merge some groups and export it again.")
    for element in parent:
        visible = group.visible and element.get("visibility", "visible") != "hidden"
        opacity = group.opacity * _fraction(element.get("opacity", "1"))
        entry = Entry(element, parent, visible, opacity)
        if element.tag == "layer":
            yield entry
        elif element.tag == "stack":
            yield from _entries(element, entry, depth + 1)


def _fraction(text: str) -> float:
    if not re.fullmatch(r"\d{0,9}\.?\d{0,9}", text) or not text.strip("."):
        return 1.0
    return min(1.0, float(text))


def _whole(element: Element, name: str, default: str = "") -> int:
    text = element.get(name, default)
    if not re.fullmatch(r"[+-]?\d{1,9}", text):
        raise BadPicture(f"The document says {name}={text[:20]!r}, which is no number of pixels.", AGAIN)
    return int(text)
