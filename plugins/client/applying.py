"""Which settings count as things are, by what their declarations say of other settings and of inputs."""

from __future__ import annotations

from typing import Any, Collection, List, Mapping, Optional


def counts(parameter: Mapping[str, Any], settings: Mapping[str, Any], given: Optional[Collection[str]]) -> bool:
    """Whether `parameter` matters while the others are `settings` and the inputs `given`, by name, have a picture.

    None if nobody knows yet which inputs have one: then they stand in the way of nothing.
    """
    rules = [rule for rule in parameter.get("when") or () if given is not None or rule["name"] in settings]
    return all(settings.get(rule["name"], rule["name"] in (given or ())) in rule["values"] for rule in rules)


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
