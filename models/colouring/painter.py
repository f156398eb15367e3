"""The network that paints, as the drawing asks it: arrays in, colour and the odds of colours out."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from ..drawing.page import tensor_of
from ..networks.spread import ON_A_LINE, nearest, spread, transmission
from ..networks.unet import COARSE, LEVELS
from .palette import odds_of

NOISE = 0.05  # standard deviation of the noise that networks with noise were trained with


class Painter:
    """A colorizer's network on its device, in its precision."""

    def __init__(self, network: Any, device: torch.device, dtype: torch.dtype, seed: int) -> None:
        self.network, self.device, self.dtype, self.seed = network, device, dtype, seed

    def __call__(
        self, ink: NDArray[np.float32], hint: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Colour (h, w, 3) in [0, 1] for darkness (h, w) and hints (h, w, 4), premultiplied, and the odds of a cube
        of colours (LEVELS**3, h / COARSE, w / COARSE), rounded up.
        """
        dark, said = (tensor_of(x).to(self.device) for x in (ink[..., None], hint))
        line = 1 - dark
        if self.network.noise:
            generator = torch.Generator().manual_seed(self.seed)
            line = line + NOISE * torch.randn(line.shape, generator=generator).to(line)
        if self.network.obeys:
            colour, odds = self.network.painted(line.to(self.dtype), said.to(self.dtype))
            return _array(colour), odds[0].float().cpu().numpy()
        colour = honoured(self.network(line.to(self.dtype), said.to(self.dtype)).float(), said, dark)
        return _array(colour), odds_of(_array(F.avg_pool2d(colour, COARSE, ceil_mode=True)), LEVELS**3)


def _array(colour: Tensor) -> NDArray[np.float32]:
    return np.ascontiguousarray(colour[0].float().permute(1, 2, 0).cpu().numpy())


def honoured(colour: Tensor, hint: Tensor, ink: Tensor) -> Tensor:
    """`colour` corrected to what the hints say, and around them as far as the paper reaches without a line.

    All at the network's size: `colour` (1, 3, h, w), `hint` (1, 4, h, w) premultiplied, `ink` (1, 1, h, w), float in
    [0, 1]. What the network missed at a hint (the residual) is spread, so its shading stays. Returns (1, 3, h, w).
    """
    mask = hint[:, 3:] * (ink < ON_A_LINE)
    if not bool((mask > 0).any()):
        return colour
    hint = torch.cat([hint[:, :3] * (ink < ON_A_LINE), mask], 1)
    residual = hint[:, :3] - mask * colour
    passes = transmission((2 * ink).clamp_(0, 1), reach=float(max(ink.shape[-2:])))
    total = spread(torch.cat([residual, mask], 1), passes)
    near = nearest((mask > 0).float(), passes)
    correction = total[:, :3] / total[:, 3:].clamp_min(1e-12) * near
    return (colour + correction).clamp(0, 1)
