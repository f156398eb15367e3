"""A picture's colours under a new style: its own ones kept, or a painting's palette taken over."""

from __future__ import annotations

import torch
from torch import Tensor

LUMA = (0.299, 0.587, 0.114)  # of red, green, blue in lightness, by ITU-R BT.601
LOOKED_AT = 512  # pixels of the longer side, about, that a picture's colours are told from
RIDGE = 0.01  # added to variances, so that a picture of hardly any colours is not torn apart


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


def statistics(picture: Tensor) -> tuple[Tensor, Tensor]:
    """Mean (B, 3) and covariance (B, 3, 3) of the colours of (B, 3, H, W) float, sRGB in [0, 1], float32."""
    step = max(1, max(picture.shape[-2:]) // LOOKED_AT)
    colours = picture[..., ::step, ::step].flatten(2).float()
    mean = colours.mean(2)
    apart = colours - mean[..., None]
    return mean, apart @ apart.transpose(1, 2) / apart.shape[2]


def to_palette(picture: Tensor, mean: Tensor, covariance: Tensor) -> tuple[Tensor, Tensor]:
    """What brings colours to those of a painting: a matrix (B, 3, 3) and a shift (B, 3, 1), for colours as columns.

    `picture` is (B, 3, H, W) float, `mean` (3,) and `covariance` (3, 3) are the painting's. Of all linear maps to them
    it moves colours least (Monge and Kantorovich; Pitie and Kokaram 2007, "The linear Monge-Kantorovitch linear colour
    mapping for example-based colour transfer"): light stays light, and warm stays warmer than cold.
    """
    known = (*statistics(picture), mean, covariance)
    before, spread, mean, covariance = (figure.double().cpu() for figure in known)  # few, and not every device can
    ridge = RIDGE * torch.eye(3, dtype=spread.dtype)
    root, back = _power(spread + ridge, 0.5), _power(spread + ridge, -0.5)
    turn = back @ _power(root @ (covariance + ridge) @ root, 0.5) @ back
    shift = mean[:, None] - turn @ before[..., None]
    return turn.to(picture.device, torch.float32), shift.to(picture.device, torch.float32)


def _power(symmetric: Tensor, exponent: float) -> Tensor:
    """A power of positive symmetric matrices (B, 3, 3)."""
    values, vectors = torch.linalg.eigh(symmetric)
    power: Tensor = vectors * values.clamp_min(1e-8).pow(exponent)[..., None, :] @ vectors.transpose(-2, -1)
    return power
