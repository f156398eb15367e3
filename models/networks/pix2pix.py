"""The generator of Isola et al., "Image-to-image translation with conditional adversarial networks", 2017."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

WIDEST = 8  # no level has more than this times the first level's features
DROPPED = 3  # levels of the decoder, the deepest ones, whose responses are dropped at random


def norm(channels: int) -> nn.Module:
    """Batch norm by the statistics of the batch at hand, also when it is used: with one picture, its own."""
    return nn.BatchNorm2d(channels, track_running_stats=False)


class Pix2Pix(nn.Module):
    """U-Net: level i of the encoder is handed to level n - i of the decoder.

    Convolution, batch norm and leaky ReLU down, with 4x4 kernels and stride 2; transposed back, with dropout instead of
    a noise input. In use the dropout is off, so that the same drawing gives the same picture.
    """

    noise = False

    def __init__(self, width: int = 64, levels: int = 8) -> None:
        super().__init__()
        features = [width * min(2**level, WIDEST) for level in range(levels)]
        self.multiple = 2**levels
        self.downs = nn.ModuleList(
            nn.Conv2d(before, after, 4, 2, 1) for before, after in zip([3, *features], features, strict=False)
        )
        inner = range(1, levels - 1)  # neither the first level nor the deepest, which may be one pixel, has a norm
        self.down_norms = nn.ModuleDict({str(level): norm(features[level]) for level in inner})
        outs = [3, *features[:-1]]  # of each level of the decoder
        ins = [features[level] * (1 if level == levels - 1 else 2) for level in range(levels)]
        self.ups = nn.ModuleList(nn.ConvTranspose2d(i, o, 4, 2, 1) for i, o in zip(ins, outs, strict=True))
        self.up_norms = nn.ModuleDict({str(level): norm(outs[level]) for level in range(1, levels)})

    def forward(self, picture: Tensor, hint: Tensor | None = None) -> Tensor:
        """The other picture of the pair.

        `picture` is (B, 3, H, W) or (B, 1, H, W) float, sRGB in [0, 1], of any size; `hint` is what colorizers are
        given, and is not looked at. Returns (B, 3, H, W) float, sRGB in [0, 1].
        """
        height, width = picture.shape[-2:]
        pad = (0, -width % self.multiple, 0, -height % self.multiple)
        x = F.pad(picture.expand(-1, 3, -1, -1) * 2 - 1, pad, value=1.0)
        skips = []
        for level, down in enumerate(self.downs):
            x = down(x if level == 0 else F.leaky_relu(x, 0.2))  # (B, C, H / 2 ** (level + 1), W / ...)
            if str(level) in self.down_norms:
                x = self.down_norms[str(level)](x)
            skips.append(x)
        x = skips.pop()
        for level in reversed(range(len(self.ups))):
            x = self.ups[level](F.relu(x))  # (B, C, H / 2 ** level, W / ...)
            if level:
                x = self.up_norms[str(level)](x)
                if level >= len(self.ups) - DROPPED:
                    x = F.dropout(x, 0.5, self.training)
                x = torch.cat([x, skips.pop()], 1)
        made: Tensor = (x.float().tanh() + 1) / 2
        return made[..., :height, :width]
