"""What the stylizers are made of: a convolution with its border, its norm and its ReLU in one, and a residual pair."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

EPSILON = 1e-5  # added to variances


class Layer(nn.Module):
    """Convolution, instance norm and ReLU; `stride` 2 halves the picture, `grow` doubles it.

    Growing is enlargement to the nearest pixel and a convolution of stride 1 (Odena et al. 2016), where the papers
    have a transposed convolution: that leaves a checkerboard. As each pixel of the enlargement stands for four, the
    convolution is done before it, with each of the four's own sums of weights: the same, for less than half the work.
    """

    def __init__(
        self,
        channels_in: int,
        channels: int,
        kernel: int = 3,
        *,
        stride: int = 1,
        grow: bool = False,
        norm: bool = True,
        active: bool = True,
    ) -> None:
        super().__init__()
        self.stride, self.grow, self.norm, self.active = stride, grow, norm, active
        self.channels = channels
        half = kernel // 2
        self.reach = (half + 1) // 2 if grow else half  # pixels of the border that the convolution needs
        self.border = "replicate" if grow else "reflect"
        convolution = nn.Conv2d(channels_in, channels, kernel)  # for its way to begin
        self.weight = convolution.weight
        if norm:  # which would take away any bias before it
            self.gain, self.shift = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        else:
            assert convolution.bias is not None
            self.bias = convolution.bias

    def kernel(self) -> Tensor:
        """The weights of the convolution as it is done, (C, C_in, k, k); of a growing one (4 C, C_in, m, m)."""
        if not self.grow:
            return self.weight
        fold = _fold(self.weight.shape[-1], self.reach).to(self.weight)  # (2, m, k)
        phases = torch.einsum("oikl,amk,bnl->oabimn", self.weight, fold, fold)
        size = 2 * self.reach + 1
        return phases.reshape(4 * self.channels, -1, size, size)

    def biases(self) -> Tensor | None:
        """The biases of the convolution as it is done, if it has any."""
        if self.norm:
            return None
        return self.bias.repeat_interleave(4) if self.grow else self.bias

    def forward(self, x: Tensor) -> Tensor:
        """(B, C_in, H, W) to (B, C, H s, W s), where s is 1, 1/2 or 2."""
        x = F.pad(x, (self.reach,) * 4, mode=self.border)
        y = F.conv2d(x, self.kernel(), self.biases(), self.stride)
        if self.grow:
            y = F.pixel_shuffle(y, 2)
        if self.norm:
            y = F.instance_norm(y, weight=self.gain, bias=self.shift, eps=EPSILON)
        return F.relu(y) if self.active else y


def _fold(kernel: int, reach: int) -> Tensor:
    """Which of 2 reach + 1 small pixels each of a kernel's taps falls on, for the even and the odd pixel: (2, m, k)."""
    fold = torch.zeros(2, 2 * reach + 1, kernel)
    for phase in range(2):
        for tap in range(kernel):
            fold[phase, (phase + tap - kernel // 2) // 2 + reach, tap] = 1
    return fold


class Residual(nn.Module):
    """Two layers whose result is added to what they were given."""

    def __init__(self, channels: int, *, norm: bool = True, quiet: bool = False) -> None:
        """`quiet`: what is added begins as next to nothing."""
        super().__init__()
        self.first = Layer(channels, channels, norm=norm)
        self.second = Layer(channels, channels, norm=norm, active=False)
        if quiet:
            nn.init.constant_(self.second.gain, 0.02)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) to the same."""
        result: Tensor = x + self.second(self.first(x))
        return result


COARSE = 4  # pixels a side of what an encoder makes one place of


def copying(encoder: Sequence[nn.Module], decoder: Sequence[nn.Module]) -> None:
    """Let an encoder without norm begin with the means of four by four pixels, and a decoder by enlarging them again.

    `encoder` is 9x9 with stride 2, 3x3 with stride 2, 3x3; `decoder` 3x3, growing, growing 9x9. Three channels do it;
    the others begin at random as usual. With `fine` added a painter has its content from the start, and only a style
    to learn.
    """
    smooth = torch.tensor([0.25, 0.5, 0.25])
    with torch.no_grad():
        for layer in (*encoder, *decoder):
            assert isinstance(layer, Layer)
            middle = layer.weight.shape[-1] // 2
            layer.weight[:3] = 0
            layer.bias.zero_()
            for c in range(3):
                kernel = layer.weight[c, c]
                if layer.stride == 2:
                    kernel[middle : middle + 2, middle : middle + 2] = 0.25
                elif layer.grow:
                    kernel[middle - 1 : middle + 2, middle - 1 : middle + 2] = smooth[:, None] * smooth
                else:
                    kernel[middle, middle] = 1
        first, last = encoder[0], decoder[-1]
        assert isinstance(first, Layer)
        assert isinstance(last, Layer)
        first.bias[:3] = 0.5  # pictures come around 0, and ReLU lets only what is positive pass
        last.bias[:] = -0.5


def fine(picture: Tensor) -> Tensor:
    """What `picture` (B, C, H, W), sides multiples of four, has beyond its means of four by four pixels."""
    means = F.avg_pool2d(picture, COARSE)
    return picture - F.interpolate(means, picture.shape[-2:], mode="bilinear")


def in_range(y: Tensor) -> Tensor:
    """A last layer's responses as a picture, sRGB: 150 tanh around the middle grey of [0, 255], here of [0, 1].

    Johnson, Alahi and Fei-Fei's scaled tanh; it reaches a little beyond, so that black and white can be had.
    """
    return 0.5 + 150 / 255 * torch.tanh(y.float())


def padded(picture: Tensor, multiple: int) -> Tensor:
    """`picture` (B, C, H, W) reflected to the right and below until both sides are multiples of `multiple`."""
    height, width = picture.shape[-2:]
    return F.pad(picture, (0, -width % multiple, 0, -height % multiple), mode="replicate")
