"""Scenes: where results are placed, and a real drawing that is coloured."""

from gi.repository import Gimp, Gio
from images import HEIGHT, WIDTH, keep, new_image, new_layer, outcome, put, run, samples
from scenes import scene


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
    answer = run("inkwash-flats", image, [lines])
    seen = Gimp.Layer.new_from_visible(image, image, "seen")
    keep("placed-" + paper, seen, "R'G'B'A u8")
    return {
        "untouched": samples(lines) == before,
        "still_selected": [layer.get_name() for layer in image.get_selected_layers()],
        "above": above.get_name(),
        **outcome(image, answer),
    }


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
