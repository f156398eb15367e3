"""The painter's adversary: whether shading looks as if an illustrator had laid it on these flats."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

LOUDER = 5.0  # shading is so much stronger to the adversary's eye: its deviation is about 0.04


class Critic(nn.Module):
    """D(shading, ink, flats, form) on overlapping patches of 56 pixels, with spectral norm (Miyato et al. 2018)."""

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        features = [4 * (3 + 1 + 3 + 5), width, 2 * width, 3 * width, 4 * width]
        strides = (1, 2, 2, 1)
        self.body = nn.ModuleList(
            spectral_norm(nn.Conv2d(a, b, 4 if stride == 2 else 3, stride, 1))
            for a, b, stride in zip(features, features[1:], strides, strict=False)
        )
        self.last = spectral_norm(nn.Conv2d(features[-1], 1, 3, 1, 1))

    def forward(self, shading: Tensor, ink: Tensor, flat: Tensor, form: Tensor) -> list[Tensor]:
        """The responses of every layer, the last of them the logits (B, 1, H/8, W/8)."""
        x = F.pixel_unshuffle(torch.cat([LOUDER * shading, ink, flat * 2 - 1, form], 1), 2)
        found = []
        for layer in self.body:
            x = F.leaky_relu(layer(x), 0.2)
            found.append(x)
        return [*found, self.last(x)]
