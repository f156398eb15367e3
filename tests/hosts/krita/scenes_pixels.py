"""Scenes: what is sent is what the artist sees, and what a filter left alone comes back bit by bit."""

import random

from krita import Selection
from scenery import APP, SRGB, Listener, add_layer, close, names, new_document

SPACES = {
    "rgba_u8": ("RGBA", "U8", SRGB, 4),
    "rgba_u16": ("RGBA", "U16", SRGB, 8),
    "rgba_f16_linear": ("RGBA", "F16", "sRGB-elle-V2-g10.icc", 8),
    "rgba_f32_linear": ("RGBA", "F32", "sRGB-elle-V2-g10.icc", 16),
    "rgba_u8_other_profile": ("RGBA", "U8", "ClayRGB-elle-V2-g22.icc", 4),
    "rgba_u16_other_profile": ("RGBA", "U16", "LargeRGB-elle-V2-g22.icc", 8),
    "gray_u8": ("GRAYA", "U8", "Gray-D50-elle-V2-srgbtrc.icc", 2),
    "gray_u16": ("GRAYA", "U16", "Gray-D50-elle-V2-srgbtrc.icc", 4),
    "gray_f16": ("GRAYA", "F16", "Gray-D50-elle-V2-g10.icc", 4),
    "gray_f32": ("GRAYA", "F32", "Gray-D50-elle-V2-g10.icc", 8),
}
SIZE = 131, 67  # no multiple of Krita's tiles


def noise(count, depth, seed=1):
    """Bytes that mean something at `depth`: floats from 0 to 1, whole numbers of all values."""
    import array
    import struct

    chance = random.Random(seed)
    if depth in ("U8", "U16"):
        return bytes(chance.getrandbits(8) for _ in range(count))
    if depth == "F32":
        return array.array("f", (chance.random() for _ in range(count // 4))).tobytes()
    return struct.pack(f"<{count // 2}e", *(chance.random() for _ in range(count // 2)))


def identity_in(model, depth, profile, pixel):
    width, height = SIZE
    document = yield from new_document(width, height, model, depth, profile)
    pixels = noise(width * height * pixel, depth)
    node = add_layer(document, "lines", pixels)
    sent = bytes(node.projectionPixelData(0, 0, width, height))
    listener = Listener()
    end = yield from listener.run(document, "identity", {"picture": node})
    found = {"end": end}
    if listener.node is not None:
        child = listener.node.childNodes()[0]
        found["same"] = bytes(child.pixelData(0, 0, width, height)) == sent
        found["stored"] = sent == pixels
        found["space"] = [child.colorModel(), child.colorDepth(), child.colorProfile()]
        found["lines untouched"] = bytes(node.pixelData(0, 0, width, height)) == sent
    yield from close(document)
    return found


def scene_identity_in_every_format():
    found = {}
    for name, space in SPACES.items():
        found[name] = yield from identity_in(*space)
    return found


def scene_identity_of_odd_sizes():
    found = {}
    for width, height in ((1, 1), (1, 300), (777, 3), (64, 64), (1025, 513)):
        document = yield from new_document(width, height)
        pixels = random.Random(width).randbytes(width * height * 4)
        node = add_layer(document, "lines", pixels)
        listener = Listener()
        yield from listener.run(document, "identity", {"picture": node})
        back = bytes(listener.node.childNodes()[0].pixelData(0, 0, width, height))
        found[f"{width}x{height}"] = back == bytes(node.pixelData(0, 0, width, height))
        yield from close(document)
    return found


def scene_identity_of_odd_layers():
    """Locked, hidden, empty, tiny, off the canvas, half off it."""
    document = yield from new_document(90, 70)
    tiny = random.Random(5).randbytes(3 * 2 * 4)
    layers = {
        "locked": add_layer(document, "locked", random.Random(1).randbytes(90 * 70 * 4)),
        "hidden": add_layer(document, "hidden", random.Random(2).randbytes(90 * 70 * 4)),
        "empty": add_layer(document, "empty"),
        "tiny": add_layer(document, "tiny", tiny, (40, 30, 3, 2)),
        "off": add_layer(document, "off", tiny, (400, 300, 3, 2)),
        "half off": add_layer(document, "half off", random.Random(3).randbytes(50 * 50 * 4), (-20, -10, 50, 50)),
    }
    layers["locked"].setLocked(True)
    layers["hidden"].setVisible(False)
    yield 0.3  # Krita makes a new layer the active one some time later
    found = {}
    for name, node in layers.items():
        document.setActiveNode(node)
        listener = Listener()
        end = yield from listener.run(document, "identity", {"picture": node})
        child = listener.node.childNodes()[0]
        sent = bytes(node.pixelData(0, 0, 90, 70))
        found[name] = {
            "notices": end["notices"],
            "same": bytes(child.pixelData(0, 0, 90, 70)) == sent,
            "active": document.activeNode().name(),
            "locked": node.locked(),
            "visible": node.visible(),
        }
    yield from close(document)
    return found


def scene_a_mask_is_changed_while_its_layer_is_hidden():
    from inkwash.krita.document.pixels import read
    from inkwash.krita.watch import HISTORY, view

    history = view(APP.activeWindow().qwindow(), HISTORY).model()

    def part(x, y, width, height):
        chosen = Selection()
        chosen.select(x, y, width, height, 255)
        return chosen

    def seen():
        pixels = bytes(read(document, masked, "x").memory())
        return ["-" if pixels[(50 * 100 + x) * 4 + 3] == 0 else "x" for x in (10, 80)]

    document = yield from new_document(100, 100)
    masked = add_layer(document, "masked", bytes([10, 20, 30, 255]) * 10000)
    mask = document.createTransparencyMask("mask")
    mask.setSelection(part(0, 0, 50, 100))
    masked.addChildNode(mask, None)
    document.waitForDone()
    found = {"before": seen()}
    masked.setVisible(False)
    yield 0.3
    mask.setSelection(part(50, 0, 50, 100))
    document.refreshProjection()
    document.waitForDone()
    steps = history.rowCount()
    found["changed"] = seen()
    yield 0.5
    found["left"] = [masked.visible(), history.rowCount() - steps, len(APP.documents()), names(document)]
    yield from close(document)
    return found


def scene_projection():
    """Masks, opacity, groups, vectors: as the artist sees them."""
    from inkwash.krita.document.pixels import read

    document = yield from new_document(100, 100)
    masked = add_layer(document, "masked", bytes([10, 20, 30, 255]) * 10000)
    mask = document.createTransparencyMask("mask")
    half = Selection()
    half.select(0, 0, 50, 100, 255)
    mask.setSelection(half)
    masked.addChildNode(mask, None)
    group = document.createGroupLayer("group")
    document.rootNode().addChildNode(group, masked)
    add_layer(document, "in group", bytes([1, 2, 3, 255]) * 100, (5, 5, 10, 10), parent=group)
    group.setOpacity(51)
    vector = document.createVectorLayer("vector")
    document.rootNode().addChildNode(vector, group)
    vector.addShapesFromSvg(
        '<svg xmlns="http://www.w3.org/2000/svg" width="100pt" height="100pt">'
        '<rect x="0" y="0" width="50" height="50" fill="#ff8000"/></svg>'
    )
    document.waitForDone()
    yield 0.5
    found = {}
    for node, places in ((masked, (10, 80)), (group, (7, 50)), (vector, (7, 90)), (document.rootNode(), (7, 90))):
        layer = read(document, node, "x")
        at = [(y * 100 + y) * 4 for y in places]
        found[node.name() if node != document.rootNode() else "root"] = {
            "pixels": [bytes(layer.data[i : i + 4]).hex() for i in at],
            "opacity": layer.opacity,
            "area": [layer.x, layer.y, layer.width, layer.height],
        }
    found["mask itself"] = read(document, mask, "x").model
    yield from close(document)
    return found


def scene_other_colour_models():
    """CMYK, Lab, XYZ and YCbCr go through Krita's own conversion; the document keeps its colour space."""
    found = {}
    for model, depth, profile in (
        ("CMYKA", "U8", "Chemical proof"),
        ("LABA", "U16", "Lab identity built-in"),
        ("XYZA", "F32", "XYZ identity built-in"),
        ("YCbCrA", "U8", ""),
    ):
        document = yield from new_document(80, 60, "RGBA", "U16" if depth == "F32" else depth)
        add_layer(document, "lines", bytes([40, 90, 200, 255]) * 4800 * (1 if depth == "U8" else 2))
        document.setColorSpace(model, depth, profile)
        document.waitForDone()
        document.setModified(False)
        yield 0.2
        node = document.rootNode().childNodes()[-1]
        shown = document.projection(10, 10, 1, 1).pixelColor(0, 0).getRgb()
        listener = Listener()
        end = yield from listener.run(document, "identity", {"picture": node})
        child = listener.node.childNodes()[0] if listener.node else None
        found[model] = {
            "end": end,
            "documents": len(APP.documents()),
            "space": child and [child.colorModel(), child.colorDepth()],
            "before": shown,
            "after": document.projection(10, 10, 1, 1).pixelColor(0, 0).getRgb(),
        }
        yield from close(document)
    return found


def scene_profiles():
    """The profile's bytes are those of the file that Krita has it from."""
    from inkwash.krita.document.profiles import icc
    from inkwash.krita.document.scratch import space_of

    name = "ClayRGB-elle-V2-g22.icc"
    document = yield from new_document(20, 20, "RGBA", "U8", name)
    before = len(APP.documents()), document.modified()
    profile = icc(space_of(document.rootNode().childNodes()[0]))
    after = len(APP.documents()), document.modified()
    yield from close(document)
    with open(f"/usr/share/color/icc/krita/{name}", "rb") as file:
        return {"same": profile == file.read(), "before": before, "after": after}


def scene_selection():
    """A soft selection limits the result with its soft edge."""
    from inkwash.krita.document.pieces import at_once
    from inkwash.krita.document.pixels import selection

    document = yield from new_document(100, 80)
    node = add_layer(document, "lines", bytes([10, 20, 30, 255]) * 8000)
    chosen = Selection()
    chosen.select(20, 20, 40, 30, 255)
    chosen.feather(6)
    document.setSelection(chosen)
    yield 0.2
    sent = at_once(selection(document))
    listener = Listener()
    yield from listener.run(document, "identity", {"picture": node})
    child = listener.node.childNodes()[0]
    alpha = bytes(child.pixelData(0, 0, 100, 80))[3::4]
    expected = bytes(document.selection().pixelData(0, 0, 100, 80))
    difference = max(abs(a - b) for a, b in zip(alpha, expected, strict=True))
    far = Selection()
    far.select(500, 500, 10, 10, 255)
    document.setSelection(far)
    yield 0.2
    end = yield from listener.run(document, "identity", {"picture": node})
    yield from close(document)
    return {
        "area": [sent.x, sent.y, sent.width, sent.height],
        "model": sent.model,
        "difference": difference,
        "values": len(set(alpha)),
        "beyond the canvas": end,
    }


def scene_key_strokes():
    """The key strokes of a Colorize Mask arrive as hints; the transparent one does not."""
    from krita import ManagedColor

    def colour(red, green, blue):
        made = ManagedColor("RGBA", "U8", SRGB)
        made.setComponents([blue, green, red, 1.0])
        return made

    document = yield from new_document(300, 200)
    lines = add_layer(document, "lines", bytes(4) * 60000)
    mask = document.createColorizeMask("mask")
    lines.addChildNode(mask, None)
    red, green, blue = colour(1, 0, 0), colour(0, 1, 0), colour(0, 0, 1)
    mask.initializeKeyStrokeColors([red, green, blue], 2)
    mask.setKeyStrokePixelData(bytes([255]) * 1000 + bytes([128]) * 100, red, 10, 10, 100, 11)
    mask.setKeyStrokePixelData(bytes([255]) * 400, green, 100, 100, 20, 20)
    mask.setKeyStrokePixelData(bytes([255]) * 400, blue, 200, 100, 20, 20)
    mask = lines.childNodes()[0]
    listener = Listener()
    end = yield from listener.run(document, "echo_hints", {"lines": lines, "hints": mask})
    child = listener.node.childNodes()[0]
    places = {"red": (15, 12), "soft red": (15, 20), "green": (110, 110), "transparent": (210, 110), "none": (250, 20)}
    found = {name: bytes(child.pixelData(x, y, 1, 1)).hex() for name, (x, y) in places.items()}
    yield from close(document)
    return {"end": end, "pixels": found}
