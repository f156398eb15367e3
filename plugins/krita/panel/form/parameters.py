"""A widget for each parameter of a declaration: with range, unit, tooltip and a way back to the default."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Type

from ...qt import QLineEdit, Qt
from ..labels import Choices, Toggle, tip
from . import thumbnails
from .fields import Field
from .gallery import Gallery
from .numbers import IntegerField, NumberField
from .swatches import SwatchesField


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

    @property
    def is_wide(self) -> bool:
        return isinstance(self.control, Gallery)

    def make(self) -> Any:
        with_pictures = [card for card in self.cards if card.get("thumbnail")]
        box = Gallery() if len(with_pictures) >= MANY else Choices()
        if not isinstance(box, Gallery):
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


MANY = 4  # models with a picture, from which on they are shown side by side
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
    if parameter.get("of"):
        return SwatchesField(parameter, value)
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


def _cards(models: Sequence[Mapping[str, Any]], role: str) -> List[Mapping[str, Any]]:
    """The models of that role whose card is one: this plugin trusts no file that somebody dropped somewhere."""
    found = [card for card in models if card.get("role") == role]
    return [card for card in found if all(isinstance(card.get(key, ""), str) for key in TEXTS) and card.get("name")]


def _about(card: Mapping[str, Any]) -> str:
    lines: List[str] = [str(card.get("label") or card["name"]), str(card.get("notes") or "")]
    if card.get("licence"):
        lines.append("Licence: {}".format(card["licence"]))
    return "\n".join(line for line in lines if line)
