"""The real daemon with filters that a test can foretell."""

import time

from inkwash.models.filters.declaration import Input, Integer, Number, Output, Step, filter

PICTURE = Input("picture", "Picture", "What to work on.", "rgba")
LINES = Input("lines", "Lines", "Lines on white or transparent paper.", "gray")
HINTS = Input("hints", "Hints", "Colours.", "rgba", required=False)
AS_IT_IS = (Output("result", "Result", "replace"),)


@filter("identity", "Identity", inputs=(PICTURE,), outputs=AS_IT_IS)
def identity(inputs, settings, context):
    """Give back what came."""
    yield Step(0.5, "doing nothing")
    return {"result": inputs["picture"]}


@filter("echo_hints", "Echo hints", inputs=(LINES, HINTS), outputs=(Output("seen", "Hints seen", "below"),))
def echo_hints(inputs, settings, context):
    """Give back the hints, as large as the lines."""
    yield Step(0.5, "listening")
    return {"seen": inputs["hints"]}


RED = Integer("red", "Red", "How red the flats are.", 255, 0, 255)


@filter(
    "flats",
    "Flats",
    inputs=(LINES, HINTS),
    outputs=(Output("flat", "Flat colours", "below"), Output("shade", "Shading", "below", "multiply")),
    parameters=(RED,),
)
def flats(inputs, settings, context):
    """One colour everywhere, and a shade over the left half."""
    import torch

    yield Step(0.5, "painting")
    _, _, height, width = inputs["lines"].shape
    flat = torch.zeros(1, 4, height, width)
    flat[:, 0], flat[:, 3] = settings["red"] / 255, 1.0
    shade = torch.ones(1, 4, height, width)
    shade[:, :3, :, : width // 2] = 0.5
    return {"flat": flat, "shade": shade}


SECONDS = Number("seconds", "Seconds", "How long it takes.", 60.0, 0.0, 600.0, "s")


@filter("sleeper", "Sleeper", inputs=(PICTURE,), outputs=AS_IT_IS, parameters=(SECONDS,), previews=True)
def sleeper(inputs, settings, context):
    """Take a while, with previews."""
    begun = time.monotonic()
    while time.monotonic() - begun < settings["seconds"]:
        fraction = (time.monotonic() - begun) / settings["seconds"]
        yield Step(min(fraction, 1.0), "sleeping", inputs["picture"] if fraction < 0.01 else None)
        time.sleep(0.01)
    return {"result": inputs["picture"]}


@filter("failing", "Failing", inputs=(PICTURE,), outputs=AS_IT_IS)
def failing(inputs, settings, context):
    """Fail."""
    yield Step(0.1, "failing")
    raise RuntimeError("this filter always fails")


if __name__ == "__main__":
    from inkwash.daemon.commands import main

    main(["daemon", "run"])
