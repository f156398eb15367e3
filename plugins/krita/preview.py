"""The preview: one locked layer that shows what a filter would give, as far outside the undo history as can be.

Krita's interface has no way to put a layer into a document or out of it without an undo step. So the layer is
put in once, and then only its pixels change, which is no step; the layer is locked, so no stroke can land on it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Mapping, Optional

from inkwash.protocol import Layer

from . import results, stencils
from .area import Area
from .nodes import is_there
from .pieces import Pieces
from .pixels import canvas, sent_space, write
from .qt import QImage
from .stencils import Style

NAME = "Inkwash preview"
KEPT = "Inkwash preview, kept"
ABOVE: Mapping[str, str] = {"place": "above", "blend": "normal"}


class PreviewLayer:
    """One layer in `document` beside `node`, made by the first `show`; a node that is gone is no error."""

    def __init__(self, document: Any, node: Any) -> None:
        self.document = document
        self.node = node
        self._layer: Optional[Any] = None
        self._rest: Optional[Pieces] = None

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
        anchor, active = results.check_there(self.document, self.node), self.document.activeNode()
        self._layer = results.attach(self.document, made, anchor, None, group["place"])
        self._rest = Pieces(results.keeping_active(self.document, active))
        self._rest.start()

    def keep(self) -> None:
        """Leave what is shown as an ordinary layer."""
        if self.shown:
            assert self._layer is not None
            self._layer.setLocked(False)
            self._layer.setName(KEPT)
        self._layer = None

    def remove(self) -> None:
        """Take the layer out of the document."""
        if self.shown:
            assert self._layer is not None
            self._layer.remove()
        self._layer = None


def _at_full_size(layer: Layer, area: Area) -> Layer:
    """A preview may be smaller than the picture; in 8 bits Qt can enlarge it, else it stays in its corner."""
    if (layer.width, layer.height) == (area.width, area.height) or (layer.model, layer.depth) != ("RGBA", "u8"):
        return layer
    small = QImage(bytes(layer.memory()), layer.width, layer.height, QImage.Format.Format_ARGB32)
    large = small.scaled(area.width, area.height)
    bits = large.constBits()
    bits.setsize(large.sizeInBytes())
    return replace(layer, width=area.width, height=area.height, data=bytes(bits))
