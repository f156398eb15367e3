"""`colorize`: line art and colour hints in, coloured layers out."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from .declaration import (
    Choice,
    Context,
    Input,
    Inputs,
    Integer,
    ModelChoice,
    Number,
    Output,
    Outputs,
    Settings,
    Step,
    Toggle,
    filter,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

NETWORK_SIDE = 384  # pixels of the longer side that the network sees at most: twice what it was trained at
SMALLEST_SIDE = 256  # and at least: smaller pictures are enlarged for it
NOISE = 0.05  # standard deviation of the noise that networks with noise were trained with


@filter(
    "colorize",
    "Colorize line art",
    inputs=(
        Input("line", "Lines", "The line art: dark lines on light or transparent paper.", kind="gray"),
        Input(
            "hints",
            "Colour hints",
            "Scribbles of colour, transparent where there is no hint.",
            kind="rgba",
            required=False,
        ),
    ),
    outputs=(
        Output("color", "Colour", place="below"),
        Output("shading", "Shading", place="below", blend="multiply"),
        Output("lines", "Lines", place="replace"),
    ),
    parameters=(
        ModelChoice("model", "Model", "The colorizer that paints.", default="inkwash-colorizer", role="colorizer"),
        Number("strength", "Hint strength", "From ignoring the hints (0) to obeying them (1).", 1.0, 0.0, 1.0),
        Choice(
            "finish",
            "Finish",
            "painted: as the model paints; flat: one colour for each region; flat + shading: both apart.",
            default="painted",
            choices=("painted", "flat", "flat + shading"),
        ),
        Integer("gap", "Gap closing", "Openings in the lines up to this wide count as closed (flat).", 6, 0, 64, "px"),
        Toggle("lines", "Lines on their own layer", "Also give the lines back, on transparent paper.", default=False),
        Integer("seed", "Seed", "Another number, another colouring, for models that have noise.", 0, 0, 2**31 - 1),
    ),
    previews=True,
)
def colorize(inputs: Inputs, settings: Settings, context: Context) -> Generator[Step, None, Outputs]:
    """Colours a line drawing; hints say which colour goes where. The lines themselves are never altered."""
    from .. import page

    yield Step(0.0, "reading the lines")
    line, dark_paper = page.levelled(inputs["line"])
    hints = _checked_hints(inputs, settings, context)
    side = min(max(SMALLEST_SIDE, min(NETWORK_SIDE, max(line.shape[-2:]))), context.tile)
    size = page.fitted(line.shape[-2], line.shape[-1], side)
    ink, hint = page.reduced_ink(line, size), _reduced(hints, size, settings["strength"], line)
    yield Step(0.2, "painting")
    colour = _painted(ink, hint, settings, context)
    colour = page.honoured(colour, hint, ink)
    yield Step(0.5, "fitting the colour to the lines", preview=colour)
    colour = page.grown(colour, line)
    if hints is not None:
        colour = page.pasted(colour, hints, settings["strength"])
    if settings["finish"] != "painted":
        yield Step(0.7, "finding regions")
    outputs = _finished(colour, line, hints, settings)
    if settings["lines"] or dark_paper:
        outputs["lines"] = _line_layer(line, light=dark_paper)
    if dark_paper:
        context.notice("The lines are light on dark paper: they come back on a layer of their own.")
    return outputs


def _checked_hints(inputs: Inputs, settings: Settings, context: Context) -> Tensor | None:
    """The hints (1, 4, H, W), or None if there are none to follow."""
    hints = inputs.get("hints")
    if hints is None or settings["strength"] == 0:
        return None
    if not bool((hints[:, 3] > 0).any()):
        context.notice("The hint layer is empty inside the picture: it was coloured without hints.")
        return None
    if bool((hints[:, 3] == 1).all()):
        context.notice("The hint layer has no transparent place: all of it counts as a hint.")
    return hints


def _reduced(hints: Tensor | None, size: tuple[int, int], strength: float, line: Tensor) -> Tensor:
    """The hints at the network's size (1, 4, h, w), premultiplied with their mask; empty if there are none."""
    from .. import page

    if hints is None:
        return line.new_zeros((1, 4, *size))
    return page.reduced_hints(hints, size) * strength


def _painted(ink: Tensor, hint: Tensor, settings: Settings, context: Context) -> Tensor:
    """What the model makes of ink (1, 1, h, w) and hint (1, 4, h, w): (1, 3, h, w) float32 in [0, 1]."""
    import torch

    network: Any = context.network(settings["model"], "colorizer")
    line = 1 - ink
    if network.noise:
        generator = torch.Generator().manual_seed(settings["seed"])
        line = line + NOISE * torch.randn(line.shape, generator=generator).to(line)
    painted: Tensor = network(line.to(context.dtype), hint.to(context.dtype))
    return painted.float()


def _finished(colour: Tensor, line: Tensor, hints: Tensor | None, settings: Settings) -> Outputs:
    """The page's colour (1, 3, H, W) as the layers of the chosen finish."""
    import torch

    if settings["finish"] == "painted":
        return {"color": colour}
    flats = torch.from_numpy(_flats(colour, line, hints, settings["gap"])).to(colour.device)
    flat = flats.permute(2, 0, 1)[None].float() / 255
    if settings["finish"] == "flat":
        return {"color": flat}
    return {"color": flat, "shading": _shading(colour, flat)}


def _flats(colour: Tensor, line: Tensor, hints: Tensor | None, gap: int) -> NDArray[np.uint8]:
    """One colour for each region, (H, W, 3)."""
    from ..regions import flats, regions

    grey = _bytes(line)[..., 0]
    return flats(regions(grey, gap), _bytes(colour), grey, None if hints is None else _bytes(hints))


def _bytes(picture: Tensor) -> NDArray[np.uint8]:
    """(1, C, H, W) float in [0, 1] as (H, W, C) uint8."""
    array: NDArray[np.uint8] = (picture[0] * 255).round_().byte().permute(1, 2, 0).contiguous().cpu().numpy()
    return array


def _shading(colour: Tensor, flat: Tensor) -> Tensor:
    """What multiplies the flats to give the painted luminance, (1, 1, H, W) in [0, 1]; it can only darken."""
    weights = colour.new_tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
    painted, base = (colour * weights).sum(1, keepdim=True), (flat * weights).sum(1, keepdim=True)
    return (painted / base.clamp_min(1 / 255)).clamp_(0, 1)


def _line_layer(line: Tensor, *, light: bool) -> Tensor:
    """The lines (1, 1, H, W), paper 1, as black (or white) ink on transparent paper, (1, 4, H, W)."""
    layer = line.new_full((1, 4, *line.shape[-2:]), float(light))
    layer[:, 3:] = 1 - line
    return layer
