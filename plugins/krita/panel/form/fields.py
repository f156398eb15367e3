"""One parameter of a declaration in the form: its label, its control, and a way back to the default."""

from __future__ import annotations

from typing import Any, Mapping

from ...qt import QHBoxLayout, QToolButton, QVBoxLayout, QWidget, pyqtSignal
from ..labels import Caption, Toggle, tip


class Field(QWidget):
    """One parameter: its label, its control and a button that brings the default back."""

    changed = pyqtSignal(str, object)  # the parameter's name, its new value

    def __init__(self, parameter: Mapping[str, Any], value: Any = None) -> None:
        super().__init__()
        self.parameter = parameter
        self.control = self.make()
        self.control.setToolTip(parameter["help"])
        self.control.setAccessibleName(parameter["label"])
        self._reset = QToolButton()
        self._reset.setText("↺")
        self._reset.setAutoRaise(True)
        self._reset.setToolTip(tip("Back to {}".format(self.text(parameter["default"]))))
        self._reset.clicked.connect(lambda: self.set(parameter["default"]))
        self._arrange()
        self.set(parameter["default"] if value is None else value)
        self._show_reset()

    def make(self) -> Any:
        """The control; it calls `tell` when the artist changes it."""
        raise NotImplementedError

    def value(self) -> Any:
        """The value as the daemon takes it."""
        raise NotImplementedError

    def set(self, value: Any) -> None:
        """Show `value`, or as near as the range allows; a value of another type is passed over."""
        raise NotImplementedError

    def text(self, value: Any) -> str:
        """`value` in words."""
        return "{}{}".format(value, unit(self.parameter))

    @property
    def is_wide(self) -> bool:
        """Whether it needs the whole width of the form."""
        return False

    def heed(self, counts: bool, reason: str) -> None:
        """Be grey unless it counts as things are; `reason` says when it does."""
        self.setEnabled(counts)
        self.setToolTip("" if counts else tip(reason))

    def tell(self) -> None:
        """The artist has changed something."""
        self._show_reset()
        self.changed.emit(self.parameter["name"], self.value())

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.control, 1)
        row.addWidget(self._reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        if not isinstance(self.control, Toggle):
            column.addWidget(Caption(self.parameter["label"], self.parameter["help"]))
        column.addLayout(row)

    def _show_reset(self) -> None:
        self._reset.setEnabled(self.value() != self.parameter["default"])


def unit(parameter: Mapping[str, Any]) -> str:
    """The parameter's unit, to be put after a number."""
    unit = str(parameter.get("unit") or "")
    return " " + unit if unit else ""
