"""Guessing which of a document's layers each of a filter's inputs most likely means, by their names and looks."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Optional, Sequence, Set, Tuple

from .looks import BLANK, HINTS, LINES, PICTURE, UNKNOWN

PRODUCED = "Inkwash"  # how the groups that Inkwash makes begin
Choice = Optional[int]

# Words that artists use for the same thing, in the singular; CJK ones are found inside longer words.
FAMILIES: Tuple[Tuple[str, ...], ...] = (
    ("line", "lineart", "linework", "ink", "inked", "inking", "outline", "contour", "trait", "encre", "linie", "linien")
    + ("tinte", "linea", "tinta", "линии", "линия", "контур", "線", "线", "墨"),
    ("hint", "colour", "scribble", "stroke", "farbe", "farben", "couleur", "cor", "core", "colore", "colori")
    + ("цвет", "цвета", "色", "塗"),
    ("flat", "base", "colour", "farbe", "couleur", "cor", "colore", "цвет", "色", "下塗り"),
    ("reference", "ref", "example", "referenz", "exemple", "参考"),
    ("style", "stil", "estilo", "stile", "стиль", "风格"),
)
LINE, HINT, FLAT = 0, 1, 2  # places in FAMILIES
# How strongly a layer speaks for an input, by its name or its looks.
SAME_NAME, SAME_LABEL, SAME_FAMILY, SAME_LOOKS = 4, 3, 2, 1


def guess(
    inputs: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    active: Choice = None,
    remembered: Optional[Mapping[str, Choice]] = None,
    looks: Optional[Sequence[str]] = None,
) -> Dict[str, Choice]:
    """For each declared input its layer's index in `names`, or None; no layer is taken twice.

    `names` go from the topmost layer down; one inside a group is written "Group/Layer". `active` is the index
    of the active layer. `remembered` holds what the artist chose before: an index, or None for an optional
    input that is to stay empty; leave out layers that are gone. `looks` says what each layer looks like, in the words
    of `looks.look`; "" where that is not known.
    """
    chosen = _remembered(inputs, len(names), remembered or {})
    table = _Table(inputs, names, looks or [UNKNOWN] * len(names))
    _choose_active(table, active, chosen)
    _choose_best(table, chosen)
    _choose_what_is_left(table, chosen)
    return {input["name"]: chosen.get(input["name"]) for input in inputs}


def produced(name: str) -> bool:
    """Whether a layer of this name, or the group it is in, was made by Inkwash."""
    return any(part.strip().startswith(PRODUCED + ":") for part in name.split("/"))


def takes_any(input: Mapping[str, Any]) -> bool:
    """Whether an input takes any picture, the whole one first of all: neither lines nor hints are asked for."""
    return _wanted(input) not in (LINES, HINTS)


def takes_hints(input: Mapping[str, Any]) -> bool:
    """Whether an input takes strokes of colour."""
    return _wanted(input) == HINTS


def _remembered(inputs: Sequence[Mapping[str, Any]], count: int, remembered: Mapping[str, Choice]) -> Dict[str, Choice]:
    chosen: Dict[str, Choice] = {}
    for input in inputs:
        name = input["name"]
        index = remembered.get(name, -1)
        empty_by_choice = index is None and not input["required"]
        if empty_by_choice or (index is not None and 0 <= index < count and index not in chosen.values()):
            chosen[name] = index
    return chosen


class _Table:
    """How strongly each layer speaks for each input."""

    def __init__(self, inputs: Sequence[Mapping[str, Any]], names: Sequence[str], looks: Sequence[str]) -> None:
        self.inputs = inputs
        self.names = names
        self.wanted = [_wanted(input) for input in inputs]
        self.looks = looks
        self.scores = [
            [_score(input, name) or (SAME_LOOKS if look and look == wanted else 0) for name, look in zip(names, looks)]
            for input, wanted in zip(inputs, self.wanted)
        ]

    def unlikely(self, position: int, index: int) -> int:
        """How much speaks against a layer that nothing speaks for: it is for another input, or of another kind."""
        name, look, wanted = self.names[index], self.looks[index], self.wanted[position]
        is_hints = wanted != HINTS and (look == HINTS or HINT in _families(_words(name.split("/")[-1])))
        if produced(name) or look == BLANK:
            return 3 + int(is_hints)
        if is_hints:
            return 2
        return int(any(row[index] for row in self.scores) or look not in (UNKNOWN, wanted))

    def better(self, position: int, index: int) -> bool:
        """Whether this layer does not look the part, and another one does; any kind of layer is a picture."""
        if self.scores[position][index] or self.looks[index] in (UNKNOWN, self.wanted[position]):
            return False
        if self.wanted[position] == PICTURE and self.looks[index] != BLANK:
            return False
        row = self.scores[position]
        return any(row[other] and self.usable(position, other) for other in range(len(row)))

    def usable(self, position: int, index: int) -> bool:
        """What Inkwash made itself is nobody's input, but for lines that it found and colours to be shaded."""
        again = self.wanted[position] == LINES or _input_families(self.inputs[position]) == [FLAT]
        return again or not produced(self.names[index])


def _choose_active(table: _Table, active: Choice, chosen: Dict[str, Choice]) -> None:
    """The active layer for the first required input, unless it speaks for another one, or another looks the part."""
    if active is None or active in chosen.values():
        return
    for position, input in enumerate(table.inputs):
        if input["required"]:
            best = max(row[active] for row in table.scores)
            own = table.scores[position][active]
            fits = own == best and (best > 0 or not produced(table.names[active]))
            if input["name"] not in chosen and fits and not table.better(position, active):
                chosen[input["name"]] = active
            return


def _choose_best(table: _Table, chosen: Dict[str, Choice]) -> None:
    """The best matches first."""
    pairs = [
        (produced(table.names[index]), -score, position, index)
        for position, row in enumerate(table.scores)
        for index, score in enumerate(row)
        if score and table.usable(position, index)
    ]
    for _, _, position, index in sorted(pairs):
        name = table.inputs[position]["name"]
        if name not in chosen and index not in chosen.values():
            chosen[name] = index


def _choose_what_is_left(table: _Table, chosen: Dict[str, Choice]) -> None:
    """A required input without a match takes the topmost layer that the least speaks against."""
    required = {input["name"] for input in table.inputs if input["required"]}
    for position, input in enumerate(table.inputs):
        if input["name"] in required and input["name"] not in chosen:
            free = [index for index in range(len(table.names)) if index not in chosen.values()]
            free.sort(key=lambda index: (table.unlikely(position, index), index))
            lent = [name for name, index in chosen.items() if index is not None and name not in required]
            if free:
                chosen[input["name"]] = free[0]
            elif lent:  # an optional input can do without
                chosen[input["name"]] = chosen.pop(lent[0])


def _wanted(input: Mapping[str, Any]) -> str:
    """What a layer for `input` looks like."""
    families = _input_families(input)
    if HINT in families:
        return HINTS
    if LINE in families:
        return LINES
    return PICTURE if input["required"] else UNKNOWN


def _score(input: Mapping[str, Any], name: str) -> int:
    """How strongly a layer's `name` speaks for `input`; 0 if it says nothing."""
    layer = _words(name.split("/")[-1].replace(PRODUCED + ":", ""))
    if layer & _words(input["name"]):
        return SAME_NAME
    if layer & _words(input["label"]):
        return SAME_LABEL
    families = _input_families(input)
    return SAME_FAMILY if any(index in families for index in _families(layer)) else 0


def _input_families(input: Mapping[str, Any]) -> List[int]:
    # The help speaks of other layers too, so it counts only where name and label say nothing.
    return _families(_words(input["name"]) | _words(input["label"])) or _families(_words(input["help"]))


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
