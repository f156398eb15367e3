"""The adversaries that colorizers are trained against; none of them is needed to colour."""

import torch
from torch import Tensor, nn

from inkwash.models.networks.paper import blurred
from inkwash.models.networks.pix2pix import norm


class PaperDiscriminator(nn.Module):
    """D(image, hint) of Grover and Banker, section 4.2.2: 5x5 stride-2 convolutions and one fully connected output."""

    def __init__(self, size: int, width: int = 64, levels: int = 4) -> None:
        super().__init__()
        features = [6, *(width * 2**level for level in range(levels))]
        blocks: list[nn.Module] = []
        for a, b in zip(features, features[1:], strict=False):
            blocks += [nn.Conv2d(a, b, 5, 2, 2), nn.BatchNorm2d(b), nn.LeakyReLU(0.2)]
        self.body = nn.Sequential(*blocks)
        self.last = nn.Linear(features[-1] * (size // 2**levels) ** 2, 1)

    def forward(self, image: Tensor, line: Tensor, hint: Tensor) -> Tensor:
        """Image (B, 3, S, S), hint (B, 4, S, S) to logits (B, 1); the paper does not show it the lines."""
        result: Tensor = self.last(self.body(torch.cat([image, blurred(hint)], 1)).flatten(1))
        return result


class PatchDiscriminator(nn.Module):
    """D(image, line, hint) on overlapping patches of 46 pixels, after Isola et al. 2017."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        features = [8, width, 2 * width, 4 * width]
        blocks: list[nn.Module] = []
        for a, b in zip(features, features[1:], strict=False):
            blocks += [nn.Conv2d(a, b, 4, 2, 1), nn.BatchNorm2d(b), nn.LeakyReLU(0.2)]
        self.body = nn.Sequential(*blocks, nn.Conv2d(features[-1], 1, 4, 1, 1))

    def forward(self, image: Tensor, line: Tensor, hint: Tensor) -> Tensor:
        """Image (B, 3, H, W), line (B, 1, H, W), hint (B, 4, H, W) to logits (B, 1, H/8 - 1, W/8 - 1)."""
        result: Tensor = self.body(torch.cat([image, line, hint], 1))
        return result


class PairDiscriminator(nn.Module):
    """D(A, B) on overlapping patches of 70 pixels, averaged by the loss: the PatchGAN of Isola et al. 2017."""

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        features = [width, 2 * width, 4 * width, 8 * width]
        blocks: list[nn.Module] = [nn.Conv2d(6, width, 4, 2, 1), nn.LeakyReLU(0.2)]
        for a, b, stride in zip(features, features[1:], (2, 2, 1), strict=False):
            blocks += [nn.Conv2d(a, b, 4, stride, 1), norm(b), nn.LeakyReLU(0.2)]
        self.body = nn.Sequential(*blocks, nn.Conv2d(features[-1], 1, 4, 1, 1))

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        """A and B (B, 3, H, W) float in [0, 1] to logits (B, 1, H/8 - 2, W/8 - 2)."""
        result: Tensor = self.body(torch.cat([a, b], 1) * 2 - 1)
        return result
