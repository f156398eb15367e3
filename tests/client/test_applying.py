"""Settings count, or do not, as the declarations of their filters say."""

from __future__ import annotations

from typing import Any

from inkwash.client.applying import counts, reason
from inkwash.models.filters import declared, find


def parameter(filter: str, name: str) -> dict[str, Any]:
    return next(one for one in find(filter).declaration()["parameters"] if one["name"] == name)


def test_a_setting_counts_by_another_one_or_by_what_is_given() -> None:
    assert counts(parameter("lineart", "width"), {"method": "smooth"}, ["picture"])
    assert not counts(parameter("lineart", "width"), {"method": "adaptive"}, ["picture"])
    assert counts(parameter("colorize", "strength"), {}, ["line", "hints"])
    assert not counts(parameter("colorize", "strength"), {}, ["line"])
    assert counts(parameter("colorize", "strength"), {}, None), "nobody knows yet"
    assert counts(parameter("restyle", "start"), {}, ["picture", "style"])
    assert not counts(parameter("restyle", "start"), {}, ["picture", "style", "begun"])


def test_it_is_said_when_it_counts() -> None:
    painter = reason(find("colorize").declaration(), parameter("colorize", "painter"))
    assert painter == "Counts only for Finish: painted or flat + shading."
    start = reason(find("restyle").declaration(), parameter("restyle", "start"))
    assert start == "Counts only without Begun."
    assert reason(find("colorize").declaration(), parameter("colorize", "finish")) == ""


def test_every_condition_is_of_a_setting_or_input_that_there_is() -> None:
    conditions = 0
    for filter in declared():
        inputs = {input.name for input in filter.inputs}
        parameters = {one.name: one for one in filter.parameters}
        for one in filter.parameters:
            for rule in one.when:
                conditions += 1
                if rule.name in parameters:
                    assert all(parameters[rule.name].check(value) == value for value in rule.values)
                else:
                    assert rule.name in inputs
                    assert set(rule.values) <= {True, False}
    assert conditions > 8
