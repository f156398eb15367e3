"""A page of named layers, as an OpenRaster stack describes it: what is read from .ora and .psd, and written as .ora."""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from inkwash.models.errors import BadPicture
from inkwash.protocol import Layer

from ..files import pictures
from ..files.resolution import Dpi, dpi_of
from .blending import KNOWN
from .compositing import Extent, Seen, Sheet

LAYERS = 2000  # of a page: ten times what anybody has
FULL_PAGES = 16  # so many layers as large as the largest page may be looked at, all layers of a page together
DEPTH = 100  # of groups in groups
FULL_GROUPS = 3  # so many of the largest page's size may be painted at once, the page itself among them
SOURCE_OVER, MULTIPLY = "svg:src-over", "svg:multiply"
NAMED = 5  # layers that are named in one notice
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
        """How it meets what is below, one of `blending.KNOWN`."""
        return blend_of(self.element)


class Lazy(Protocol):
    """A layer that is decoded when it is wanted; its name and place do not count."""

    width: int
    height: int

    def __call__(self) -> Layer:
        """Decode it."""
        ...


Member = bytes | Layer | Lazy  # a layer's picture as it was read: a file, samples, or what makes them


class Page:
    """A document in memory: its stack, and each layer's picture by the name that the stack has for it."""

    def __init__(self, root: Element, members: dict[str, Member], bounds: pictures.Bounds, label: str) -> None:
        self.label = label
        self.width, self.height = whole(root, "w"), whole(root, "h")
        bounds.check(label, self.width, self.height)
        self.notices: list[str] = []
        self._root = root
        self._members = members
        self._bounds = bounds
        self._decoded: dict[str, Layer] = {}  # of sources that several layers share
        self._uses = Counter(element.get("src", "") for element in root.iter("layer"))
        self._check_layers()

    @classmethod
    def of(cls, layer: Layer, name: str, dpi: Dpi | None = None) -> Page:
        """A page of the size of `layer`, with it as the only one, called `name`."""
        root = Element("image", version="0.0.3", w=str(layer.width), h=str(layer.height))
        if dpi is not None:
            root.set("xres", str(max(1, round(dpi[0]))))
            root.set("yres", str(max(1, round(dpi[1]))))
        stack = ElementTree.SubElement(root, "stack")
        most = max(pictures.DEFAULT_BOUNDS.pixels, layer.width * layer.height)
        page = cls(root, {}, pictures.Bounds(most, 2**31), name)
        page._insert(stack, 0, layer, name, "normal")
        return page

    @property
    def frame(self) -> Extent:
        """The part of the plane that is the page."""
        return Extent(0, 0, self.width, self.height)

    @property
    def dpi(self) -> Dpi | None:
        """Its print resolution."""
        return dpi_of(self._root.get("xres"), self._root.get("yres"))

    def entries(self) -> Iterator[Entry]:
        """The layers, topmost first, those in groups in their place."""
        return _entries(self._root, Entry(self._root, self._root, True, 1.0), 0)

    def layer(self, entry: Entry, name: str) -> Layer:
        """The pixels of a layer, where they are on the page, as a layer called `name`; BadPicture."""
        source = entry.element.get("src", "")
        layer = self._decoded.get(source) or self._read(source, f"The layer {entry.name!r} of {self.label}")
        if self._uses[source] > 1:
            self._decoded[source] = layer
        head = {key: value for key, value in vars(layer).items() if key not in ("name", "x", "y")}
        return Layer(name, x=whole(entry.element, "x", "0"), y=whole(entry.element, "y", "0"), **head)

    def put(self, layer: Layer, name: str, entry: Entry, *, above: bool, blend: str = "normal") -> None:
        """Add a layer called `name` right above or below an entry, in its group."""
        at = list(entry.parent).index(entry.element) + (0 if above else 1)
        self._insert(entry.parent, at, layer, name, blend)

    def grow(self, width: int, height: int) -> None:
        """Make the page that large, to the right and below, for a layer that is larger than it."""
        self.width, self.height = max(self.width, width), max(self.height, height)
        self._root.set("w", str(self.width))
        self._root.set("h", str(self.height))

    def hide(self, entry: Entry) -> None:
        """Keep a layer, unseen."""
        entry.element.set("visibility", "hidden")

    def multiply(self, entry: Entry) -> None:
        """Let a layer darken what is below it."""
        entry.element.set("composite-op", MULTIPLY)

    def merged(self, *, depth: str = "u8", icc: bytes | None = None) -> Layer:
        """What is seen of the page, whose layers are in the profile `icc`; BadPicture if one is damaged."""
        seen = Seen(self.frame)
        self._paint(self._root, seen, 0)
        return seen.layer("merged", depth=depth, icc=icc)

    def packed(self) -> tuple[bytes, dict[str, bytes]]:
        """The stack as XML and the layers' PNGs by names of ours, whatever the file that was read called them."""
        members: dict[str, bytes] = {}
        names: dict[str, str] = {}
        for entry in self.entries():
            source = entry.element.get("src", "")
            if source not in names:
                names[source] = f"data/layer{len(names)}.png"
                data = self._members.get(source)
                if data is not None:  # a hidden layer may have none, and stays so
                    layer = data if isinstance(data, bytes) else self._read(source, self.label)
                    members[names[source]] = layer if isinstance(layer, bytes) else pictures.encode(layer, ".png")
            entry.element.set("src", names[source])
        self._members = dict(members)
        return ElementTree.tostring(self._root, "UTF-8"), members

    def _read(self, source: str, label: str) -> Layer:
        data = self._members.get(source)
        if data is None:
            raise BadPicture(f"{label} has no picture in the file.", AGAIN)
        if isinstance(data, Layer):
            return data
        if not isinstance(data, bytes):
            return _decoded(data, label)
        return pictures.read(io.BytesIO(data), "layer", label=label, bounds=self._bounds).layer

    def _check_layers(self) -> None:
        """BadPicture if all layers together ask for more than a page may; notices what cannot be shown as it is."""
        elements = list(self._root.iter("layer"))
        if len(elements) > LAYERS:
            raise BadPicture(f"{self.label} has {len(elements)} layers; {LAYERS} are taken.", "Merge some of them.")
        sizes: dict[str, int] = {}
        for source in {element.get("src", "") for element in elements}:
            data = self._members.get(source)
            if data is not None:
                sizes[source] = pictures.size_in(data) if isinstance(data, bytes) else data.width * data.height
        asked = sum(sizes.get(element.get("src", ""), 0) for element in elements)
        if asked > FULL_PAGES * self._bounds.pixels:
            most = FULL_PAGES * self._bounds.pixels / 1e6
            raise BadPicture(
                f"{self.label} is too large: its layers have {asked / 1e6:,.0f} million pixels; {most:,.0f} are taken.",
                "Merge some of them, or make it smaller.",
            )
        odd = {element.get("name", ""): op for element in self._root.iter() if (op := _unknown_blend(element))}
        if odd:
            words = ", ".join(f"{name!r} ({op!r})" for name, op in list(odd.items())[:NAMED])
            more = f" and {len(odd) - NAMED} more" if len(odd) > NAMED else ""
            self.notices.append(f"Layers that blend in ways not known here were taken as normal: {words}{more}.")

    def _paint(self, parent: Element, seen: Seen, depth: int, apart: int = 1) -> None:
        """Lay what is in a group, bottom first, on what is seen; groups that stand apart are painted apart."""
        if depth > DEPTH or apart * self.width * self.height > FULL_GROUPS * self._bounds.pixels:
            raise BadPicture(f"{self.label} has too many groups in groups.", "Merge some groups and export it again.")
        for element in reversed(list(parent)):
            opacity = _fraction(element.get("opacity", "1"))
            if element.get("visibility", "visible") == "hidden" or opacity == 0:
                continue
            if element.tag == "layer":
                entry = Entry(element, parent, True, opacity)
                seen.lay(Sheet(self.layer(entry, entry.name), entry.blend, opacity))
            elif element.tag == "stack" and parent is not self._root and _stands_apart(element, opacity):
                group = Seen(self.frame)
                self._paint(element, group, depth + 1, apart + 1)
                seen.lay_group(group, blend_of(element), opacity)
            elif element.tag == "stack":
                self._paint(element, seen, depth + 1, apart)

    def _insert(self, parent: Element, at: int, layer: Layer, name: str, blend: str) -> None:
        source = f"new/{len(self._members)}.png"
        self._members[source] = layer
        operator = SOURCE_OVER if blend == "normal" else f"svg:{blend}"
        place = {"x": str(layer.x), "y": str(layer.y), "composite-op": operator}
        parent.insert(at, Element("layer", {"name": name, "src": source, **place}))


def _decoded(member: Lazy, label: str) -> Layer:
    try:
        return member()
    except MemoryError:
        raise
    except Exception as error:  # decoders raise whatever they like at hostile bytes
        raise BadPicture(f"{label} cannot be read: it is damaged.", f"Save it again. ({str(error)[:200]})") from error


def blend_of(element: Element) -> str:
    """How a layer or a group meets what is below, one of `blending.KNOWN`; what is not known is normal."""
    name = element.get("composite-op", SOURCE_OVER).removeprefix("svg:")
    return name if name in KNOWN else "normal"


def whole(element: Element, name: str, default: str = "") -> int:
    """A number of pixels; BadPicture if it is none."""
    text = element.get(name, default)
    try:
        number = round(_number(text))
    except (ValueError, OverflowError):
        number = 2**31
    if abs(number) >= 2**30:
        raise BadPicture(f"The document says {name}={text[:20]!r}, which is no number of pixels.", AGAIN)
    return number


def _unknown_blend(element: Element) -> str:
    operator = element.get("composite-op", SOURCE_OVER)
    return "" if operator.removeprefix("svg:") in {*KNOWN, "src-over"} else operator[:60]


def _stands_apart(group: Element, opacity: float) -> bool:
    """Whether it makes a difference that a group is painted by itself first."""
    if opacity < 1 or blend_of(group) != "normal":
        return True
    return group.get("isolation") == "isolate" and any(blend_of(element) != "normal" for element in group.iter())


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
    """An opacity; what is none counts as full."""
    try:
        number = _number(text)
    except ValueError:
        return 1.0
    return min(1.0, number) if number >= 0 else 1.0


def _number(text: str) -> float:
    """A number in any of the ways that programs write it, with a comma too; ValueError."""
    number = float(text.strip()[:40].replace(",", "."))
    if not math.isfinite(number):
        raise ValueError(text)
    return number
