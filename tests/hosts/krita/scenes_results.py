"""Scenes: results as layers, and what undo makes of them."""

import os

from scenery import APP, Listener, add_layer, close, names, new_document, tree, trigger


def lines_document(width=120, height=90, paper=False):
    """Lines on transparent or opaque paper, above the white background, under a layer of notes."""
    document = yield from new_document(width, height)
    ground = bytes([255, 255, 255, 255]) if paper else bytes(4)
    stroke = bytes([0, 0, 0, 255])
    row = ground * 50 + stroke * 4 + ground * (width - 54)
    lines = add_layer(document, "Lines", row * height)
    add_layer(document, "Notes", bytes([200, 0, 0, 255]) * 25, (5, 5, 5, 5))
    document.setActiveNode(lines)
    yield 0.3
    document.setActiveNode(lines)
    yield 0.1
    return document, lines


def seen(document, x, y):
    """The picture's B, G, R, A at a place."""
    document.waitForDone()
    return list(bytes(document.pixelData(x, y, 1, 1)))


def scene_group_under_lines():
    document, lines = yield from lines_document()
    before = bytes(lines.pixelData(0, 0, 120, 90))
    listener = Listener()
    end = yield from listener.run(document, "flats", {"lines": lines})
    found = {
        "end": end,
        "tree": tree(document.rootNode()),
        "seen": {"left": seen(document, 20, 50), "right": seen(document, 100, 50), "line": seen(document, 51, 50)},
        "active": document.activeNode().name(),
        "modified": document.modified(),
        "lines untouched": bytes(lines.pixelData(0, 0, 120, 90)) == before,
        "states": listener.states,
    }
    document.setBatchmode(True)
    document.saveAs(os.path.join(os.environ["INKWASH_FOLDER"], "flats.kra"))
    yield 0.5
    yield from trigger(document, "edit_undo")
    found["undone"] = names(document)
    found["seen undone"] = seen(document, 20, 50)
    yield from trigger(document, "edit_redo")
    found["redone"] = names(document)
    found["seen redone"] = seen(document, 20, 50)
    yield from close(document)
    return found


def scene_group_above_paper():
    document, lines = yield from lines_document(paper=True)
    listener = Listener()
    yield from listener.run(document, "flats", {"lines": lines})
    found = {"tree": tree(document.rootNode()), "right": seen(document, 100, 50), "line": seen(document, 51, 50)}
    yield from trigger(document, "edit_undo")
    found["undone"] = names(document)
    yield from close(document)
    return found


def scene_again():
    """A second run adds a group; with the option it takes the place of the first, in two undo steps."""
    document, lines = yield from lines_document()
    listener = Listener()
    yield from listener.run(document, "flats", {"lines": lines}, {"red": 255})
    yield from listener.run(document, "flats", {"lines": lines}, {"red": 100})
    found = {"added": names(document)}
    yield from trigger(document, "edit_undo")
    found["one undone"] = names(document)
    old = document.nodeByName("Inkwash: Flats")
    old.setOpacity(128)
    yield from listener.run(document, "flats", {"lines": lines}, {"red": 50}, update_existing=True)
    new = document.nodeByName("Inkwash: Flats")
    found["updated"] = names(document)
    found["red"] = list(bytes(new.childNodes()[0].pixelData(100, 50, 1, 1)))
    found["opacity"] = new.opacity()
    yield from trigger(document, "edit_undo")
    found["undo 1"] = names(document)
    yield from trigger(document, "edit_undo")
    found["undo 2"] = names(document)
    found["red after undo"] = list(
        bytes(document.nodeByName("Inkwash: Flats").childNodes()[0].pixelData(100, 50, 1, 1))
    )
    yield from close(document)
    return found


def scene_update_spares_what_is_not_ours():
    """A group of another line layer, and one that the artist has worked on, stay."""
    document, lines = yield from lines_document()
    listener = Listener()
    yield from listener.run(document, "flats", {"lines": lines})
    other = add_layer(document, "Other lines", bytes([0, 0, 0, 255]) * 100, (0, 0, 10, 10))
    yield from listener.run(document, "flats", {"lines": other}, update_existing=True)
    found = {"two": names(document)}
    group = document.nodeByName("Inkwash: Flats")
    mask = document.createTransparencyMask("mine")
    group.addChildNode(mask, group.childNodes()[-1])
    yield 0.2
    yield from listener.run(document, "flats", {"lines": lines}, update_existing=True)
    found["masked"] = names(document)
    yield from close(document)
    return found


def scene_odd_parents():
    """Lines in a group that is locked, hidden or passed through; lines at the very bottom; a mask's layer."""
    document, lines = yield from lines_document()
    group = document.createGroupLayer("Group")
    document.rootNode().addChildNode(group, lines)
    inside = add_layer(document, "Inside", bytes([0, 0, 0, 255]) * 100, (0, 0, 10, 10), parent=group)
    found = {}
    listener = Listener()
    for name, change in (
        ("locked", lambda: group.setLocked(True)),
        ("hidden", lambda: group.setVisible(False)),
        ("passed through", lambda: (group.setVisible(True), group.setPassThroughMode(True))),
    ):
        change()
        yield 0.1
        yield from listener.run(document, "flats", {"lines": inside})
        found[name] = names(document)
        yield from trigger(document, "edit_undo")
        found[name + ", undone"] = names(document)
    background = document.rootNode().childNodes()[0]
    yield from listener.run(document, "echo_hints", {"lines": background, "hints": lines})
    found["bottom"] = names(document)
    yield from listener.run(document, "identity", {"picture": document.rootNode()})
    found["whole picture"] = names(document)
    yield from close(document)
    return found


def scene_same_names():
    """Two layers of one name: the chosen one is read, and the result goes beside it."""
    document = yield from new_document(20, 20)
    low = add_layer(document, "Ink", bytes([1, 1, 1, 255]) * 400)
    add_layer(document, "Ink", bytes([2, 2, 2, 255]) * 400)
    listener = Listener()
    yield from listener.run(document, "identity", {"picture": low})
    found = {"names": names(document), "pixel": list(bytes(listener.node.childNodes()[0].pixelData(0, 0, 1, 1)))}
    yield from close(document)
    return found


def scene_small_previews():
    """Previews smaller than the picture, in formats besides 8-bit RGBA: the corner and the far end of what is shown."""
    from inkwash.krita.document.pixels import read
    from inkwash.krita.preview import PreviewLayer

    found = {}
    for model, depth in (("RGBA", "U16"), ("RGBA", "F16"), ("RGBA", "F32"), ("GRAYA", "U8")):
        small = yield from new_document(12, 9, model, depth, "")
        pixel = len(bytes(small.rootNode().childNodes()[0].pixelData(0, 0, 1, 1)))
        halves = (b"\x00\x3c\x00\x3c" * pixel)[:pixel], (b"\x00\x38\x00\x38" * pixel)[:pixel]
        lines = add_layer(small, "small", (halves[0] * 6 + halves[1] * 6) * 9)
        layer = read(small, lines, "x")
        yield from close(small)
        large = yield from new_document(120, 90, model, depth, "")
        preview = PreviewLayer(large, add_layer(large, "Lines"))
        preview.show(layer)
        yield 0.3
        node = large.nodeByName("Inkwash preview")
        shown = [bytes(node.pixelData(x, y, 1, 1)) for x, y in ((0, 0), (119, 89))]
        found[f"{model} {depth}"] = [shown == list(halves), len(APP.documents())]
        yield from close(large)
    return found


def scene_preview_layer():
    """One locked layer; showing again is no undo step; kept or removed."""
    from inkwash.krita.document.pixels import read
    from inkwash.krita.preview import PreviewLayer

    document, lines = yield from lines_document()
    layer = read(document, lines, "x")
    red, blue = bytes([0, 0, 255, 255]) * 120 * 90, bytes([255, 0, 0, 255]) * 120 * 90
    preview = PreviewLayer(document, lines)
    group = {"place": "below", "blend": "normal"}
    found = {"before": preview.shown}
    layer.data = red
    preview.show(layer, group)
    yield 0.3
    undo = APP.action("edit_undo")
    found |= {"first": names(document), "seen": seen(document, 20, 50), "step": undo.text(), "shown": preview.shown}
    found["active"] = document.activeNode().name()
    layer.data = blue
    for _ in range(3):
        preview.show(layer, group)
    yield 0.2
    found |= {"again": names(document), "seen again": seen(document, 20, 50)}
    found["locked"] = document.nodeByName("Inkwash preview").locked()
    preview.remove()
    yield 0.2
    found |= {"removed": names(document), "gone": not preview.shown}
    preview = PreviewLayer(document, lines)
    preview.show(layer)
    yield 0.3
    preview.keep()
    found |= {"kept": names(document)}
    small = type(layer)("x", 12, 9, order="BGRA", data=red[: 12 * 9 * 4])
    preview = PreviewLayer(document, lines)
    preview.show(small)
    yield 0.3
    found["enlarged"] = list(bytes(document.nodeByName("Inkwash preview").pixelData(110, 80, 1, 1)))
    yield from trigger(document, "edit_undo")
    preview.remove()
    preview.keep()
    lines.remove()
    PreviewLayer(document, lines).show(layer)
    yield from close(document)
    PreviewLayer(document, lines).show(layer)
    return found
