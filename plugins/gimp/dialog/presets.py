"""Named settings in the dialog: chosen from a list, kept under a name that is typed, deleted."""

from __future__ import annotations

import threading
from typing import Any, Callable, Dict, List, Mapping, Sequence

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import GLib, Gtk  # noqa: E402

from inkwash.client import Client, connect  # noqa: E402
from inkwash.client.wording import failure  # noqa: E402

from .. import arguments  # noqa: E402

GAP = 4


class Presets:
    """A list whose entry takes a new name, with buttons to save and to delete; the service keeps the presets."""

    def __init__(self, declaration: Mapping[str, Any], config: Any, say: Callable[[str], None]) -> None:
        self._declaration = declaration
        self._config = config
        self._say = say
        self._named: Dict[str, Mapping[str, Any]] = {}
        self._list = Gtk.ComboBoxText.new_with_entry()
        self._list.get_child().set_placeholder_text("choose, or type a name")
        self._list.set_tooltip_text("Settings that you saved under a name, here, in Krita or on the command line.")
        self._list.connect("changed", self._chosen)
        self.widget = Gtk.Box(spacing=GAP)
        label = Gtk.Label(label="M_y settings", use_underline=True, mnemonic_widget=self._list.get_child())
        self.widget.pack_start(label, False, False, GAP)
        self.widget.pack_start(self._list, True, True, 0)
        for icon, help, act in (
            ("document-save-symbolic", "Save the settings under this name", self._save),
            ("edit-delete-symbolic", "Delete the settings of this name", self._delete),
        ):
            button = Gtk.Button.new_from_icon_name(icon, Gtk.IconSize.MENU)
            button.set_tooltip_text(help)
            button.connect("clicked", act)
            self.widget.pack_start(button, False, False, 0)

    def offer(self, presets: Sequence[Mapping[str, Any]]) -> None:
        """Let those of `presets` that are this filter's be chosen from; what is typed stays."""
        typed = self._list.get_child().get_text()
        self._named = {}
        self._list.remove_all()
        for preset in presets:
            if preset.get("filter") == self._declaration["id"]:
                self._named[str(preset["name"])] = preset["settings"]
                self._list.append_text(str(preset["name"]))
        self._list.get_child().set_text(typed)

    def _chosen(self, _: Any) -> None:
        if self._list.get_active() < 0:  # it is being typed
            return
        name = self._list.get_active_text()
        arguments.set_settings(self._declaration, self._config, self._named.get(name, {}))

    def _save(self, _: Any) -> None:
        name, settings = self._list.get_child().get_text().strip(), arguments.settings(self._declaration, self._config)
        filter = self._declaration["id"]
        self._do(lambda client: client.save_preset(filter, name, settings), "Saved as {}.".format(name))

    def _delete(self, _: Any) -> None:
        name = self._list.get_child().get_text().strip()
        filter = self._declaration["id"]
        self._do(lambda client: client.delete_preset(filter, name), "{} is deleted.".format(name))
        self._list.get_child().set_text("")

    def _do(self, act: Callable[[Client], Any], done: str) -> None:
        """In a thread, since the service may have to start."""

        def work() -> None:
            try:
                client = connect()
                act(client)
                presets: List[Dict[str, Any]] = client.presets()
            except Exception as error:
                message, hint, _ = failure(error)
                GLib.idle_add(self._say, "{} {}".format(message, hint))
            else:
                GLib.idle_add(self._done, presets, done)

        threading.Thread(target=work, daemon=True).start()

    def _done(self, presets: Sequence[Mapping[str, Any]], text: str) -> None:
        self.offer(presets)
        self._say(text)
