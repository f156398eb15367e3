"""A declaration's inputs and parameters as the arguments of a GIMP procedure, and their values back."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, Mapping, Sequence, Tuple

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GObject  # noqa: E402

Declaration = Mapping[str, Any]

# What every image procedure has already, or every object of GObject's.
TAKEN = ("run-mode", "image", "drawables", "num-drawables", "procedure", "replace-earlier")
BUTTONS = "hrcolskvyf"  # letters of the dialog's own: Help, Reset, Cancel, OK, Load, Save, keep, preview, my, folder
INSTEAD = "replace-earlier"  # the argument that every filter has besides its own
FLAGS = GObject.ParamFlags.READWRITE


def inputs(declaration: Declaration) -> List[Tuple[str, Mapping[str, Any]]]:
    """Each declared input with the name of its argument."""
    return [(name, item) for name, kind, item in _named(declaration) if kind == "input"]


def parameters(declaration: Declaration) -> List[Tuple[str, Mapping[str, Any]]]:
    """Each declared parameter that GIMP can show, with the name of its argument."""
    return [(name, item) for name, kind, item in _named(declaration) if kind == "parameter"]


def elsewhere(declaration: Declaration) -> List[Tuple[str, str, Mapping[str, Any]]]:
    """The arguments for what else than a layer can be an input: name, "file" or "colours", and the declared input."""
    found = []
    for name, item in inputs(declaration):
        if not item["aligned"]:
            found.append((name + "-file", "file", item))
        if item.get("tones"):
            found.append((name + "-colours", "colours", item))
    return found


def models(declaration: Declaration) -> List[Tuple[str, Mapping[str, Any]]]:
    """Those of the parameters that name a model."""
    return [(name, item) for name, item in parameters(declaration) if item["type"] == "model"]


def add(procedure: Any, declaration: Declaration, known: Sequence[Mapping[str, Any]]) -> None:
    """Give `procedure` an argument for each input and parameter of `declaration`; `known` are models for the help."""
    nicks = labels(declaration)
    for place, (name, item) in enumerate(inputs(declaration)):
        otherwise = "Without it: the selected layer." if place == 0 else _optional(item)
        procedure.add_layer_argument(name, nicks[name], _sentences(item["help"], otherwise), True, FLAGS)
    for name, kind, item in elsewhere(declaration):
        if kind == "file":
            rest = ("A picture's file, in place of a layer.", Gimp.FileChooserAction.OPEN, True, None, FLAGS)
            procedure.add_file_argument(name, "{}: file".format(item["label"]), *rest)
        else:
            text = "One of GIMP's palettes, in place of a layer."
            procedure.add_palette_argument(name, "{}: colours".format(item["label"]), text, True, None, False, FLAGS)
    for name, item in parameters(declaration):
        words = [model["name"] for model in known if model.get("role") == item.get("role")]
        told = {**item, "help": _sentences(item["help"], "One of: {}.".format(", ".join(words)))} if words else item
        ADDERS[item["type"]](procedure, name, nicks[name], told)
    text = "What this filter gave for the same layer before goes; hidden instead if you have worked on it."
    procedure.add_boolean_argument(INSTEAD, "Replace the earlier result", text, True, FLAGS)


def settings(declaration: Declaration, config: Any) -> Dict[str, Any]:
    """The values of the parameters in `config`, under their declared names."""
    return {item["name"]: config.get_property(name) for name, item in parameters(declaration)}


def set_settings(declaration: Declaration, config: Any, values: Mapping[str, Any]) -> None:
    """Put `values`, by declared name, into `config`; what is unknown, of another type or out of range is left out."""
    for name, item in parameters(declaration):
        value = values.get(item["name"])
        if isinstance(value, KINDS[item["type"]]) and isinstance(value, bool) == (item["type"] == "toggle"):
            fits = value in item["choices"] if item["type"] == "choice" else True
            if item["type"] in ("number", "integer"):
                fits = item["minimum"] <= value <= item["maximum"]
            if fits:
                config.set_property(name, value)


def copy(declaration: Declaration, config: Any, other: Any) -> None:
    """Put what `config` has besides layers into the config `other`."""
    names = [name for name, _ in parameters(declaration)] + [name for name, _, _ in elsewhere(declaration)]
    for name in (*names, INSTEAD):
        other.set_property(name, config.get_property(name))


def layers(declaration: Declaration, config: Any) -> Dict[str, Any]:
    """The layers in `config`, under the names of their inputs; None where there is none."""
    return {item["name"]: config.get_property(name) for name, item in inputs(declaration)}


def sources(declaration: Declaration, config: Any) -> Dict[str, Any]:
    """The files and palettes in `config`, under the names of the inputs that they are for."""
    found = [(item["name"], config.get_property(name)) for name, _, item in elsewhere(declaration)]
    return {name: source for name, source in found if source is not None}


def set_layers(declaration: Declaration, config: Any, chosen: Mapping[str, Any]) -> None:
    """Put the layers `chosen`, by input, into `config`."""
    for name, item in inputs(declaration):
        config.set_property(name, chosen.get(item["name"]))


def fills_page(declaration: Declaration) -> bool:
    """Whether the whole page is worked on, however small the first input: a drawing that other layers lie on."""
    first, *others = declaration["inputs"]
    return first["kind"] == "gray" and any(item["aligned"] for item in others)


def labels(declaration: Declaration) -> Dict[str, str]:
    """Each argument's label, with an underscore before the letter that leads to it on the keyboard."""
    free = set("abcdefghijklmnopqrstuvwxyz") - set(BUTTONS)
    found = {}
    for name, _, item in _named(declaration):
        label = _label(item).replace("_", "__")
        place = next((place for place, letter in enumerate(label.lower()) if letter in free), None)
        if place is not None:
            free.remove(label[place].lower())
            label = label[:place] + "_" + label[place:]
        found[name] = label
    return found


def _named(declaration: Declaration) -> Iterator[Tuple[str, str, Mapping[str, Any]]]:
    """Argument name, "input" or "parameter", and the declared item; each name is new and one that GIMP takes."""
    seen = set(TAKEN)
    items = [("input", item) for item in declaration["inputs"]]
    items += [("parameter", item) for item in declaration["parameters"] if item["type"] in ADDERS]
    for kind, item in items:
        name = item["name"].replace("_", "-")
        if name in seen:
            name += "-layer" if kind == "input" else "-value"
        seen.add(name)
        yield name, kind, item


def _optional(item: Mapping[str, Any]) -> str:
    return "" if item["required"] else "Optional."


def _sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _label(item: Mapping[str, Any]) -> str:
    return "{} ({})".format(item["label"], item["unit"]) if item.get("unit") else str(item["label"])


def _number(procedure: Any, name: str, nick: str, item: Mapping[str, Any]) -> None:
    span = (float(item["minimum"]), float(item["maximum"]), float(item["default"]))
    procedure.add_double_argument(name, nick, item["help"], *span, FLAGS)


def _integer(procedure: Any, name: str, nick: str, item: Mapping[str, Any]) -> None:
    span = (item["minimum"], item["maximum"], item["default"])
    procedure.add_int_argument(name, nick, item["help"], *span, FLAGS)


def _toggle(procedure: Any, name: str, nick: str, item: Mapping[str, Any]) -> None:
    procedure.add_boolean_argument(name, nick, item["help"], item["default"], FLAGS)


def _choice(procedure: Any, name: str, nick: str, item: Mapping[str, Any]) -> None:
    choice = Gimp.Choice.new()
    for place, word in enumerate(item["choices"]):
        choice.add(word, place, word, "")
    procedure.add_choice_argument(name, nick, item["help"], choice, item["default"], FLAGS)


def _text(procedure: Any, name: str, nick: str, item: Mapping[str, Any]) -> None:
    # A model is any text: one that was dropped into the folder today was unknown when GIMP registered this.
    procedure.add_string_argument(name, nick, item["help"], item["default"], FLAGS)


# How a parameter of each type becomes an argument; one of a type that is not here keeps its default.
ADDERS: Dict[str, Callable[[Any, str, str, Mapping[str, Any]], None]] = {
    "number": _number,
    "integer": _integer,
    "toggle": _toggle,
    "choice": _choice,
    "model": _text,
    "text": _text,
}
KINDS: Dict[str, Any] = {
    "number": (int, float),
    "integer": int,
    "toggle": bool,
    "choice": str,
    "model": str,
    "text": str,
}  # of their values
