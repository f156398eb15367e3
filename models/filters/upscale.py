"""`upscale`: a picture twice or four times as large, sharper than by interpolation."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from ..errors import BadPicture
from .declaration import Choice, Context, Input, Inputs, ModelChoice, Output, Outputs, Settings, Step, filter

if TYPE_CHECKING:
    from torch import Tensor

REACH = 32  # pixels around a tile that its network can see, and more
TILE = 768  # pixels of a tile's side at most: its responses take some hundred MB, whatever the picture's size
SMALLEST = 8  # pixels of a side that the network is given at least


@filter(
    "upscale",
    "Upscale",
    inputs=(Input("picture", "Picture", "The picture that is enlarged.", kind="rgba"),),
    outputs=(Output("upscaled", "Upscaled", place="above", larger=True),),
    parameters=(
        Choice("factor", "Factor", "How many times as large.", default="2", choices=("2", "4")),
        ModelChoice("model", "Model", "The network that enlarges.", default="inkwash-upscaler", role="upscaler"),
    ),
)
def upscale(inputs: Inputs, settings: Settings, context: Context) -> Generator[Step, None, Outputs]:
    """Enlarges a picture and keeps it sharp."""
    from ..pictures.transparency import filled, is_transparent

    yield Step(0.0, "looking at the picture")
    rgba = inputs["picture"]
    network: Any = context.network(settings["model"], "upscaler")
    factor = int(settings["factor"])
    if network.factor > factor:
        context.notice(f"This model enlarges {network.factor} times and not {factor} times.")
    times = 2 if (network.factor, factor) == (2, 4) else 1
    height, width = (side * network.factor**times for side in rgba.shape[-2:])
    _check_fits(width, height, network.factor**times, context.pixels)
    parts = [filled(rgba)]
    if is_transparent(rgba):  # whose edges are enlarged as sharply as what they are the edges of
        parts.append(rgba[:, 3:].expand(-1, 3, -1, -1))
    made = rgba.new_empty((1, 3 if len(parts) == 1 else 4, height, width))
    share = 1 / (len(parts) * times)
    for number, picture in enumerate(parts):
        for time in range(times):
            target = made[:, 3 * number : 3 * number + 3] if time == times - 1 else None
            start = (number * times + time) * share
            picture = yield from _enlarged(
                picture, network, context, target, alpha=number == 1, start=start, share=share
            )
    return {"upscaled": made}


def _check_fits(width: int, height: int, factor: int, pixels: int) -> None:
    """BadPicture if a result of this size, `factor` times as large as the picture, is larger than results may be."""
    if width * height <= pixels:
        return
    scale = (pixels / (width * height)) ** 0.5 / factor * (1 + 1e-9)  # 40 is not 39.999
    raise BadPicture(
        f"Enlarged {factor} times it would have {width} x {height} pixels; {pixels / 1e6:g} million are the limit.",
        f"It fits up to {int(width * scale)} x {int(height * scale)} pixels: make it smaller, or enlarge it in parts.",
    )


def _enlarged(
    picture: Tensor, network: Any, context: Context, target: Tensor | None, *, alpha: bool, start: float, share: float
) -> Generator[Step, None, Tensor]:
    """`picture` (1, 3, H, W) once through the network, in tiles whose surroundings it sees too: there are no seams.

    The result goes into `target`, of its size and of one channel if it is the last of an `alpha`, or a new tensor.
    """
    import torch

    from ..networks.layers import extended

    height, width = picture.shape[-2:]
    picture, f = extended(picture, SMALLEST, SMALLEST), network.factor
    made = picture.new_empty((1, 3, height * f, width * f)) if target is None else target
    side = min(TILE, context.tile)
    tiles = [(top, left) for top in range(0, height, side) for left in range(0, width, side)]
    for number, (top, left) in enumerate(tiles, 1):
        first, before = max(0, top - REACH), max(0, left - REACH)
        tile = picture[..., first : top + side + REACH, before : left + side + REACH]
        x = (tile.contiguous(memory_format=torch.channels_last) - 0.5).to(context.dtype)
        for stage in network.stages:
            x = stage(x)
        x = network.enlarged(tile).add_(x)
        if alpha:
            x = _within(x.mean(1, keepdim=True), tile[:, :1])
        place = made[..., top * f : (top + side) * f, left * f : (left + side) * f]
        seen = x[..., (top - first) * f :, (left - before) * f :][..., : place.shape[-2], : place.shape[-1]]
        place.copy_(seen.clamp_(0, 1))
        yield Step(start + share * 0.95 * number / len(tiles), "enlarging")
    return made


def _within(enlarged: Tensor, alpha: Tensor) -> Tensor:
    """An enlarged alpha (1, 1, H f, W f) no less and no more than what lies around: what is clear stays clear."""
    import torch.nn.functional as F

    least, most = -F.max_pool2d(-alpha, 3, 1, 1), F.max_pool2d(alpha, 3, 1, 1)
    size = enlarged.shape[-2:]
    return enlarged.clamp(F.interpolate(least, size), F.interpolate(most, size))
