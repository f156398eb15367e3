"""Keep a picture's own colours under a new style: only lightness is taken over."""

from __future__ import annotations

import torch
from torch import Tensor

LUMA = (0.299, 0.587, 0.114)  # of red, green, blue in lightness, by ITU-R BT.601


def luma(picture: Tensor) -> Tensor:
    """The lightness of a picture, (B, 3, H, W) float, sRGB in [0, 1], to (B, 1, H, W)."""
    return (picture * picture.new_tensor(LUMA).view(1, 3, 1, 1)).sum(1, keepdim=True)


def keep_colours(made: Tensor, original: Tensor) -> Tensor:
    """The lightness of `made` with the colours of `original`, after Gatys et al. 2016, "Preserving color".

    Both are (B, 3, H, W) float, sRGB in [0, 1]; so is what is returned. Where a colour cannot be that light or
    dark, it is drawn towards grey as far as needed and no further, so that lightness stays exact.
    """
    lightness, before = luma(made), luma(original)
    chroma = original - before
    room = torch.where(chroma > 0, 1 - lightness, lightness) / chroma.abs().clamp_min(1e-6)
    scale = room.amin(1, keepdim=True).clamp(0, 1)
    return lightness + scale * chroma
