"""The dialog's window: the form, the preview beside it, and what is said while the filter runs or fails."""

from __future__ import annotations

import threading
import webbrowser
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gimp", "3.0")
gi.require_version("GimpUi", "3.0")
gi.require_version("Gtk", "3.0")
gi.require_version("Pango", "1.0")
from gi.repository import Gdk, GimpUi, GLib, Gtk, Pango  # noqa: E402

from inkwash.client import connect  # noqa: E402
from inkwash.client.wording import failure, status  # noqa: E402
from inkwash.protocol import Layer  # noqa: E402

from .. import arguments  # noqa: E402
from ..image import choosing, draft  # noqa: E402
from ..image.pixels import Format  # noqa: E402
from ..job import Request, Run  # noqa: E402
from . import memory  # noqa: E402
from .form import Form, settings  # noqa: E402
from .pictures import pixbuf_of  # noqa: E402
from .presets import Presets  # noqa: E402
from .preview import Preview  # noqa: E402

MANUAL = Path(__file__).resolve().parents[1] / "manual" / "Manual.html"
FORM = 160  # pixels of the form's height that are always seen
AROUND = 230  # pixels of the dialog's height besides the form: buttons, words, title, the desktop's panel
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
        self._config = config
        self._image = image
        self._declaration = declaration
        self._dialog = GimpUi.ProcedureDialog.new(procedure, config, declaration["label"])
        memory.recall(declaration, config)
        self._form = Form(self._dialog, config, image, declaration)
        self._presets = Presets(declaration, config, self._say)
        self._form.offer(models)
        self._desk = draft.Desk(Format.of(image))
        self._preview = Preview(self._to_draft, self._desk, self._say, on=not declaration.get("stoppable"))
        self._state = Gtk.Label(xalign=0, ellipsize=Pango.EllipsizeMode.END, single_line_mode=True)
        self._told = Told()
        self._keep = Gtk.Button(label="Stop and _keep", use_underline=True, no_show_all=True)
        self._keep.set_tooltip_text("End now, and place the best result so far.")
        self._keep.connect("clicked", lambda _: self._stop())
        self.folder: Optional[Path] = None  # that all pictures of are to be worked on, in place of the image
        self._job: Optional[Run] = None
        self._handlers: List[int] = []
        self._open = True
        self._fill()
        for name in settings(config, declaration):
            config.connect("notify::" + name, self._preview.refresh)

    def __enter__(self) -> Dialog:
        return self

    def __exit__(self, *_: object) -> None:
        self._open = False
        self._preview.stop()
        memory.keep(self._declaration, self._config)
        self._dialog.destroy()
        self._desk.__exit__()

    def ask(self) -> bool:
        """Show the dialog; whether the artist pressed OK."""
        self._say("Reaching the Inkwash service ...")
        self.end()
        self.folder = None
        threading.Thread(target=self._ask_service, daemon=True).start()
        self._preview.refresh()
        answer = bool(self._dialog.run())
        self._preview.stop()
        self._told.hide()
        return answer

    def begin(self, job: Run) -> None:
        """`job` runs now: nothing can be changed any more, but it can be cancelled, or stopped with what it has."""
        self.end()  # of the page before
        self._job = job
        cancel = self._dialog.get_widget_for_response(Gtk.ResponseType.CANCEL)
        for widget in self._changeable(cancel):
            widget.set_sensitive(False)
        self._keep.set_sensitive(True)
        self._handlers = [
            self._dialog.connect("response", lambda *_: job.stop()),
            self._dialog.connect("delete-event", lambda *_: True),  # `response` comes as well; destroyed later
        ]

    def end(self) -> None:
        """Nothing runs any more: all can be changed again."""
        self._job = None
        for handler in self._handlers:
            self._dialog.disconnect(handler)
        self._handlers = []
        for widget in self._changeable(None):
            widget.set_sensitive(True)
        self._keep.hide()

    def say(self, text: str, *, at_work: bool) -> None:
        """Show how far the job is, or what it waits for."""
        self._say(text)
        self._keep.set_visible(at_work and bool(self._declaration.get("stoppable")))

    def show(self, layer: Layer) -> None:
        """Show a preview of the job that runs."""
        self._preview.show(pixbuf_of(layer, Format.of(self._image), draft.SIDE))

    def fail(self, error: Exception) -> None:
        """Say what went wrong, so that it can be mended and tried again."""
        message, hint, _ = failure(error)
        if getattr(error, "code", "") != "cancelled":
            self._told.say("{}\n{}".format(message, hint).strip(), Gtk.MessageType.ERROR)

    def tell(self, text: str) -> None:
        """Say how far a folder is, or what came of it."""
        self._told.say(text, Gtk.MessageType.INFO)

    def _stop(self) -> None:
        if self._job is not None:
            self._keep.set_sensitive(False)
            self._job.keep()

    def _to_draft(self) -> Request:
        elsewhere = arguments.sources(self._declaration, self._config)
        layers = arguments.layers(self._declaration, self._config)
        chosen = choosing.given(self._declaration, self._image, layers, [], elsewhere)
        return draft.request(self._image, chosen, self._config, self._declaration)

    def _fill(self) -> None:
        content = self._dialog.get_content_area()
        if self._declaration["parameters"]:
            self._presets.widget.show_all()
            content.pack_start(self._presets.widget, False, False, SPACING)
        both = Gtk.Box(spacing=2 * SPACING)
        both.pack_start(_as_high_as_fits(self._form.widget), False, False, 0)
        both.pack_start(self._preview.widget, True, True, 0)
        both.show()
        content.pack_start(both, True, True, 0)
        content.pack_start(self._told.widget, False, False, SPACING)
        content.pack_start(self._state, False, False, SPACING)
        self._state.show()
        buttons = self._dialog.get_widget_for_response(Gtk.ResponseType.CANCEL).get_parent()
        buttons.pack_start(self._keep, False, False, 0)
        manual = Gtk.Button(label="Help", visible=True)
        manual.connect("clicked", lambda _: read_manual())
        folder = Gtk.Button(label="_Folder ...", use_underline=True, visible=True)
        folder.set_tooltip_text(
            "Work on every picture of a folder, and of those in it, with these settings; results are saved beside them."
        )
        folder.connect("clicked", self._ask_folder)
        for button in (manual, folder):
            buttons.pack_start(button, False, False, 0)
            buttons.set_child_secondary(button, True)
        self._dialog.connect("key-press-event", _helped)

    def _ask_folder(self, _: Any) -> None:
        """Let the artist choose one, and begin as OK does."""
        asking = Gtk.FileChooserDialog(
            title="Work on a folder", transient_for=self._dialog, action=Gtk.FileChooserAction.SELECT_FOLDER
        )
        asking.add_buttons("_Cancel", Gtk.ResponseType.CANCEL, "_Work on all", Gtk.ResponseType.OK)
        asking.set_default_response(Gtk.ResponseType.OK)
        chosen = asking.get_filename() if asking.run() == Gtk.ResponseType.OK else None
        asking.destroy()
        if chosen is not None:
            self.folder = Path(chosen)
            self._dialog.response(Gtk.ResponseType.OK)

    def _changeable(self, cancel: Optional[Any]) -> List[Any]:
        """What cannot be used while a job runs."""
        content = self._dialog.get_content_area()
        buttons = self._keep.get_parent()
        children = [self._form.widget, *content.get_children(), *buttons.get_children()]
        kept = (self._preview.widget.get_parent(), self._state, self._told.widget, self._keep, cancel)
        return [child for child in children if child not in kept and not (cancel and cancel.is_ancestor(child))]

    def _say(self, text: str) -> None:
        self._state.set_text(text)
        self._state.set_tooltip_text(text)

    def _ask_service(self) -> None:
        """In a thread: start the service while the artist still chooses, and learn its models."""
        try:
            client = connect()
            models, text, presets = client.models(), status(client.status()), client.presets()
        except Exception as error:
            message, hint, _ = failure(error)
            GLib.idle_add(self._heard, "{} {}".format(message, hint), None, [])
        else:
            GLib.idle_add(self._heard, text, models, presets)

    def _heard(self, text: str, models: Optional[List[Dict[str, Any]]], presets: List[Dict[str, Any]]) -> None:
        if self._open and self._job is None and (models is None or not self._preview.busy):
            self._say(text)
        if self._open and models is not None:
            self._form.offer(models)
            self._presets.offer(presets)


class Told:
    """What went wrong or well, in a frame of its own."""

    def __init__(self) -> None:
        self._words = Gtk.Label(xalign=0, wrap=True, max_width_chars=60, selectable=True, can_focus=False, visible=True)
        self.widget = Gtk.InfoBar(no_show_all=True)
        self.widget.get_content_area().add(self._words)

    def say(self, text: str, kind: Any) -> None:
        """Show `text`, which is no markup."""
        self.widget.set_message_type(kind)
        self._words.set_text(text)
        self.widget.show()

    def hide(self) -> None:
        """There is nothing to be told."""
        self.widget.hide()


def read_manual() -> None:
    """Open our manual in the browser."""
    webbrowser.open(MANUAL.as_uri())


def _helped(_: Any, event: Any) -> bool:
    """F1, which GIMP would answer with its own manual, where we are not."""
    if event.keyval != Gdk.KEY_F1:
        return False
    read_manual()
    return True


def _as_high_as_fits(form: Any) -> Gtk.ScrolledWindow:
    """`form`, to be scrolled where the screen is too low for all of it."""
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
