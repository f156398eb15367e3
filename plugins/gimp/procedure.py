"""What happens when GIMP runs one of the procedures: from the layers that were chosen to the layers that come back."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GLib, GObject  # noqa: E402

from inkwash.client import Client  # noqa: E402
from inkwash.client.wording import failure, progress  # noqa: E402
from inkwash.protocol import Frame  # noqa: E402

from . import arguments, batch, manifest  # noqa: E402
from .errors import NoDisplay  # noqa: E402
from .image import choosing, pixels, results, sources  # noqa: E402
from .image.selection import selection  # noqa: E402
from .job import Request, Run  # noqa: E402

FOLDER = Path(__file__).resolve().parents[2]  # of the plug-in
LAUNCHER = FOLDER / "inkwash-gimp.py"
LAST_WORDS = 3  # lines of a service that did not start
ERRORS = "inkwash"  # the domain of our errors in GIMP
Declaration = Mapping[str, Any]


def run(procedure: Any, mode: Any, image: Any, drawables: Sequence[Any], config: Any, declaration: Declaration) -> Any:
    """Run the filter `declaration` as GIMP asks; what GIMP gets back."""
    try:
        if mode == Gimp.RunMode.INTERACTIVE:
            group = _with_dialog(procedure, image, drawables, config, declaration)
        else:
            if mode == Gimp.RunMode.WITH_LAST_VALS:
                arguments.set_layers(declaration, config, choosing.choose(declaration, image, drawables))
            group = perform(image, drawables, config, declaration)
    except Exception as error:
        return _failed(procedure, error)
    finally:
        if mode != Gimp.RunMode.NONINTERACTIVE:  # GIMP would try to keep them for another image
            arguments.set_layers(declaration, config, {})
    return _succeeded(procedure, group) if group else procedure.new_return_values(Gimp.PDBStatusType.CANCEL, None)


def perform(
    image: Any,
    drawables: Sequence[Any],
    config: Any,
    declaration: Declaration,
    *,
    dialog: Optional[Any] = None,
) -> Any:
    """Send the layers that `config` names, wait for the result, place it; the group. Raises what went wrong.

    `dialog`, a Dialog, hears of the job, its progress and its previews.
    """
    Gimp.progress_init("{}: reading the layers".format(declaration["label"]))
    elsewhere = arguments.sources(declaration, config)
    chosen = choosing.given(declaration, image, arguments.layers(declaration, config), drawables, elsewhere)
    request = _request(image, chosen, config, declaration)
    form = pixels.Format.of(image)
    job = Run(request, on_connected=_look_for_news, on_frame=lambda frame: _report(frame, dialog))
    if dialog:
        dialog.begin(job)
    Gimp.progress_set_text("reaching the Inkwash service")
    result = job.wait()
    Gimp.progress_set_text("placing the layers")
    sent = request.layers[0]
    order = results.Order(
        declaration["id"], chosen, (sent.width, sent.height), form, config.get_property(arguments.INSTEAD)
    )
    group = results.place(image, result, order)
    choosing.remember(declaration, image, {**arguments.layers(declaration, config), **chosen})
    for notice in result.message.get("notices", []):
        Gimp.message(notice)
    Gimp.progress_end()
    return group


def _request(image: Any, chosen: Mapping[str, Any], config: Any, declaration: Declaration) -> Request:
    first = declaration["inputs"][0]["name"]
    page = arguments.fills_page(declaration)
    layers = [pixels.read(drawable, name, page=page and name == first) for name, drawable in chosen.items()]
    layers += [sources.read(source, name) for name, source in arguments.sources(declaration, config).items()]
    limit = selection(image)
    if limit is not None:
        layers.append(limit)
    document = "gimp-{}-{}".format(os.getppid(), image.get_id())
    return Request(declaration["id"], arguments.settings(declaration, config), layers, document)


def _look_for_news(client: Client) -> None:
    """Keep the daemon's filters for GIMP's next start, if they are not those that GIMP knows."""
    manifest.refresh(FOLDER, LAUNCHER, client.filters(), client.models())


def _report(frame: Frame, dialog: Optional[Any]) -> None:
    message = frame.message
    if message["type"] == "progress":
        fraction = float(message["fraction"])
        text = progress(message["stage"], fraction, message.get("seconds_left"))
        Gimp.progress_set_text(text)
        Gimp.progress_update(fraction)
        if dialog:
            dialog.say(text, at_work=not message["ahead"])
    elif message["type"] == "preview" and dialog:
        dialog.show(frame.layers[0])


def _with_dialog(procedure: Any, image: Any, drawables: Sequence[Any], config: Any, declaration: Declaration) -> Any:
    """Ask the artist, then run; None if they cancelled."""
    if not _has_display():
        raise NoDisplay(
            "There is no display to ask on.", "Run {} with the run mode NONINTERACTIVE.".format(procedure.get_name())
        )
    from .dialog.window import Dialog  # which needs one

    arguments.set_layers(declaration, config, choosing.choose(declaration, image, drawables))
    with Dialog(procedure, config, image, declaration, manifest.read(FOLDER)["models"]) as dialog:
        while dialog.ask():
            try:
                if dialog.folder is None:
                    return perform(image, drawables, config, declaration, dialog=dialog)
                dialog.tell(str(_over_folder(procedure, config, declaration, dialog)))
            except Exception as error:  # the dialog stays, so that it can be mended there
                Gimp.progress_end()
                dialog.fail(error)
    return None


def _over_folder(procedure: Any, config: Any, declaration: Declaration, dialog: Any) -> batch.Summary:
    """Run over the folder that was chosen in `dialog`, with the settings that are there."""

    def work(image: Any) -> None:
        of_page = procedure.create_config()
        arguments.copy(declaration, config, of_page)
        arguments.set_layers(declaration, of_page, choosing.choose(declaration, image, image.get_selected_layers()))
        perform(image, [], of_page, declaration, dialog=dialog)

    return batch.run(dialog.folder, "-" + declaration["id"].replace("_", "-"), work, dialog.tell)


def _has_display() -> bool:
    """Whether a window can be opened; GIMP's own way to open one ends the program if not."""
    gi.require_version("Gdk", "3.0")
    from gi.repository import Gdk

    return Gdk.Display.open(os.environ.get("DISPLAY", "")) is not None if sys.platform == "linux" else True


def _succeeded(procedure: Any, group: Any) -> Any:
    values = procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, None)
    values.remove(1)
    values.insert(1, GObject.Value(Gimp.GroupLayer, group))
    return values


def _failed(procedure: Any, error: Exception) -> Any:
    if getattr(error, "code", "") == "cancelled":
        return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, None)
    message, hint, details = failure(error)
    parts = [message, hint, *str(getattr(error, "log", "")).splitlines()[-LAST_WORDS:]]
    if not isinstance(getattr(error, "message", None), str):  # nobody expected it: say where it was
        parts.append(details)
    text = "\n".join(part for part in parts if part)
    return procedure.new_return_values(Gimp.PDBStatusType.EXECUTION_ERROR, GLib.Error(text, ERRORS, 0))
