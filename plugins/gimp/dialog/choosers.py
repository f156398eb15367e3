"""Choosers for layers and for models: combo boxes with small pictures, bound to a procedure's settings."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Sequence

import gi

gi.require_version("Gimp", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import GdkPixbuf, Gimp, Gio, GLib, Gtk  # noqa: E402

from ..image.choosing import candidates  # noqa: E402
from .pictures import pixbuf_from_png  # noqa: E402

SMALL = 24  # pixels of a picture beside a name
ASK = "ask"  # stands for a file that is yet to be chosen


class InputChooser:
    """A layer of the image, or none where that is possible; for a picture to learn from also a file or a palette."""

    def __init__(self, config: Any, argument: str, image: Any, item: Mapping[str, Any]) -> None:
        self._config = config
        self._arguments = {"layer": argument}
        if not item["aligned"]:
            self._arguments["file"] = argument + "-file"
        if item.get("tones"):
            self._arguments["colours"] = argument + "-colours"
        kinds = ("file", "colours", "layer")  # a file of the last time is meant, and a layer only guessed
        set_before = [(kind, config.get_property(name)) for kind, name in self._arguments.items()]
        self._chosen: Any = next(((k, v) for kind in kinds for k, v in set_before if k == kind and v is not None), None)
        self._store = Gtk.ListStore(GdkPixbuf.Pixbuf, str, object)
        if not item["required"]:
            self._store.append([None, "None", None])
        for path, layer in candidates(image):
            picture = layer.get_thumbnail(SMALL, SMALL, Gimp.PixbufTransparency.SMALL_CHECKS)
            self._store.append([picture, path, ("layer", layer)])
        self._ask_row: Any = None
        if "file" in self._arguments:
            self._ask_row = self._store.append([None, "A file ...", ASK])
        for palette in Gimp.palettes_get_list("") if "colours" in self._arguments else ():
            self._store.append([None, "Palette: {}".format(palette.get_name()), ("colours", palette)])
        self.widget = _combo(self._store)
        self._show()
        self.widget.connect("changed", self._changed)
        for name in self._arguments.values():
            _follow(self.widget, config, name, self._keep)

    def _keep(self) -> None:
        """What is chosen is no setting: "Reset" knows of no layers and files, and what is shown stays."""
        for kind, name in self._arguments.items():
            wanted = self._chosen[1] if self._chosen is not None and self._chosen[0] == kind else None
            if not _same(self._config.get_property(name), wanted):
                self._config.set_property(name, wanted)

    def _show(self) -> None:
        self._keep()
        if self._chosen is not None and self._chosen not in [row[2] for row in self._store]:
            self._store.insert_before(self._ask_row, [None, self._chosen[1].get_basename(), self._chosen])
        _activate(self.widget, self._chosen)

    def _changed(self, combo: Gtk.ComboBox) -> None:
        if combo.get_active() < 0:
            return
        chosen = _active(combo)
        if chosen == ASK:
            GLib.idle_add(self._ask)
        else:
            self._chosen = chosen
            self._keep()

    def _ask(self) -> None:
        """Let the artist choose a file; without one all stays as it was."""
        window = self.widget.get_toplevel()
        asking = Gtk.FileChooserDialog(
            title="Choose a picture", transient_for=window, action=Gtk.FileChooserAction.OPEN
        )
        asking.add_buttons("_Cancel", Gtk.ResponseType.CANCEL, "_Open", Gtk.ResponseType.OK)
        asking.set_default_response(Gtk.ResponseType.OK)
        pictures = Gtk.FileFilter()
        pictures.set_name("Pictures")
        pictures.add_mime_type("image/*")
        asking.add_filter(pictures)
        if asking.run() == Gtk.ResponseType.OK:
            self._chosen = ("file", asking.get_file())
        asking.destroy()
        self._show()


class ModelChooser:
    """A model of the role that the parameter asks for."""

    def __init__(self, config: Any, argument: str, item: Mapping[str, Any]) -> None:
        self._config = config
        self._argument = argument
        self._item = item
        self._store = Gtk.ListStore(GdkPixbuf.Pixbuf, str, str)
        self.widget = _combo(self._store)
        self.widget.connect("changed", self._changed)
        _follow(self.widget, config, argument, self._show)

    def offer(self, models: Sequence[Mapping[str, Any]]) -> None:
        """Offer those of `models` that fit; what was chosen stays chosen if it is among them."""
        wanted = self._config.get_property(self._argument)
        fitting = [model for model in models if model.get("role") == self._item["role"]]
        if not fitting:  # the service was never reached from here
            fitting = [{"name": wanted, "label": wanted}]
        self._store.clear()
        for model in fitting:
            picture = pixbuf_from_png(model.get("thumbnail", ""), SMALL)
            self._store.append([picture, model.get("label") or model["name"], model["name"]])
        if wanted not in [model["name"] for model in fitting]:
            self._config.set_property(self._argument, self._item["default"])
        self._show()

    def _show(self) -> None:
        _activate(self.widget, self._config.get_property(self._argument))

    def _changed(self, combo: Gtk.ComboBox) -> None:
        chosen = _active(combo)
        if chosen is not None and chosen != self._config.get_property(self._argument):
            self._config.set_property(self._argument, chosen)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Gio.File) and isinstance(other, Gio.File):
        return bool(one.equal(other))
    return bool(one == other)


def _follow(widget: Any, config: Any, argument: str, show: Callable[[], None]) -> None:
    """Call `show` whenever the setting changes, as "Reset" does, for as long as there is the widget."""
    handler = config.connect("notify::" + argument, lambda *_: show())
    widget.connect("destroy", lambda *_: config.disconnect(handler))


def _combo(store: Gtk.ListStore) -> Gtk.ComboBox:
    """A combo box over rows of picture, text, value."""
    combo = Gtk.ComboBox(model=store)
    picture, text = Gtk.CellRendererPixbuf(), Gtk.CellRendererText()
    combo.pack_start(picture, False)
    combo.add_attribute(picture, "pixbuf", 0)
    combo.pack_start(text, True)
    combo.add_attribute(text, "text", 1)
    return combo


def _active(combo: Gtk.ComboBox) -> Any:
    place = combo.get_active()
    return None if place < 0 else combo.get_model()[place][2]


def _activate(combo: Gtk.ComboBox, value: Any) -> None:
    values = [row[2] for row in combo.get_model()]
    combo.set_active(values.index(value) if value in values else -1)
