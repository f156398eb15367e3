import subprocess
import sys
from typing import Any

import pytest

from inkwash.models.errors import BadParameter, UnknownFilter
from inkwash.models.filters import declared, find
from inkwash.models.filters.declaration import Choice, Integer, ModelChoice, Number, Toggle

NUMBER = Number("n", "Number", "", 0.5, 0.0, 1.0)
INTEGER = Integer("i", "Integer", "", 3, 1, 9)
CHOICE = Choice("c", "Choice", "", "a", ("a", "b"))
MODEL = ModelChoice("m", "Model", "", "x", "colorizer")
TOGGLE = Toggle("t", "Toggle", "", True)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        (NUMBER, 1.5), (NUMBER, -0.1), (NUMBER, "1"), (NUMBER, True), (NUMBER, float("nan")),
        (INTEGER, 0), (INTEGER, 10), (INTEGER, 2.5), (INTEGER, True),
        (CHOICE, "z"), (CHOICE, 1), (MODEL, ""), (MODEL, 5), (TOGGLE, 1), (TOGGLE, "yes"),
    ],
)  # fmt: skip
def test_a_value_out_of_range_or_of_another_type_is_refused(parameter: Any, value: Any) -> None:
    with pytest.raises(BadParameter):
        parameter.check(value)


@pytest.mark.parametrize(
    ("parameter", "value"), [(NUMBER, 1), (NUMBER, 0.0), (INTEGER, 9), (CHOICE, "b"), (MODEL, "y"), (TOGGLE, False)]
)
def test_a_value_in_range_is_taken(parameter: Any, value: Any) -> None:
    assert parameter.check(value) == value


def test_settings_are_completed_with_defaults() -> None:
    assert find("colorize").settings({"strength": 0.5}) == {
        "model": "inkwash-colorizer", "strength": 0.5, "recolour": "", "finish": "painted", "gap": 3.0,
        "unhinted": "auto", "lines": False, "rooms": False, "painter": "inkwash-painter", "seed": 0,
    }  # fmt: skip


def test_an_unknown_setting_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadParameter) as refused:
        find("lineart").settings({"blok": 9})
    assert "blok" in refused.value.message
    assert "block" in refused.value.hint


def test_an_unknown_filter_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownFilter) as refused:
        find("colourise")
    assert "colorize" in refused.value.hint


def test_every_default_passes_its_own_check() -> None:
    for filter in declared():
        for parameter in filter.parameters:
            assert parameter.check(parameter.default) == parameter.default, f"{filter.id} {parameter.name}"


def test_the_declaration_says_of_every_parameter_whether_front_ends_fold_it_away() -> None:
    for filter in declared():
        assert all(isinstance(parameter["advanced"], bool) for parameter in filter.declaration()["parameters"])
    plain = [p["name"] for p in find("restyle").declaration()["parameters"] if not p["advanced"]]
    assert plain == ["preset", "strength", "style_scale", "keep_colours", "size", "weight_2", "weight_3"]


def test_the_paper_s_threshold_is_the_default() -> None:
    settings = find("lineart").settings({})
    assert (settings["block"], settings["constant"]) == (9, 2.0)


def test_reading_the_declarations_does_not_import_torch() -> None:
    code = "import inkwash.models.filters, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
