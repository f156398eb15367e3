"""What the stylizers are made of: a convolution with its border, its norm and its ReLU in one, and a residual pair."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..styles.colours import statistics, to_palette

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

    def __init__(self, channels: int, *, norm: bool = True) -> None:
        super().__init__()
        self.first = Layer(channels, channels, norm=norm)
        self.second = Layer(channels, channels, norm=norm, active=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) to the same."""
        result: Tensor = x + self.second(self.first(x))
        return result


COARSE = 4  # pixels a side of what counts as coarse, if nothing else is said
DETAIL = 0.3  # part of the detail that a sketch keeps at first: the rest is for the network to paint


class Sketch(nn.Module):
    """What a painted picture keeps of its content: coarse colours, and so much of its detail, in a painting's palette.

    The picture is brought to the painting's palette first (`colours.to_palette`), so that its light and dark places
    stay what they are: a network that has to make colours itself gives all places the commonest one.
    """

    mean: Tensor  # of the painting's colours, (3,)
    covariance: Tensor  # of them, (3, 3)

    def __init__(self, coarse: int = COARSE) -> None:
        """`coarse` is the pixels a side of what counts as coarse: the larger, the more is left to strokes."""
        super().__init__()
        self.coarse = coarse
        self.colours = nn.Parameter(torch.eye(3))
        self.offset = nn.Parameter(torch.zeros(3))
        self.detail = nn.Parameter(torch.full((3,), DETAIL))
        self.register_buffer("mean", torch.full((3,), 0.5))
        self.register_buffer("covariance", torch.zeros(3, 3))

    def adopt(self, painting: Tensor) -> None:
        """Take the palette of `painting`, (1, 3, H, W) float, sRGB in [0, 1]."""
        mean, covariance = statistics(painting)
        self.mean.copy_(mean[0])
        self.covariance.copy_(covariance[0])

    def recoloured(self, picture: Tensor) -> Tensor:
        """(B, 3, H, W) float32, sRGB in [0, 1], in the palette, the same and a little beyond the range."""
        turn, shift = to_palette(picture, self.mean, self.covariance)
        return torch.baddbmm(shift, turn, picture.flatten(2)).view_as(picture)

    def forward(self, picture: Tensor) -> Tensor:
        """(B, 3, H, W) float32, sRGB in [0, 1], sides multiples of four, to the same."""
        cells = F.avg_pool2d(picture, self.coarse, ceil_mode=True)
        height, width = picture.shape[-2:]
        coarse = F.interpolate(cells, scale_factor=self.coarse, mode="bilinear")[..., :height, :width]
        turn, shift = to_palette(picture, self.mean, self.covariance)
        colours, detail = self.colours.float(), torch.diag(self.detail.float())
        kept = torch.baddbmm(
            colours @ shift + self.offset.float()[:, None], (colours - detail) @ turn, coarse.flatten(2)
        )
        return torch.baddbmm(kept, detail @ turn, picture.flatten(2)).view_as(picture)


def silent(layer: nn.Module) -> nn.Module:
    """`layer`, with all its parameters 0: what it gives is nothing at first."""
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)
    return layer


def in_range(y: Tensor) -> Tensor:
    """A last layer's responses as a picture, sRGB: 150 tanh around the middle grey of [0, 255], here of [0, 1].

    Johnson, Alahi and Fei-Fei's scaled tanh; it reaches a little beyond, so that black and white can be had.
    """
    return 0.5 + 150 / 255 * torch.tanh(y.float())


def padded(picture: Tensor, multiple: int) -> Tensor:
    """`picture` (B, C, H, W), its edge repeated until both sides are multiples of `multiple`."""
    height, width = picture.shape[-2:]
    return extended(picture, height + -height % multiple, width + -width % multiple)


def extended(picture: Tensor, height: int, width: int) -> Tensor:
    """`picture` (B, C, H, W) with its right and lower edge repeated until it has at least that height and width."""
    edge = 0, max(0, width - picture.shape[-1]), 0, max(0, height - picture.shape[-2])
    return F.pad(picture, edge, mode="replicate") if any(edge) else picture  # large pictures take long to copy
