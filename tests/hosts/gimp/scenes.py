"""Scenes that GIMP's own Python plays: each makes an image, runs filters on it, and returns what is there afterwards.

Run by `GimpSession`, inside GIMP; standard library and gi only. Samples are kept as files beside the answers.
"""

import json
import os
import time
import traceback

import gi

gi.require_version("Gegl", "0.4")
from gi.repository import Gegl, Gimp, Gio  # noqa: E402

OUT = os.environ["INKWASH_OUT"]
WIDTH, HEIGHT = 48, 32
P, Base = Gimp.Precision, Gimp.ImageBaseType
TYPES = {
    "rgb": (Base.RGB, Gimp.ImageType.RGB_IMAGE),
    "rgba": (Base.RGB, Gimp.ImageType.RGBA_IMAGE),
    "gray": (Base.GRAY, Gimp.ImageType.GRAY_IMAGE),
    "graya": (Base.GRAY, Gimp.ImageType.GRAYA_IMAGE),
}
SCENES = {}


def scene(function):
    """Make `function` a scene, under its name."""
    SCENES[function.__name__] = function
    return function


def play(names, arguments):
    """Play the scenes called `names` and write what they return."""
    results = {}
    for name in names:
        try:
            results[name] = SCENES[name](**arguments)
        except Exception:
            results[name] = {"error": traceback.format_exc()}
    draft = os.path.join(OUT, "scenes.part")
    with open(draft, "w") as stream:
        json.dump(results, stream)
    os.replace(draft, os.path.join(OUT, "scenes.json"))


# What scenes are made of


def new_image(kind="rgba", precision=P.U8_NON_LINEAR, width=WIDTH, height=HEIGHT):
    image = Gimp.Image.new_with_precision(width, height, TYPES[kind][0], precision)
    return image


def new_layer(image, name="picture", kind="rgba", width=WIDTH, height=HEIGHT, x=0, y=0, parent=None, position=0):
    layer = Gimp.Layer.new(image, name, width, height, TYPES[kind][1], 100, Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, parent, position)
    layer.set_offsets(x, y)
    return layer


def paint(layer, seed=1):
    """Fill `layer` with a pattern that uses every value of a byte, alpha too."""
    width, height = layer.get_width(), layer.get_height()
    channels = 4 if layer.is_rgb() else 2
    data = bytes((seed * 31 + i * 37 + (i // 7) * 11) % 256 for i in range(width * height * channels))
    put(layer, "R'G'B'A u8" if channels == 4 else "Y'A u8", data)


def put(layer, form, data):
    buffer = layer.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, layer.get_width(), layer.get_height()), form, data)
    buffer.flush()
    layer.update(0, 0, layer.get_width(), layer.get_height())


def samples(drawable, form=None):
    place = Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height())
    return bytes(drawable.get_buffer().get(place, 1.0, form, Gegl.AbyssPolicy.NONE))


def keep(name, drawable, form=None):
    with open(os.path.join(OUT, name), "wb") as stream:
        stream.write(samples(drawable, form))
    return name


def tree(layers):
    """The layers, the topmost first, as plain data."""
    return [describe(layer) for layer in layers]


def describe(layer):
    _, x, y = layer.get_offsets()
    return {
        "name": layer.get_name(),
        "x": x,
        "y": y,
        "width": layer.get_width(),
        "height": layer.get_height(),
        "type": layer.type().value_nick,
        "mode": layer.get_mode().value_nick,
        "opacity": layer.get_opacity(),
        "children": tree(layer.get_children()) if layer.is_group() else None,
    }


def run(name, image, drawables, mode=Gimp.RunMode.NONINTERACTIVE, **settings):
    """Run a procedure: status, message, and the group that it returned."""
    procedure = Gimp.get_pdb().lookup_procedure(name)
    config = procedure.create_config()
    config.set_property("run-mode", mode)
    config.set_property("image", image)
    config.set_core_object_array("drawables", drawables)
    for key, value in settings.items():
        config.set_property(key.replace("_", "-"), value)
    result = procedure.run(config)
    status = result.index(0)
    good = status == Gimp.PDBStatusType.SUCCESS
    return {
        "status": status.value_nick,
        "message": "" if good else Gimp.get_pdb().get_last_error(),
        "group": result.index(1) if good else None,
    }


def outcome(image, answer):
    """What is left to be said of a run."""
    return {"status": answer["status"], "message": answer["message"], "layers": tree(image.get_layers())}


@scene
def smoke():
    image = new_image()
    layer = new_layer(image)
    paint(layer)
    answer = run("inkwash-echo", image, [layer])
    return outcome(image, answer)
