"""Where a filter's results go among the artist's layers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from inkwash.models.filters import Filter, Output

PLACES = ("below", "replace", "above")  # bottom to top


def stacked(filter: Filter, given: Collection[str]) -> list[Output]:
    """The outputs that a filter gave, bottom first; ValueError if it declares one of them not."""
    undeclared = set(given) - {output.name for output in filter.outputs}
    if undeclared:
        raise ValueError(f"{filter.id} gave {undeclared}, which it does not declare")
    return sorted((o for o in filter.outputs if o.name in given), key=lambda output: PLACES.index(output.place))


def group(filter: Filter, outputs: list[Output], *, paper: bool) -> dict[str, Any]:
    """The group that a host makes of the outputs: its name, and where it goes relative to the first input.

    Where all of them only change what is below them, they do so "through" their group. What belongs below lines that
    are drawn on opaque `paper` would not be seen there; above them and multiplied it looks the same, and the lines stay
    untouched.
    """
    name = "Inkwash: " + filter.id.replace("_", " ").capitalize()
    below = all(output.place == "below" for output in outputs)
    if not below:
        through = all(output.blend != "normal" for output in outputs)
        return {"name": name, "place": "above", "blend": "through" if through else "normal"}
    return (
        {"name": name, "place": "above", "blend": "multiply"}
        if paper
        else {"name": name, "place": "below", "blend": "normal"}
    )
