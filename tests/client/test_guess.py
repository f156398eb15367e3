"""Which layer is meant by which input."""

from typing import Any

import pytest

from inkwash.client.guess import guess
from inkwash.client.looks import BLANK, HINTS, LINES, PICTURE, UNKNOWN
from inkwash.models.filters import find


def of(filter: str) -> list[dict[str, Any]]:
    inputs: list[dict[str, Any]] = find(filter).declaration()["inputs"]
    return inputs


COLORIZE = of("colorize")
UNSAID = {"clear": None, "palette": None}  # inputs that no name here speaks for
STYLE = [
    {"name": "picture", "label": "Picture", "help": "What to restyle.", "required": True},
    {"name": "style", "label": "Style", "help": "A picture whose style is taken.", "required": True},
]


@pytest.mark.parametrize(
    ("names", "active", "line", "hints"),
    [
        (["Hints", "Lines", "Background"], 1, "Lines", "Hints"),
        (["Hints", "Lines", "Background"], 0, "Lines", "Hints"),
        (["Hints", "Lines", "Background"], None, "Lines", "Hints"),
        (["color scribbles", "INK 2", "Paper"], 2, "Paper", "color scribbles"),
        (["color scribbles", "INK 2", "Paper"], 0, "INK 2", "color scribbles"),
        (["Colours", "Lineart"], 0, "Lineart", "Colours"),
        (["Base colour", "Hints", "Line art"], 2, "Line art", "Hints"),
        (["Layer 1", "Layer 2"], 1, "Layer 2", None),
        (["Layer 1"], 0, "Layer 1", None),
        (["Layer 1"], None, "Layer 1", None),
        (["Hints"], 0, "Hints", None),
        (["Farben", "Linien"], None, "Linien", "Farben"),
        (["色塗り", "線画"], None, "線画", "色塗り"),
        (["Sketch/Head", "Hints/Skin", "Sketch"], 0, "Sketch/Head", None),
    ],
)
def test_layers_are_known_by_their_names(names: list[str], active: Any, line: str, hints: str | None) -> None:
    chosen = guess(COLORIZE, names, active)
    wanted = {"line": line, "hints": hints, **UNSAID}
    assert {name: None if index is None else names[index] for name, index in chosen.items()} == wanted


def test_what_inkwash_made_is_no_hint() -> None:
    names = ["Lines", "Inkwash: Colorize/Colour", "Inkwash: Colorize", "Inkwash: Colour hints"]
    wanted = {"line": 0, "hints": None, **UNSAID}
    assert guess(COLORIZE, names, 0) == wanted
    for active in range(1, 4):
        assert guess(COLORIZE, names, active) == wanted


def test_lines_that_inkwash_found_may_be_coloured() -> None:
    names = ["Inkwash: Extract line art/Lines", "Inkwash: Extract line art", "Photo"]
    assert guess(COLORIZE, names, 0)["line"] == 0
    assert guess(COLORIZE, names, 1)["line"] == 1
    assert guess(COLORIZE, names, 2)["line"] == 2


def test_the_artists_choice_comes_first() -> None:
    names = ["Hints", "Lines", "Other"]
    assert guess(COLORIZE, names, 1, {"line": 2, "hints": None}) == {"line": 2, "hints": None, **UNSAID}
    assert guess(COLORIZE, names, 1, {"hints": 1}) == {"line": 2, "hints": 1, **UNSAID}


def test_a_required_input_is_not_left_empty_by_memory() -> None:
    assert guess(COLORIZE, ["Lines"], None, {"line": None}) == {"line": 0, "hints": None, **UNSAID}


def test_a_remembered_layer_that_is_gone_is_forgotten() -> None:
    assert guess(COLORIZE, ["Lines"], None, {"line": 7, "hints": -3}) == {"line": 0, "hints": None, **UNSAID}


def test_one_layer_is_remembered_for_one_input() -> None:
    assert guess(COLORIZE, ["a", "b"], None, {"line": 1, "hints": 1}) == {"line": 1, "hints": None, **UNSAID}


def test_every_required_input_gets_a_layer_while_there_are_some() -> None:
    assert guess(STYLE, ["Photo", "Painting"], 1) == {"picture": 1, "style": 0}
    assert guess(STYLE, ["My style", "Photo"], 0) == {"picture": 1, "style": 0}
    assert guess(STYLE, ["Photo"], 0) == {"picture": 0, "style": None}


def test_without_layers_nothing_is_chosen() -> None:
    assert guess(COLORIZE, [], None) == {"line": None, "hints": None, **UNSAID}


def test_a_filter_may_want_no_layer() -> None:
    assert guess([], ["Lines"], 0) == {}


@pytest.mark.parametrize(
    ("names", "looks", "active", "line", "hints"),
    [
        (["Layer", "Background"], [HINTS, LINES], 0, "Background", "Layer"),  # as GIMP names them
        (["Layer", "Background"], [HINTS, LINES], 1, "Background", "Layer"),
        (["Layer #1", "Layer", "Background"], [HINTS, LINES, BLANK], 2, "Layer", "Layer #1"),  # a white sheet below
        (["Layer", "Background"], [LINES, BLANK], 1, "Layer", None),
        (["Layer", "Background"], [BLANK, LINES], 0, "Background", None),
        (["Lines", "Layer"], [BLANK, HINTS], 0, "Lines", "Layer"),  # a name says more than looks
        (["Background"], [BLANK], 0, "Background", None),
        (["My hints", "Background"], [BLANK, BLANK], None, "Background", "My hints"),  # empty both: one is for hints
        (["Inkwash: Lineart/Lines", "Inkwash: Lineart", "Photo"], [LINES, UNKNOWN, PICTURE], 2, None, None),
        (["Inkwash: Colorize/Colour", "Inkwash: Colorize", "Layer"], [PICTURE, UNKNOWN, LINES], 2, "Layer", None),
    ],
)
def test_layers_without_telling_names_are_known_by_their_looks(
    names: list[str], looks: list[str], active: int, line: str | None, hints: str | None
) -> None:
    chosen = guess(COLORIZE, names, active, None, looks)
    assert names[chosen["line"] or 0] == (line or "Inkwash: Lineart/Lines")
    assert hints == (None if chosen["hints"] is None else names[chosen["hints"]])
    assert (chosen["clear"], chosen["palette"]) == (None, None)


def test_a_style_is_a_painting_and_no_strokes_of_colour() -> None:
    restyle = of("restyle")
    assert guess(restyle, ["colour hints", "Photo", "Painting"], 1)["style"] == 2
    assert guess(restyle, ["Layer", "Photo", "Layer 2"], 1, None, [HINTS, PICTURE, PICTURE])["style"] == 2
    names = ["colour hints", "Inkwash: Colorize/Colour", "Inkwash: Colorize", "lines", "Painting"]
    chosen = guess(restyle, names, 3, None, [HINTS, PICTURE, UNKNOWN, LINES, PICTURE])
    assert (chosen["picture"], chosen["style"]) == (3, 4), "the selected layer is the picture, whatever it looks like"


def test_flats_may_be_what_inkwash_coloured_and_lines_are_theirs() -> None:
    names = ["Hints", "Lines", "Inkwash: Colorize/Colour", "Inkwash: Colorize", "Paper"]
    for active in (None, 1, 2):
        assert guess(of("shade"), names, active) == {"flats": 2, "line": 1}
    assert guess(of("shade"), ["Ink", "Flat colours", "Inkwash: Colorize/Colour"], None) == {"flats": 1, "line": 0}
