"""Scenes for a Krita that may be killed at any moment."""

from scenery import Listener, add_layer, close, new_document


def scene_many_runs():
    """Runs without end."""
    document = yield from new_document(1500, 1500)
    lines = add_layer(document, "Lines", bytes([5, 6, 7, 255]) * (1500 * 1500))
    listener = Listener()
    while True:
        yield from listener.run(document, "flats", {"lines": lines}, {"red": 7})


def scene_one_run():
    document = yield from new_document(64, 64)
    lines = add_layer(document, "Lines", bytes([5, 6, 7, 255]) * (64 * 64))
    end = yield from Listener().run(document, "flats", {"lines": lines}, {"red": 7})
    yield from close(document)
    return end["type"]
