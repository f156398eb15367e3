"""White paper under a new style: it stays light, whatever ground the painting has."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .colours import luma

WHITE, OFF_WHITE = 0.98, 0.92  # the darkest channel of what is surely paper, and of what is surely none
CELL = 8  # pixels a side of what a painted ground is told by
LIGHT = 0.95  # lightness that paper gets
TINT = 0.4  # part of the painted ground's colour that it keeps
GRAIN = 0.5  # part of what is painted on the ground, strokes and weave


def with_paper(made: Tensor, picture: Tensor) -> Tensor:
    """`made` of `picture`, both (1, 3, H, W) float, sRGB in [0, 1], with the picture's paper light again.

    An instance norm gives the commonest colour of a picture that of the painting: a white page turns brown, with a halo
    around what is drawn. So the ground that was painted on white is moved, place by place, to a light tint of itself;
    the strokes on it stay, fainter.
    """
    white = ((picture.amin(1, keepdim=True) - OFF_WHITE) / (WHITE - OFF_WHITE)).clamp(0, 1)  # (1, 1, H, W)
    if not bool((white > 0).any()):
        return made
    share = F.avg_pool2d(white, CELL, ceil_mode=True)
    ground = F.avg_pool2d(made * white, CELL, ceil_mode=True)
    ground, share = (F.avg_pool2d(figure, 3, 1, 1) for figure in (ground, share))
    ground = ground / share.clamp_min(1e-4)
    paper = (LIGHT + TINT * (ground - luma(ground))).clamp(0, 1) - GRAIN * ground
    paper = F.interpolate(paper, scale_factor=CELL, mode="bilinear")[..., : made.shape[-2], : made.shape[-1]]
    return torch.lerp(made, paper.add_(made, alpha=GRAIN), white).clamp(0, 1)
