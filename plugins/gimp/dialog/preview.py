"""The preview beside the settings: a draft of the result, made anew whenever they change; it can be enlarged."""

from __future__ import annotations

from typing import Any, Callable, Optional

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GdkPixbuf, GLib, Gtk  # noqa: E402

from inkwash.client.wording import failure  # noqa: E402

from ..image.draft import Desk  # noqa: E402
from ..job import Request, Run  # noqa: E402

WIDTH, HEIGHT = 300, 260  # pixels of the place for the picture at least
QUIET = 300  # milliseconds without a change until a draft is begun
ZOOMS = (1.0, 1.5, 2.0, 3.0, 4.0)  # times the size at which all of it is seen
GAP = 4


class Preview:
    """A picture with what makes it larger and smaller, and a switch; `ask` says what to draft, or raises why not."""

    def __init__(self, ask: Callable[[], Request], desk: Desk, say: Callable[[str], None], *, on: bool) -> None:
        self._ask = ask
        self._desk = desk
        self._say = say
        self._run: Optional[Run] = None
        self._timer = 0
        self._picture: Optional[Any] = None
        self._drawn: Optional[Any] = None  # the picture that is in its place now
        self._zoom = 0
        self._image = Gtk.Image()
        self._frame = Gtk.ScrolledWindow(overlay_scrolling=False, shadow_type=Gtk.ShadowType.IN)
        self._frame.set_size_request(WIDTH, HEIGHT)
        self._frame.add(self._image)
        self._frame.connect("size-allocate", lambda *_: GLib.idle_add(self._draw))
        self._frame.connect("scroll-event", self._scrolled)
        self._switch = Gtk.CheckButton(label="Pre_view", use_underline=True, active=on)
        self._switch.set_tooltip_text("Show a small draft of the result while you choose.")
        self._switch.connect("toggled", lambda _: self.refresh())
        self.widget = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=GAP)
        self.widget.pack_start(self._frame, True, True, 0)
        self.widget.pack_start(self._bar(), False, False, 0)
        self.widget.show_all()

    @property
    def busy(self) -> bool:
        """Whether a draft is to come."""
        return bool(self._timer) or self._run is not None

    def refresh(self, *_: Any) -> None:
        """Something has changed: make a new draft soon."""
        self.stop()
        if self._switch.get_active():
            self._timer = GLib.timeout_add(QUIET, self._begin)
        else:
            self._say("")

    def stop(self) -> None:
        """Make none, whatever was begun."""
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0
        if self._run is not None:
            run, self._run = self._run, None
            run.stop()

    def show(self, picture: Any) -> None:
        """Show this one."""
        self._picture = picture
        self._draw()

    def _begin(self) -> bool:
        self._timer = 0
        try:
            request = self._ask()
        except Exception as error:
            self._say(failure(error).message)
            return False
        self._say("Making a preview ...")
        run = Run(request)
        self._run = run
        run.start(lambda: self._ended(run))
        return False

    def _ended(self, run: Run) -> None:
        if run is not self._run:
            return
        self._run = None
        try:
            self.show(self._desk.shown(run.result(), run.request.layers[0]))
        except Exception as error:
            self._say(failure(error).message)
        else:
            self._say("The preview is up to date.")

    def _bar(self) -> Gtk.Box:
        bar = Gtk.Box(spacing=GAP)
        bar.pack_start(self._switch, True, True, 0)
        for name, help, step in (("zoom-out-symbolic", "Smaller", -1), ("zoom-in-symbolic", "Larger", 1)):
            button = Gtk.Button.new_from_icon_name(name, Gtk.IconSize.MENU)
            button.set_tooltip_text(help)
            button.connect("clicked", lambda _, step=step: self._enlarge(step))
            bar.pack_start(button, False, False, 0)
        return bar

    def _scrolled(self, _: Any, event: Any) -> bool:
        if not event.state & Gdk.ModifierType.CONTROL_MASK:
            return False
        self._enlarge(1 if event.direction == Gdk.ScrollDirection.UP else -1)
        return True

    def _enlarge(self, step: int) -> None:
        self._zoom = min(len(ZOOMS) - 1, max(0, self._zoom + step))
        self._draw()

    def _draw(self) -> bool:
        """Fit the picture into its place, and enlarge it from there."""
        if self._picture is None:
            return False
        place = self._frame.get_allocation()
        width, height = self._picture.get_width(), self._picture.get_height()
        scale = min((place.width - 2 * GAP) / width, (place.height - 2 * GAP) / height) * ZOOMS[self._zoom]
        size = max(1, round(width * scale)), max(1, round(height * scale))
        shown = self._image.get_pixbuf()
        if shown is None or (shown.get_width(), shown.get_height()) != size or self._drawn is not self._picture:
            self._drawn = self._picture
            self._image.set_from_pixbuf(self._picture.scale_simple(*size, GdkPixbuf.InterpType.BILINEAR))
        return False
