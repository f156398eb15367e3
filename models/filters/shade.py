"""`shade`: shade and light for flat colours, each on a layer of its own."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import TYPE_CHECKING

from .declaration import Choice, Context, Input, Inputs, Integer, Number, Output, Outputs, Settings, Step, When, filter

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

DIRECTIONS = {
    "top left": 135, "top": 90, "top right": 45, "right": 0,
    "bottom right": -45, "bottom": -90, "bottom left": -135, "left": 180,
}  # fmt: skip
FREE = "angle"
NARROWEST, DOUBLINGS = 0.015, 6.0  # of the page: the reach of a rim alone, and how often it doubles up to a balloon
# Cool, neutral and warm.
SHADES = ((0.52, 0.43, 0.75), (0.55, 0.55, 0.55), (0.82, 0.47, 0.42))
LIGHTS = ((0.72, 0.86, 1.0), (1.0, 1.0, 1.0), (1.0, 0.88, 0.62))


@filter(
    "shade",
    "Shade",
    inputs=(
        Input("flats", "Flats", "Flat colours, one for each thing; transparent where nothing is.", kind="rgba"),
        Input("line", "Line art", "The lines over them: what is drawn inside a colour becomes a crease.",
              kind="gray", required=False),
    ),
    outputs=(
        Output("shading", "Shading", place="above", blend="multiply"),
        Output("light", "Light", place="above", blend="screen"),
    ),
    parameters=(
        Choice("direction", "Light from", "Where the light comes from; angle takes the number below.",
               default="top left", choices=(*DIRECTIONS, FREE)),
        Number("angle", "Angle", "Where the light comes from: 0 from the right, 90 from the top.",
               135.0, 0.0, 360.0, unit="°", when=(When("direction", (FREE,)),)),
        Number("softness", "Softness", "From hard tones as in cel animation (0) to an airbrush (1).", 0.8, 0.0, 1.0),
        Number("shade", "Shade", "How dark shade is.", 0.7, 0.0, 1.0),
        Number("light", "Light", "How bright light is.", 0.35, 0.0, 1.0),
        Number("shade_tint", "Tint of shade", "From cool (-1) over grey (0) to warm (1).", -0.7, -1.0, 1.0),
        Number("light_tint", "Tint of light", "From cool (-1) over white (0) to warm (1).", 0.5, -1.0, 1.0),
        Number("roundness", "Roundness", "From rims alone (0) to everything round like a balloon (1).", 0.5, 0.0, 1.0),
        Integer("tones", "Tones", "Steps of shade, where it is hard.", 1, 1, 3),
    ),
)  # fmt: skip
def shade(inputs: Inputs, settings: Settings, context: Context) -> Generator[Step, None, Outputs]:
    """Lays shade and light on flat colours, on two layers. Backdrops stay flat."""
    import numpy as np

    from ..shading.lamp import Lamp, lit
    from ..shading.relief import relief

    yield Step(0.0, "looking at the colours")
    flats = _bytes(inputs["flats"])
    lines = _bytes(inputs["line"])[..., 0] if "line" in inputs else np.full(flats.shape[:2], 255, np.uint8)
    yield Step(0.2, "giving them form")
    slope, bodies = relief(*_fitted(flats, lines), reach=NARROWEST * 2 ** (DOUBLINGS * settings["roundness"]))
    if not bodies.solid.any():
        context.notice(
            "Everything looks like a backdrop, so nothing is shaded: leave the paper transparent in the flats."
        )
    yield Step(0.6, "lighting them")
    degrees = settings["angle"] if settings["direction"] == FREE else DIRECTIONS[settings["direction"]]
    lamp = Lamp(math.radians(degrees), settings["softness"], settings["tones"])
    shading, light = lit(lamp, slope, bodies, flats)
    covered = inputs["flats"][:, 3:]
    yield Step(0.8, "laying shade and light")
    return {
        "shading": _layer(shading, SHADES, settings["shade_tint"], covered * settings["shade"]),
        "light": _layer(light, LIGHTS, settings["light_tint"], covered * settings["light"]),
    }


def _bytes(picture: Tensor) -> NDArray[np.uint8]:
    """(1, C, H, W) float in [0, 1] as (H, W, C) uint8."""
    array: NDArray[np.uint8] = (picture[0] * 255).round_().byte().permute(1, 2, 0).contiguous().cpu().numpy()
    return array


def _fitted(flats: NDArray[np.uint8], lines: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Flats and lines, as large as bodies are looked for at most."""
    import cv2
    import numpy as np

    from ..shading.relief import SIDE

    height, width = lines.shape
    scale = SIDE / max(height, width)
    if scale >= 1:
        return flats, lines
    size = max(1, round(width * scale)), max(1, round(height * scale))
    colours = cv2.resize(flats, size, interpolation=cv2.INTER_NEAREST)  # a mean of two colours would be a third one
    return np.asarray(colours, np.uint8), np.asarray(cv2.resize(lines, size, interpolation=cv2.INTER_AREA), np.uint8)


def _layer(
    amount: NDArray[np.float32], tints: tuple[tuple[float, float, float], ...], tint: float, most: Tensor
) -> Tensor:
    """One tint of three, cool to warm, where `amount` (H, W) of `most` (1, 1, H, W) is: (1, 4, H, W)."""
    import torch

    end = tints[2] if tint > 0 else tints[0]
    layer = most.new_empty((1, 4, *amount.shape))
    for channel, (middle, outer) in enumerate(zip(tints[1], end, strict=True)):
        layer[:, channel] = middle + (outer - middle) * abs(tint)
    layer[:, 3:] = torch.from_numpy(amount).to(most) * most
    return layer
