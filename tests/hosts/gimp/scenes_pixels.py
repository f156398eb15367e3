"""Scenes: pixels in every format, of layers of every make, and what comes back of them."""

import random
import struct

from gi.repository import Gimp
from images import HEIGHT, WIDTH, Base, P, keep, new_image, new_layer, outcome, paint, put, run, samples
from scenes import scene


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


@scene
def identity(kind, nick):
    """What a filter that does nothing gives, beside what it got: samples of the image's own format."""
    precision = getattr(P, nick.upper().replace("-", "_"))
    image = new_image(kind, precision)
    layer = raw_layer(image, kind, precision)
    name = "identity-" + kind + "-" + nick
    before = keep(name + ".before", layer)
    answer = run("inkwash-identity" if image.get_base_type() == Base.RGB else "inkwash-gray", image, [layer])
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
    answer = run("inkwash-identity", image, [layer])
    after = keep("profile-after-" + nick, answer["group"].get_children()[0])
    red = run("inkwash-flats", image, [layer])["group"].get_children()[1]
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
    answer = run("inkwash-flats", image, [layer])
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
    answer = run("inkwash-identity", image, [layer])
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
    answer = run("inkwash-flats", image, [layer])
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
    answer = run("inkwash-identity", image, [layer])
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
    return outcome(image, run("inkwash-identity", image, [layer.get_mask()]))


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
