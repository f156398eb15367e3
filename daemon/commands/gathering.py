"""The layers that a filter needs, gathered from picture files or from a page's layers."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inkwash.models.errors import BadPicture
from inkwash.models.filters import Filter
from inkwash.models.filters.declaration import Input
from inkwash.protocol import Layer

from ..files import pictures
from .options import dashed
from .tasks import PAGE, STREAM, Task

if TYPE_CHECKING:
    from ..files.resolution import Dpi
    from ..pages import openraster

ZIP, PHOTOSHOP = b"PK\3\4", b"8BPS"  # how files of layers begin
NAMES = {  # what artists call the layer of an input, beside its own name and label
    "line": ("lines", "ink", "inks", "inking", "line art", "lineart", "linework", "outline", "outlines"),
    "flats": ("flat", "flat colors", "flat colours", "color", "colour", "colors", "colours", "base"),
    "hints": ("hint", "color hints", "colour hints"),  # not "colour": that is what the result is called
}


@dataclass
class Gathered:
    """A filter's layers, named after its inputs, and the page that they are of, if they are."""

    first: str  # the input that the others lie on
    label: str  # of that input, for the artist
    layers: dict[str, Layer] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    dpi: Dpi | None = None  # print resolution
    paper: bool = False  # whether the first input covers what is below it
    page: openraster.Page | None = None
    entries: dict[str, openraster.Entry] = field(default_factory=dict)  # the page's, by input

    @property
    def original(self) -> Layer:
        """The layer of the first input."""
        return self.layers[self.first]


def gather(task: Task, filter: Filter, *, named: Mapping[str, str], bounds: pictures.Bounds) -> Gathered:
    """The layers for one picture; `named` says which layers of a page are which input. BadPicture."""
    from ..pages.compositing import has_paper

    first = filter.inputs[0]
    gathered = Gathered(first.name, first.label, notices=list(task.notices))
    label = "Standard input" if task.source == STREAM else str(task.source)
    with pictures.opened(sys.stdin.buffer if task.source == STREAM else task.source, label) as stream:
        start = stream.read(len(ZIP))
        stream.seek(0)
        if start in (ZIP, PHOTOSHOP) or task.source.suffix.lower() == PAGE:
            from ..pages import openraster, photoshop

            reader = photoshop if start == PHOTOSHOP else openraster
            gathered.page = reader.read(stream, label=label, bounds=bounds)
            gathered.dpi = gathered.page.dpi
        else:
            picture = pictures.read(stream, first.name, label=label, bounds=bounds)
            _add_picture(gathered, picture)
            gathered.dpi, gathered.paper = picture.dpi, has_paper(picture.layer)
    if gathered.page is not None:
        _take_layers(gathered, gathered.page, task, filter, named)
    elif named:
        raise BadPicture(f"{label} is not an .ora or .psd and has no layers to choose from.", "Leave out their names.")
    for name, file in task.companions.items():
        picture = pictures.read(file, name, bounds=bounds)
        if name not in _free(filter):
            _check_lies_on(gathered, picture.layer, str(file), label)
        _add_picture(gathered, picture)
    for input in filter.inputs:
        if input.required and input.name not in gathered.layers:
            raise BadPicture(
                f"{filter.label} needs a second picture: {input.help}", f"Give it with --{dashed(input.name)} FILE."
            )
    return gathered


def _free(filter: Filter) -> set[str]:
    """The inputs whose pictures have a size and place of their own."""
    return {input.name for input in filter.inputs if not input.aligned}


def _add_picture(gathered: Gathered, picture: pictures.Picture) -> None:
    gathered.layers[picture.layer.name] = picture.layer
    gathered.notices.extend(picture.notices)


def _check_lies_on(gathered: Gathered, layer: Layer, file: str, label: str) -> None:
    """BadPicture if `layer` does not lie exactly on the first picture, or on its page."""
    page = gathered.page
    below = page if page is not None else gathered.original
    if (layer.width, layer.height) != (below.width, below.height):
        raise BadPicture(
            f"{file} is {layer.width} x {layer.height} pixels, but {label} is {below.width} x {below.height}.",
            "Make them the same size, so that they lie on each other.",
        )


def _take_layers(
    gathered: Gathered, page: openraster.Page, task: Task, filter: Filter, named: Mapping[str, str]
) -> None:
    """Take the page's layers that are inputs, by the name given or by what artists call them."""
    from ..pages.compositing import Extent, has_paper, placed

    entries = list(page.entries())
    first, *others = filter.inputs
    for input in (*others, first):
        if input.name in task.companions:
            continue
        free = [entry for entry in entries if entry not in gathered.entries.values()]
        entry = _entry(input, free, page, named.get(input.name), alone=input is first)
        if entry is not None:
            gathered.entries[input.name] = entry
    gathered.layers = {name: page.layer(gathered.entries[name], name) for name in gathered.entries}
    for name, layer in gathered.layers.items():
        if name not in _free(filter) and not page.frame.meets(Extent.of(layer)):
            raise BadPicture(
                f"The layer {gathered.entries[name].name!r} lies outside the page.",
                "Move it onto the page, or hide it.",
            )
    gathered.paper = has_paper(gathered.original)
    gathered.layers[first.name] = placed(gathered.original, page.frame)  # which is what is worked on
    gathered.notices.extend(page.notices)


def _entry(
    input: Input, entries: list[openraster.Entry], page: openraster.Page, name: str | None, *, alone: bool
) -> openraster.Entry | None:
    """The page's layer for an input; for the first one, which it cannot do without, also the only one left."""
    if name is not None:
        found = [entry for entry in entries if entry.name == name]
    else:
        known = {_plain(text) for text in (input.name, input.label, *NAMES.get(input.name, ()))}
        found = [entry for entry in entries if entry.visible and _plain(entry.name) in known]
        if alone and not found and len(entries) == 1:
            found = entries
    if found or (name is None and not alone):
        return found[0] if found else None
    layers = ", ".join(repr(entry.name) for entry in page.entries()) or "none"
    wanted = f"no layer called {name!r}" if name is not None else f"no layer that is known as {input.label.lower()}"
    raise BadPicture(
        f"{page.label} has {wanted}; its layers: {layers}.", f"Say which one with --{dashed(input.name)}-layer NAME."
    )


def _plain(name: str) -> str:
    """A layer's name without case, number and punctuation: `Line-Art 2` is `line art`."""
    return name.casefold().replace("-", " ").replace("_", " ").strip().rstrip("0123456789").strip()
