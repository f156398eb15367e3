"""Scenes: how long things take; for tests/bench/gimp.py."""

import os
import sys
import time

from gi.repository import Gimp, Gio
from images import run
from scenes import scene


@scene
def measured(lines, hints, side, times):
    """How long each part of colouring a large drawing takes, in seconds; the plug-in's own code, in this process."""
    sys.path.insert(0, os.path.join(os.environ["GIMP3_DIRECTORY"], "plug-ins", "inkwash-gimp"))
    from inkwash.client import connect
    from inkwash.gimp import pixels, results

    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(lines))
    image.convert_rgb()
    made = Gimp.file_load_layer(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path(hints))
    image.insert_layer(made, None, 0)
    image.scale(int(side), int(side))
    layer = image.get_layers()[1]
    layer.add_alpha()
    took = {key: [] for key in ("read", "job", "filter", "place", "procedure")}
    client = connect()
    for turn in range(int(times) + 1):
        began = time.perf_counter()
        sent = [pixels.read(layer, "line"), pixels.read(made, "hints")]
        read = time.perf_counter()
        *_, result = client.run("colorize", {}, sent)
        answered = time.perf_counter()
        group = results.place(image, layer, result, pixels.Format.of(image))
        placed = time.perf_counter()
        image.remove_layer(group)
        called = time.perf_counter()
        answer = run("inkwash-colorize", image, [layer], hints=made)
        ended = time.perf_counter()
        image.remove_layer(answer["group"])
        if turn:  # the first one warms up
            seconds = (read - began, answered - read, result.message["seconds"], placed - answered, ended - called)
            for key, value in zip(took, seconds, strict=True):
                took[key].append(value)
    sizes = {"sent": sum(one.size for one in sent), "received": sum(one.size for one in result.layers)}
    return {**{key: sorted(values)[len(values) // 2] for key, values in took.items()}, **sizes}
