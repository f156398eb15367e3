"""The form of one filter: its inputs and parameters, built from its declaration."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from inkwash.client.applying import counts, reason
from inkwash.client.guess import takes_hints

from ...document import colours, hints, layers
from ...document.files import File
from ...document.pieces import Pieces
from ...qt import QPushButton, Qt, QToolButton, QVBoxLayout, QWidget, pyqtSignal
from ...session import Session
from .columns import Columns
from .fields import Field
from .inputs import LayerPicker
from .parameters import checked, field
from .presets import PresetBar
from .swatches import SwatchesField

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
        self._pieces: Optional[Pieces] = None  # of the search for colours
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        inputs = Columns()
        for picker in self.pickers:
            picker.picked.connect(self._pick)
            inputs.add(picker)
            if takes_hints(picker.input):
                inputs.add(self._new_hints(picker.input["name"]))
        column.addWidget(inputs)
        self.presets = PresetBar(declaration["id"], self._settings)
        self.presets.chosen.connect(self._take)
        self.presets.wanted.connect(session.service.change_presets)
        session.service.presets_changed.connect(self._offer_presets)
        if declaration["parameters"]:
            column.addWidget(self.presets)
        column.addWidget(self._fields(False))
        if any(parameter.get("advanced") for parameter in declaration["parameters"]):
            self._add_advanced(column)
        self._offer_presets()
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
        self._heed()
        self._look_at_colours(document, found)

    def _look_at_colours(self, document: Any, found: Mapping[str, Any]) -> None:
        """Find the colours of the layers of which there are swatches, in pieces."""
        for one in self.fields:
            entry = found.get(one.parameter.get("of", ""))
            if isinstance(one, SwatchesField) and entry is not None and not isinstance(entry.node, File):
                if self._pieces is not None:
                    self._pieces.stop()
                self._pieces = Pieces(colours.on(document, entry.node), self)
                self._pieces.done.connect(one.offer)
                self._pieces.start()

    def _offer_presets(self) -> None:
        self.presets.offer(self._session.service.presets)

    def _settings(self) -> Dict[str, Any]:
        parameters = self.declaration["parameters"]
        return {parameter["name"]: self._session.value(self.declaration, parameter) for parameter in parameters}

    def _take(self, settings: Mapping[str, Any]) -> None:
        """Show and remember the settings of a preset; what it does not say has its default."""
        for one in self.fields:
            default = one.parameter["default"]
            wanted = settings.get(one.parameter["name"], default)
            one.set(checked(one.parameter, wanted, self._session.models))

    def _fields(self, advanced: bool) -> Columns:
        made = Columns()
        for parameter in self.declaration["parameters"]:
            if bool(parameter.get("advanced")) == advanced:
                one = field(parameter, self._session.value(self.declaration, parameter), self._session.models)
                if one is not None:
                    one.changed.connect(self._keep)
                    self.fields.append(one)
                    made.add(one, wide=one.is_wide)
        return made

    def _heed(self) -> None:
        """Grey out what does not count as things are."""
        settings = self._settings()
        given = None
        if self._session.document() is not None:
            given = [picker.input["name"] for picker in self.pickers if picker.chosen() is not None]
        for one in self.fields:
            one.heed(counts(one.parameter, settings, given), reason(self.declaration, one.parameter))

    def _add_advanced(self, column: Any) -> None:
        """What is for those who study how it works, folded away."""
        fold, inside = QToolButton(), self._fields(True)
        fold.setText("Advanced")
        fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        fold.setAutoRaise(True)
        fold.setCheckable(True)

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
        self._heed()
        self.changed.emit()
