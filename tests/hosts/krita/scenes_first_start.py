"""Scenes: what an artist sees of Inkwash who has just installed it, and at the next starts."""

from docker_scenery import inkwash_docker, photograph
from scenery import close, new_document


def seen():
    """Whether the docker is in the window, and not behind another one."""
    found = inkwash_docker()
    return found.isVisible() and not found.visibleRegion().isEmpty()


def with_a_picture(name):
    document = yield from new_document()
    yield 2.0
    found = {"seen": seen(), "picture": photograph(name)}
    yield from close(document)
    return found


def scene_before_the_installation():
    document = yield from new_document()
    yield 1.0
    yield from close(document)


def scene_first_start():
    yield 1.0
    before = {"seen": seen(), "picture": photograph("welcome")}
    first = yield from with_a_picture("first-picture")
    second = yield from with_a_picture("second-picture")
    return {"welcome": before, "first": first, "second": second}


def scene_next_start():
    return (yield from with_a_picture("next-start"))


def scene_closed_by_the_artist():
    document = yield from new_document()
    yield 1.0
    inkwash_docker().close()
    yield 0.5
    found = {"seen": seen()}
    yield from close(document)
    document = yield from new_document()
    yield 1.0
    found["with another picture"] = seen()
    yield from close(document)
    return found
