"""Scenes: the procedures with their arguments, with what is wrong, and what is said about it."""

import os
import sys
import threading
from pathlib import Path

from gi.repository import Gegl, Gimp, Gio, GObject
from images import HEIGHT, WIDTH, new_image, new_layer, outcome, paint, put, run, samples
from scenes import scene


@scene
def every_argument():
    """Arguments of every type, as a script gives them."""
    image = new_image("rgba")
    layer = new_layer(image)
    settings = {"amount": -0.25, "gap": 7, "dark_paper": True, "finish": "flat", "model": "inkwash-colorizer"}
    return outcome(image, run("inkwash-every-type", image, [layer], picture=layer, **settings))


@scene
def no_arguments():
    """None given: the defaults, and the layer that is selected."""
    image = new_image("rgba")
    return outcome(image, run("inkwash-every-type", image, [new_layer(image)]))


@scene
def last_values():
    """With the last values: layers are found by their names."""
    image = new_image("rgba")
    lines, hints = new_layer(image, "ink"), new_layer(image, "colour hints")
    image.set_selected_layers([hints])
    answer = run("inkwash-every-type", image, [hints], Gimp.RunMode.WITH_LAST_VALS)
    return {"lines": lines.get_name(), **outcome(image, answer)}


@scene
def failing():
    """A filter that refuses."""
    image = new_image("rgba")
    return outcome(image, run("inkwash-failing", image, [new_layer(image)]))


@scene
def unknown_model():
    """A model that is not there."""
    image = new_image("rgba")
    layer = new_layer(image)
    paint(layer)
    return outcome(image, run("inkwash-colorize", image, [layer], model="nobody"))


@scene
def channel():
    """A channel in place of a layer."""
    image = new_image("rgba")
    new_layer(image)
    chosen = Gimp.Channel.new(image, "channel", WIDTH, HEIGHT, 50, Gegl.Color.new("black"))
    image.insert_channel(chosen, None, 0)
    return outcome(image, run("inkwash-identity", image, [chosen]))


@scene
def two_layers():
    """Two layers for a filter of one."""
    image = new_image("rgba")
    return outcome(image, run("inkwash-identity", image, [new_layer(image), new_layer(image)]))


@scene
def lines_and_hints():
    """Two selected layers without telling names: strokes of colour above, ink on white below."""
    image = new_image("rgba")
    paper, strokes = new_layer(image, "Background"), new_layer(image, "Layer")
    ink = b"".join(bytes([0, 0, 0, 255] if i % 9 == 0 else [255] * 4) for i in range(WIDTH * HEIGHT))
    put(paper, "R'G'B'A u8", ink)
    put(strokes, "R'G'B'A u8", bytes([220, 30, 40, 255] * 100 + [0] * 4 * (WIDTH * HEIGHT - 100)))
    answer = run("inkwash-echo-hints", image, [strokes, paper])
    same = samples(answer["group"].get_children()[0], "R'G'B'A u8") == samples(strokes, "R'G'B'A u8")
    last = run("inkwash-echo-hints", image, [strokes], Gimp.RunMode.WITH_LAST_VALS)
    again = samples(last["group"].get_children()[0], "R'G'B'A u8") == samples(strokes, "R'G'B'A u8")
    return {"same": same, "again": again, **outcome(image, answer)}


@scene
def interactive():
    """A dialog where there is no display."""
    image = new_image("rgba")
    return outcome(image, run("inkwash-identity", image, [new_layer(image)], Gimp.RunMode.INTERACTIVE))


@scene
def twice():
    """One layer for two inputs."""
    image = new_image("rgba")
    layer = new_layer(image, "ink")
    return outcome(image, run("inkwash-every-type", image, [layer], picture=layer, hints=layer))


@scene
def another_image():
    """Hints that are in another image."""
    image, other = new_image("rgba"), new_image("rgba")
    hints = new_layer(other, "stray")
    return outcome(image, run("inkwash-every-type", image, [new_layer(image)], hints=hints))


@scene
def floating():
    """A floating selection."""
    image = new_image("rgba")
    layer = new_layer(image)
    paint(layer)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 2, 2, 10, 10)
    return outcome(image, run("inkwash-identity", image, [Gimp.Selection.float(image, [layer], 0, 0)]))


@scene
def crash():
    """The service ends in the middle of a job; the next job finds a new one."""
    image = new_image("rgba")
    layer = new_layer(image)
    paint(layer)
    before = samples(layer)
    answer = run("inkwash-crash", image, [layer])
    crashed = {"untouched": samples(layer) == before, **outcome(image, answer)}
    return {"crashed": crashed, "after": outcome(image, run("inkwash-identity", image, [layer]))}


@scene
def sleeping():
    """A job that takes long: what becomes of it when somebody ends it."""
    image = new_image("rgba")
    layer = new_layer(image)
    return outcome(image, run("inkwash-sleeper", image, [layer]))


@scene
def echo():
    """A job that just works, or says why not."""
    image = new_image("rgba")
    return outcome(image, run("inkwash-identity", image, [new_layer(image)]))


@scene
def procedures():
    """Every procedure of ours with its arguments, as GIMP's procedure browser shows them."""
    found = {}
    pdb = Gimp.get_pdb()
    for name in pdb.query_procedures("^inkwash-", ".*", ".*", ".*", ".*", ".*", ".*", ".*"):
        procedure = pdb.lookup_procedure(name)
        found[name] = {
            "arguments": {spec.name: argument(spec) for spec in procedure.get_arguments()},
            "blurb": procedure.get_blurb(),
            "help": procedure.get_help(),
            "menu": procedure.get_menu_paths(),
            "label": procedure.get_menu_label(),
        }
    return found


def argument(spec):
    described = {"type": GObject.type_name(spec.value_type), "label": spec.nick, "help": spec.blurb}
    for key in ("minimum", "maximum"):
        if hasattr(spec, key):
            described[key] = getattr(spec, key)
    default = spec.get_default_value()
    described["default"] = default if isinstance(default, (int, float, str, bool)) else None
    return described


@scene
def sampled(kind, path=""):
    """A picture to learn from that is a file, a palette, or nothing that can be read."""
    image = new_image("rgba")
    layer = new_layer(image)
    paint(layer)
    if kind == "file":
        settings = {"sample_file": Gio.File.new_for_path(path)}
    else:
        palette = Gimp.Palette.new("two")
        for colour in ("#ff0000", "#0000ff"):
            palette.add_entry(colour, Gegl.Color.new(colour))
        settings = {"sample_colours": palette}
    answer = run("inkwash-sampler", image, [layer], **settings)
    made = list(samples(answer["group"].get_children()[0], "R'G'B'A u8")[:4]) if answer["group"] else None
    return {"colour": made, **outcome(image, answer)}


class Ears:
    """In place of the dialog: hears what an artist would read there."""

    def __init__(self):
        self.heard = []

    def begin(self, job):
        """The job can be cancelled from now on; nobody does."""

    def say(self, text, *, at_work):
        self.heard.append(text)

    def show(self, layer):
        """A preview."""


@scene
def queued():
    """A run behind another one: what it says while it waits. Our plug-in's own code, in this process."""
    sys.path.insert(0, os.path.join(os.environ["GIMP3_DIRECTORY"], "plug-ins", "inkwash-gimp"))
    from inkwash.client import connect
    from inkwash.gimp import manifest, procedure
    from inkwash.protocol import Layer

    begun = threading.Event()

    def go_first():
        for _ in connect().run("sleeper", {"seconds": 2.0}, [Layer("picture", 2, 2, data=bytes(16))]):
            begun.set()

    threading.Thread(target=go_first, daemon=True).start()
    begun.wait(60)
    image, ears = new_image("rgba"), Ears()
    layer = new_layer(image)
    config = Gimp.get_pdb().lookup_procedure("inkwash-identity").create_config()
    (identity,) = [one for one in manifest.read(procedure.FOLDER)["filters"] if one["id"] == "identity"]
    procedure.perform(image, [layer], config, identity, dialog=ears)
    return ears.heard


@scene
def texts_of_a_preset():
    """Named settings with a text among them, put into a dialog's config."""
    sys.path.insert(0, str(Path(Gimp.directory(), "plug-ins", "inkwash-gimp")))
    from inkwash.gimp import arguments

    class Config:
        def set_property(self, name, value):
            given[name] = value

    given = {}
    item = {"type": "text", "name": "hint_colours", "label": "Hint colours", "help": "", "default": ""}
    arguments.set_settings({"inputs": [], "parameters": [item]}, Config(), {"hint_colours": "#ff0000=empty"})
    arguments.set_settings({"inputs": [], "parameters": [item]}, Config(), {"hint_colours": 7})
    return given
