"""Paints a picture of any size with stylizers: one, or two mixed by a weight or place by place."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..errors import BadModel, UnknownModel
from ..filters.declaration import Context
from ..networks import strips
from ..networks.layers import extended, padded
from ..networks.stylebank import Bank

SMALLEST = 32  # pixels of a side that networks are given at least; the edge is repeated up to there
PATCH = 512  # pixels of a side of the noise, which is repeated
GPU_STRIP = 2**28  # responses worked on at once on a graphics card, which has no use for small strips
FULL_TILE = 1024  # the tile that a context lends at first; it is smaller after memory ran out

Painting = Generator[None, None, Tensor]


def painted(picture: Tensor, styles: list[str], share: Tensor | float, context: Context) -> Painting:
    """`picture` in one style, or in two: `share` of the second, a number or (1, 1, H, W), from 0 to 1.

    `picture` is (1, 3, H, W) float32, sRGB in [0, 1]; so is what is returned. Yields between the networks' stages.
    Two banks of one coder are mixed as responses, which makes strokes of both; other styles as pictures.
    """
    height, width = picture.shape[-2:]
    large = extended(picture, SMALLEST, SMALLEST)
    networks: list[Any] = [context.network(style, "stylizer") for style in styles]
    banks = all(isinstance(network, Bank) for network in networks)
    if banks and len({(network.coder, network.fingerprint) for network in networks}) == 1:
        made = yield from _by_banks(large, networks, styles[0], share, context)
    else:
        parts = []
        for network, style in zip(networks, styles, strict=True):
            if isinstance(network, Bank):
                parts.append((yield from _by_banks(large, [network], style, 0.0, context)))
            else:
                given = padded(large, network.multiple)
                x = yield from _run(network.stages, _noisy(given, network), context)
                parts.append(network.picture(x, given))
        made = _mixed([part[..., :height, :width] for part in parts], share)
    return made[..., :height, :width].clamp(0, 1)


def _by_banks(picture: Tensor, banks: list[Any], style: str, share: Tensor | float, context: Context) -> Painting:
    """`picture` through the banks' coder, and through the banks in the middle of it."""
    coder = _coder(banks[0], style, context)
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


def _coder(bank: Bank, style: str, context: Context) -> Any:
    """The coder that `bank` was trained with; BadModel if it is not there or was changed since."""
    try:
        coder: Any = context.network(bank.coder, "coder")
    except UnknownModel as error:
        raise BadModel(
            f"The style {style} needs the model {bank.coder}, which is not here.",
            f"Copy {bank.coder}.safetensors into your models folder too, or choose another style.",
        ) from error
    if coder.fingerprint != bank.fingerprint:
        raise BadModel(
            f"The style {style} was made for another version of the model {bank.coder}.",
            f"Train it anew, or copy the {bank.coder}.safetensors that came with it into your models folder.",
        )
    return coder


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
