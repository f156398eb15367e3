"""The form: choosers for layers and models, GIMP's own widgets for the other parameters, what is advanced folded."""

from __future__ import annotations

from typing import Any, Iterator, List, Mapping, Sequence, Tuple

import gi

gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import GimpUi, GObject, Gtk  # noqa: E402

from inkwash.client.applying import counts  # noqa: E402

from .. import arguments  # noqa: E402
from . import choosers  # noqa: E402

SPACING = 6
WIDTH = 380  # pixels of the form at least
TRACK = 90  # pixels of a slider's track at least
STEPS = 1000  # an integer of more has no slider
Named = Sequence[Tuple[str, Mapping[str, Any]]]


class Form:
    """The widgets for a filter's arguments, bound to `config`."""

    def __init__(self, dialog: Any, config: Any, image: Any, declaration: Mapping[str, Any]) -> None:
        self._dialog = dialog
        self._config = config
        self._names = arguments.labels(declaration)
        self._column = Gtk.SizeGroup(mode=Gtk.SizeGroupMode.HORIZONTAL)
        self._models: List[choosers.ModelChooser] = []
        self._rows: List[Tuple[Mapping[str, Any], Any]] = []  # each declared item with its widget
        self.widget = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=SPACING)
        self.widget.set_size_request(WIDTH, -1)
        for name, item in arguments.inputs(declaration):
            self._add(self.widget, name, item, choosers.InputChooser(config, name, image, item))
        parameters = arguments.parameters(declaration)
        self._fill(self.widget, [(name, item) for name, item in parameters if not item.get("advanced")])
        self.widget.pack_start(dialog.get_widget(arguments.INSTEAD, GObject.TYPE_NONE), False, False, 0)
        self._fold([(name, item) for name, item in parameters if item.get("advanced")])
        self._settled = config.connect("notify", lambda *_: self._heed())
        self.widget.connect("destroy", lambda *_: config.disconnect(self._settled))
        self._declaration = declaration
        self._heed()
        self.widget.show_all()

    def offer(self, models: Sequence[Mapping[str, Any]]) -> None:
        """Let `models` be chosen from."""
        for chooser in self._models:
            chooser.offer(models)

    def _heed(self) -> None:
        """Grey out what does not count as things are."""
        values = arguments.settings(self._declaration, self._config)
        found = {
            **arguments.layers(self._declaration, self._config),
            **arguments.sources(self._declaration, self._config),
        }
        given = [name for name, source in found.items() if source is not None]
        for item, widget in self._rows:
            widget.set_sensitive(counts(item, values, given))

    def _fold(self, named: Named) -> None:
        if named:
            box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=SPACING)
            self._fill(box, named)
            more = Gtk.Expander(label="Advanced")
            more.add(box)
            self.widget.pack_start(more, False, False, 0)

    def _fill(self, box: Gtk.Box, named: Named) -> None:
        for name, item in named:
            if item["type"] == "model":
                chooser = choosers.ModelChooser(self._config, name, item)
                self._models.append(chooser)
                self._add(box, name, item, chooser)
            else:
                widget = self._own(name, item)
                self._rows.append((item, widget))
                box.pack_start(widget, False, False, 0)

    def _own(self, name: str, item: Mapping[str, Any]) -> Any:
        """GIMP's own widget for a parameter: a slider for a number, if it can be one."""
        if item["type"] == "number" or (item["type"] == "integer" and item["maximum"] - item["minimum"] <= STEPS):
            widget = self._dialog.get_scale_entry(name, 1.0)
            widget.get_range().set_size_request(TRACK, -1)
        else:
            widget = self._dialog.get_widget(name, GObject.TYPE_NONE)
        if isinstance(widget, GimpUi.LabelEntry) and item.get("of"):
            widget.get_entry().set_placeholder_text("#ff0000=#00aa88")
        if isinstance(widget, GimpUi.Labeled):
            self._column.add_widget(widget.get_label())
        return widget

    def _add(self, box: Gtk.Box, name: str, item: Mapping[str, Any], chooser: Any) -> None:
        """A chooser with its label."""
        row = Gtk.Box(spacing=SPACING)
        label = Gtk.Label(label=self._names[name], use_underline=True, mnemonic_widget=chooser.widget, xalign=0)
        self._column.add_widget(label)
        chooser.widget.set_tooltip_text(item["help"])
        row.pack_start(label, False, False, 0)
        row.pack_start(chooser.widget, True, True, 0)
        self._rows.append((item, row))
        box.pack_start(row, False, False, 0)


def settings(config: Any, declaration: Mapping[str, Any]) -> Iterator[str]:
    """The names of all of `config` that changes what comes out."""
    yield from (name for name, _ in arguments.inputs(declaration))
    yield from (name for name, _, _ in arguments.elsewhere(declaration))
    yield from (name for name, _ in arguments.parameters(declaration))
