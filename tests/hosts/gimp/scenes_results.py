"""Scenes: where results are placed, and a real drawing that is coloured."""

from gi.repository import Gegl, Gimp, Gio
from images import HEIGHT, WIDTH, keep, new_image, new_layer, outcome, paint, put, run, samples, tree
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


@scene
def small_lines(paper):
    """Lines on a layer that is smaller than the page, or reaches beyond it; hints lie beside them."""
    image = new_image("rgba", width=60, height=50)
    lines, hints = new_layer(image, "lines", x=20, y=30), new_layer(image, "hints", width=10, height=8, x=2, y=3)
    ink = [0, 0, 0, 255]
    other = [255, 255, 255, 255] if paper == "opaque" else [0, 0, 0, 0]
    put(lines, "R'G'B'A u8", bytes(sum((ink if i % 8 == 0 else other for i in range(WIDTH * HEIGHT)), [])))
    put(hints, "R'G'B'A u8", bytes([0, 128, 0, 255] * 80))
    answer = run("inkwash-echo-hints", image, [lines], hints=hints)
    keep("small_lines-" + paper, answer["group"].get_children()[0], "R'G'B'A u8")
    return outcome(image, answer)


@scene
def enlarged():
    """A picture twice as large: the image grows with it, and one undo would take both back."""
    image = new_image("rgba")
    layer, other = new_layer(image, x=6, y=4, width=20, height=16), new_layer(image, "other")
    paint(layer)
    answer = run("inkwash-doubled", image, [layer])
    size = [image.get_width(), image.get_height()]
    return {"size": size, "other": [other.get_width(), other.get_height()], **outcome(image, answer)}


@scene
def quick_mask():
    """The quick mask is on: it is what is selected, and stays so."""
    image = new_image("rgba")
    layer = new_layer(image, "lines")
    mask = Gimp.Channel.new(image, "Quick Mask", WIDTH, HEIGHT, 50, Gegl.Color.new("red"))
    image.insert_channel(mask, None, 0)
    put(mask, "Y u8", bytes([255] * (WIDTH * HEIGHT // 2) + [0] * (WIDTH * HEIGHT // 2)))
    image.set_selected_channels([mask])
    answer = run("inkwash-flats", image, [layer])
    keep("quick_mask.alpha", answer["group"].get_children()[1], "A u8")
    active = [channel.get_name() for channel in image.get_selected_channels()]
    return {"active": active, "layers_active": len(image.get_selected_layers()), **outcome(image, answer)}


@scene
def glazed():
    """Shade and light that only change what is below them, twice."""
    image = new_image("rgba")
    base = new_layer(image, "base")
    put(base, "R'G'B'A u8", bytes([50, 100, 200, 255]) * (WIDTH * HEIGHT))
    answer = run("inkwash-glaze", image, [base])
    answer = run("inkwash-glaze", image, [base])
    keep("glazed", Gimp.Layer.new_from_visible(image, image, "seen"), "R'G'B'A u8")
    return outcome(image, answer)


@scene
def repeated():
    """The same filter thrice: after each run, what the image has; the second result was painted on before the third."""
    image = new_image("rgba")
    lines = new_layer(image, "lines")
    said = []
    for colour in (10, 20, 30):
        group = run("inkwash-flats", image, [lines], red=colour)["group"]
        said.append(tree(image.get_layers()))
        if colour == 10:
            group.set_opacity(60)
        if colour == 20:
            paint(group.get_children()[0])
    return {"said": said, "visible": [layer.get_visible() for layer in image.get_layers()]}


@scene
def another_beside():
    """Without replacing the earlier result, and for another layer."""
    image = new_image("rgba")
    lines = new_layer(image, "lines")
    run("inkwash-flats", image, [lines])
    run("inkwash-flats", image, [lines], replace_earlier=False)
    run("inkwash-flats", image, [new_layer(image, "more lines")])
    return {"layers": tree(image.get_layers())}


@scene
def lines_then_colour():
    """Lines are extracted from a photo, which stays selected; then they are coloured as the dialog would begin."""
    image = new_image("rgba")
    scan = new_layer(image, "Background")
    dark, light = [30, 30, 30, 255], [250, 170, 90, 255]
    ink = bytes(sum((dark if 10 < place // WIDTH < 14 else light for place in range(WIDTH * HEIGHT)), []))
    put(scan, "R'G'B'A u8", ink)
    lines = run("inkwash-lineart", image, [scan], method="adaptive")
    answer = run("inkwash-flats", image, [scan], Gimp.RunMode.WITH_LAST_VALS)
    keep("lines_then_colour", Gimp.Layer.new_from_visible(image, image, "seen"), "R'G'B'A u8")
    return {"extracted": lines["status"], **outcome(image, answer)}
