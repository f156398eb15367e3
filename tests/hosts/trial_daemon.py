"""The daemon with further filters, which the tests in Krita and GIMP can foretell; run as a program it is `inkwash`."""

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
LINES = Input("lines", "Lines", "Lines on white or transparent paper.", "gray")
HINTS = Input("hints", "Colour hints", "Strokes of colour.", "rgba", required=False)
STYLE = Input("style", "Style", "A painting of any size.", "rgba", aligned=False)
SAMPLE = Input("sample", "Sample", "Colours to learn.", "rgba", aligned=False, tones=True)
AS_IT_IS = (Output("result", "Result", "replace"),)
SECONDS = Number("seconds", "Seconds", "How long it takes.", 60.0, 0.0, 600.0, "s")
RED = Integer("red", "Red", "How red the flats are.", 255, 0, 255)
SEED = Integer("seed", "Seed", "Another number, another grey.", 0, 0, 2**31 - 1)
EVERY_TYPE = (
    Number("amount", "Amount", "How much of it.", 0.5, -1.0, 2.0),
    Integer("gap", "Gap", "How wide.", 4, 0, 50, "px"),
    Toggle("dark_paper", "Dark paper", "Whether it is dark.", False),
    Choice("finish", "Finish", "How it ends.", "flat + shading", ("painted", "flat", "flat + shading")),
    ModelChoice("model", "Model", "Which network.", "inkwash-colorizer", "colorizer"),
)


@filter("identity", "Identity", inputs=(PICTURE,), outputs=AS_IT_IS)
def identity(inputs, settings, context):
    """Give back what came."""
    yield Step(0.5, "doing nothing")
    return {"result": inputs["picture"]}


@filter("learn", "Learn", inputs=(PICTURE, STYLE), outputs=AS_IT_IS)
def learn(inputs, settings, context):
    """Give back the picture, and say how large the style is and what its corner looks like."""
    yield Step(0.5, "learning")
    style = inputs["style"]
    corner = [round(255 * value) for value in style[0, :3, 0, 0].tolist()]
    context.notice(f"{style.shape[3]} x {style.shape[2]}: {corner}")
    return {"result": inputs["picture"]}


@filter("gray", "Grey", inputs=(LINES,), outputs=AS_IT_IS)
def gray(inputs, settings, context):
    """Give back the lines, grey as they came."""
    yield Step(0.5, "copying")
    return {"result": inputs["lines"]}


@filter("echo_hints", "Echo hints", inputs=(LINES, HINTS), outputs=(Output("seen", "Hints seen", "below"),))
def echo_hints(inputs, settings, context):
    """Give back the hints, as large as the lines."""
    yield Step(0.5, "listening")
    return {"seen": inputs["hints"]}


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
    shade[:, :3, :, : width // 2] = 128 / 255
    return {"flat": flat, "shade": shade}


@filter(
    "glaze",
    "Glaze",
    inputs=(PICTURE,),
    outputs=(Output("shade", "Shade", "above", "multiply"), Output("light", "Light", "above", "screen")),
)
def glaze(inputs, settings, context):
    """Half of what is there over the left half, and a quarter of blue light over the right one."""
    import torch

    yield Step(0.5, "glazing")
    _, _, height, width = inputs["picture"].shape
    shade, light = torch.zeros(1, 4, height, width), torch.zeros(1, 4, height, width)
    shade[..., : width // 2] = torch.tensor([128 / 255, 128 / 255, 128 / 255, 1]).view(1, 4, 1, 1)
    light[..., width // 2 :] = torch.tensor([0, 0, 64 / 255, 1]).view(1, 4, 1, 1)
    return {"shade": shade, "light": light}


@filter("doubled", "Doubled", inputs=(PICTURE,), outputs=(Output("result", "Result", "replace", larger=True),))
def doubled(inputs, settings, context):
    """Give the picture back twice as large."""
    yield Step(0.5, "enlarging")
    return {"result": inputs["picture"].repeat_interleave(2, -1).repeat_interleave(2, -2)}


@filter("every_type", "Every type", inputs=(PICTURE, HINTS), outputs=AS_IT_IS, parameters=EVERY_TYPE)
def every_type(inputs, settings, context):
    """Say in a file what came, and give the hints back, or the picture."""
    yield Step(0.5, "writing")
    with open(os.path.join(os.environ["INKWASH_HOME"], "every-type.json"), "w") as stream:
        json.dump({**settings, "inputs": sorted(inputs)}, stream)
    context.notice("The settings were written.")
    return {"result": inputs.get("hints", inputs["picture"])}


@filter("sleeper", "Sleeper", inputs=(PICTURE,), outputs=AS_IT_IS, parameters=(SECONDS,), previews=True)
def sleeper(inputs, settings, context):
    """Take a while, with one preview at first."""
    begun, preview = time.monotonic(), inputs["picture"]
    while time.monotonic() - begun < settings["seconds"]:
        fraction = (time.monotonic() - begun) / settings["seconds"]
        yield Step(min(fraction, 1.0), "sleeping", preview)
        preview = None
        time.sleep(0.01)
    return {"result": inputs["picture"]}


@filter("lottery", "Lottery", inputs=(PICTURE,), outputs=AS_IT_IS, parameters=(SEED,))
def lottery(inputs, settings, context):
    """A grey drawn by lot, everywhere."""
    yield Step(0.5, "drawing")
    result = inputs["picture"] * 0 + settings["seed"] % 251 / 250
    result[:, 3] = 1
    return {"result": result}


@filter("sampler", "Sampler", inputs=(PICTURE, SAMPLE), outputs=AS_IT_IS)
def sampler(inputs, settings, context):
    """The sample's mean colour, everywhere."""
    yield Step(0.5, "sampling")
    mean = inputs["sample"].mean((-2, -1), keepdim=True)
    return {"result": mean.expand_as(inputs["picture"])}


@filter("failing", "Failing", inputs=(PICTURE,), outputs=AS_IT_IS)
def failing(inputs, settings, context):
    """Do not like any picture."""
    yield Step(0.1, "looking")
    raise BadPicture("This picture is not to be worked on.", "Draw another one: ünïcode.")


@filter("broken", "Broken", inputs=(PICTURE,), outputs=AS_IT_IS)
def broken(inputs, settings, context):
    """Fail as nobody has foreseen."""
    yield Step(0.1, "failing")
    raise RuntimeError("this filter always fails")


@filter("crash", "Crash", inputs=(PICTURE,), outputs=AS_IT_IS)
def crash(inputs, settings, context):
    """End the service in the middle of the job."""
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
