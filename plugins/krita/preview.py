"""The preview: one locked layer that shows what a filter would give, as far outside the undo history as can be.

Krita's interface has no way to put a layer into a document or out of it without an undo step. So the layer is
put in once, and then only its pixels change, which is no step; the layer is locked, so no stroke can land on it.
"""

from __future__ import annotations

from array import array
from dataclasses import replace
from typing import Any, Dict, Literal, Mapping, Optional

from inkwash.protocol import Layer

from .document import results, stencils
from .document.area import Area
from .document.nodes import is_there
from .document.pieces import Pieces
from .document.pixels import canvas, sent_space, write
from .document.stencils import Style

NAME = "Inkwash preview"
KEPT = "Inkwash preview, kept"
# How many bytes, the most first, and Python's name for whole numbers that have so many.
NUMBERS: Dict[int, Literal["Q", "I", "H", "B"]] = {8: "Q", 4: "I", 2: "H", 1: "B"}
ABOVE: Mapping[str, str] = {"place": "above", "blend": "normal"}


class PreviewLayer:
    """One layer in `document` beside `node`, made by the first `show`; a node that is gone is no error."""

    def __init__(self, document: Any, node: Any) -> None:
        self.document = document
        self.node = node
        self._layer: Optional[Any] = None
        self._rest: Optional[Pieces] = None
        self._over = False  # nothing is to be shown any more

    @property
    def shown(self) -> bool:
        """Whether the layer is in the document."""
        return self._layer is not None and is_there(self.document, self._layer)

    def show(self, layer: Layer, group: Optional[Mapping[str, str]] = None) -> None:
        """Show `layer` in place of what was shown before; the first time at the "place" that `group` has."""
        if not is_there(self.document, self.node):
            return
        layer = _at_full_size(layer, canvas(self.document))
        if self.shown:
            write(self._layer, layer)
            self.document.refreshProjection()
            return
        group = group or ABOVE
        made = stencils.paint_layer(sent_space(self.node), Style(group["blend"]))
        made.setName(NAME)
        made.setLocked(True)
        write(made, layer)
        if self._over or not is_there(self.document, self.node):
            return  # Krita heeds events while it makes a layer: the artist may have closed the document
        anchor, active = results.check_there(self.document, self.node), self.document.activeNode()
        self._layer = results.attach(self.document, made, anchor, None, group["place"])
        self._rest = Pieces(results.keeping_active(self.document, active))
        self._rest.start()

    def keep(self) -> None:
        """Leave what is shown as an ordinary layer, the last that this shows."""
        self._over = True
        if self.shown:
            assert self._layer is not None
            self._layer.setLocked(False)
            self._layer.setName(KEPT)
        self._layer = None

    def remove(self) -> None:
        """Take the layer out of the document, for good."""
        self._over = True
        if self.shown:
            assert self._layer is not None
            self._layer.remove()
        self._layer = None


def _at_full_size(layer: Layer, area: Area) -> Layer:
    """A preview may be smaller than the picture: then its pixels, whatever they are made of, become larger ones."""
    if (layer.width, layer.height) == (area.width, area.height):
        return layer
    pixel = layer.size // (layer.width * layer.height)
    unit = next(size for size in NUMBERS if pixel % size == 0)
    of_pixel, of_row = pixel // unit, layer.width * pixel
    columns = [x * layer.width // area.width * of_pixel + part for x in range(area.width) for part in range(of_pixel)]
    pixels, rows = layer.memory(), []
    for top in range(layer.height):
        row = pixels[top * of_row : (top + 1) * of_row].cast(NUMBERS[unit])
        rows.append(array(NUMBERS[unit], map(row.__getitem__, columns)).tobytes())
    data = b"".join(rows[y * layer.height // area.height] for y in range(area.height))
    return replace(layer, width=area.width, height=area.height, data=data)
