"""VGG-16 and VGG-19 up to a named layer: the perceptual network whose responses compare pictures."""

from __future__ import annotations

from collections.abc import Collection

import torch
import torch.nn.functional as F
from torch import Tensor, nn

CONVOLUTIONS = {16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}  # in each of the five blocks, by depth
WIDTHS = (64, 128, 256, 512, 512)
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet's sRGB values in [0, 1]


def layer_names(depth: int) -> list[str]:
    """The responses that VGG-`depth` can give, from the shallowest to the deepest: relu1_1 to relu5_3 (or 5_4)."""
    blocks = enumerate(CONVOLUTIONS[depth], 1)
    return [f"relu{block}_{index}" for block, count in blocks for index in range(1, count + 1)]


class VGG(nn.Module):
    """The convolutions of Simonyan and Zisserman's VGG-16 or VGG-19, without the classifier, up to the layer `last`."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, depth: int = 16, last: str = "relu4_3") -> None:
        super().__init__()
        self.depth = depth
        names = layer_names(depth)
        self.layers = tuple(names[: names.index(last) + 1])
        self.convolutions = nn.ModuleDict()
        channels = 3
        for name in self.layers:
            width = WIDTHS[int(name[4]) - 1]
            self.convolutions[name.replace("relu", "conv")] = nn.Conv2d(channels, width, 3, padding=1)
            channels = width
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.tensor(DEVIATION).view(1, 3, 1, 1), persistent=False)

    def convolution(self, layer: str) -> nn.Conv2d:
        """The convolution before the layer `relu...`."""
        found = self.convolutions[layer.replace("relu", "conv")]
        assert isinstance(found, nn.Conv2d)
        return found

    def forward(self, picture: Tensor, layers: Collection[str], *, pooling: str = "max") -> dict[str, Tensor]:
        """The responses of the named layers, nothing deeper being computed.

        `picture` is (B, 3, H, W) float, sRGB in [0, 1]; `pooling` is `max`, as VGG was trained, or `average`, which
        Gatys et al. found to give smoother pictures. Returns (B, C, H/s, W/s) in the network's precision, by name;
        s is 1, 2, 4, 8, 16 for blocks 1 to 5. KeyError for a layer that this network does not have.
        """
        missing = set(layers) - set(self.layers)
        if missing:
            raise KeyError(f"this network has no {', '.join(sorted(missing))}; it has {', '.join(self.layers)}")
        pool = F.max_pool2d if pooling == "max" else F.avg_pool2d
        x = (picture - self.mean) / self.deviation
        x = x.to(next(self.parameters()).dtype)
        found: dict[str, Tensor] = {}
        for name in self.layers:
            if len(found) == len(set(layers)):
                break
            if name.endswith("_1") and name != "relu1_1":
                x = pool(x, 2)  # (B, C, H/2, W/2)
            x = F.relu(self.convolution(name)(x), inplace=True)
            if name in layers:
                found[name] = x
        return found
