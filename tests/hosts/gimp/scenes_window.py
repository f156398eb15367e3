"""Scenes: a picture in a window, for a test that uses mouse and keyboard."""

import os
import time

from gi.repository import Gimp, Gio
from images import tree
from scenes import OUT, say, scene


@scene
def window(lines, hints):
    """A drawing with hints in a window; says again and again what layers there are, until the file `stop` is there."""
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(lines))
    (layer,) = image.get_layers()
    layer.set_name("lines")
    image.convert_rgb()
    made = Gimp.file_load_layer(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path(hints))
    made.set_name("colour hints")
    image.insert_layer(made, None, 0)
    image.set_selected_layers([layer])
    image.clean_all()
    Gimp.Display.new(image)
    Gimp.displays_flush()
    while not os.path.exists(os.path.join(OUT, "stop")):
        said = {"layers": tree(image.get_layers()), "selected": [one.get_name() for one in image.get_selected_layers()]}
        say("window", said)
        time.sleep(0.25)
    return said
