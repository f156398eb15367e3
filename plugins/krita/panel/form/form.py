"""The form of one filter: its inputs and parameters, built from its declaration."""

from __future__ import annotations

from typing import Any, List, Mapping

from inkwash.client.guess import takes_hints

from ...document import hints, layers
from ...qt import QPushButton, Qt, QToolButton, QVBoxLayout, QWidget, pyqtSignal
from ...session import Session
from .fields import Field
from .inputs import LayerPicker
from .parameters import field

UNFOLDED = "advanced"  # a remembered option: whether the artist wants to see what is advanced


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
        column.setSpacing(6)
        for picker in self.pickers:
            picker.picked.connect(self._pick)
            column.addWidget(picker)
            if takes_hints(picker.input):
                column.addWidget(self._new_hints(picker.input["name"]))
        self._add_fields(column, False)
        if any(parameter.get("advanced") for parameter in declaration["parameters"]):
            self._add_advanced(column)
        self.refresh()

    def refresh(self) -> None:
        """Show the current document's layers."""
        document = self._session.document()
        found = {} if document is None else layers.chosen(document, self.declaration, self._session.memory)
        for picker in self.pickers:
            entry = found.get(picker.input["name"])
            chosen = None if entry is None else entry.id
            entries = [] if document is None else layers.offered(document, picker.input, chosen)
            picker.offer(entries, chosen, document is not None)

    def _add_fields(self, column: Any, advanced: bool) -> None:
        for parameter in self.declaration["parameters"]:
            if bool(parameter.get("advanced")) == advanced:
                made = field(parameter, self._session.value(self.declaration, parameter), self._session.models)
                if made is not None:
                    made.changed.connect(self._keep)
                    self.fields.append(made)
                    column.addWidget(made)

    def _add_advanced(self, column: Any) -> None:
        """What is for those who study how it works, folded away."""
        fold, inside = QToolButton(), QWidget()
        fold.setText("Advanced")
        fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        fold.setAutoRaise(True)
        fold.setCheckable(True)
        below = QVBoxLayout(inside)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(6)
        self._add_fields(below, True)

        def show(on: bool) -> None:
            self._session.memory.keep_option(UNFOLDED, on)
            fold.setArrowType(Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow)
            inside.setVisible(on)

        fold.toggled.connect(show)
        column.addWidget(fold)
        column.addWidget(inside)
        is_open = self._session.memory.option(UNFOLDED, False)
        fold.setChecked(is_open)
        show(is_open)

    def _new_hints(self, input: str) -> QPushButton:
        button = QPushButton("New hints layer")
        button.setToolTip("Add an empty layer on top to paint strokes of colour on, and make it the active one.")
        button.setMinimumWidth(50)
        button.clicked.connect(lambda: self._make_hints(input))
        return button

    def _make_hints(self, input: str) -> None:
        document = self._session.document()
        if document is not None:
            found = layers.chosen(document, self.declaration, self._session.memory)
            for other, entry in found.items():  # what was only guessed from the active layer stays
                if entry is not None and other != input:
                    self._pick(other, entry.id)
            self._pick(input, hints.add(document))

    def _pick(self, input: str, layer: Any) -> None:
        document = self._session.document()
        if document is not None:
            self._session.memory.keep_layer(layers.key(document), self.declaration["id"], input, layer)
            self.refresh()
            self.changed.emit()

    def _keep(self, name: str, value: Any) -> None:
        self._session.keep_value(self.declaration, name, value)
        self.changed.emit()
