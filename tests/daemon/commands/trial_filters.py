"""Filters for the command line's tests; run as a program it is `inkwash` with these filters declared."""

import os
import signal
import time
from pathlib import Path

from inkwash.daemon.commands import main
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

LINE = Input("line", "Line art", "The lines to colour.", "gray")
HINTS = Input("hints", "Colour hints", "Strokes of colour on nothing.", "rgba", required=False)
PICTURE = Input("picture", "Picture", "What to work on.", "rgb")
TEXTURE = Input("texture", "Texture", "What to lay over it.", "rgb")
SAMPLE = Input("sample", "Sample", "A picture to learn from.", "rgb", aligned=False)
LAYERS = (
    Output("colour", "Colours", "below"),
    Output("shading", "Shading", "below", "multiply"),
    Output("ink", "Ink", "replace"),
)
RESULT = Output("result", "Result", "replace")
FREELY = (
    Number("hint_strength", "Hint strength", "How much hints count.", 1.0, 0.0, 2.0),
    Integer("gap", "Gaps", "Which gaps in lines are closed.", 4, 0, 50, "px"),
    Toggle("shade", "Shade", "Give shading apart.", False),
    Toggle("ink", "Ink", "Give green ink instead of the lines.", False),
    Choice("finish", "Finish", "How it is painted.", "painted", ("painted", "flat")),
    ModelChoice("model", "Model", "Which network.", "first", "trial"),
)


def declare() -> None:
    """Declare them."""

    @filter("tint_lines", "Tint", inputs=(LINE, HINTS), outputs=LAYERS, parameters=FREELY)
    def tint_lines(inputs, settings, context):
        """Lay light red below the lines, or the hints where there are some."""
        import torch

        line = inputs["line"]
        if (line > 0.99).all():
            raise BadPicture("There are no lines in this picture.", "Choose the layer with the lines.")
        yield Step(0.5, "tinting")
        colour = torch.tensor([1.0, 0.8, 0.8]).view(1, 3, 1, 1).expand(1, 3, *line.shape[2:])
        if "hints" in inputs:
            alpha = inputs["hints"][:, 3:]
            colour = colour * (1 - alpha) + inputs["hints"][:, :3] * alpha
            context.notice("Hints were used.")
        outputs = {"colour": colour}
        if settings["shade"]:
            outputs["shading"] = torch.full_like(colour, 0.5)
        if settings["ink"]:
            outputs["ink"] = torch.cat([torch.zeros_like(line), line * 0 + 1, torch.zeros_like(line), 1 - line], 1)
        return outputs

    @filter("invert", "Invert", inputs=(PICTURE,), outputs=(RESULT,))
    def invert(inputs, settings, context):
        """Swap dark and light."""
        yield Step(0.5, "inverting")
        return {"result": 1 - inputs["picture"]}

    @filter("blend", "Blend", inputs=(PICTURE, TEXTURE), outputs=(Output("mix", "Mix", "above"),))
    def blend(inputs, settings, context):
        """Mix two pictures."""
        yield Step(0.5, "mixing")
        return {"mix": (inputs["picture"] + inputs["texture"]) / 2}

    @filter("recolour", "Recolour", inputs=(PICTURE, SAMPLE), outputs=(RESULT,))
    def recolour(inputs, settings, context):
        """Give the picture the sample's mean colour."""
        yield Step(0.5, "recolouring")
        return {"result": inputs["sample"].mean((2, 3), keepdim=True).expand_as(inputs["picture"])}

    @filter("slow", "Slow", inputs=(PICTURE,), outputs=(RESULT,))
    def slow(inputs, settings, context):
        """Take a minute, and say in files that it began and that it was stopped."""
        home = Path(os.environ["INKWASH_HOME"])
        (home / "slow.began").touch()
        try:
            for step in range(6000):
                time.sleep(0.01)
                yield Step(step / 6000, "waiting")
            return {"result": inputs["picture"]}
        finally:
            (home / "slow.ended").touch()

    @filter("patient", "Patient", inputs=(PICTURE,), outputs=(RESULT,), stoppable=True)
    def patient(inputs, settings, context):
        """Take a minute, unless asked for what there is."""
        (Path(os.environ["INKWASH_HOME"]) / "slow.began").touch()
        for step in range(6000):
            time.sleep(0.01)
            yield Step(step / 6000, "waiting")
            if context.enough:
                break
        return {"result": 1 - inputs["picture"]}

    @filter("crash", "Crash", inputs=(PICTURE,), outputs=(RESULT,))
    def crash(inputs, settings, context):
        """End the service in the middle of the job."""
        yield Step(0.1, "going")
        os.kill(os.getpid(), signal.SIGKILL)
        yield Step(0.2, "gone")
        return {}


if __name__ == "__main__":
    declare()
    main(prog_name="inkwash")
