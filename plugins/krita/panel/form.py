"""The form of one filter: its inputs and parameters, built from its declaration."""

from __future__ import annotations

from typing import Any, List, Mapping

from ..document import layers
from ..document.inputs import LayerPicker
from ..qt import QVBoxLayout, QWidget, pyqtSignal
from ..session import Session
from .labels import Caption
from .parameters import Field, field


class Form(QWidget):
    """Shows what is remembered, and remembers what the artist changes."""

    changed = pyqtSignal()

    def __init__(self, session: Session, declaration: Mapping[str, Any]) -> None:
        super().__init__()
        self._session = session
        self.declaration = declaration
        self.pickers: List[LayerPicker] = [LayerPicker(input) for input in declaration["inputs"]]
        self.fields: List[Field] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        if declaration["help"]:
            column.addWidget(Caption(declaration["help"], faint=True))
        for picker in self.pickers:
            picker.picked.connect(self._pick)
            column.addWidget(picker)
        for parameter in declaration["parameters"]:
            value = session.value(declaration, parameter)
            made = field(parameter, value, session.models)
            if made is not None:
                made.changed.connect(self._keep)
                self.fields.append(made)
                column.addWidget(made)
        self.refresh()

    def refresh(self) -> None:
        """Show the current document's layers."""
        document = self._session.document()
        entries = [] if document is None else layers.listed(document)
        found = {} if document is None else layers.chosen(document, self.declaration, self._session.memory)
        for picker in self.pickers:
            entry = found.get(picker.input["name"])
            picker.offer(entries, None if entry is None else entry.id, document is not None)

    def _pick(self, input: str, layer: Any) -> None:
        document = self._session.document()
        if document is not None:
            self._session.memory.keep_layer(layers.key(document), self.declaration["id"], input, layer)
            self.refresh()
            self.changed.emit()

    def _keep(self, name: str, value: Any) -> None:
        self._session.keep_value(self.declaration, name, value)
        self.changed.emit()
