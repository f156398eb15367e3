"""How far two pictures are apart to the eye: by the responses of the perceptual network instead of pixel by pixel."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from inkwash.models.errors import UnknownModel
from inkwash.models.networks.vgg import VGG
from inkwash.models.store import Store

from .pictures import Rgb

LAYERS = ("relu1_2", "relu2_2", "relu3_3", "relu4_3")
SIDE = 192  # pixels of the longer side at which pictures are compared


@lru_cache(maxsize=1)
def _network() -> VGG | None:
    try:
        network = Store().load("vgg16", "perceptual")
    except UnknownModel:
        return None
    assert isinstance(network, VGG)
    return network.requires_grad_(False)


@torch.inference_mode()
def perceptual_distance(made: Rgb, truth: Rgb) -> float | None:
    """0 for the same picture, 2 at most; None if the perceptual network (`inkwash models pull vgg16`) is not there.

    Mean over layers and places of the squared difference of responses of unit length (Zhang et al. 2018, "The
    Unreasonable Effectiveness of Deep Features", without weights of its own).
    """
    network = _network()
    if network is None:
        return None
    scale = SIDE / max(truth.shape[:2])
    small = (cv2.resize(x, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) for x in (made, truth))
    both = torch.from_numpy(np.stack(list(small))).permute(0, 3, 1, 2).float() / 255
    found = network(both, LAYERS)
    units = (F.normalize(found[name].float(), dim=1) for name in LAYERS)
    return float(np.mean([float((a - b).square().sum(0).mean()) for a, b in units]))
