"""Choosers for layers and for models: combo boxes with small pictures, bound to a procedure's settings."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Sequence

import gi

gi.require_version("Gimp", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import GdkPixbuf, Gimp, Gtk  # noqa: E402

from ..choosing import candidates  # noqa: E402
from .pictures import pixbuf_from_png  # noqa: E402

SMALL = 24  # pixels of a picture beside a name
NOTHING = -1  # stands for no layer


class LayerChooser:
    """A layer of the image, or none where that is possible."""

    def __init__(self, config: Any, argument: str, image: Any, *, required: bool) -> None:
        self._config = config
        self._argument = argument
        self._layer = config.get_property(argument)
        store = Gtk.ListStore(GdkPixbuf.Pixbuf, str, int)
        if not required:
            store.append([None, "None", NOTHING])
        for path, layer in candidates(image):
            picture = layer.get_thumbnail(SMALL, SMALL, Gimp.PixbufTransparency.SMALL_CHECKS)
            store.append([picture, path, layer.get_id()])
        self.widget = _combo(store)
        self._show()
        self.widget.connect("changed", self._changed)
        _follow(self.widget, config, argument, self._show)

    def _show(self) -> None:
        if self._config.get_property(self._argument) != self._layer:  # "Reset" knows of no layers: what is shown stays
            self._config.set_property(self._argument, self._layer)
        _activate(self.widget, NOTHING if self._layer is None else self._layer.get_id())

    def _changed(self, combo: Gtk.ComboBox) -> None:
        chosen = _active(combo)
        if chosen is not None:
            layer = None if chosen == NOTHING else Gimp.Layer.get_by_id(chosen)
            if layer != self._layer:
                self._layer = layer
                self._config.set_property(self._argument, layer)


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
