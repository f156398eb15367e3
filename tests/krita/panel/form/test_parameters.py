"""A widget for every parameter that any filter declares."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inkwash.krita.panel.form.parameters import Field, checked, field
from inkwash.krita.qt import Qt, QToolButton
from inkwash.models.filters import declared
from inkwash.models.store import Store

CARDS = [
    {"name": card.name, "label": card.label, "role": card.role, "thumbnail": card.thumbnail} for card in Store().cards()
]
PARAMETERS = [
    pytest.param(json.loads(json.dumps(parameter)), id=f"{filter.id}-{parameter['name']}")
    for filter in declared()
    for parameter in filter.declaration()["parameters"]
]
NUMBER = {
    "type": "number",
    "name": "n",
    "label": "N",
    "help": "",
    "default": 0.5,
    "minimum": -1.0,
    "maximum": 2.0,
    "unit": "mm",
}
WHOLE = {
    "type": "integer",
    "name": "w",
    "label": "W",
    "help": "",
    "default": 3,
    "minimum": 0,
    "maximum": 2**31 - 1,
    "unit": "",
}
CHOICE = {"type": "choice", "name": "c", "label": "C", "help": "", "default": "b", "choices": ["a", "b"]}
MODEL = {"type": "model", "name": "m", "label": "M", "help": "", "default": "one", "role": "painter"}
TOGGLE = {"type": "toggle", "name": "t", "label": "T", "help": "", "default": False}
MODELS = [
    {"name": "one", "label": "One", "role": "painter", "thumbnail": ""},
    {"name": "two", "label": "Two", "role": "painter", "thumbnail": "no picture"},
    {"name": "other", "label": "Other", "role": "sculptor"},
]


@pytest.fixture(autouse=True)
def _application(application: Any) -> None:
    """Widgets need one."""


def made(parameter: dict[str, Any], *rest: Any) -> Field:
    found = field(parameter, *rest)
    assert found is not None
    return found


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_every_declared_parameter_has_a_widget_that_begins_with_its_default(parameter: dict[str, Any]) -> None:
    widget = made(parameter, None, CARDS)
    if parameter["type"] != "model" or any(card["name"] == parameter["default"] for card in CARDS):
        assert widget.value() == parameter["default"]
        assert type(widget.value()) is type(parameter["default"])
    assert parameter["help"] in widget.control.toolTip()


def test_a_number_stays_in_its_range_and_has_its_unit() -> None:
    widget: Any = made(NUMBER)
    widget.set(7)
    assert widget.value() == 2.0
    widget.set(-7.0)
    assert widget.value() == -1.0
    assert widget.box.text().endswith(" mm")
    for wrong in ("1", None, True):
        widget.set(wrong)
    assert widget.value() == -1.0


def test_slider_and_box_go_together_and_tell_of_a_change_once() -> None:
    widget: Any = made(NUMBER)
    told: list[Any] = []
    widget.changed.connect(lambda name, value: told.append((name, round(value, 3))))
    widget.slider.setValue(widget.slider.maximum())
    assert told == [("n", 2.0)]
    widget.box.setValue(0.0)
    assert told[1:] == [("n", 0.0)]
    assert widget.slider.value() == round(widget.slider.maximum() / 3)


def test_a_range_that_is_long_for_its_default_gives_small_numbers_room() -> None:
    widget: Any = made({**NUMBER, "minimum": 0.0, "maximum": 100.0, "default": 1.0})
    assert widget.slider.value() > widget.slider.maximum() / 6


def test_any_number_is_as_good_where_the_range_has_no_end_so_there_is_a_dice() -> None:
    widget: Any = made(WHOLE)
    (dice,) = [button for button in widget.findChildren(QToolButton) if "random" in button.toolTip()]
    seen = set()
    for _ in range(4):
        dice.click()
        seen.add(widget.value())
    assert len(seen) > 1
    widget.set(2**40)
    assert widget.value() == 2**31 - 1


@pytest.mark.parametrize(("parameter", "other"), [(NUMBER, 1.0), (WHOLE, 4), (CHOICE, "a"), (TOGGLE, True)])
def test_reset_brings_the_default_back_and_tells_so(parameter: dict[str, Any], other: Any) -> None:
    widget = made(parameter, other)
    assert widget.value() == other
    told: list[Any] = []
    widget.changed.connect(lambda _, value: told.append(value))
    (reset,) = [button for button in widget.findChildren(QToolButton) if button.toolTip().startswith("Back to")]
    assert reset.isEnabled()
    reset.click()
    assert told == [parameter["default"]]
    assert not reset.isEnabled()


def test_models_of_the_role_are_listed_with_a_picture_each() -> None:
    widget: Any = made(MODEL, "two", MODELS)
    box = widget.control
    assert [box.itemText(index) for index in range(box.count())] == ["One", "Two"]
    assert not any(box.itemIcon(index).isNull() for index in range(box.count()))
    assert widget.value() == "two"


def test_without_models_the_default_is_named() -> None:
    assert made(MODEL).value() == "one"


def test_an_unknown_type_has_no_widget() -> None:
    assert field({"type": "tune", "name": "x"}) is None


@pytest.mark.parametrize(
    ("parameter", "value", "taken"),
    [
        (NUMBER, 1.5, 1.5),
        (NUMBER, 1, 1.0),
        (NUMBER, 9.0, 2.0),
        (NUMBER, "1", 0.5),
        (NUMBER, True, 0.5),
        (WHOLE, 5, 5),
        (WHOLE, 5.0, 3),
        (WHOLE, -5, 0),
        (CHOICE, "a", "a"),
        (CHOICE, "z", "b"),
        (CHOICE, None, "b"),
        (TOGGLE, True, True),
        (TOGGLE, 1, False),
        (MODEL, "two", "two"),
        (MODEL, "other", "one"),
        (MODEL, ["two"], "one"),
    ],
)
def test_a_remembered_value_is_taken_only_if_it_still_fits(parameter: dict[str, Any], value: Any, taken: Any) -> None:
    found = checked(parameter, value, MODELS)
    assert found == taken
    assert type(found) is type(taken)


def test_a_model_that_is_gone_gives_way_to_one_that_is_there() -> None:
    assert checked(MODEL, "gone", MODELS[1:]) == "two"


def test_while_no_models_are_known_the_remembered_one_stays() -> None:
    assert checked(MODEL, "two", []) == "two"
    assert checked(MODEL, 2, []) == "one"


@pytest.mark.parametrize("odd", [5, None, ["a"], {"a": 1}])
@pytest.mark.parametrize("key", ["name", "label", "notes", "thumbnail", "licence"])
def test_a_card_that_is_none_breaks_no_list(key: str, odd: Any) -> None:
    parameter = {"type": "model", "name": "m", "label": "M", "help": "", "default": "good", "role": "r"}
    cards = [{"name": name, "label": name, "role": "r"} for name in ("good", "evil")]
    cards[1][key] = odd
    control = field(parameter, None, cards).control
    assert [control.itemText(i) for i in range(control.count())] == ["good"]
    assert checked(parameter, "evil", cards) == "good"


def test_markup_in_a_card_is_shown_as_it_is_written() -> None:
    parameter = {"type": "model", "name": "m", "label": "M", "help": "", "default": "good", "role": "r"}
    card = {"name": "good", "label": "<b>Good</b>", "notes": "<img src='file:///etc/passwd'>", "role": "r"}
    widget = field(parameter, None, [card])
    tips = [button.toolTip() for button in widget.findChildren(QToolButton)]
    tips.append(widget.control.itemData(0, Qt.ItemDataRole.ToolTipRole))
    for tip in filter(Qt.mightBeRichText, tips):
        assert "<b>" not in tip
        assert "<img" not in tip
        assert "&lt;b&gt;Good" in tip
