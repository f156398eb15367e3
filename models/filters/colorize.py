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

    from ..drawing.palette import Odds

NETWORK_SIDE = 384  # pixels of the longer side that the network sees at most: twice what it was trained at
FLAT_SIDE = 1024  # pixels of the longer side of a picture that flat regions take their colours from
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
        Input(
            "clear",
            "Leave empty",
            "Whatever is drawn here marks a place that is to stay transparent.",
            kind="rgba",
            required=False,
        ),
        Input(
            "palette",
            "Palette",
            "Any picture, of any size: what nobody marked takes its tones.",
            kind="rgba",
            required=False,
            aligned=False,
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
        Number("gap", "Gap closing", "Openings in the lines up to this wide count as closed.", 3.0, 0.0, 8.0, "%"),
        Toggle(
            "inside",
            "Keep inside the lines",
            "Each region keeps to the colours of its hints, or to its main colour.",
            default=True,
        ),
        Toggle("lines", "Lines on their own layer", "Also give the lines back, on transparent paper.", default=False),
        Integer(
            "seed", "Seed", "0: the likeliest colours; another number, another palette (without hints).",
            0, 0, 2**31 - 1,
        ),
    ),
    previews=True,
)  # fmt: skip
def colorize(inputs: Inputs, settings: Settings, context: Context) -> Generator[Step, None, Outputs]:
    """Colours a line drawing; hints say which colour goes where. The lines themselves are never altered."""
    import torch
    import torch.nn.functional as F

    from ..drawing import page
    from ..drawing.regions import LARGEST

    yield Step(0.0, "reading the lines")
    line, dark_paper = page.levelled(inputs["line"])
    hints = _checked_hints(inputs, settings, context)
    side = min(max(SMALLEST_SIDE, min(NETWORK_SIDE, max(line.shape[-2:]))), context.tile)
    size = page.fitted(line.shape[-2], line.shape[-1], side)
    ink, hint, weight, said = page.reduced_ink(line, size), line.new_zeros((1, 4, *size)), line.new_zeros(()), None
    small = _small(line, LARGEST)  # as large as hints are judged and regions are looked for
    if hints is not None:
        said = page.straight_hints(hints, (small.shape[-2], small.shape[-1]))
        weight = page.hint_weights(said, small)
        hint = page.reduced_hints(said, weight, size) * settings["strength"]
        said = torch.cat([said[:, :3], said[:, 3:] * (weight > 0)], 1)
    yield Step(0.1, "painting")
    colour, odds = _painted(ink, hint, settings, context)
    shown = hint
    if "palette" in inputs or hints is None:
        yield Step(0.3, "choosing colours", preview=colour)
        shown = _suggested(odds, ink, hint, inputs.get("palette"), settings)
        colour, _ = _painted(ink, shown, settings, context)
    if settings["inside"]:
        colour = _contained(colour, ink, shown, settings["gap"] / 100 * side)
    yield Step(0.5, "fitting the colour to the lines", preview=colour)
    gap = settings["gap"] / 100 * max(line.shape[-2:])
    if settings["finish"] == "flat":
        outputs = {"color": _flat(page.grown(colour, _small(line, FLAT_SIDE)), line, said, gap)}
    else:
        painted = page.grown(colour, line)
        if hints is not None:
            painted = page.pasted(painted, hints, line, weight, settings["strength"])
        outputs = {"color": painted}
    if settings["finish"] == "flat + shading":
        yield Step(0.7, "finding regions")
        flat = _flat(F.interpolate(painted, small.shape[-2:], mode="area"), line, said, gap)
        outputs = {"color": flat, "shading": _shading(painted, flat)}
    if "clear" in inputs and bool((inputs["clear"][:, 3] > 0).any()):
        outputs["color"] = page.cleared(outputs["color"], inputs["clear"], hint, ink, line)
    if settings["lines"] or dark_paper:
        outputs["lines"] = _line_layer(line, light=dark_paper)
    if dark_paper:
        context.notice("The lines are light on dark paper: they come back on a layer of their own.")
    return outputs


def _suggested(odds: Odds, ink: Tensor, hint: Tensor, picture: Tensor | None, settings: Settings) -> Tensor:
    """The hints (1, 4, h, w), premultiplied, and where there are none the likeliest colours, or those of a palette."""
    import torch

    from ..drawing.palette import dealt, drawn_by_lot, taken_from

    seed = settings["seed"]
    by_lot = drawn_by_lot(seed) if seed else None
    colours = by_lot if picture is None else taken_from(_bytes(picture))
    dealt_out = dealt(_bytes(1 - ink)[..., 0], odds, colours, (hint[0, 3] > 0).cpu().numpy(), seed)
    suggested = torch.from_numpy(dealt_out).to(hint).div(255).permute(2, 0, 1)[None]
    suggested[:, :3] *= suggested[:, 3:]
    return torch.where(hint[:, 3:] > 0, hint, suggested)


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


def _painted(ink: Tensor, hint: Tensor, settings: Settings, context: Context) -> tuple[Tensor, Odds]:
    """What the model makes of ink (1, 1, h, w) and hint (1, 4, h, w): (1, 3, h, w) float32 in [0, 1], and its odds."""
    import torch
    import torch.nn.functional as F

    from ..drawing import page
    from ..drawing.palette import odds_of
    from ..networks.unet import COARSE, LEVELS

    network: Any = context.network(settings["model"], "colorizer")
    line = 1 - ink
    if network.noise:
        generator = torch.Generator().manual_seed(settings["seed"])
        line = line + NOISE * torch.randn(line.shape, generator=generator).to(line)
    line, hint = line.to(context.dtype), hint.to(context.dtype)
    if network.obeys:
        painted, odds = network.painted(line, hint)
        return painted.float(), odds[0].cpu().numpy()
    painted = page.honoured(network(line, hint).float(), hint.float(), ink)
    coarse = F.interpolate(painted, scale_factor=1 / COARSE, mode="area")
    return painted, odds_of(coarse[0].permute(1, 2, 0).cpu().numpy(), LEVELS**3)


def _contained(colour: Tensor, ink: Tensor, hint: Tensor, gap: float) -> Tensor:
    """The network's colour (1, 3, h, w) without what is foreign to a hinted region; hint premultiplied."""
    import torch

    from ..drawing.containment import contained

    straight = torch.cat([hint[:, :3] / hint[:, 3:].clamp_min(1e-6), (hint[:, 3:] > 0).float()], 1)
    rgb = colour[0].permute(1, 2, 0).cpu().numpy()
    kept = contained(rgb, _bytes(1 - ink)[..., 0], _bytes(straight), gap)
    return torch.from_numpy(kept).to(colour.device).permute(2, 0, 1)[None]


def _small(line: Tensor, longest: int) -> Tensor:
    """The lines, so many pixels long at most."""
    import torch.nn.functional as F

    from ..drawing import page

    if max(line.shape[-2:]) <= longest:
        return line
    return F.interpolate(line, page.fitted(line.shape[-2], line.shape[-1], longest), mode="area")


def _flat(colour: Tensor, line: Tensor, hints: Tensor | None, gap: float) -> Tensor:
    """One colour for each region, (1, 3, H, W) in [0, 1]; `colour` may be smaller than the page."""
    import torch

    from ..drawing.flats import flats

    flat = flats(_bytes(line)[..., 0], _bytes(colour), None if hints is None else _bytes(hints), gap)
    planes = colour.new_empty((1, 3, *flat.shape[:2]))
    for channel, plane in enumerate(planes[0]):  # plane by plane: several times quicker than all with one permutation
        plane.copy_(torch.from_numpy(flat[..., channel]))
    return planes.div_(255)


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
