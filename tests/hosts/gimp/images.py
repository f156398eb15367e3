"""What scenes are made of: images, layers, their samples, and a procedure run on them."""

import os

import gi

gi.require_version("Gegl", "0.4")
from gi.repository import Gegl, Gimp  # noqa: E402
from scenes import OUT  # noqa: E402

WIDTH, HEIGHT = 48, 32
P, Base = Gimp.Precision, Gimp.ImageBaseType
TYPES = {
    "rgb": (Base.RGB, Gimp.ImageType.RGB_IMAGE),
    "rgba": (Base.RGB, Gimp.ImageType.RGBA_IMAGE),
    "gray": (Base.GRAY, Gimp.ImageType.GRAY_IMAGE),
    "graya": (Base.GRAY, Gimp.ImageType.GRAYA_IMAGE),
}


def new_image(kind="rgba", precision=P.U8_NON_LINEAR, width=WIDTH, height=HEIGHT):
    return Gimp.Image.new_with_precision(width, height, TYPES[kind][0], precision)


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
