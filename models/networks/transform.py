"""The image transformation network of Johnson, Alahi and Fei-Fei 2016: one style a network, and its use to enlarge."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from .layers import Layer, Residual, Sketch, in_range, padded, silent
from .stylebank import Bank, Coder


class Transform(nn.Module):
    """Paints any picture in one style.

    The paper's network has `width` 32 and 5 `blocks`: 9x9, two halvings, residual blocks at four times the width, two
    doublings, 9x9; with instance norm (Ulyanov et al. 2016) in place of batch norm, and a scaled tanh at the end.
    """

    multiple = 4  # sides of the picture that the stages are given

    def __init__(self, width: int = 32, blocks: int = 5, noise: float = 0.0) -> None:
        """`noise` is the deviation of the noise that pictures had in training."""
        super().__init__()
        self.noise = noise
        w1, w2, w3 = width, 2 * width, 4 * width
        self.stages = nn.ModuleList([
            Layer(3, w1, 9),
            Layer(w1, w2, stride=2),
            Layer(w2, w3, stride=2),
            *(Residual(w3) for _ in range(blocks)),
            Layer(w3, w2, grow=True),
            Layer(w2, w1, grow=True),
            Layer(w1, 3, 9, norm=False, active=False),
        ])  # fmt: skip

    def forward(self, picture: Tensor, noise: Tensor | float = 0.0) -> Tensor:
        """(B, 3, H, W) float, sRGB in [0, 1], and noise on it, to the same, a little beyond the range."""
        height, width = picture.shape[-2:]
        given = padded(picture, self.multiple)
        x = padded(picture + noise, self.multiple) - 0.5
        for stage in self.stages:
            x = stage(x)
        return self.picture(x, given)[..., :height, :width]

    def picture(self, x: Tensor, given: Tensor) -> Tensor:
        """The last stage's responses to the picture `given` as a picture, (B, 3, H, W) float32."""
        return in_range(x)


class LightTransform(Transform):
    """The same, several times faster on a processor, and quicker to train.

    It is a StyleBank's `full` coder and bank in one (if `width` is 32), which it can begin as, with residual `blocks`
    of its own in the middle: the 9x9 convolutions halve and double, so that nothing wide is done at full size; and
    what the network gives is added to a `Sketch` of the picture. There is no tanh.
    """

    def __init__(self, width: int = 32, blocks: int = 1, noise: float = 0.0) -> None:
        nn.Module.__init__(self)
        self.noise = noise
        w1, w2, w3 = width, 2 * width, 4 * width
        self.stages = nn.ModuleList([
            Layer(3, w1, 9, stride=2),
            Layer(w1, w2, stride=2),
            Layer(w2, w3),
            Layer(w3, w3),
            Layer(w3, w3),
            *(_unheard(Residual(w3)) for _ in range(blocks)),
            Layer(w3, w2),
            Layer(w2, w1, grow=True),
            Layer(w1, 3, 9, grow=True, norm=False, active=False),
        ])  # fmt: skip
        self.sketch = Sketch()

    def holds(self, coder: Coder) -> bool:
        """Whether `begin_as` can be asked for: the layers are as wide as the coder's."""
        return coder.kind == "full" and self.stages[2].weight.shape == coder.encoder[2].weight.shape

    def begin_as(self, coder: Coder, bank: Bank) -> None:
        """Take over the weights of a coder and of one of its banks: it paints as they do, until it learns."""
        mine = [*self.stages[:5], *self.stages[-3:], self.sketch]
        theirs = [*coder.encoder, *bank.stages, *coder.decoder, bank.sketch]
        for own, known in zip(mine, theirs, strict=True):
            own.load_state_dict(known.state_dict())

    def picture(self, x: Tensor, given: Tensor) -> Tensor:
        """The last stage's responses with what they leave of the picture `given`, (B, 3, H, W) float32."""
        sketch: Tensor = self.sketch(given)
        return sketch + x.float()


def _unheard(block: Residual) -> Residual:
    """`block`, which adds nothing at first, but learns to."""
    nn.init.zeros_(block.second.gain)
    return block


class Upscaler(nn.Module):
    """The same network as the paper's super-resolution system: residual blocks at the small size, then doublings.

    Departures, for pictures that must stay as they are: no norm (it would take contrast away), and what is learned
    is the difference to bicubic enlargement.
    """

    def __init__(self, factor: int = 2, width: int = 32, blocks: int = 4) -> None:
        super().__init__()
        if factor not in (2, 4):
            raise ValueError(f"factor must be 2 or 4, not {factor}")
        self.factor = factor
        self.stages = nn.ModuleList([
            Layer(3, width, 5, norm=False),
            *(Residual(width, norm=False) for _ in range(blocks)),
            *([Layer(width, width, grow=True, norm=False)] if factor == 4 else []),
            Layer(width, 3, 9, grow=True, norm=False, active=False),
        ])  # fmt: skip
        silent(self.stages[-1])  # it begins as bicubic enlargement

    def forward(self, picture: Tensor) -> Tensor:
        """(B, 3, H, W) float, sRGB in [0, 1], to (B, 3, H f, W f), a little beyond the range."""
        x = picture - 0.5
        for stage in self.stages:
            x = stage(x)
        return self.enlarged(picture) + x.float()

    def enlarged(self, picture: Tensor) -> Tensor:
        """What the network's result is added to, (B, 3, H f, W f)."""
        return F.interpolate(picture.float(), scale_factor=self.factor, mode="bicubic")
