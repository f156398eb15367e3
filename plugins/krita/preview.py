"""The preview: one locked layer that shows what a filter would give, outside the undo history."""

from __future__ import annotations

from typing import Any

from inkwash.protocol import Layer


class PreviewLayer:
    """One layer in `document` beside `node`, made by the first `show`; a node that is gone is no error."""

    def __init__(self, document: Any, node: Any) -> None:
        self.document = document
        self.node = node

    @property
    def shown(self) -> bool:
        """Whether the layer is in the document."""
        raise NotImplementedError

    def show(self, layer: Layer) -> None:
        """Show `layer` in place of what was shown before."""
        raise NotImplementedError

    def keep(self) -> None:
        """Leave what is shown as an ordinary layer."""
        raise NotImplementedError

    def remove(self) -> None:
        """Take the layer out of the document."""
        raise NotImplementedError
