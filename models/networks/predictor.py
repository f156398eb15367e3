"""Reads a painting's manner: a MobileNetV2 that gives a hundred numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch.nn.functional as F
from torch import Tensor, nn

SIDE = 256  # pixels a side of the painting that it was trained to read
CODE = 100  # numbers that a manner is
WIDEST = 1280  # channels before they are read

# Factor of expansion, channels, blocks and the first block's stride: table 2 of Sandler et al. 2018.
PLAN = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))


class Predictor(nn.Module):
    """The style prediction network of Ghiasi et al. 2017, on MobileNetV2 (Sandler et al. 2018) as Magenta has it.

    Batch norm lies in the convolutions' weights; borders are TensorFlow's: a halving pads below and to the right alone.
    The weights stay float32 wherever they go: in bfloat16 a painting would be read as another one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.first = Convolution(3, 32, stride=2)
        blocks, channels_in = [], 32
        for factor, channels, count, stride in PLAN:
            for index in range(count):
                blocks.append(Inverted(channels_in, channels, factor, stride=stride if index == 0 else 1))
                channels_in = channels
        self.blocks = nn.ModuleList(blocks)
        self.last = Convolution(channels_in, WIDEST, 1)
        self.code = nn.Linear(WIDEST, CODE)

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Any:
        return super()._apply(lambda tensor: tensor.to(fn(tensor).device), recurse)  # type: ignore[no-untyped-call]

    def forward(self, painting: Tensor) -> Tensor:
        """(B, 3, 256, 256) float, sRGB in [0, 1], to (B, 100)."""
        x = self.first(painting)  # (B, 32, 128, 128)
        for block in self.blocks:
            x = block(x)
        x = self.last(x)  # (B, 1280, 8, 8)
        code: Tensor = self.code(x.mean((2, 3)))
        return code


class Convolution(nn.Module):
    """A convolution with TensorFlow's border, and ReLU6 if it is `active`."""

    def __init__(
        self, channels_in: int, channels: int, kernel: int = 3, *, stride: int = 1, groups: int = 1, active: bool = True
    ) -> None:
        super().__init__()
        half, self.active = kernel // 2, active
        self.border = (0, half, 0, half) if stride == 2 else (half,) * 4
        self.convolution = nn.Conv2d(channels_in, channels, kernel, stride, groups=groups)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C_in, H, W) to (B, C, H / stride, W / stride)."""
        y: Tensor = self.convolution(F.pad(x, self.border))
        return F.relu6(y) if self.active else y


class Inverted(nn.Module):
    """MobileNetV2's inverted residual: widened, filtered channel by channel, narrowed without ReLU."""

    def __init__(self, channels_in: int, channels: int, factor: int, *, stride: int) -> None:
        super().__init__()
        wide = factor * channels_in
        self.widened = Convolution(channels_in, wide, 1) if factor > 1 else nn.Identity()
        self.filtered = Convolution(wide, wide, stride=stride, groups=wide)
        self.narrowed = Convolution(wide, channels, 1, active=False)
        self.adds = stride == 1 and channels == channels_in

    def forward(self, x: Tensor) -> Tensor:
        """(B, C_in, H, W) to (B, C, H / stride, W / stride)."""
        y: Tensor = self.narrowed(self.filtered(self.widened(x)))
        return x + y if self.adds else y
