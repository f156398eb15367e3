"""The artist's named settings of a filter: chosen from a list, saved under a name that is typed, deleted."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, Sequence

from inkwash.client import Client

from ...qt import QStyle, QToolButton, QWidget, pyqtSignal
from ..labels import Choices, row, tip

Act = Callable[[Client], None]


class PresetBar(QWidget):
    """Asks for what it is told to: the service keeps the presets, for GIMP and the command line too."""

    chosen = pyqtSignal(dict)  # the settings of the preset that the artist chose
    wanted = pyqtSignal(object)  # what is to be done with the service's presets: a function of the Client

    def __init__(self, filter: str, settings: Callable[[], Mapping[str, Any]]) -> None:
        """`settings` tells those that would be saved."""
        super().__init__()
        self._filter, self._settings = filter, settings
        self._named: Dict[str, Mapping[str, Any]] = {}
        self.box = Choices()
        self.box.setEditable(True)
        self.box.setInsertPolicy(Choices.InsertPolicy.NoInsert)
        self.box.lineEdit().setPlaceholderText("My settings: choose, or type a name")
        self.box.setToolTip("Settings that you saved under a name, here, in GIMP or on the command line.")
        self.box.setAccessibleName("My settings")
        self.box.activated.connect(lambda _: self._choose())
        self.save = self._button("SP_DialogSaveButton", "Save the settings under this name", self._save)
        self.delete = self._button("SP_TrashIcon", "Delete the settings of this name", self._delete)
        line = row((self.box, 1), (self.save, 0), (self.delete, 0))
        line.setContentsMargins(0, 0, 0, 0)
        self.setLayout(line)
        self.box.lineEdit().textChanged.connect(lambda _: self._show())
        self.offer([])

    def offer(self, presets: Sequence[Mapping[str, Any]]) -> None:
        """Let those of `presets` that are this filter's be chosen from; what is typed stays."""
        typed = self.box.currentText()
        self._named = {str(one["name"]): one["settings"] for one in presets if one.get("filter") == self._filter}
        self.box.blockSignals(True)
        self.box.clear()
        for name in self._named:
            self.box.addItem(name)
        self.box.setEditText(typed)
        self.box.blockSignals(False)
        self._show()

    def names(self) -> List[str]:
        """Those that can be chosen."""
        return list(self._named)

    def _choose(self) -> None:
        settings = self._named.get(self.box.currentText())
        if settings is not None:
            self.chosen.emit(dict(settings))

    def _save(self) -> None:
        filter, name, settings = self._filter, self._name(), dict(self._settings())
        self.wanted.emit(lambda client: client.save_preset(filter, name, settings))

    def _delete(self) -> None:
        filter, name = self._filter, self._name()
        self.box.setEditText("")
        self.wanted.emit(lambda client: client.delete_preset(filter, name))

    def _name(self) -> str:
        return str(self.box.currentText()).strip()

    def _show(self) -> None:
        self.save.setEnabled(bool(self._name()))
        self.delete.setEnabled(self._name() in self._named)

    def _button(self, icon: str, help: str, act: Callable[[], None]) -> Any:
        button = QToolButton()
        button.setIcon(self.style().standardIcon(getattr(QStyle.StandardPixmap, icon)))
        button.setAutoRaise(True)
        button.setToolTip(tip(help))
        button.setAccessibleName(help)
        button.clicked.connect(lambda _=False: act())
        return button
