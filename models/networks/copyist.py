"""Paints in the manner of any painting: a transform network whose norms are told how by the painting's code."""

from __future__ import annotations

import copy

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .layers import Layer, Residual
from .predictor import CODE, SIDE, Predictor


class Copyist(nn.Module):
    """Ghiasi et al. 2017, "Exploring the structure of a real-time, arbitrary neural artistic stylization network".

    A quarter of the width of Johnson's network. Instance norm follows all convolutions but the first three; its gains
    and shifts are a linear map of the code (Dumoulin et al. 2017, conditional instance norm).
    """

    multiple = 4  # sides of the picture that the stages are given
    noise = 0.0
    exact = "filtered"  # weights that half precision would spoil

    def __init__(self, fingerprint: str = "") -> None:
        """`fingerprint` is what the function of that name says of the weights: kept manners know theirs by it."""
        super().__init__()
        self.fingerprint = fingerprint
        self.predictor = Predictor()
        self.stages = nn.ModuleList([
            Layer(3, 8, 9, norm=False),  # (B, 8, H, W)
            Layer(8, 16, stride=2, norm=False),  # (B, 16, H/2, W/2)
            Layer(16, 32, stride=2, norm=False),  # (B, 32, H/4, W/4)
            *(Residual(32) for _ in range(5)),
            Layer(32, 16, grow=True),  # (B, 16, H/2, W/2)
            Layer(16, 8, grow=True),  # (B, 8, H, W)
            Layer(8, 3, 9, active=False),
        ])  # fmt: skip
        self.norms = nn.Linear(CODE, 2 * sum(layer.channels for layer in normed(self.stages)))

    def code(self, painting: Tensor) -> Tensor:
        """The manner of a painting of any size, (1, 3, H, W) float, sRGB in [0, 1], as (1, 100) float32.

        Its middle square is read.
        """
        height, width = painting.shape[-2:]
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        square = painting[..., top : top + side, left : left + side].float()
        seen = F.interpolate(square, (SIDE, SIDE), mode="bicubic", antialias=True).clamp(0, 1)
        code: Tensor = self.predictor(seen)
        return code

    def told(self, code: Tensor) -> nn.ModuleList:
        """The stages with the gains and shifts of a manner (1, 100); the network itself stays as it is."""
        stages = copy.deepcopy(self.stages)
        figures = F.linear(code.float(), self.norms.weight.float(), self.norms.bias.float())[0]
        place = 0
        for layer in normed(stages):
            for part in (layer.gain, layer.shift):
                part.data = figures[place : place + layer.channels].to(part)
                place += layer.channels
        return stages

    def forward(self, picture: Tensor, code: Tensor) -> Tensor:
        """(1, 3, H, W) float, sRGB in [0, 1], sides multiples of four, to the same in the manner of a code."""
        x = picture - 0.5
        for stage in self.told(code):
            x = stage(x)
        return self.picture(x, picture)

    def picture(self, x: Tensor, given: Tensor) -> Tensor:
        """The last stage's responses to the picture `given` as a picture, (B, 3, H, W) float32."""
        return torch.sigmoid(x.float())


class Manner(nn.Module):
    """A painting's manner, kept: its code, for the copyist that read it."""

    code: Tensor  # (1, 100)

    def __init__(self, copyist: str = "", fingerprint: str = "") -> None:
        """`copyist` is the name of its model, `fingerprint` what `fingerprint` says of it."""
        super().__init__()
        self.copyist, self.fingerprint = copyist, fingerprint
        self.register_buffer("code", torch.zeros(1, CODE))


def normed(stages: nn.ModuleList) -> list[Layer]:
    """The layers with a norm, in the order in which they come."""
    return [layer for layer in stages.modules() if isinstance(layer, Layer) and layer.norm]
