"""The painter: shade and light for a drawing whose colours are already given, G(lines, flats, form)."""

import copy

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .unet import Block

MULTIPLE = 32  # sides are padded to a multiple of this: five halvings
MANNERS = 4  # ways of shading that it has learned apart: airbrush, gradient, solid, cel
SEEN = 1 + 3 + 5 + MANNERS  # ink, flats, form, manner


class Painter(nn.Module):
    """Shading that is added to flats: multiplied by each flat's own colour, and tints beside it.

    A residual U-Net at half the picture's size, whose deepest level sees whole bodies. Its last layer starts at 0, so
    that it begins as flats. Airbrush, gradients, rendered solids and cel shading are told apart by `manner`, so that
    pictures of all of them teach what light does without their manners being mixed.
    """

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        w1, w2, w3, w4, w5 = width, 2 * width, 4 * width, 5 * width, 6 * width
        self.stem = nn.Conv2d(4 * SEEN, w1, 3, 1, 1)
        self.enc1 = Block(w1, w1)
        self.enc2 = Block(w1, w2, 2)
        self.enc3 = nn.Sequential(Block(w2, w3, 2), Block(w3, w3))
        self.enc4 = nn.Sequential(Block(w3, w4, 2), Block(w4, w4))
        self.enc5 = nn.Sequential(Block(w4, w5, 2), Block(w5, w5))
        self.dec4 = Block(w5 + w4, w4)
        self.dec3 = Block(w4 + w3, w3)
        self.dec2 = Block(w3 + w2, w2)
        self.dec1 = Block(w2 + w1, w1)
        self.out = nn.Conv2d(w1, 4 * 4, 3, 1, 1)
        nn.init.zeros_(self.out.weight)
        assert self.out.bias is not None
        nn.init.zeros_(self.out.bias)

    def forward(self, ink: Tensor, flat: Tensor, form: Tensor, manner: Tensor) -> Tensor:
        """What is to be added to the flats, (B, 3, H, W) float.

        `ink` is (B, 1, H, W) float, 0 for paper and 1 for ink; `flat` (B, 3, H, W) float, sRGB in [0, 1]; `form`
        (B, 5, H, W) float, see `drawing.form`; `manner` (B, 4) float, how much of each manner.
        """
        height, width = ink.shape[-2:]
        pad = (0, -width % MULTIPLE, 0, -height % MULTIPLE)
        told = manner[:, :, None, None].expand(-1, -1, height, width)
        seen = F.pad(torch.cat([ink, flat * 2 - 1, form, told], 1), pad)
        x = F.pixel_unshuffle(seen, 2).contiguous(memory_format=torch.channels_last)
        e1 = self.enc1(self.stem(x))  # (B, w, H/2, W/2)
        e2 = self.enc2(e1)  # (B, 2w, H/4, W/4)
        e3 = self.enc3(e2)  # (B, 4w, H/8, W/8)
        e4 = self.enc4(e3)  # (B, 5w, H/16, W/16)
        y = self.enc5(e4)  # (B, 6w, H/32, W/32)
        y = self.dec4(torch.cat([F.interpolate(y, scale_factor=2.0, mode="bilinear"), e4], 1))
        y = self.dec3(torch.cat([F.interpolate(y, scale_factor=2.0, mode="bilinear"), e3], 1))
        y = self.dec2(torch.cat([F.interpolate(y, scale_factor=2.0, mode="bilinear"), e2], 1))
        y = self.dec1(torch.cat([F.interpolate(y, scale_factor=2.0, mode="bilinear"), e1], 1))
        y = F.pixel_shuffle(self.out(y).float(), 2)[..., :height, :width]
        result: Tensor = y[:, :1] * flat.float() + y[:, 1:]
        return result


@torch.no_grad()
def louder(painter: Painter, contrast: float) -> Painter:
    """A copy of `painter` whose shading is `contrast` times as strong and the same otherwise."""
    copied = copy.deepcopy(painter)
    copied.out.weight *= contrast
    assert copied.out.bias is not None
    copied.out.bias *= contrast
    return copied


def balanced(shading: Tensor, bodies: Tensor) -> Tensor:
    """`shading` (B, 3, H, W) with its mean over each body taken away: a body's mean stays the colour it was told.

    `bodies` is (B, H, W) int64, 0 where there is none; there the shading is 0.
    """
    return (shading - means(shading, bodies)) * (bodies > 0)[:, None]


def means(values: Tensor, bodies: Tensor) -> Tensor:
    """The mean of `values` (B, C, H, W) over the body of each pixel, (B, C, H, W); `bodies` is (B, H, W) int64."""
    batch, channels = values.shape[:2]
    most = int(bodies.max()) + 1
    index = (bodies + most * torch.arange(batch, device=bodies.device)[:, None, None]).flatten()  # (B H W,)
    flat = values.movedim(1, 0).reshape(channels, -1)  # (C, B H W)
    total = flat.new_zeros(channels, batch * most).index_add(1, index, flat)
    count = torch.bincount(index, minlength=batch * most).clamp_min(1)
    return (total / count)[:, index].view(channels, *bodies.shape).movedim(0, 1)
