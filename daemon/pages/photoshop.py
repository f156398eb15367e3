"""Photoshop documents (.psd, .psb) as pages; they are read and never written."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from inkwash.models.errors import BadPicture, InkwashError
from inkwash.protocol import Layer

from ..files import pictures
from ..files.resolution import Dpi, dpi_of
from ..files.samples import Samples, at_depth, layer_of
from .page import LAYERS, NAMED, Page

SIGNATURE = b"8BPS"
RESOLUTION = 1005  # the image resource that holds it
AGAIN = "Save it again, or export it as OpenRaster (.ora)."
LINEAR_DODGE = {"linear-dodge": "plus"}  # what OpenRaster calls otherwise


class Source:
    """One layer's pixels, decoded when they are wanted."""

    def __init__(self, layer: Any, base: Any | None, icc: bytes | None, *, deep: bool) -> None:
        self.width, self.height = layer.width, layer.height
        self._layer, self._base, self._icc, self._depth = layer, base, icc, "u16" if deep else "u8"

    def __call__(self) -> Layer:
        """The layer, cut by its masks and by what it is clipped to."""
        with _Quiet():
            values = _rgba(self._layer)
            values[..., -1] *= _mask(self._layer, self._layer)
            if self._base is not None:
                values[..., -1] *= _alpha_of(self._base, self._layer)
        return layer_of(at_depth(values, self._depth), "layer", icc=self._icc)


def read(source: Path | BinaryIO, *, label: str = "", bounds: pictures.Bounds = pictures.DEFAULT_BOUNDS) -> Page:
    """The page in a Photoshop document; BadPicture if it is missing, damaged, hostile or too large.

    What Inkwash cannot show as Photoshop does is left out, and the page's notices name it.
    """
    from psd_tools import PSDImage

    label = label or (str(source) if isinstance(source, Path) else "The document")
    with pictures.opened(source, label) as stream, _Quiet():
        try:
            return _page(PSDImage.open(stream), label, bounds)
        except (InkwashError, MemoryError):
            raise
        except Exception as error:  # a hostile document raises whatever it likes
            message = f"{label} cannot be read: it is damaged or not complete."
            raise BadPicture(message, f"{AGAIN} ({str(error)[:200]})") from error


def _page(document: Any, label: str, bounds: pictures.Bounds) -> Page:
    bounds.check(label, document.width, document.height)
    if sum(1 for _ in document.descendants()) > LAYERS:
        raise BadPicture(f"{label} has more than {LAYERS} layers.", "Merge some of them.")
    root = Element("image", version="0.0.3", w=str(document.width), h=str(document.height))
    dpi = _resolution(document)
    if dpi is not None:
        root.attrib.update(xres=str(max(1, round(dpi[0]))), yres=str(max(1, round(dpi[1]))))
    reader = _Reader(document)
    stack = SubElement(root, "stack")
    if len(document):
        reader.fill(stack, document)
    else:
        reader.add_flat(stack, document)
    page = Page(root, reader.members, bounds, label)
    page.notices.extend(reader.notices())
    return page


class _Reader:
    """Makes an OpenRaster stack of a document's layers."""

    def __init__(self, document: Any) -> None:
        self.members: dict[str, Any] = {}
        self._left: dict[str, list[str]] = {}
        self._deep = document.depth > 8
        self._plain = document.color_mode.name in ("RGB", "GRAYSCALE")
        profile = document.image_resources.get_data("ICC_PROFILE") if self._plain else None
        self._icc = bytes(profile) if profile else None

    def fill(self, parent: Element, group: Any) -> None:
        """Put a group's layers under `parent`, topmost first."""
        base = None
        for layer in group:
            clipped = bool(getattr(layer, "clipping", False)) and base is not None
            element = self._element(layer, base if clipped else None)
            if element is not None:
                parent.insert(0, element)
            if not clipped:
                base = None if layer.is_group() else layer

    def add_flat(self, parent: Element, document: Any) -> None:
        """Put the picture of a document without layers under `parent`."""
        image = document.topil()
        samples = np.asarray(image.convert("RGBA" if image.has_transparency_data else "RGB"))
        self.members["0"] = layer_of(samples, "layer", icc=self._icc)
        parent.append(Element("layer", name="Background", src="0"))

    def notices(self) -> Iterator[str]:
        """What is not as Photoshop shows it."""
        for what, names in self._left.items():
            more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            yield f"{what}: {', '.join(map(repr, names[:NAMED]))}{more}."

    def _element(self, layer: Any, base: Any | None) -> Element | None:
        name = layer.blend_mode.name.lower().replace("_", "-")
        operator = "svg:src-over" if name in ("normal", "pass-through") else f"svg:{LINEAR_DODGE.get(name, name)}"
        words = {
            "name": _words(layer.name),
            "opacity": f"{layer.opacity / 255:.4f}",
            "visibility": "visible" if layer.visible else "hidden",
            "composite-op": operator,
        }
        if layer.has_effects():
            self._leave("Effects such as shadows and glows are left out of", layer)
        if layer.is_group():
            if layer.has_mask():
                self._leave("The masks of groups are left out of", layer)
            group = Element("stack", words, isolation="auto" if name == "pass-through" else "isolate")
            self.fill(group, layer)
            return group
        if not layer.has_pixels() or layer.width < 1 or layer.height < 1:
            if layer.kind != "pixel":
                self._leave("Layers without pixels of their own are left out", layer)
            return None
        source = str(len(self.members))
        self.members[source] = Source(layer, base, self._icc, deep=self._deep)
        return Element("layer", words, src=source, x=str(layer.left), y=str(layer.top))

    def _leave(self, what: str, layer: Any) -> None:
        self._left.setdefault(what, []).append(_words(layer.name))


def _rgba(layer: Any) -> Samples:
    """A layer's colours and alpha, (H, W, 4) float32 in [0, 1]."""
    mode = layer._psd.color_mode.name
    if mode in ("RGB", "GRAYSCALE"):
        values = np.clip(np.nan_to_num(layer.numpy()), 0, 1).astype(np.float32)
        colours, whole = (3 if mode == "RGB" else 1), np.ones((*values.shape[:2], 4), np.float32)
        whole[..., :3] = values[..., :colours]
        if values.shape[2] > colours:
            whole[..., 3] = values[..., colours]
        return whole
    return np.asarray(layer.topil().convert("RGBA")).astype(np.float32) / 255  # through its profile


def _mask(layer: Any, where: Any) -> Samples | float:
    """What a layer's mask lets through in the rectangle of the layer `where`, (H, W) in [0, 1]; 1 without a mask."""
    mask = layer.mask if layer.has_mask() else None
    if mask is None or mask.disabled:
        return 1.0
    outside = float(mask.background_color) / 255
    if mask.width < 1 or mask.height < 1:
        return outside
    return _moved(layer.numpy("mask")[..., 0], mask, where, outside)


def _alpha_of(base: Any, where: Any) -> Samples:
    """The alpha of a layer that another is clipped to, in that one's rectangle."""
    alpha = _rgba(base)[..., 3] * _mask(base, base)
    return _moved(alpha, base, where, 0.0)


def _moved(values: Samples, of: Any, where: Any, outside: float) -> Samples:
    """(h, w) values of the rectangle `of` in the rectangle `where`, `outside` beyond them."""
    moved = np.full((where.height, where.width), outside, np.float32)
    left, top = max(of.left, where.left), max(of.top, where.top)
    right, bottom = min(of.right, where.right), min(of.bottom, where.bottom)
    if left < right and top < bottom:
        part = values[top - of.top : bottom - of.top, left - of.left : right - of.left]
        moved[top - where.top : bottom - where.top, left - where.left : right - where.left] = part
    return moved


def _resolution(document: Any) -> Dpi | None:
    data = document.image_resources.get_data(RESOLUTION)
    return dpi_of(data.horizontal / 65536, data.vertical / 65536) if hasattr(data, "horizontal") else None


def _words(name: Any) -> str:
    """A name as XML can hold it."""
    return "".join(letter for letter in str(name) if letter.isprintable())


class _Quiet(warnings.catch_warnings):
    """Decoders' own words go nowhere: our sentence about damage is enough."""

    def __enter__(self) -> Any:
        logging.getLogger("psd_tools").setLevel(logging.CRITICAL)
        entered = super().__enter__()
        warnings.simplefilter("ignore")
        return entered
