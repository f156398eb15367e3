"""Scenes that GIMP's own Python plays: each makes an image, runs filters on it, and returns what is there afterwards.

Run by `GimpSession`, inside GIMP; standard library and gi only. Samples are kept as files beside the answers.
"""

import json
import os
import random
import struct
import sys
import time
import traceback

import gi

gi.require_version("Gegl", "0.4")
from gi.repository import Gegl, Gimp, Gio, GObject  # noqa: E402

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
    """Play the scenes called `names` ("name" or "name:word:word") and write what they return."""
    results = {}
    for name in names:
        try:
            function, *words = name.split(":")
            results[name] = SCENES[function](*words, **arguments)
        except Exception:
            results[name] = {"error": traceback.format_exc()}
    draft = os.path.join(OUT, "scenes.part")
    with open(draft, "w") as stream:
        json.dump(results, stream)
    os.replace(draft, os.path.join(OUT, "scenes.json"))


# What scenes are made of


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


def wild(kind, precision):
    """Raw samples for an image of this kind and precision: every bit pattern that makes sense there."""
    count = WIDTH * HEIGHT * {"rgb": 3, "rgba": 4, "gray": 1, "graya": 2}[kind]
    depth = precision.value_nick.split("-")[0]
    randomness = random.Random(kind + precision.value_nick)
    if depth in ("u8", "u16", "u32"):
        return bytes(randomness.randrange(256) for _ in range(count * int(depth[1:]) // 8))
    # Beyond [0, 1] too, but only where a filter may give back the samples themselves.
    low, high = (-0.5, 3.0) if kind == "rgba" else (0.0, 1.0)
    code = {"half": "e", "float": "f", "double": "d"}[depth]
    return struct.pack(f"<{count}{code}", *(randomness.uniform(low, high) for _ in range(count)))


def raw_layer(image, kind, precision, name="picture"):
    """A layer with `wild` samples as they are, whatever the image's profile: as a scratch image would have them."""
    layer = new_layer(image, name, kind)
    put(layer, layer_format(kind, precision), wild(kind, precision))
    return layer


def layer_format(kind, precision):
    """Babl's name for an image's own samples."""
    depth, curve = precision.value_nick.split("-", 1)
    mark = {"linear": "", "non-linear": "'", "perceptual": "~"}[curve]
    names = {"rgb": "R{0}G{0}B{0}", "rgba": "R{0}G{0}B{0}A", "gray": "Y{0}", "graya": "Y{0}A"}
    return names[kind].format(mark) + " " + depth


# The scenes


@scene
def identity(kind, nick):
    """What a filter that does nothing gives, beside what it got: samples of the image's own format."""
    precision = getattr(P, nick.upper().replace("-", "_"))
    image = new_image(kind, precision)
    layer = raw_layer(image, kind, precision)
    name = "identity-" + kind + "-" + nick
    before = keep(name + ".before", layer)
    answer = run("inkwash-echo" if image.get_base_type() == Base.RGB else "inkwash-gray", image, [layer])
    result = answer["group"].get_children()[0]
    after, untouched = keep(name + ".after", result), keep(name + ".untouched", layer)
    kept = image.get_precision() == precision
    return {"before": before, "after": after, "untouched": untouched, "kept": kept, **outcome(image, answer)}


@scene
def profile(nick):
    """The same in an image with the profile of a wider gamut; and a filter's red in it."""
    precision = getattr(P, nick.upper().replace("-", "_"))
    image = new_image("rgba", P.U8_NON_LINEAR)
    image.set_color_profile(Gimp.ColorProfile.new_rgb_adobe())
    layer = new_layer(image)
    paint(layer)
    image.convert_precision(precision)
    before = keep("profile-before-" + nick, layer)
    answer = run("inkwash-echo", image, [layer])
    after = keep("profile-after-" + nick, answer["group"].get_children()[0])
    red = run("inkwash-layered", image, [layer])["group"].get_children()[1]
    return {
        "before": before,
        "after": after,
        "red": list(struct.unpack("<4f", samples(red, "R'G'B'A float")[:16])),
        "profile": image.get_color_profile().get_label(),
    }


@scene
def grey_becomes_colour():
    """Colour for a greyscale image."""
    image = new_image("gray")
    layer = new_layer(image, "lines", "gray")
    put(layer, "Y' u8", bytes(i % 256 for i in range(WIDTH * HEIGHT)))
    before = samples(layer, "R'G'B' u8")
    answer = run("inkwash-layered", image, [layer])
    same = samples(layer, "R'G'B' u8") == before
    colour = samples(answer["group"].get_children()[1], "R'G'B'A u8")[:4]
    return {"same": same, "base": image.get_base_type().value_nick, "colour": list(colour), **outcome(image, answer)}


@scene
def grey_stays_grey():
    """Lines for a greyscale image."""
    image = new_image("gray")
    layer = new_layer(image, "picture", "graya")
    paint(layer)
    answer = run("inkwash-lineart", image, [layer])
    return {"base": image.get_base_type().value_nick, **outcome(image, answer)}


@scene
def indexed():
    """An indexed image, whose colours a filter gives back."""
    image = new_image("rgba")
    layer = new_layer(image)
    put(layer, "R'G'B'A u8", bytes([255, 0, 0, 255, 0, 40, 200, 255]) * (WIDTH * HEIGHT // 2))
    image.convert_indexed(Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.GENERATE, 8, False, False, "")
    answer = run("inkwash-echo", image, [layer])
    result = answer["group"].get_children()[0]
    colours = [list(samples(it, "R'G'B'A u8")[:8]) for it in (layer, result)]
    return {"base": image.get_base_type().value_nick, "colours": colours, **outcome(image, answer)}


@scene
def selected():
    """A result within a selection of soft edge; its alpha and the selection's samples."""
    image = new_image("rgba")
    layer = new_layer(image, x=-5, y=3)
    paint(layer)
    image.select_ellipse(Gimp.ChannelOps.REPLACE, 4, 4, 30, 20)
    Gimp.Selection.feather(image, 6)
    answer = run("inkwash-layered", image, [layer])
    keep("selected.alpha", answer["group"].get_children()[1], "A u8")
    keep("selected.selection", image.get_selection(), "Y u8")
    return outcome(image, answer)


def seen_and_given(name, image, layer):
    """What GIMP itself shows of `layer` alone, and what a filter gives back of it; 16 bits of each."""
    alone = image.duplicate()
    place = [one.get_id() for one in image.get_layers()].index(layer.get_id())
    for position, other in enumerate(alone.get_layers()):
        other.set_visible(position == place)
    shown = Gimp.Layer.new_from_visible(alone, alone, "seen")
    answer = run("inkwash-echo", image, [layer])
    result = answer["group"].get_children()[0]
    keep(name + ".seen", shown, "R'G'B'A u16")
    keep(name + ".given", result, "R'G'B'A u16")
    alone.delete()
    return {"same_image": image.get_precision().value_nick, **outcome(image, answer)}


@scene
def masked():
    """A layer with a mask."""
    image = new_image("rgba")
    layer = new_layer(image)
    paint(layer)
    mask = layer.create_mask(Gimp.AddMaskType.WHITE)
    layer.add_mask(mask)
    put(mask, "Y u8", bytes((i * 5) % 256 for i in range(WIDTH * HEIGHT)))
    before = samples(layer)
    answer = seen_and_given("masked", image, layer)
    return {"untouched": samples(layer) == before and layer.get_mask() is not None, **answer}


@scene
def half_opaque():
    """A layer of half opacity."""
    image = new_image("rgba")
    layer = new_layer(image)
    paint(layer)
    layer.set_opacity(50)
    return seen_and_given("half_opaque", image, layer)


@scene
def grouped():
    """A group of layers, one of them multiplied, with a mask."""
    image = new_image("rgba")
    group = Gimp.GroupLayer.new(image, "drawing")
    image.insert_layer(group, None, 0)
    for place, mode in enumerate((Gimp.LayerMode.NORMAL, Gimp.LayerMode.MULTIPLY)):
        layer = new_layer(image, "part", parent=group)
        paint(layer, seed=place)
        layer.set_mode(mode)
    mask = group.create_mask(Gimp.AddMaskType.WHITE)
    group.add_mask(mask)
    put(mask, "Y u8", bytes((i * 5) % 256 for i in range(WIDTH * HEIGHT)))
    group.set_opacity(70)
    return seen_and_given("grouped", image, group)


@scene
def with_effect():
    """A layer with an effect that is not merged into it."""
    image = new_image("rgba")
    layer = new_layer(image)
    paint(layer)
    effect = Gimp.DrawableFilter.new(layer, "gegl:invert-gamma", "Invert")
    layer.append_filter(effect)
    return seen_and_given("with_effect", image, layer)


@scene
def given_a_mask():
    """The mask of a layer is what is selected: its layer is meant."""
    image = new_image("rgba")
    layer = new_layer(image)
    paint(layer)
    layer.add_mask(layer.create_mask(Gimp.AddMaskType.WHITE))
    return outcome(image, run("inkwash-echo", image, [layer.get_mask()]))


@scene
def placed(paper):
    """Layers below lines on transparent paper, or multiplied above opaque ones; in the lines' own group."""
    image = new_image("rgba")
    above = new_layer(image, "above")
    drawing = Gimp.GroupLayer.new(image, "drawing")
    image.insert_layer(drawing, None, 1)
    new_layer(image, "background", position=2)
    ink = [0, 0, 0, 255]
    other = [255, 255, 255, 255] if paper == "opaque" else [0, 0, 0, 0]
    lines = new_layer(image, "lines", parent=drawing, x=7, y=-2)
    put(lines, "R'G'B'A u8", bytes(sum((ink if i % 8 == 0 else other for i in range(WIDTH * HEIGHT)), [])))
    new_layer(image, "under the lines", parent=drawing, position=1)
    image.set_selected_layers([lines])
    before = samples(lines)
    answer = run("inkwash-layered", image, [lines])
    seen = Gimp.Layer.new_from_visible(image, image, "seen")
    keep("placed-" + paper, seen, "R'G'B'A u8")
    return {
        "untouched": samples(lines) == before,
        "still_selected": [layer.get_name() for layer in image.get_selected_layers()],
        "above": above.get_name(),
        **outcome(image, answer),
    }


@scene
def hints_elsewhere():
    """Hints on a layer of another size and place."""
    image = new_image("rgba")
    picture, hints = new_layer(image), new_layer(image, "h", width=10, height=8, x=20, y=-4)
    paint(picture)
    paint(hints)
    answer = run("inkwash-every-type", image, [picture], hints=hints)
    keep("hints.given", answer["group"].get_children()[0], "R'G'B'A u8")
    keep("hints.layer", hints, "R'G'B'A u8")
    return outcome(image, answer)


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
    return outcome(image, run("inkwash-echo", image, [chosen]))


@scene
def two_layers():
    """Two layers for a filter of one."""
    image = new_image("rgba")
    return outcome(image, run("inkwash-echo", image, [new_layer(image), new_layer(image)]))


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
    return outcome(image, run("inkwash-echo", image, [Gimp.Selection.float(image, [layer], 0, 0)]))


@scene
def crash():
    """The service ends in the middle of a job; the next job finds a new one."""
    image = new_image("rgba")
    layer = new_layer(image)
    paint(layer)
    before = samples(layer)
    answer = run("inkwash-crash", image, [layer])
    crashed = {"untouched": samples(layer) == before, **outcome(image, answer)}
    return {"crashed": crashed, "after": outcome(image, run("inkwash-echo", image, [layer]))}


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
    return outcome(image, run("inkwash-echo", image, [new_layer(image)]))


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
def picture(lines, hints=""):
    """A real drawing through the real colorizer."""
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(lines))
    (layer,) = image.get_layers()
    before = samples(layer, "R'G'B'A u8")  # a greyscale scan becomes RGB
    settings = {}
    if hints:
        settings["hints"] = Gimp.file_load_layer(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path(hints))
        image.insert_layer(settings["hints"], None, 0)
    answer = run("inkwash-colorize", image, [layer], finish="flat + shading", **settings)
    for made in settings.values():
        made.set_visible(False)
    seen = Gimp.Layer.new_from_visible(image, image, "seen")
    keep("picture.seen", seen, "R'G'B' u8")
    size = [image.get_width(), image.get_height()]
    return {"untouched": samples(layer, "R'G'B'A u8") == before, "size": size, **outcome(image, answer)}


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
        with open(os.path.join(OUT, "window.part"), "w") as stream:
            json.dump(said, stream)
        os.replace(stream.name, os.path.join(OUT, "window.json"))
        time.sleep(0.25)
    return said


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
