"""The dialog: GIMP's own for the parameters, with choosers for layers and models, and a live picture while it runs."""

from __future__ import annotations

import threading
from typing import Any, Dict, List, Mapping, Optional, Sequence

import gi

gi.require_version("Gimp", "3.0")
gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import GimpUi, GLib, Gtk  # noqa: E402

from inkwash.client import connect  # noqa: E402
from inkwash.client.wording import failure, status  # noqa: E402
from inkwash.protocol import Layer  # noqa: E402

from . import arguments, choosers  # noqa: E402
from .job import Run  # noqa: E402
from .pictures import pixbuf_of  # noqa: E402
from .pixels import Format  # noqa: E402

PREVIEW = 320  # pixels of the live picture's longer side
SPACING = 6


class Dialog:
    """Asks for a filter's layers, models and parameters; stays open while the filter runs. A context manager."""

    def __init__(
        self,
        procedure: Any,
        config: Any,
        image: Any,
        declaration: Mapping[str, Any],
        models: Sequence[Mapping[str, Any]],
    ) -> None:
        GimpUi.init("inkwash-gimp")
        self._declaration = declaration
        self._dialog = GimpUi.ProcedureDialog.new(procedure, config, declaration["label"])
        self._form = Format.of(image)
        self._models: List[choosers.ModelChooser] = []
        self._picture = Gtk.Image()
        self._state = Gtk.Label(label="Reaching the Inkwash service ...", xalign=0, wrap=True, max_width_chars=50)
        self._job: Optional[Run] = None
        self._open = True
        self._fill(config, image, models)

    def __enter__(self) -> Dialog:
        return self

    def __exit__(self, *_: object) -> None:
        self._open = False
        self._dialog.destroy()

    def ask(self) -> bool:
        """Show the dialog; whether the artist pressed OK."""
        threading.Thread(target=self._ask_service, daemon=True).start()
        return bool(self._dialog.run())

    def running(self, job: Run) -> None:
        """`job` runs now: nothing can be changed any more, but it can be cancelled."""
        self._job = job
        self._settings.set_sensitive(False)
        for response in (Gtk.ResponseType.OK, Gtk.ResponseType.APPLY):
            self._dialog.set_response_sensitive(response, False)
        self._dialog.connect("response", lambda *_: job.stop())
        self._dialog.connect("delete-event", lambda *_: True)  # `response` comes as well; it is destroyed later
        self._state.set_text("Working ...")

    def show(self, layer: Layer) -> None:
        """Show a preview."""
        self._picture.set_from_pixbuf(pixbuf_of(layer, self._form, PREVIEW))
        self._picture.show()

    def _fill(self, config: Any, image: Any, models: Sequence[Mapping[str, Any]]) -> None:
        content = self._dialog.get_content_area()
        self._settings = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=SPACING)
        grid = Gtk.Grid(column_spacing=SPACING, row_spacing=SPACING)
        self._settings.pack_start(grid, False, False, 0)
        shown = self._choosers(config, image, models)
        for row, (item, chooser) in enumerate(shown):
            label = Gtk.Label(label=item["label"], xalign=0)
            chooser.widget.set_hexpand(True)
            chooser.widget.set_tooltip_text(item["help"])
            grid.attach(label, 0, row, 1, 1)
            grid.attach(chooser.widget, 1, row, 1, 1)
        content.pack_start(self._settings, False, False, 0)
        rest = [name for name, item in arguments.parameters(self._declaration) if item["type"] != "model"]
        if rest:
            self._dialog.fill(rest)
        for widget in (self._picture, self._state):
            content.pack_start(widget, False, False, SPACING)
        self._settings.show_all()
        self._state.show()

    def _choosers(self, config: Any, image: Any, models: Sequence[Mapping[str, Any]]) -> List[Any]:
        shown: List[Any] = []
        for name, item in arguments.inputs(self._declaration):
            shown.append((item, choosers.LayerChooser(config, name, image, required=item["required"])))
        for name, item in arguments.models(self._declaration):
            chooser = choosers.ModelChooser(config, name, item)
            chooser.offer(models)
            self._models.append(chooser)
            shown.append((item, chooser))
        return shown

    def _ask_service(self) -> None:
        """In a thread: start the service while the artist still chooses, and learn its models."""
        try:
            client = connect()
            models, text = client.models(), status(client.status())
        except Exception as error:
            message, hint, _ = failure(error)
            GLib.idle_add(self._heard, "{} {}".format(message, hint), None)
        else:
            GLib.idle_add(self._heard, text, models)

    def _heard(self, text: str, models: Optional[List[Dict[str, Any]]]) -> None:
        if not self._open:
            return
        if self._job is None:
            self._state.set_text(text)
        for chooser in self._models if models is not None else ():
            chooser.offer(models or [])
