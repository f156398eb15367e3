"""Paints a picture of any size with stylizers: one, or two mixed by a weight or place by place."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..errors import BadModel, BadPicture, UnknownModel
from ..filters.declaration import Context
from ..networks import strips
from ..networks.copyist import Copyist, Manner
from ..networks.layers import extended, padded
from ..networks.stylebank import Bank

SMALLEST = 32  # pixels of a side that networks are given at least; the edge is repeated up to there
PATCH = 512  # pixels of a side of the noise, which is repeated
GPU_STRIP = 2**28  # responses worked on at once on a graphics card, which has no use for small strips
SMOOTH = (-1, 4, 10, 4, -1)  # sixteenths of a place and its neighbours
FULL_TILE = 1024  # the tile that a context lends at first; it is smaller after memory ran out

Painting = Generator[None, None, Tensor]


@dataclass(frozen=True)
class Told:
    """A copyist, and the manner that it is to paint in."""

    copyist: Any
    code: Tensor  # (1, 100) float32, on whatever the device computes in: codes are mixed

    @property
    def fingerprint(self) -> str:
        """Of the copyist."""
        return str(self.copyist.fingerprint)


def painted(
    picture: Tensor, styles: list[str], share: Tensor | float, context: Context, painting: Tensor | None = None
) -> Painting:
    """`picture` in one style, or in two: `share` of the second, a number or (1, 1, H, W), from 0 to 1.

    `picture` is (1, 3, H, W) float32, sRGB in [0, 1]; so is what is returned. Yields between the networks' stages.
    A copyist paints in the manner of `painting`, (1, 3, h, w). Two banks of one coder are mixed as responses, and two
    manners as codes, which makes strokes of both; other styles, and manners that have places, as pictures.
    """
    height, width = picture.shape[-2:]
    large = extended(picture, SMALLEST, SMALLEST)
    networks = [_known(style, context, painting) for style in styles]
    if _kin(networks, Bank):
        made = yield from _by_banks(large, networks, styles[0], share, context)
        return made[..., :height, :width].clamp(0, 1)
    if _kin(networks, Told) and not isinstance(share, Tensor):
        networks = [Told(networks[0].copyist, _mixed([network.code for network in networks], share))]
    parts = []
    for network, style in zip(networks, styles, strict=False):
        parts.append((yield from _alone(large, network, style, context))[..., :height, :width])
    return _mixed(parts, share).clamp(0, 1)


def _known(style: str, context: Context, painting: Tensor | None) -> Any:
    """The style's network, or who is to paint and how; BadPicture for a copyist that has nothing to look at."""
    network = context.network(style, "stylizer")
    if isinstance(network, Manner):
        return Told(_companion(network, network.copyist, style, "stylizer", context), network.code.float())
    if not isinstance(network, Copyist):
        return network
    if painting is None:
        raise BadPicture(f"The style {style} needs a painting to look at.", "Choose one, or another style.")
    return Told(network, network.code(painting).float())


def _kin(networks: list[Any], kind: type) -> bool:
    """Whether all are of a kind, and made with the same coder or copyist."""
    return all(isinstance(one, kind) for one in networks) and len({one.fingerprint for one in networks}) == 1


def _alone(picture: Tensor, network: Any, style: str, context: Context) -> Painting:
    """`picture` in one style, (1, 3, H', W') of at least its size."""
    if isinstance(network, Bank):
        return (yield from _by_banks(picture, [network], style, 0.0, context))
    if isinstance(network, Told):
        copied = yield from _painted(picture, network.copyist, network.copyist.told(network.code), context)
        return _without_screen(copied)
    return (yield from _painted(picture, network, network.stages, context))


def _painted(picture: Tensor, network: Any, stages: nn.ModuleList, context: Context) -> Painting:
    """`picture` through a network's stages."""
    given = padded(picture, network.multiple)
    x = yield from _run(stages, _noisy(given, network), context)
    made: Tensor = network.picture(x, given)
    return made


def _without_screen(made: Tensor) -> Tensor:
    """(1, 3, H, W) without what flickers from pixel to pixel, the screen that a copyist's doublings leave.

    The flattest filter of five places that lets nothing through that repeats every two pixels, and three quarters of
    what does every four.
    """
    taps = made.new_tensor(SMOOTH) / sum(SMOOTH)
    made = F.pad(made, (len(SMOOTH) // 2,) * 4, mode="replicate")
    made = F.conv2d(made, taps.view(1, 1, 1, -1).expand(3, 1, 1, -1), groups=3)
    return F.conv2d(made, taps.view(1, 1, -1, 1).expand(3, 1, -1, 1), groups=3)


def _by_banks(picture: Tensor, banks: list[Any], style: str, share: Tensor | float, context: Context) -> Painting:
    """`picture` through the banks' coder, and through the banks in the middle of it."""
    coder = _companion(banks[0], banks[0].coder, style, "coder", context)
    given = padded(picture, coder.multiple)
    responses = yield from _run(coder.encoder, _noisy(given, coder), context)
    made = []
    for bank in banks:
        made.append((yield from _run(bank.stages, responses, context)))
    if isinstance(share, Tensor):
        share = extended(share, given.shape[2], given.shape[3])
    x = yield from _run(coder.decoder, _mixed(made, share), context)
    result: Tensor = coder.picture(x)
    if coder.kind == "light":
        return result
    return result + _mixed([bank.sketch(given) for bank in banks], share)


def _companion(network: Bank | Manner, name: str, style: str, role: str, context: Context) -> Any:
    """The model that `network` was made with; BadModel if it is not there or was changed since."""
    try:
        companion: Any = context.network(name, role)
    except UnknownModel as error:
        raise BadModel(
            f"The style {style} needs the model {name}, which is not here.",
            f"Copy {name}.safetensors into your models folder too, or choose another style.",
        ) from error
    if companion.fingerprint != network.fingerprint:
        raise BadModel(
            f"The style {style} was made for another version of the model {name}.",
            f"Make it anew, or copy the {name}.safetensors that came with it into your models folder.",
        )
    return companion


def _noisy(picture: Tensor, network: Any) -> Tensor:
    """What a network is given of a picture: around 0, with the noise that it was trained with.

    Without noise every flat place would be painted in one pattern of a few pixels. It is always the same noise.
    """
    x = picture - 0.5
    if network.noise:
        patch = torch.randn(1, 3, PATCH, PATCH, generator=torch.Generator().manual_seed(0)).mul_(network.noise).to(x)
        for top in range(0, x.shape[2], PATCH):
            for left in range(0, x.shape[3], PATCH):
                part = x[:, :, top : top + PATCH, left : left + PATCH]
                part += patch[:, :, : part.shape[2], : part.shape[3]]
    return x


def _mixed(parts: list[Tensor], share: Tensor | float) -> Tensor:
    """One or two tensors (1, C, h, w) as one; `share` may be larger than they are."""
    if len(parts) == 1:
        return parts[0]
    first, second = parts
    if isinstance(share, Tensor):
        share = F.interpolate(share, first.shape[-2:], mode="area").to(first)
    return torch.lerp(first, second, share)


def _run(stages: nn.ModuleList, x: Tensor, context: Context) -> Painting:
    """The stages over `x`, in strips that suit the device; in smaller ones after memory ran out."""
    strip = strips.STRIP if context.device.type == "cpu" else GPU_STRIP
    return strips.run(stages, x, strip=max(1, strip * context.tile**2 // FULL_TILE**2))
