"""`sketch_to_style`: a drawing coloured and painted in a style, in one action."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from .colorize import colorize
from .declaration import Context, Inputs, Output, Outputs, Parameter, Settings, Step, Toggle, filter, find
from .stylize import stylize

COLORIZE, STYLIZE = find("colorize"), find("stylize")
COLOURING = ("model", "strength", "seed")  # what can be set of the colouring
LINES = Toggle("keep_lines", "Keep lines", "Draw the lines themselves over the painted picture.", default=False)


def _parameters() -> tuple[Parameter, ...]:
    """The colouring's parameters and all of the style's; where both have a name, the style's is told apart."""
    colouring = [parameter for parameter in COLORIZE.parameters if parameter.name in COLOURING]
    painting = [
        replace(parameter, name=f"style_{parameter.name}", label=f"Style: {parameter.label.lower()}")
        if parameter.name in COLOURING
        else parameter
        for parameter in STYLIZE.parameters
    ]
    return (*painting, *colouring, LINES)


@filter(
    "sketch_to_style",
    "Sketch to style",
    inputs=(*COLORIZE.inputs, *STYLIZE.inputs[1:]),
    outputs=(Output("stylized", "Stylized", place="above"),),
    parameters=_parameters(),
    previews=True,
)
def sketch_to_style(inputs: Inputs, settings: Settings, context: Context) -> Generator[Step, None, Outputs]:
    """Colours a line drawing and paints it in a style; hints say which colour goes where."""
    import torch

    from ..pictures.pixels import as_float

    colouring = COLORIZE.settings({name: settings[name] for name in COLOURING})
    coloured = yield from _part(colorize(inputs, colouring, context), 0.0, 0.5)
    line = as_float(inputs["line"])
    colour = as_float(coloured["color"])
    alpha = torch.maximum(colour[:, 3:], 1 - line) if colour.shape[1] == 4 else torch.ones_like(line)  # lines stay
    painting = {
        parameter.name: settings[f"style_{parameter.name}" if parameter.name in COLOURING else parameter.name]
        for parameter in STYLIZE.parameters
    }
    given = {"picture": torch.cat([colour[:, :3] * line, alpha], 1)}
    given |= {extra.name: inputs[extra.name] for extra in STYLIZE.inputs[1:] if extra.name in inputs}
    styled = yield from _part(stylize(given, painting, context), 0.5, 1.0)
    made = styled["stylized"]
    if settings["keep_lines"]:
        made = torch.cat([made[:, :3] * line, made[:, 3:]], 1)
    return {"stylized": made}


def _part(body: Generator[Step, None, Outputs], start: float, end: float) -> Generator[Step, None, Outputs]:
    """A filter's steps as the part from `start` to `end` of a longer way; its outputs."""
    while True:
        try:
            step = next(body)
        except StopIteration as done:
            outputs: Outputs = done.value
            return outputs
        yield replace(step, fraction=start + (end - start) * step.fraction)
