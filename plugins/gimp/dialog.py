"""The dialog: GIMP's own for the parameters, with choosers for layers and models, and a live picture while it runs."""

from __future__ import annotations

import threading
from typing import Any, Dict, List, Mapping, Optional, Sequence

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gimp", "3.0")
gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GimpUi, GLib, GObject, Gtk  # noqa: E402

from inkwash.client import connect  # noqa: E402
from inkwash.client.wording import failure, status  # noqa: E402
from inkwash.protocol import Layer  # noqa: E402

from . import arguments, choosers  # noqa: E402
from .job import Run  # noqa: E402
from .pictures import pixbuf_of  # noqa: E402
from .pixels import Format  # noqa: E402

PREVIEW = 320  # pixels of the live picture's longer side
FORM = 160  # pixels of the form's height that are always seen
AROUND = 180  # pixels of the dialog's height besides form and picture: buttons, words, title, the desktop's panel
SPACING = 6
PARAMETERS = "inkwash-parameters"  # what GIMP knows the box of them by


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
        self._labels = Gtk.SizeGroup(mode=Gtk.SizeGroupMode.HORIZONTAL)
        self._picture = Gtk.Image()
        self._state = Gtk.Label(label="Reaching the Inkwash service ...", xalign=0, wrap=True, max_width_chars=50)
        self._keep = Gtk.Button(label="Stop and _keep", use_underline=True, no_show_all=True)
        self._keep.set_tooltip_text("End now, and place the best result so far.")
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

    def begin(self, job: Run) -> None:
        """`job` runs now: nothing can be changed any more, but it can be cancelled, or stopped with what it has."""
        self._job = job
        content = self._dialog.get_content_area()
        cancel = self._dialog.get_widget_for_response(Gtk.ResponseType.CANCEL)
        buttons = cancel.get_parent()
        for widget in [*content.get_children(), *buttons.get_children()]:
            widget.set_sensitive(widget in (self._picture, self._state, cancel) or cancel.is_ancestor(widget))
        buttons.pack_start(self._keep, False, False, 0)
        self._keep.connect("clicked", lambda _: self._stop(job))
        self._dialog.connect("response", lambda *_: job.stop())
        self._dialog.connect("delete-event", lambda *_: True)  # `response` comes as well; it is destroyed later

    def say(self, text: str) -> None:
        """Show how far the job is: it is at work."""
        self._state.set_text(text)
        self._keep.set_visible(bool(self._declaration.get("stoppable")))

    def show(self, layer: Layer) -> None:
        """Show a preview."""
        self._picture.set_from_pixbuf(pixbuf_of(layer, self._form, PREVIEW))
        self._picture.show()

    def _stop(self, job: Run) -> None:
        self._keep.set_sensitive(False)
        job.keep()

    def _fill(self, config: Any, image: Any, models: Sequence[Mapping[str, Any]]) -> None:
        content = self._dialog.get_content_area()
        form = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=SPACING)
        form.pack_start(self._grid(config, image, models), False, False, 0)
        rest = []
        for name, item in arguments.parameters(self._declaration):
            if item["type"] == "number":  # a slider, which GIMP makes only if it is asked to
                self._dialog.get_scale_entry(name, 1.0)
            if item["type"] != "model":
                rest.append(name)
                self._align(self._dialog.get_widget(name, GObject.TYPE_NONE))
        rest.append(arguments.INSTEAD)
        if rest:
            form.pack_start(self._dialog.fill_box(PARAMETERS, rest), False, False, 0)
        form.show_all()
        content.pack_start(_as_high_as_fits(form), True, True, 0)
        for widget in (self._picture, self._state):
            content.pack_start(widget, False, False, SPACING)
        self._state.show()

    def _grid(self, config: Any, image: Any, models: Sequence[Mapping[str, Any]]) -> Gtk.Grid:
        """The choosers, one below the other."""
        grid = Gtk.Grid(column_spacing=SPACING, row_spacing=SPACING)
        names = arguments.labels(self._declaration)
        for row, (name, item, chooser) in enumerate(self._choosers(config, image, models)):
            label = Gtk.Label(label=names[name], use_underline=True, mnemonic_widget=chooser.widget, xalign=0)
            self._labels.add_widget(label)
            chooser.widget.set_hexpand(True)
            chooser.widget.set_tooltip_text(item["help"])
            grid.attach(label, 0, row, 1, 1)
            grid.attach(chooser.widget, 1, row, 1, 1)
        return grid

    def _align(self, widget: Any) -> None:
        """Let the label of one of GIMP's own widgets be as wide as ours."""
        if isinstance(widget, GimpUi.Labeled):
            self._labels.add_widget(widget.get_label())

    def _choosers(self, config: Any, image: Any, models: Sequence[Mapping[str, Any]]) -> List[Any]:
        shown: List[Any] = []
        for name, item in arguments.inputs(self._declaration):
            shown.append((name, item, choosers.LayerChooser(config, name, image, required=item["required"])))
        for name, item in arguments.models(self._declaration):
            chooser = choosers.ModelChooser(config, name, item)
            chooser.offer(models)
            self._models.append(chooser)
            shown.append((name, item, chooser))
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


def _as_high_as_fits(form: Any) -> Gtk.ScrolledWindow:
    """`form`, to be scrolled where the screen is too low for all of it, or for it and a picture."""
    screen = Gdk.Display.get_default()
    room = (screen.get_primary_monitor() or screen.get_monitor(0)).get_workarea().height - AROUND
    _, height = form.get_preferred_height()
    scrolled = Gtk.ScrolledWindow(hscrollbar_policy=Gtk.PolicyType.NEVER, overlay_scrolling=False)
    scrolled.set_propagate_natural_height(True)
    scrolled.set_max_content_height(max(FORM, room))
    scrolled.set_min_content_height(min(FORM, height))
    scrolled.add(form)
    scrolled.show()
    return scrolled
