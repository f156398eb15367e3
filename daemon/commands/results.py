"""What came back for a picture, put where it belongs: one file, a file a layer, or a page's layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inkwash.models.filters import Filter
from inkwash.protocol import Frame, Layer

from ..files import pictures, saving
from .gathering import Gathered
from .tasks import PAGE, STREAM

if TYPE_CHECKING:
    from ..pages import openraster
    from ..pages.compositing import Sheet

Outputs = list[tuple[Mapping[str, Any], Layer]]  # as declared, bottom first, each with its layer


@dataclass(frozen=True)
class Place:
    """Where a picture's result goes."""

    target: Path
    apart: bool  # a file for each layer of the result
    force: bool

    def check(self, filter: Filter) -> None:
        """NotSaved now if the result could not be saved later."""
        if self.target == STREAM:
            return
        if self.target.suffix.lower() != PAGE:
            pictures.format_of(self.target.suffix)
        for file in self._files(filter):
            saving.check(file, force=self.force)

    def is_taken(self, filter: Filter) -> bool:
        """Whether there is a result already: all of it, or of layers apart, of which a filter gives some, any."""
        return self.target != STREAM and any(file.exists() for file in self._files(filter))

    def _files(self, filter: Filter) -> list[Path]:
        return [self.file_of(output.name) for output in filter.outputs] if self.apart else [self.target]

    def file_of(self, output: str) -> Path:
        """The file of one layer of the result."""
        return self.target.with_name(f"{self.target.stem}.{output}{self.target.suffix}")


def save(result: Frame, gathered: Gathered, place: Place) -> list[str]:
    """Save a result; the names of the files. NotSaved; BadPicture if a page cannot be shown."""
    from ..pages import openraster

    layers = {layer.name: layer for layer in result.layers}
    outputs: Outputs = [(output, layers[output["name"]]) for output in result.message["outputs"]]
    if place.apart:
        files = [place.file_of(output["name"]) for output, _ in outputs]
        for file, (_, layer) in zip(files, outputs, strict=True):
            pictures.write(layer, file, force=place.force, dpi=gathered.dpi)
        return [str(file) for file in files]
    if place.target.suffix.lower() == PAGE:
        openraster.write(_page(gathered, outputs), place.target, force=place.force)
    elif place.target == STREAM:
        saving.stream(pictures.encode(_seen(gathered, outputs), ".png", gathered.dpi))
    else:
        pictures.write(_seen(gathered, outputs), place.target, force=place.force, dpi=gathered.dpi)
    return [str(place.target)]


def _seen(gathered: Gathered, outputs: Outputs) -> Layer:
    """The result as one layer: the outputs where they are declared to go, below, above or instead.

    The picture itself is drawn on what goes below it, and below a glaze; else what goes above is the result,
    transparent where it is.
    """
    from ..pages.compositing import Extent, Sheet, flatten

    original, icc = gathered.original, outputs[0][1].icc
    if gathered.page is not None:
        return _page(gathered, outputs).merged(depth=original.depth, icc=icc)
    below, instead, above = (
        [Sheet(layer, output["blend"]) for output, layer in _at(place, outputs)]
        for place in ("below", "replace", "above")
    )
    if (below or _glaze(_at("above", outputs))) and not instead:
        instead = [Sheet(original, "multiply" if below and gathered.paper else "normal")]
    sheets = [*below, *instead, *above]
    while len(sheets) > 1 and any(map(_hides_all, sheets[1:])):
        sheets.pop(0)
    if len(sheets) == 1:
        return sheets[0].layer
    return flatten(sheets, Extent.of(original), "seen", depth=original.depth, icc=icc)


def _hides_all(sheet: Sheet) -> bool:
    """Whether nothing is seen of what is below: results are as large as the page."""
    return sheet.blend == "normal" and sheet.layer.model != "RGBA"


def _page(gathered: Gathered, outputs: Outputs) -> openraster.Page:
    """The page with the outputs as layers around the original one, which keeps its pixels."""
    from ..pages import openraster

    page = gathered.page or openraster.Page.of(gathered.original, gathered.label, gathered.dpi)
    entry = gathered.entries.get(gathered.first) or next(page.entries())
    below, instead, over = (_at(place, outputs) for place in ("below", "replace", "above"))
    for output, layer in below:
        page.put(layer, output["label"], entry, above=False, blend=output["blend"])
    for output, layer in reversed([*instead, *over]):
        page.put(layer, output["label"], entry, above=True, blend=output["blend"])
    for _, layer in outputs:
        if layer.width > gathered.original.width:  # enlarged
            page.grow(layer.width, layer.height)
    if below and gathered.paper:
        page.multiply(entry)
    if _glaze(over):
        return page
    if instead or any(layer.model.endswith("A") for _, layer in over):  # else it would shine through soft edges
        page.hide(entry)
    for name, other in gathered.entries.items():
        if name != gathered.first:  # hints would lie over the colours
            page.hide(other)
    return page


def _glaze(outputs: Outputs) -> bool:
    """Whether all of them, if any, only change what is below them, such as shade."""
    return bool(outputs) and all(output["blend"] != "normal" for output, _ in outputs)


def _at(place: str, outputs: Outputs) -> Outputs:
    return [(output, layer) for output, layer in outputs if output["place"] == place]
