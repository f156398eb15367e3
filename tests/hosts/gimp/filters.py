"""The daemon with further filters for GIMP's tests; run as a program it is `inkwash`."""

import json
import os
import signal
import sys
import time

from inkwash.models.errors import BadPicture
from inkwash.models.filters.declaration import (
    Choice,
    Input,
    Integer,
    ModelChoice,
    Number,
    Output,
    Step,
    Toggle,
    filter,
)

PICTURE = Input("picture", "Picture", "What to work on.", "rgba")
HINTS = Input("hints", "Colour hints", "Strokes of colour.", "rgba", required=False)
LINE = Input("line", "Lines", "The line art.", "gray")
RESULT = Output("result", "Result", "above")
EVERY_TYPE = (
    Number("amount", "Amount", "How much of it.", 0.5, -1.0, 2.0),
    Integer("gap", "Gap", "How wide.", 4, 0, 50, "px"),
    Toggle("dark_paper", "Dark paper", "Whether it is dark.", False),
    Choice("finish", "Finish", "How it ends.", "flat + shading", ("painted", "flat", "flat + shading")),
    ModelChoice("model", "Model", "Which network.", "inkwash-colorizer", "colorizer"),
)


@filter("echo", "Echo", inputs=(PICTURE,), outputs=(RESULT,))
def echo(inputs, settings, context):
    """Gives back what came."""
    yield Step(0.5, "echoing")
    return {"result": inputs["picture"]}


@filter("every_type", "Every type", inputs=(PICTURE, HINTS), outputs=(RESULT,), parameters=EVERY_TYPE)
def every_type(inputs, settings, context):
    """Says in files what it got, and gives the hints back, or the picture."""
    yield Step(0.5, "writing")
    with open(os.path.join(os.environ["INKWASH_HOME"], "every-type.json"), "w") as stream:
        json.dump({**settings, "inputs": sorted(inputs)}, stream)
    context.notice("The settings were written.")
    return {"result": inputs.get("hints", inputs["picture"])}


@filter(
    "layered",
    "Layered",
    inputs=(LINE, HINTS),
    outputs=(Output("color", "Colour", "below"), Output("shading", "Shading", "below", "multiply")),
)
def layered(inputs, settings, context):
    """Gives flat red, and half of grey to be multiplied with it."""
    import torch

    yield Step(0.5, "painting")
    line = inputs["line"]
    red = torch.tensor([1.0, 0.0, 0.0]).view(1, 3, 1, 1).expand(1, 3, *line.shape[2:])
    return {"color": red, "shading": torch.full_like(line, 128 / 255)}


@filter("gray", "Grey", inputs=(LINE,), outputs=(RESULT,))
def gray(inputs, settings, context):
    """Gives back the lines, grey as they came."""
    yield Step(0.5, "copying")
    return {"result": inputs["line"]}


@filter("sleeper", "Sleeper", inputs=(PICTURE,), outputs=(RESULT,), previews=True)
def sleeper(inputs, settings, context):
    """Takes a minute, and shows the picture growing darker."""
    for step in range(600):
        shade = inputs["picture"].clone()
        shade[:, :3] *= 1 - step / 600
        yield Step(step / 600, "sleeping", shade[:, :, ::2, ::2] if step % 20 == 0 else None)
        time.sleep(0.1)
    return {"result": inputs["picture"]}


@filter("failing", "Failing", inputs=(PICTURE,), outputs=(RESULT,))
def failing(inputs, settings, context):
    """Does not like any picture."""
    yield Step(0.1, "looking")
    raise BadPicture("This picture is not to be worked on.", "Draw another one: ünïcode.")


@filter("crash", "Crash", inputs=(PICTURE,), outputs=(RESULT,))
def crash(inputs, settings, context):
    """Ends the service in the middle of the job."""
    yield Step(0.1, "going")
    os.kill(os.getpid(), signal.SIGKILL)
    yield Step(0.2, "gone")
    return {}


if __name__ == "__main__":
    if "--manifest" in sys.argv:
        from inkwash.models.filters import declared

        json.dump([filter.declaration() for filter in declared()], sys.stdout)
    else:
        from inkwash.daemon.commands import main

        main(["daemon", "run"])
