"""A widget for each parameter of a declaration: with range, unit, tooltip and a way back to the default."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Mapping, Optional, Sequence, Type

from ..qt import (
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QSlider,
    QSpinBox,
    Qt,
    QToolButton,
    QVBoxLayout,
    QWidget,
    pyqtSignal,
)
from . import thumbnails
from .labels import Caption, Choices, Toggle, spin_calmly, tip

STEPS = 100  # that a slider and the arrows of a number go through, about
NARROW = 40  # pixels that what can shrink shrinks to
WIDE = 1000  # a range of whole numbers beyond this has no slider


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
        return "{}{}".format(value, _unit(self.parameter))

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


class NumberField(Field):
    """A real number: a slider for the hand and a box for the exact value."""

    def make(self) -> Any:
        low, high = self.parameter["minimum"], self.parameter["maximum"]
        exponent = math.floor(math.log10(max(high - low, 1e-9) / STEPS))
        self.step = 10.0**exponent
        self.box = QDoubleSpinBox()
        self.box.setDecimals(max(1, -exponent))
        self.box.setSingleStep(self.step)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, round((high - low) / self.step))
        self.slider.valueChanged.connect(self._slid)
        return _numeric(self, self.box, self.slider)

    def value(self) -> float:
        return float(self.box.value())

    def set(self, value: Any) -> None:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            self.box.setValue(value)

    def text(self, value: Any) -> str:
        return "{:g}{}".format(value, _unit(self.parameter))

    def follow(self) -> None:
        """Bring the slider to the box's value."""
        self.slider.blockSignals(True)
        self.slider.setValue(round((self.box.value() - self.parameter["minimum"]) / self.step))
        self.slider.blockSignals(False)

    def _slid(self, place: int) -> None:
        self.box.setValue(self.parameter["minimum"] + place * self.step)


class IntegerField(Field):
    """A whole number, with a slider unless its range is too wide for one."""

    def make(self) -> Any:
        low, high = self.parameter["minimum"], self.parameter["maximum"]
        self.box = QSpinBox()
        self.slider: Any = None
        if high - low <= WIDE:
            self.slider = QSlider(Qt.Orientation.Horizontal)
            self.slider.setRange(low, high)
            self.slider.valueChanged.connect(self.box.setValue)
        return _numeric(self, self.box, self.slider)

    def value(self) -> int:
        return int(self.box.value())

    def set(self, value: Any) -> None:
        if isinstance(value, int) and not isinstance(value, bool):
            low, high = self.parameter["minimum"], self.parameter["maximum"]
            self.box.setValue(min(max(value, low), high))

    def follow(self) -> None:
        """Bring the slider to the box's value."""
        if self.slider is not None:
            self.slider.setValue(self.box.value())


class ToggleField(Field):
    """On or off."""

    def make(self) -> Any:
        toggle = Toggle(self.parameter["label"])
        toggle.changed.connect(self.tell)
        return toggle

    def value(self) -> bool:
        return bool(self.control.is_on())

    def set(self, value: Any) -> None:
        if isinstance(value, bool):
            self.control.set_on(value)

    def text(self, value: Any) -> str:
        return "on" if value else "off"


class ChoiceField(Field):
    """One of a few named values."""

    def make(self) -> Any:
        box = Choices()
        for choice in self.parameter["choices"]:
            box.addItem(str(choice), choice)
        box.currentIndexChanged.connect(lambda _: self.tell())
        return box

    def value(self) -> Any:
        return self.control.currentData()

    def set(self, value: Any) -> None:
        index = self.control.findData(value)
        if index >= 0:
            self.control.setCurrentIndex(index)


class ModelField(ChoiceField):
    """A model of the store that has the wanted role, with its thumbnail."""

    def __init__(
        self, parameter: Mapping[str, Any], value: Any = None, models: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        self.cards = _cards(models, parameter["role"])
        super().__init__(parameter, value)

    def make(self) -> Any:
        box = Choices()
        box.setIconSize(thumbnails.SIZE)
        for card in self.cards or [{"name": self.parameter["default"], "label": self.parameter["default"]}]:
            box.addItem(thumbnails.icon(card), card.get("label") or card["name"], card["name"])
            box.setItemData(box.count() - 1, tip(_about(card)), Qt.ItemDataRole.ToolTipRole)
        box.currentIndexChanged.connect(lambda _: self.tell())
        return box

    def text(self, value: Any) -> str:
        labels = {card["name"]: card.get("label") for card in self.cards}
        return str(labels.get(value) or value)


class TextField(Field):
    """A line of text."""

    def make(self) -> Any:
        line = QLineEdit()
        line.setMaxLength(self.parameter["longest"])
        line.editingFinished.connect(self.tell)
        return line

    def value(self) -> str:
        return str(self.control.text())

    def set(self, value: Any) -> None:
        if isinstance(value, str) and value != self.control.text():
            self.control.setText(value)
            self.tell()

    def text(self, value: Any) -> str:
        return str(value) or "nothing"


TEXTS = ("name", "label", "notes", "licence", "thumbnail")  # of a card

KINDS: Dict[str, Type[Field]] = {
    "number": NumberField,
    "integer": IntegerField,
    "toggle": ToggleField,
    "choice": ChoiceField,
    "text": TextField,
}


def field(parameter: Mapping[str, Any], value: Any = None, models: Sequence[Mapping[str, Any]] = ()) -> Optional[Field]:
    """The widget for `parameter`; None for a type that this plugin does not know: it keeps its default."""
    if parameter.get("type") == "model":
        return ModelField(parameter, value, models)
    kind = KINDS.get(str(parameter.get("type")))
    return None if kind is None else kind(parameter, value)


def checked(parameter: Mapping[str, Any], value: Any, models: Sequence[Mapping[str, Any]] = ()) -> Any:
    """A remembered `value` if the parameter still takes it, else the default."""
    default, kind = parameter["default"], parameter.get("type")
    if kind == "choice":
        return value if value in parameter["choices"] else default
    if kind == "model":
        names = [card["name"] for card in _cards(models, parameter["role"])]
        if not names:  # nobody knows yet
            return value if isinstance(value, str) and value else default
        return value if value in names else default if default in names else names[0]
    if kind == "number" and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not type(default):
        return default
    if kind in ("number", "integer"):
        return min(max(value, parameter["minimum"]), parameter["maximum"])
    return value


def _numeric(field: Any, box: Any, slider: Any) -> Any:
    """Slider and box in a row, which tell of one change once."""
    box.setRange(field.parameter["minimum"], field.parameter["maximum"])
    box.setSuffix(_unit(field.parameter))
    box.setKeyboardTracking(False)
    box.valueChanged.connect(lambda _: (field.follow(), field.tell()))
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    for control in (slider, box):
        if control is not None:
            spin_calmly(control)
            control.setToolTip(field.parameter["help"])
            layout.addWidget(control, 1 if control is slider else 0)
    if slider is None:
        box.setMinimumWidth(NARROW)
        layout.setStretchFactor(box, 1)
    else:
        slider.setMinimumWidth(NARROW)
    row.setFocusProxy(box)
    return row


def _unit(parameter: Mapping[str, Any]) -> str:
    unit = str(parameter.get("unit") or "")
    return " " + unit if unit else ""


def _cards(models: Sequence[Mapping[str, Any]], role: str) -> List[Mapping[str, Any]]:
    """The models of that role whose card is one: this plugin trusts no file that somebody dropped somewhere."""
    found = [card for card in models if card.get("role") == role]
    return [card for card in found if all(isinstance(card.get(key, ""), str) for key in TEXTS) and card.get("name")]


def _about(card: Mapping[str, Any]) -> str:
    lines: List[str] = [str(card.get("label") or card["name"]), str(card.get("notes") or "")]
    if card.get("licence"):
        lines.append("Licence: {}".format(card["licence"]))
    return "\n".join(line for line in lines if line)
