"""Scenes: the form of a filter, as the artist fills it in."""

from docker_scenery import choose, docker, panel, photograph, session
from scenery import add_layer, close, new_document, until


def field(name):
    return next(each for each in panel().form.fields if each.parameter["name"] == name)


def scene_presets():
    """Settings under a name: saved, chosen again, known to others, deleted."""
    choose("every_type")
    yield from until(lambda: session().models)
    field("amount").set(1.5)
    field("finish").set("flat")
    bar = panel().form.presets
    found = {"empty": [bar.save.isEnabled(), bar.delete.isEnabled()]}
    bar.box.setEditText("Mine: ünï")
    bar.save.click()
    yield from until(bar.names)
    from inkwash.client import connect

    (preset,) = connect().presets()
    found["kept"] = [preset["filter"], preset["name"], preset["settings"]["amount"], preset["settings"]["finish"]]
    for name in ("amount", "finish"):
        field(name).set(field(name).parameter["default"])
    choose("flats")
    yield 0.2
    found["of another filter"] = panel().form.presets.names()
    choose("every_type")
    yield 0.2
    bar = panel().form.presets
    bar.box.setCurrentIndex(bar.box.findText("Mine: ünï"))
    bar.box.activated.emit(bar.box.currentIndex())
    found["chosen"] = [field("amount").value(), field("finish").value()]
    found["remembered"] = session().memory.values("every_type")
    bar.delete.click()
    yield from until(lambda: not bar.names())
    found["deleted"] = connect().presets()
    for name in ("amount", "finish"):
        field(name).set(field(name).parameter["default"])
    return found


def scene_what_counts():
    """Settings are grey while they do not count, for another setting or for a layer that there is not."""
    document = yield from new_document()
    lines = add_layer(document, "Lines")
    document.setActiveNode(lines)
    choose("lineart")
    yield 0.4
    found = {"smooth": [field("width").isEnabled(), field("block").isEnabled()]}
    field("method").set("adaptive")
    found["adaptive"] = [field("width").isEnabled(), field("block").isEnabled()]
    field("method").set("smooth")
    choose("colorize")
    yield 0.4
    found["without hints"] = field("strength").isEnabled()
    add_layer(document, "Hints")
    document.setActiveNode(lines)
    yield 0.6
    found["with hints"] = field("strength").isEnabled()
    yield from close(document)
    return found


def scene_gallery():
    """Styles side by side; in a wide docker, two columns."""
    choose("stylize")
    yield from until(lambda: session().models)
    yield 0.3
    found = {"kind": type(field("style").control).__name__, "styles": field("style").control.count()}
    field("style").control.setCurrentRow(field("style").control.findData("great-wave"))
    found["chosen"] = session().memory.values("stylize").get("style")
    docker().setFloating(True)
    for width in (260, 600):
        docker().resize(width, 800)
        yield 0.5
        found[str(width)] = len({each.mapTo(docker(), each.rect().topLeft()).x() for each in panel().form.fields})
        photograph(f"gallery-{width}", docker())
    docker().setFloating(False)
    field("style").set(field("style").parameter["default"])
    return found
