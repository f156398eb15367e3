"""Scenes: jobs that go wrong, are given up, or lose their document."""

from scenery import APP, Listener, add_layer, close, kill_daemon, names, new_document, until


def small_document():
    document = yield from new_document(40, 30)
    return document, add_layer(document, "Lines", bytes([5, 6, 7, 255]) * 1200)


def sleeping(seconds=60.0):
    """A document, its lines, and a listener to a run on them that is under way."""
    document, lines = yield from small_document()
    listener = Listener()
    listener.start(document, "sleeper", {"picture": lines}, {"seconds": seconds})
    yield from until(lambda: listener.progress)
    return document, lines, listener


def idle(listener):
    """Wait until nothing of ours runs any more."""
    from inkwash.krita.errand import Errand

    yield from until(lambda: not listener.runner.running and not Errand._under_way)


def scene_cancel():
    document, lines, listener = yield from sleeping()
    yield from until(lambda: listener.previews and "sleeping" in [stage for stage, _, _ in listener.progress])
    previews = len(listener.previews)
    listener.runner.cancel()
    listener.runner.cancel()
    at_once = list(listener.ends)
    yield from idle(listener)
    yield 0.3
    found = {
        "cancelled": [end["code"] for end in listener.ends],
        "at once": len(at_once),
        "states": listener.states,
        "progress": [stage for stage, _, _ in listener.progress],
        "previews": previews,
        "names": names(document),
    }
    from inkwash.client import connect

    yield from until(lambda: not connect().jobs())
    end = yield from listener.run(document, "identity", {"picture": lines})
    found["afterwards"] = end["type"]
    yield from close(document)
    return found


def scene_latest_wins():
    document, lines, listener = yield from sleeping()
    end = yield from listener.run(document, "identity", {"picture": lines})
    yield from idle(listener)
    found = {"ends": [e.get("type") for e in listener.ends], "names": names(document), "end": end["type"]}
    yield from close(document)
    return found


def scene_failing_filter():
    document, lines = yield from small_document()
    listener = Listener()
    end = yield from listener.run(document, "broken", {"picture": lines})
    wrong = yield from listener.run(document, "flats", {"lines": lines}, {"red": 1000})
    found = {"failing": end, "refused": wrong, "names": names(document), "states": listener.states}
    yield from close(document)
    return found


def scene_daemon_killed():
    document, lines, listener = yield from sleeping()
    kill_daemon()
    yield from until(lambda: listener.ends)
    found = {"end": listener.ends[-1], "names": names(document)}
    end = yield from listener.run(document, "identity", {"picture": lines})  # which starts another one
    found["afterwards"] = end["type"]
    yield from close(document)
    return found


def scene_document_closed():
    document, lines, listener = yield from sleeping()
    yield from close(document)
    yield from until(lambda: listener.ends)
    yield from idle(listener)
    return {"end": listener.ends[-1], "documents": len(APP.documents())}


def scene_document_closed_while_reading():
    document = yield from new_document(3000, 3000)
    lines = add_layer(document, "Lines")
    listener = Listener()
    listener.start(document, "identity", {"picture": lines})
    yield 0.003
    state = listener.states[-1]
    yield from close(document)
    yield from until(lambda: listener.ends)
    yield from idle(listener)
    return {"end": listener.ends[-1], "documents": len(APP.documents()), "state": state}


def scene_layer_deleted():
    document, lines, listener = yield from sleeping(seconds=1.0)
    lines.remove()
    yield from until(lambda: listener.ends)
    found = {"end": listener.ends[-1], "names": names(document)}
    yield from close(document)
    return found


def scene_two_documents():
    first, first_lines = yield from small_document()
    second, second_lines = yield from small_document()
    one, two = Listener(), Listener()
    one.start(first, "sleeper", {"picture": first_lines}, {"seconds": 1.0})
    yield from until(lambda: "sleeping" in [stage for stage, _, _ in one.progress])  # so it is there first
    two.start(second, "identity", {"picture": second_lines})
    yield from until(lambda: one.ends and two.ends)
    found = {"first": names(first), "second": names(second), "ends": [one.ends[-1]["type"], two.ends[-1]["type"]]}
    found["said to who waits"] = [stage for stage, _, _ in two.progress]
    yield from close(second)
    yield from close(first)
    return found


def scene_live():
    """A live run places nothing; its result comes as a preview."""
    document, lines = yield from small_document()
    listener = Listener()
    end = yield from listener.run(document, "identity", {"picture": lines}, live=True)
    frame = listener.previews[-1]
    layer = frame.layers[0]
    found = {
        "end": end["type"],
        "node": listener.node is None,
        "names": names(document),
        "preview": [layer.width, layer.height, layer.model, bytes(layer.data[:4]).hex()],
        "group": frame.message["group"],
        "modified": document.modified(),
    }
    yield from close(document)
    return found


def scene_service():
    from inkwash.krita.service import Service

    heard = []
    service = Service()
    service.ready.connect(lambda filters, models: heard.append(["ready", len(filters), len(models)]))
    service.state.connect(lambda state: heard.append(state))
    service.failed.connect(lambda error: heard.append(error.code))
    service.connect_daemon()
    service.connect_daemon()  # it is on its way
    yield from until(lambda: service.status)
    status = service.status["protocol"]
    kill_daemon()
    yield 0.5
    service.refresh()
    yield from until(lambda: heard[-1] == "lost")
    lost = service.status
    service.connect_daemon(start=False)
    yield from until(lambda: heard[-1] == "not_running")
    return {"heard": heard, "status": status, "lost": lost}


def scene_last_look():
    """After all of these: no thread, no document, no file of ours."""
    import gc

    from scenery import leftovers

    from inkwash.krita.errand import Errand

    yield 1
    gc.collect()
    return {**leftovers(), "errands": len(Errand._under_way)}
