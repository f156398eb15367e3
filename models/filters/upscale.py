"""`upscale`: a picture twice or four times as large, sharper than by interpolation."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from .declaration import Choice, Context, Input, Inputs, ModelChoice, Output, Outputs, Settings, Step, filter

if TYPE_CHECKING:
    from torch import Tensor

REACH = 32  # pixels around a band that its network can see, and more
SMALLEST = 8  # pixels of a side that the network is given at least


@filter(
    "upscale",
    "Upscale",
    inputs=(Input("picture", "Picture", "The picture that is enlarged.", kind="rgba"),),
    outputs=(Output("upscaled", "Upscaled", place="above"),),
    parameters=(
        Choice("factor", "Factor", "How many times as large.", default="2", choices=("2", "4")),
        ModelChoice("model", "Model", "The network that enlarges.", default="inkwash-upscaler", role="upscaler"),
    ),
)
def upscale(inputs: Inputs, settings: Settings, context: Context) -> Generator[Step, None, Outputs]:
    """Enlarges a picture and keeps it sharp."""
    import torch
    import torch.nn.functional as F

    yield Step(0.0, "looking at the picture")
    rgba = inputs["picture"]
    network: Any = context.network(settings["model"], "upscaler")
    factor, times = int(settings["factor"]), 1
    if network.factor > factor:
        context.notice(f"This model enlarges {network.factor} times and not {factor} times.")
    else:
        times = {2: 1, 4: 2}[factor] if network.factor == 2 else 1
    made = rgba[:, :3] * rgba[:, 3:] + (1 - rgba[:, 3:])
    for time in range(times):
        made = yield from _enlarged(made, network, context, time / times, 1 / times)
    if not bool((rgba[:, 3] < 1).any()):
        return {"upscaled": made}
    alpha = F.interpolate(rgba[:, 3:], made.shape[-2:], mode="bilinear")
    colour = ((made - (1 - alpha)) / alpha.clamp_min(1 / 255)).clamp_(0, 1)  # what, laid on white, gives `made`
    return {"upscaled": torch.cat([colour, alpha], 1)}


def _enlarged(
    picture: Tensor, network: Any, context: Context, start: float, part: float
) -> Generator[Step, None, Tensor]:
    """`picture` (1, 3, H, W) once through the network, in bands whose surroundings it sees too: there are no seams."""
    import torch

    from ..networks.layers import extended

    height, width = picture.shape[-2:]
    picture = extended(picture, SMALLEST, SMALLEST)
    factor = network.factor
    made = picture.new_empty((1, 3, height * factor, width * factor))
    rows = max(1, context.tile**2 // width)
    for top in range(0, height, rows):
        end = min(height, top + rows)
        first, last = max(0, top - REACH), min(picture.shape[-2], max(end + REACH, SMALLEST))
        band = picture[..., first:last, :].contiguous(memory_format=torch.channels_last)
        x = (band - 0.5).to(context.dtype)
        for stage in network.stages:
            x = stage(x)
        whole = network.enlarged(band) + x.float()
        made[..., top * factor : end * factor, :] = whole[
            ..., (top - first) * factor : (end - first) * factor, : width * factor
        ]
        yield Step(start + part * 0.95 * end / height, "enlarging")
    return made.clamp_(0, 1)
