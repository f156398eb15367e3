"""A layer picker for each input of a declaration."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence

from ..panel.labels import Caption, Choices, tip
from ..qt import QSize, Qt, QVBoxLayout, QWidget, pyqtSignal
from .layers import Entry

NONE = "(none)"
NO_PICTURE = "(no picture is open)"
NOTHING = "(choose a layer)"
INDENT = "   "


class LayerPicker(QWidget):
    """The layers of a document, of which one is an input of a filter."""

    picked = pyqtSignal(str, object)  # the input's name, the layer's id or None; only by the artist

    def __init__(self, input: Mapping[str, Any]) -> None:
        super().__init__()
        self.input = input
        self._shown: Any = None
        self._box = Choices()
        self._box.setIconSize(QSize(16, 16))
        self._box.setToolTip(input["help"])
        self._box.setAccessibleName(input["label"])
        self._box.activated.connect(lambda _: self.picked.emit(input["name"], self.chosen()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        label = input["label"] if input["required"] else "{} (optional)".format(input["label"])
        column.addWidget(Caption(label, input["help"]))
        column.addWidget(self._box)
        self.offer([], None)

    def chosen(self) -> Optional[str]:
        """The id of the layer that is shown."""
        return self._box.currentData()

    def offer(self, entries: Sequence[Entry], chosen: Optional[str], open: bool = True) -> None:
        """Show the layers `entries`, `chosen` (an id) among them; `open` says whether there is a document at all."""
        rows = [(entry.id, entry.depth, entry.name, entry.node.type()) for entry in entries]
        if (rows, chosen, open) == self._shown:
            return
        self._shown = (rows, chosen, open)
        self._box.blockSignals(True)
        self._box.clear()
        if not open:
            self._box.addItem(NO_PICTURE, None)
        elif not self.input["required"]:
            self._box.addItem(NONE, None)
        elif chosen is None:
            self._box.addItem(NOTHING, None)
        for entry in entries:
            self._box.addItem(entry.node.icon(), INDENT * entry.depth + entry.name, entry.id)
            self._box.setItemData(self._box.count() - 1, tip(entry.path), Qt.ItemDataRole.ToolTipRole)
        self._box.setCurrentIndex(max(0, self._box.findData(chosen)))
        self._box.setEnabled(open)
        self._box.blockSignals(False)
