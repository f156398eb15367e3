"""Guessing which of a document's layers each of a filter's inputs most likely means."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional, Sequence, Set, Tuple

PRODUCED = "Inkwash"  # how the groups that Inkwash makes begin
Choice = Optional[int]

# Words that artists use for the same thing, in the singular; CJK ones are found inside longer words.
FAMILIES: Tuple[Tuple[str, ...], ...] = (
    ("line", "lineart", "linework", "ink", "inked", "inking", "outline", "contour", "trait", "encre", "linie", "linien")
    + ("tinte", "linea", "tinta", "линии", "линия", "контур", "線", "线", "墨"),
    ("hint", "colour", "scribble", "stroke", "farbe", "farben", "couleur", "cor", "core", "colore", "colori")
    + ("цвет", "цвета", "色", "塗"),
    ("reference", "ref", "example", "referenz", "exemple", "参考"),
    ("style", "stil", "estilo", "stile", "стиль", "风格"),
)
SAME_NAME, SAME_LABEL, SAME_FAMILY = 4, 3, 2  # how strongly a layer's name speaks for an input


def guess(
    inputs: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    active: Choice = None,
    remembered: Optional[Mapping[str, Choice]] = None,
) -> Dict[str, Choice]:
    """For each declared input its layer's index in `names`, or None; no layer is taken twice.

    `names` go from the topmost layer down; one inside a group is written "Group/Layer". `active` is the index
    of the active layer. `remembered` holds what the artist chose before: an index, or None for an optional
    input that is to stay empty; leave out layers that are gone.
    """
    chosen = _remembered(inputs, len(names), remembered or {})
    scores = [[_score(input, name) for name in names] for input in inputs]
    _choose_active(inputs, names, scores, active, chosen)
    _choose_by_name(inputs, names, scores, chosen)
    _choose_what_is_left(inputs, names, scores, chosen)
    return {input["name"]: chosen.get(input["name"]) for input in inputs}


def produced(name: str) -> bool:
    """Whether a layer of this name, or the group it is in, was made by Inkwash."""
    return any(part.strip().startswith(PRODUCED + ":") for part in name.split("/"))


def _remembered(inputs: Sequence[Mapping[str, Any]], count: int, remembered: Mapping[str, Choice]) -> Dict[str, Choice]:
    chosen: Dict[str, Choice] = {}
    for input in inputs:
        name = input["name"]
        index = remembered.get(name, -1)
        empty_by_choice = index is None and not input["required"]
        if empty_by_choice or (index is not None and 0 <= index < count and index not in chosen.values()):
            chosen[name] = index
    return chosen


def _choose_active(
    inputs: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    scores: Sequence[Sequence[int]],
    active: Choice,
    chosen: Dict[str, Choice],
) -> None:
    """The active layer for the first required input, unless its name speaks for another one."""
    if active is None or active in chosen.values():
        return
    for position, input in enumerate(inputs):
        if input["required"]:
            best = max(scores[other][active] for other in range(len(inputs)))
            fits = scores[position][active] == best and (best > 0 or not produced(names[active]))
            if input["name"] not in chosen and fits:
                chosen[input["name"]] = active
            return


def _choose_by_name(
    inputs: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    scores: Sequence[Sequence[int]],
    chosen: Dict[str, Choice],
) -> None:
    """The best matches of names first; what Inkwash made itself is nobody's input."""
    pairs = [
        (-scores[position][index], position, index)
        for position in range(len(inputs))
        for index in range(len(names))
        if scores[position][index] and not produced(names[index])
    ]
    for _, position, index in sorted(pairs):
        name = inputs[position]["name"]
        if name not in chosen and index not in chosen.values():
            chosen[name] = index


def _choose_what_is_left(
    inputs: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    scores: Sequence[Sequence[int]],
    chosen: Dict[str, Choice],
) -> None:
    """A required input without a match takes the topmost layer that nothing speaks against."""
    required = {input["name"] for input in inputs if input["required"]}
    for input in inputs:
        if input["name"] in required and input["name"] not in chosen:
            free = [index for index in range(len(names)) if index not in chosen.values()]
            free.sort(key=lambda index: (produced(names[index]), any(row[index] for row in scores), index))
            lent = [name for name, index in chosen.items() if index is not None and name not in required]
            if free:
                chosen[input["name"]] = free[0]
            elif lent:  # an optional input can do without
                chosen[input["name"]] = chosen.pop(lent[0])


def _score(input: Mapping[str, Any], name: str) -> int:
    """How strongly a layer's `name` speaks for `input`; 0 if it says nothing."""
    layer = _words(name.split("/")[-1].replace(PRODUCED + ":", ""))
    own, label = _words(input["name"]), _words(input["label"])
    if layer & own:
        return SAME_NAME
    if layer & label:
        return SAME_LABEL
    # The help speaks of other layers too, so it counts only where name and label say nothing.
    families = _families(own | label) or _families(_words(input["help"]))
    return SAME_FAMILY if any(index in families for index in _families(layer)) else 0


def _families(words: Set[str]) -> List[int]:
    return [index for index, family in enumerate(FAMILIES) if any(_belongs(word, family) for word in words)]


def _belongs(word: str, family: Sequence[str]) -> bool:
    return word in family or any(ord(part[0]) > 0x2E80 and part in word for part in family)


def _words(text: str) -> Set[str]:
    """The words of `text` in lower case and the singular, American spelling as British."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return {re.sub("^color$", "colour", _singular(word)) for word in words}


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
