"""A layer picker for each input of a declaration."""

from __future__ import annotations

from collections import Counter
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ...document.files import PATTERN, File
from ...document.layers import Entry
from ...qt import QFileDialog, QIcon, QSize, Qt, QVBoxLayout, QWidget, pyqtSignal
from ..labels import Caption, Choices, tip

NONE = "(none)"
NO_PICTURE = "(no picture is open)"
NOTHING = "(choose a layer)"
A_FILE = "From a file…"
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
        self._box.activated.connect(lambda _: self._pick())
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
        rows = [(entry.id, entry.depth, entry.name) for entry in entries]
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
        for entry, title in zip(entries, _titles(entries)):
            icon = QIcon() if isinstance(entry.node, File) else entry.node.icon()
            self._box.addItem(icon, INDENT * entry.depth + title, entry.id)
            self._box.setItemData(
                self._box.count() - 1, tip(entry.path.strip("/") or title), Qt.ItemDataRole.ToolTipRole
            )
        if open and not self.input.get("aligned", True):
            self._box.addItem(A_FILE, A_FILE)
        self._box.setCurrentIndex(max(0, self._box.findData(chosen)))
        self._box.setEnabled(open)
        self._box.blockSignals(False)

    def _pick(self) -> None:
        chosen = self.chosen()
        if chosen == A_FILE:
            path, _ = QFileDialog.getOpenFileName(self, self.input["label"], "", PATTERN)
            chosen = File.MARK + path if path else None
            if chosen is None:
                self._box.setCurrentIndex(max(0, self._box.findData(self._shown[1])))
                return
        self.picked.emit(self.input["name"], chosen)


def _titles(entries: Sequence[Entry]) -> List[str]:
    """The names of `entries`; equal ones are numbered, from the top down."""
    many = Counter(entry.name for entry in entries)
    seen: Dict[str, int] = {}
    titles = []
    for entry in entries:
        seen[entry.name] = seen.get(entry.name, 0) + 1
        titles.append("{} ({})".format(entry.name, seen[entry.name]) if many[entry.name] > 1 else entry.name)
    return titles
