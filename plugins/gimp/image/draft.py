"""A draft of a result: the filter run on reduced layers, put together with its lines as the page will look."""

from __future__ import annotations

import os
from typing import Any, Dict, Mapping, Optional

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp  # noqa: E402

from inkwash.protocol import Frame, Layer  # noqa: E402

from .. import arguments  # noqa: E402
from ..job import Request  # noqa: E402
from . import pixels, results, sources  # noqa: E402
from .pixels import Format  # noqa: E402
from .selection import selection  # noqa: E402

SIDE = 1024  # pixels of the draft's longer side at most, which is also GIMP's limit for a thumbnail
LENGTH = "px"  # the unit of what must shrink with the picture


def request(image: Any, chosen: Mapping[str, Any], config: Any, declaration: Mapping[str, Any]) -> Request:
    """What to ask the service for: as for the result, but smaller and at once."""
    first, *others = declaration["inputs"]
    page = arguments.fills_page(declaration)
    scale = _scale(image if page else chosen[first["name"]])
    layers = [pixels.read(chosen[first["name"]], first["name"], page=page, scale=scale)]
    for item in others:
        layer = chosen.get(item["name"])
        if layer is not None:
            layers.append(pixels.read(layer, item["name"], scale=scale if item["aligned"] else _scale(layer)))
    layers += [sources.read(source, name) for name, source in arguments.sources(declaration, config).items()]
    limit = selection(image, scale=scale)
    if limit is not None:
        layers.append(limit)
    document = "gimp-draft-{}-{}".format(os.getppid(), image.get_id())
    return Request(declaration["id"], _reduced(declaration, config, scale), layers, document, "live")


class Desk:
    """An image that nobody sees, where results are laid on their lines; a context manager.

    There is one for all, since GIMP's own window takes the keyboard away from ours when an image is deleted.
    """

    def __init__(self, form: Format) -> None:
        self._form = form
        self._page: Optional[Any] = None

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        if self._page is not None:
            self._page.delete()

    def shown(self, result: Frame, first: Layer) -> Any:
        """The page with the result, as a picture; `first` is the layer that was sent, the lines perhaps."""
        outputs = {layer.name: layer for layer in result.layers}
        largest = max(outputs.values(), key=lambda layer: layer.width)
        page = self._cleared(largest.width, largest.height)
        _sheet(page, largest.width, largest.height)
        wanted, grown = result.message["group"], largest.width > first.width
        group = Gimp.GroupLayer.new(page, wanted["name"])
        results.blend(group, wanted["blend"])
        if not grown:
            self._add(page, first, None)
        page.insert_layer(group, None, 1 if wanted["place"] == "below" and not grown else 0)
        for output in result.message["outputs"]:
            results.blend(self._add(page, outputs[output["name"]], group), output["blend"])
        seen = Gimp.Layer.new_from_visible(page, page, "seen")
        size = _within(largest.width, largest.height, SIDE)
        return seen.get_thumbnail(*size, Gimp.PixbufTransparency.SMALL_CHECKS)

    def _cleared(self, width: int, height: int) -> Any:
        """The image, empty and of that size."""
        page = self._page
        if page is None:
            page = Gimp.Image.new_with_precision(width, height, Gimp.ImageBaseType.RGB, self._form.precision)
            page.undo_disable()
            if self._form.profile is not None and self._form.profile.is_rgb():
                page.set_color_profile(self._form.profile)
            self._page = page
        for layer in page.get_layers():
            page.remove_layer(layer)
        page.resize(width, height, 0, 0)
        return page

    def _add(self, page: Any, layer: Layer, parent: Any) -> Any:
        made = pixels.write(layer, page, self._form, layer.name)
        page.insert_layer(made, parent, 0)
        made.set_offsets(0, 0)
        return made


def _sheet(page: Any, width: int, height: int) -> None:
    """White paper below all."""
    paper = Gimp.Layer.new(page, "paper", width, height, Gimp.ImageType.RGB_IMAGE, 100, Gimp.LayerMode.NORMAL)
    page.insert_layer(paper, None, 0)
    paper.fill(Gimp.FillType.WHITE)


def _scale(thing: Any) -> float:
    return min(1.0, SIDE / max(thing.get_width(), thing.get_height()))


def _within(width: int, height: int, side: int) -> Any:
    scale = min(1.0, side / max(width, height))
    return max(1, round(scale * width)), max(1, round(scale * height))


def _reduced(declaration: Mapping[str, Any], config: Any, scale: float) -> Dict[str, Any]:
    """The settings; lengths in pixels as long in the draft as in the picture."""
    settings = arguments.settings(declaration, config)
    for item in declaration["parameters"]:
        if item.get("unit") == LENGTH and item["name"] in settings:
            value = max(item["minimum"], settings[item["name"]] * scale)
            settings[item["name"]] = int(round(value)) if item["type"] == "integer" else value
    return settings
