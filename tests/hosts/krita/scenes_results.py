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


def scene_glaze():
    """Shade and light that only change what is below them, and a second run in their place."""
    document = yield from new_document(40, 30)
    base = add_layer(document, "Base", bytes([200, 100, 50, 255]) * 1200)
    listener, found = Listener(), {}
    for run in ("first", "again"):
        yield from listener.run(document, "glaze", {"picture": base}, update_existing=True)
        group = document.nodeByName("Inkwash: Glaze")
        found[run] = {"left": seen(document, 5, 5), "right": seen(document, 35, 5), "through": group.passThroughMode()}
    found["names"] = names(document)
    found["blends"] = [child.blendingMode() for child in group.childNodes()]
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


def result_of(document, node, place="below", blend="normal"):
    """A result with the pixels of `node`, that goes to `place`."""
    from inkwash.krita.document.pixels import read
    from inkwash.protocol import Frame

    group = {"name": "Inkwash: Trial", "place": place, "blend": blend}
    outputs = [{"name": "x", "label": "Trial", "blend": "normal"}]
    message = {"type": "result", "group": group, "outputs": outputs, "notices": []}
    return Frame(message, [read(document, node, "x")])


def far_apart(look, document):
    """The largest difference of a look and of its document, in 255ths."""
    document.refreshProjection()
    document.waitForDone()
    real, worst = document.projection(0, 0, document.width(), document.height()), 0
    for x in range(0, document.width(), 5):
        for y in range(0, document.height(), 5):
            pair = zip(look.whole.pixelColor(x, y).getRgb(), real.pixelColor(x, y).getRgb(), strict=True)
            worst = max(worst, *(abs(a - b) for a, b in pair))
    return worst


def stacked_document(model, depth):
    """Groups within groups, blending modes, opacities; what is hidden; the layer that is worked on inside."""
    document = yield from new_document(60, 40, model, depth, "")
    root = document.rootNode()
    source = root.childNodes()[0]
    pixel = len(bytes(source.pixelData(0, 0, 1, 1)))
    half = {"U8": b"\x80", "U16": b"\x00\x80", "F16": b"\x00\x38", "F32": b"\x00\x00\x00\x3f"}[depth]
    grey = half * (pixel // len(half))
    group, inner = document.createGroupLayer("Group"), document.createGroupLayer("Inner")
    root.addChildNode(group, source)
    group.addChildNode(inner, None)
    inner.setPassThroughMode(True)
    lines = add_layer(document, "Lines", grey * (30 * 40), (0, 0, 30, 40), group)
    add_layer(document, "Within", grey * (60 * 20), (0, 20, 60, 20), inner).setBlendingMode("multiply")
    over = add_layer(document, "Over", grey * (60 * 10), (0, 5, 60, 10))
    over.setBlendingMode("multiply")
    over.setOpacity(150)
    add_layer(document, "Hidden", grey * (60 * 40)).setVisible(False)
    document.refreshProjection()
    document.waitForDone()
    return document, lines, source


def scene_looks():
    """A look is what the document becomes when the result is placed, in every format; small ones are made larger."""
    from inkwash.krita.document.pieces import at_once
    from inkwash.krita.placing import results
    from inkwash.krita.placing.look import looking

    found = {}
    formats = ("RGBA", "U8"), ("RGBA", "U16"), ("RGBA", "F16"), ("RGBA", "F32"), ("GRAYA", "U8"), ("CMYKA", "U8")
    for model, depth in formats:
        document, lines, source = yield from stacked_document(model, depth)
        for place, blend in (("below", "normal"), ("above", "multiply")):
            frame = result_of(document, source, place, blend)
            yield 0.2
            before = APP.action("edit_undo").text()
            look = at_once(looking(document, lines, frame))
            untouched = APP.action("edit_undo").text() == before
            placed = results.place(document, lines, frame, False)
            yield 0.2
            found[f"{model} {depth} {place}"] = [far_apart(look, document), untouched]
            again = at_once(looking(document, lines, frame))  # the earlier one is left out
            found[f"{model} {depth} {place} again"] = [far_apart(again, document), True]
            placed.node.remove()
        yield from close(document)
    document, lines = yield from lines_document()
    frame = result_of(document, lines, "above", "normal")
    frame.layers[0] = type(frame.layers[0])("x", 12, 9, order="BGRA", data=bytes([0, 0, 255, 255]) * (12 * 9))
    look = at_once(looking(document, lines, frame))
    found["enlarged"] = [list(look.whole.pixelColor(*place).getRgb()) for place in ((0, 0), (119, 89))]
    yield from close(document)
    return found


def scene_touched():
    """Replacing takes what is as it was placed, and keeps, hidden, what was painted on."""
    from inkwash.krita.placing import results

    document, lines = yield from lines_document()
    frame = result_of(document, lines)
    first = results.place(document, lines, frame, True)
    yield 0.2
    second = results.place(document, lines, frame, True)
    yield 0.2
    found = {"untouched": [names(document), second.notices], "same": first.node.uniqueId() == second.node.uniqueId()}
    second.node.childNodes()[0].setPixelData(bytes([1, 2, 3, 255]), 7, 7, 1, 1)
    third = results.place(document, lines, frame, True)
    yield 0.2
    groups = [node for node in document.rootNode().childNodes() if node.type() == "grouplayer"]
    found["touched"] = [sorted(group.visible() for group in groups), third.notices]
    found["kept"] = [
        list(bytes(group.childNodes()[0].pixelData(7, 7, 1, 1))) for group in groups if not group.visible()
    ]
    yield from close(document)
    return found


def scene_own_selection():
    """The selection that a layer has for itself counts as the document's."""
    from krita import Selection

    document, lines = yield from lines_document()
    chosen = Selection()
    chosen.select(10, 10, 20, 20, 255)
    mask = document.createSelectionMask("Own")
    mask.setSelection(chosen)
    lines.addChildNode(mask, None)
    document.setActiveNode(lines)
    yield 0.3
    from inkwash.krita.document.pieces import at_once
    from inkwash.krita.document.pixels import selection

    layer = at_once(selection(document))
    found = [document.selection() is None, layer and [layer.x, layer.y, layer.width, layer.height, layer.data[0]]]
    yield from close(document)
    return found
