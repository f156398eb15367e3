"""White paper under a new style: it stays light, whatever ground the painting has, and what is drawn on it whole."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from ..pictures.transparency import filled
from .colours import luma

WHITE, OFF_WHITE = 0.98, 0.92  # the darkest channel of what is surely paper, and of what is surely none
CELL = 8  # pixels a side of what a painted ground is told by, and what it is filled with
LIGHT = 0.95  # lightness that paper gets
TINT = 0.4  # part of the painted ground's colour that it keeps
GRAIN = 0.2  # part of the strokes on the ground


def without_paper(picture: Tensor) -> Tensor:
    """`picture`, (1, 3, H, W) float, sRGB in [0, 1], as if it went on over its white paper, ever more softly.

    A norm over a page that is mostly white gives flat skin two colours, and each edge against white a halo of strokes.
    So a network is given this, and `with_paper` lays the paper on what it paints.
    """
    white = whiteness(picture)
    if not bool((white > 0).any()):
        return picture
    drawn = F.avg_pool2d(1 - white, CELL, ceil_mode=True)
    colour = F.avg_pool2d(picture * (1 - white), CELL, ceil_mode=True) / drawn.clamp_min(1e-4)
    return torch.lerp(picture, _grown(filled(torch.cat([colour.clamp(0, 1), drawn], 1)), picture), white)


def with_paper(made: Tensor, picture: Tensor) -> Tensor:
    """`made` of `picture`, both (1, 3, H, W) float, sRGB in [0, 1], with the picture's paper light again.

    All paper of a picture gets one light tint of the ground that was painted on it; strokes on it stay where they are
    darker than the ground, and fainter.
    """
    white = whiteness(picture)
    if not bool((white > 0).any()):
        return made
    share = F.avg_pool2d(white, CELL, ceil_mode=True)
    ground = F.avg_pool2d(made * white, CELL, ceil_mode=True)
    tint = ground.mean((2, 3), keepdim=True) / share.mean()
    ground, share = (F.avg_pool2d(figure, 3, 1, 1) for figure in (ground, share))
    strokes = made.sub(_grown(ground / share.clamp_min(1e-4), made)).clamp_max_(0)
    paper = (LIGHT + TINT * (tint - luma(tint))).clamp(0, 1)
    return torch.lerp(made, strokes.mul_(GRAIN).add_(paper), white).clamp(0, 1)


def whiteness(picture: Tensor) -> Tensor:
    """How surely each place of (1, 3, H, W) is white paper, (1, 1, H, W) from 0 to 1."""
    return ((picture.amin(1, keepdim=True) - OFF_WHITE) / (WHITE - OFF_WHITE)).clamp(0, 1)


def _grown(cells: Tensor, picture: Tensor) -> Tensor:
    """(1, 3, h, w), one for each cell of `picture`, smoothly at its size."""
    return F.interpolate(cells, scale_factor=CELL, mode="bilinear")[..., : picture.shape[-2], : picture.shape[-1]]
