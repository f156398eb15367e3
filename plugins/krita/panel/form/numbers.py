"""Numbers in the form: a slider for the hand, a box for the exact value, a dice where any number is as good."""

from __future__ import annotations

import math
import random
from typing import Any

from ...qt import QDoubleSpinBox, QHBoxLayout, QSlider, QSpinBox, Qt, QToolButton, QWidget
from ..labels import spin_calmly
from .fields import Field, unit

PLACES = 1000  # of a slider
STEPS = 100  # that the arrows of a number go through, about
NARROW = 40  # pixels that what can shrink shrinks to
WIDE = 300  # times its smallest step: a longer range has its small numbers on the greater part of the slider
BEND = 3.0
ANY = 10**6  # a range of whole numbers beyond this is one to draw from


class NumberField(Field):
    """A real number."""

    def make(self) -> Any:
        low, high = self.parameter["minimum"], self.parameter["maximum"]
        exponent = math.floor(math.log10(max(high - low, 1e-9) / STEPS))
        self.box: Any = QDoubleSpinBox()
        self.box.setDecimals(max(1, -exponent))
        self.box.setSingleStep(10.0**exponent)
        return _numeric(self, 10.0**exponent, Scale(low, high, self._finest()))

    def value(self) -> Any:
        return float(self.box.value())

    def set(self, value: Any) -> None:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            self.box.setValue(value)

    def text(self, value: Any) -> str:
        return "{:g}{}".format(value, unit(self.parameter))

    def _finest(self) -> float:
        """What matters at the default: a thousandth of it, or of the range."""
        low, high, default = (self.parameter[key] for key in ("minimum", "maximum", "default"))
        near = abs(default - low) or (high - low)
        return float(max(near / 10, 1e-9))


class IntegerField(Field):
    """A whole number."""

    def make(self) -> Any:
        low, high = self.parameter["minimum"], self.parameter["maximum"]
        self.box: Any = QSpinBox()
        return _numeric(self, 1, None if high - low > ANY else Scale(low, high, 1))

    def value(self) -> Any:
        return int(self.box.value())

    def set(self, value: Any) -> None:
        if isinstance(value, int) and not isinstance(value, bool):
            low, high = self.parameter["minimum"], self.parameter["maximum"]
            self.box.setValue(min(max(value, low), high))


class Scale:
    """Between a slider's places and the numbers of a range; bent where the range is long for its steps."""

    def __init__(self, low: float, high: float, step: float) -> None:
        self._low, self._range = low, max(high - low, 1e-9)
        self._bend = BEND if self._range / step > WIDE else 1.0

    def place(self, number: float) -> int:
        """Where on the slider `number` is."""
        share = min(max((number - self._low) / self._range, 0.0), 1.0)
        return round(PLACES * share ** (1 / self._bend))

    def number(self, place: int) -> float:
        """The number at `place`."""
        return float(self._low + self._range * (place / PLACES) ** self._bend)


def _numeric(field: Any, step: float, scale: Any) -> Any:
    """Slider and box in a row, or box and dice, which tell of one change once."""
    box = field.box
    box.setRange(field.parameter["minimum"], field.parameter["maximum"])
    box.setSuffix(unit(field.parameter))
    box.setKeyboardTracking(False)
    spin_calmly(box)
    other = _dice(field) if scale is None else _slider(field, step, scale)
    box.valueChanged.connect(lambda _: field.tell())
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    first, second = (box, other) if scale is None else (other, box)
    for control in (first, second):
        control.setToolTip(control.toolTip() or field.parameter["help"])
        layout.addWidget(control, 1 if control is first else 0)
    first.setMinimumWidth(NARROW)
    row.setFocusProxy(box)
    return row


def _slider(field: Any, step: float, scale: Scale) -> Any:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(0, PLACES)
    spin_calmly(slider)

    def follow(value: float) -> None:
        slider.blockSignals(True)
        slider.setValue(scale.place(value))
        slider.blockSignals(False)

    field.slider = slider
    follow(field.box.value())
    field.box.valueChanged.connect(follow)
    slider.valueChanged.connect(lambda place: field.box.setValue(_rounded(scale.number(place), step, field)))
    return slider


def _rounded(number: float, step: float, field: Any) -> Any:
    """To whole steps, unless that is coarser than the number itself."""
    if isinstance(field, IntegerField):
        return round(number)
    return round(number / step) * step if abs(number) > 10 * step else number


def _dice(field: Any) -> Any:
    button = QToolButton()
    button.setText("Roll")
    button.setToolTip("Another number, drawn at random.")
    low, high = field.parameter["minimum"], field.parameter["maximum"]
    button.clicked.connect(lambda: field.box.setValue(random.randint(low, high)))
    return button
