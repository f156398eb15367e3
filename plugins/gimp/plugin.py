"""The plug-in as GIMP sees it: it says which procedures there are, makes them, and runs one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, List, Mapping, Optional, Sequence

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GObject  # noqa: E402

from . import arguments, manifest  # noqa: E402
from .procedure import run  # noqa: E402

PREFIX = "inkwash-"
MENU = "<Image>/Filters/Inkwash"
AUTHORS, YEAR = "The Inkwash authors", "2026"


class Plugin(Gimp.PlugIn):
    """Every filter of the manifest as a procedure."""

    def do_set_i18n(self, name: str) -> bool:
        """There are no translations."""
        return False

    def do_query_procedures(self) -> List[str]:
        """The names of all procedures; GIMP asks when the plug-in's file is newer than it remembers."""
        manifest.adopt(folder())
        return [_name(declaration) for declaration in manifest.read(folder())["filters"]]

    def do_create_procedure(self, name: str) -> Optional[Any]:
        """The procedure called `name`."""
        known = manifest.read(folder())
        for declaration in known["filters"]:
            if _name(declaration) == name:
                return _procedure(self, declaration, known["models"])
        return None


def folder() -> Path:
    """The folder of the plug-in: where `inkwash` and the manifest are."""
    return Path(__file__).resolve().parents[2]


def main() -> None:
    """Be the plug-in; GIMP started this program and speaks through its pipes."""
    Gimp.main(Plugin.__gtype__, sys.argv)


def _name(declaration: Mapping[str, Any]) -> str:
    return PREFIX + str(declaration["id"]).replace("_", "-")


def _procedure(plugin: Plugin, declaration: Mapping[str, Any], models: Sequence[Mapping[str, Any]]) -> Any:
    procedure = Gimp.ImageProcedure.new(plugin, _name(declaration), Gimp.PDBProcType.PLUGIN, run, declaration)
    procedure.set_image_types("*")
    several = len(declaration["inputs"]) > 1  # the layers that are selected can be lines and hints
    one, more = Gimp.ProcedureSensitivityMask.DRAWABLE, Gimp.ProcedureSensitivityMask.DRAWABLES
    procedure.set_sensitivity_mask(one | more if several else one)
    procedure.set_menu_label(declaration["label"].replace("_", "__") + "...")
    procedure.add_menu_path(MENU)
    procedure.set_documentation(declaration["help"], _help(declaration), None)
    procedure.set_attribution(AUTHORS, AUTHORS, YEAR)
    arguments.add(procedure, declaration, models)
    note = "What the filter gave: a group of layers beside the first one."
    procedure.add_group_layer_return_value("group", "Result", note, True, GObject.ParamFlags.READWRITE)
    return procedure


def _help(declaration: Mapping[str, Any]) -> str:
    """What a script's author wants to know: the layers that go in and come out."""
    lines = [declaration["help"], "Needs:"]
    for item in declaration["inputs"]:
        needed = "" if item["required"] else " (optional)"
        lines.append("- {}{}: {}".format(item["label"], needed, item["help"]))
    gives = ", ".join(item["label"] for item in declaration["outputs"])
    lines.append("Gives a group of layers: {}. The layers that go in are not altered.".format(gives))
    return "\n".join(lines)
