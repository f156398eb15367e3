"""Which settings count as things are, by what their declarations say of other settings and of inputs."""

from __future__ import annotations

from typing import Any, Collection, List, Mapping


def counts(parameter: Mapping[str, Any], settings: Mapping[str, Any], given: Collection[str]) -> bool:
    """Whether `parameter` matters while the others are `settings` and the inputs `given`, by name, have a picture."""
    return all(_value(rule["name"], settings, given) in rule["values"] for rule in parameter.get("when") or ())


def reason(declaration: Mapping[str, Any], parameter: Mapping[str, Any]) -> str:
    """When `parameter` counts, as a sentence; empty if always."""
    inputs = {item["name"]: item["label"] for item in declaration["inputs"]}
    labels = {item["name"]: item["label"] for item in declaration["parameters"]}
    parts: List[str] = []
    for rule in parameter.get("when") or ():
        name = rule["name"]
        if name in labels:
            parts.append("for {}: {}".format(labels[name], " or ".join(str(value) for value in rule["values"])))
        else:
            parts.append("{} {}".format("with" if True in rule["values"] else "without", inputs[name]))
    return "Counts only {}.".format(", ".join(parts)) if parts else ""


def _value(name: str, settings: Mapping[str, Any], given: Collection[str]) -> Any:
    return settings.get(name, name in given)
