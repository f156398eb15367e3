"""What a network sees where a picture is transparent: the colours beside it, so that no paper shines through edges."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

SOLID = 1 / 8  # alpha from which a pixel's own colour counts fully; a fainter one is hardly more than rounding


def is_transparent(rgba: Tensor) -> bool:
    """Whether anything is seen through (1, 4, H, W)."""
    return bool((rgba[:, 3] < 1).any())


def filled(rgba: Tensor) -> Tensor:
    """The colours of (1, 4, H, W) float, sRGB in [0, 1], straight alpha, as an opaque picture (1, 3, H, W).

    What is seen keeps its colour, however faint it is; what is not takes those nearest to it, ever coarser with the
    distance (the push-pull of Gortler et al. 1996, "The lumigraph", 3.4). A filter that works on this and puts the
    alpha back leaves soft edges in the picture's own colours. Nothing seen at all is white.
    """
    if not is_transparent(rgba):
        return rgba[:, :3]
    weight = (rgba[:, 3:] / SOLID).clamp_max_(1)
    if not bool(weight.any()):
        return torch.ones_like(rgba[:, :3])
    return _pulled(torch.cat([rgba[:, :3] * weight, weight], 1)).clamp_(0, 1)


def _pulled(known: Tensor) -> Tensor:
    """Colours premultiplied by their weights, and the weights, (1, 4, H, W): the colours with every gap filled."""
    colour, weight = known[:, :3], known[:, 3:]
    if max(known.shape[-2:]) == 1:
        return colour / weight
    if bool((weight >= 1).all()):
        return colour
    pushed = F.avg_pool2d(known, 2, ceil_mode=True)
    pushed *= ((pushed[:, 3:] * 4).clamp_max(1) / pushed[:, 3:].clamp_min(1e-12)).clamp_min_(1)
    coarse = F.interpolate(_pulled(pushed), known.shape[-2:], mode="bilinear")
    return coarse.mul_(1 - weight).add_(colour)
