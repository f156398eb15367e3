"""Shade and light on flats: a painter's network sees the drawing at its own good size, and every colour stays."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ..networks.painter import MANNERS, balanced, means
from .form import Bodies, bodies_of, form

WALL = 0.45  # darkness from which on a line parts two bodies
AIRBRUSH = 0  # the manner in which pictures are shaded
DRIFT = 0.015  # of a channel, of 1: by so much a body's mean may change where shading would leave the range of colours
Picture = NDArray[np.float32]


@torch.inference_mode()
def shading(
    ink: Picture, flat: NDArray[np.uint8], network: nn.Module, device: torch.device, dtype: torch.dtype
) -> Picture:
    """What is to be added to the flats (h, w, 3) uint8 sRGB so that they are shaded, (h, w, 3) float.

    `ink` (h, w) is the darkness of the lines, 0 to 1. Over each body, a connected place of one flat colour, the
    shading has next to no mean: the body keeps its colour. On lines it runs on from the nearest body.
    """
    bodies = bodies_of(flat, ink > WALL)
    if not bodies.any():
        return np.zeros(flat.shape, np.float32)
    colour = _planes(np.float32(1 / 255) * flat).to(device)
    manner = torch.zeros(1, MANNERS, device=device)
    manner[0, AIRBRUSH] = 1
    seen = (torch.from_numpy(ink)[None, None].to(device), colour, _planes(form(bodies)).to(device), manner)
    made = network(*(x.to(dtype) for x in seen)).float()
    numbers = torch.from_numpy(bodies.astype(np.int64)).to(device)[None]
    kept = within_range(balanced(made, numbers), colour, numbers)
    return carried(kept[0].permute(1, 2, 0).cpu().numpy(), bodies)


def within_range(shading: Tensor, flat: Tensor, bodies: Tensor) -> Tensor:
    """`shading` (B, 3, H, W), less of it where flats and shading together would be brighter than white or darker than
    black and a body's mean would change by more than DRIFT for that. `bodies` is (B, H, W) int64.
    """
    shown = (flat + shading).clamp(0, 1) - flat
    drift = means(shown, bodies).abs().amax(1, keepdim=True)
    part = (DRIFT / drift.clamp_min(DRIFT)) * (bodies > 0)[:, None]
    return (flat + part * shading).clamp(0, 1) - flat


def carried(shading: Picture, bodies: Bodies) -> Picture:
    """The shading (h, w, 3) with that of the nearest body on lines."""
    _, nearest = cv2.distanceTransformWithLabels(
        (bodies == 0).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    return np.asarray(shading[bodies > 0][nearest - 1], np.float32)


def _planes(picture: Picture) -> Tensor:
    """(h, w, C) as (1, C, h, w)."""
    return torch.from_numpy(np.array(picture, np.float32)).permute(2, 0, 1)[None]
