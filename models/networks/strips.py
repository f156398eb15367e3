"""Runs a stylizer's stages over a picture of any size, strip by strip, with exact statistics over the whole of it.

Instance norm asks for the mean and the variance of a whole picture's responses. So a stage is finished for all strips
before the next one begins; strips keep what is worked on at once small, for the cache and for memory, and change
nothing in the result but its rounding: there are no seams to hide.

Norm and ReLU are done while a strip is copied into its border, in one pass: relu(g x + t) with g > 0 is
g max(x, -t / g) + t; g goes into the next convolution's weights, and t, the same everywhere, is taken away by the norm
after that convolution, or goes into its bias. Inference only.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .layers import EPSILON, Layer, Residual

STRIP = 2**20  # responses of a strip that are worked on at once on a processor: 2 MB, what a core's cache holds
EXACT = 32  # rows of responses that are summed up in float32: in longer sums the last digits get lost
FAINT = 1e-3  # of the mean's square: a smaller variance is worked out in float32, or the mean would drown it


@dataclass
class Responses:
    """A stage's result for the whole picture, with what its norm and ReLU will still do to it.

    The true responses are relu(gain * raw + shift), or without relu if the layer is not `active`; `gain` None is 1, 0.
    """

    raw: Tensor  # (1, C, H, W), channels last
    active: bool = False
    gain: Tensor | None = None  # (C,) float32
    shift: Tensor | None = None  # (C,) float32
    faint: bool = False

    def finished(self) -> Tensor:
        """The true responses, in the precision of `raw`, which is used up."""
        if self.gain is not None and self.shift is not None:
            for top in range(0, self.raw.shape[2], 64):
                part = self.raw[:, :, top : top + 64]
                part.copy_(_scaled(part.float(), self.gain, self.shift))
        return self.raw.relu_() if self.active else self.raw


def run(stages: Iterable[nn.Module], x: Tensor, *, strip: int = STRIP) -> Generator[None, None, Tensor]:
    """Layers and residual pairs over `x` (1, C, H, W); returns (1, C', H', W') in the precision of the stages.

    It yields after every stage, so that a filter can be stopped there. `strip` bounds the responses worked on at once;
    H and W must be larger than any layer's reach.
    """
    done = Responses(x)
    for stage in stages:
        if isinstance(stage, Residual):
            kept = done.finished()
            kept = kept.clone() if kept is x else kept
            inner = convolved(stage.first, Responses(kept), strip)
            done = Responses(kept.add_(convolved(stage.second, inner, strip).finished()))
        else:
            assert isinstance(stage, Layer)
            done = convolved(stage, done, strip)
        yield
    return done.finished()


def convolved(layer: Layer, given: Responses, strip: int) -> Responses:
    """One layer over the whole picture."""
    dtype = layer.weight.dtype
    folds = given.gain is not None and given.active and not given.faint
    kernel, bias = _prepared(layer, given if folds else None)
    kernel = kernel.to(dtype).contiguous(memory_format=torch.channels_last)
    height, width = given.raw.shape[2:]
    scale = 2 if layer.grow else 1
    rows, columns = -(-height // layer.stride), -(-width // layer.stride)
    made = torch.empty(
        (1, layer.channels, rows * scale, columns * scale), dtype=dtype, device=given.raw.device,
        memory_format=torch.channels_last,
    )  # fmt: skip
    each = max(1, strip // max(1, given.raw.shape[1] * width, len(kernel) * columns))
    statistics = Statistics(layer.channels)
    for top in range(0, rows, each):
        end = min(rows, top + each)
        part = _strip(layer, given, top, end, dtype, folds=folds)
        out = F.conv2d(part, kernel, bias, layer.stride)
        out = F.pixel_shuffle(out, 2) if layer.grow else out
        made[:, :, top * scale : end * scale] = out
        if layer.norm:
            for few in torch.split(out, EXACT, 2):
                statistics.add(few)
    if not layer.norm:
        return Responses(made, layer.active)
    mean, variance = statistics.mean.float(), statistics.variance
    # The convolution was done with the gain's sign in its weights: the gain itself is then positive.
    # What half precision rounds off must not be taken for a flat picture's contrast: it is the least there is.
    rounding = (torch.finfo(dtype).eps * mean).square()
    gain = layer.gain.float().abs().clamp_min(1e-6) / (variance + rounding + EPSILON).sqrt()
    shift = layer.shift.float() - mean * gain
    if dtype != torch.float32:
        gain, shift = _steady(gain), _steady(shift)
    return Responses(made, layer.active, gain, shift, faint=bool((variance < FAINT * mean.square()).any()))


def _steady(figures: Tensor) -> Tensor:
    """Float32 `figures` rounded to 12 binary digits, more than half precision has.

    The last digits of a sum depend on how it was cut in strips; kernels that are multiplied by it would be rounded to
    half precision this way or that, which is seen in the picture.
    """
    return ((figures.view(torch.int32) + 2**10) >> 11 << 11).view(torch.float32)


def _prepared(layer: Layer, given: Responses | None) -> tuple[Tensor, Tensor | None]:
    """The layer's kernel in float32 with the gains before and the sign after it, and its bias if nothing removes it."""
    kernel = layer.kernel().float()
    biases = layer.biases()
    bias = None if biases is None else biases.float()
    if given is not None and given.gain is not None and given.shift is not None:
        if bias is not None:
            bias = bias + (kernel * given.shift.view(1, -1, 1, 1)).sum((1, 2, 3))
        kernel = kernel * given.gain.view(1, -1, 1, 1)
    if layer.norm:
        sign = torch.where(layer.gain < 0, -1.0, 1.0).to(kernel)
        kernel = kernel * (sign.repeat_interleave(4) if layer.grow else sign).view(-1, 1, 1, 1)
    return kernel, None if bias is None else bias.to(layer.weight.dtype)


def _strip(layer: Layer, given: Responses, top: int, end: int, dtype: torch.dtype, *, folds: bool) -> Tensor:
    """What the convolution of its rows `top` to `end` needs, (1, C, h, W + 2 reach), border and all."""
    raw, reach = given.raw, layer.reach
    height, width = raw.shape[2:]
    first, last = top * layer.stride - reach, (end - 1) * layer.stride + reach + 1
    inside = slice(max(0, first), min(height, last))
    shape = (1, raw.shape[1], last - first, width + 2 * reach)
    part = torch.empty(shape, dtype=dtype, device=raw.device, memory_format=torch.channels_last)
    middle = part[:, :, inside.start - first : inside.stop - first, reach : reach + width]
    source = raw[:, :, inside]
    if folds and given.gain is not None and given.shift is not None:
        torch.maximum(source, (-given.shift / given.gain).to(raw.dtype).view(1, -1, 1, 1), out=middle)
    elif given.gain is not None and given.shift is not None:
        whole = _scaled(source.float(), given.gain, given.shift)
        middle.copy_(whole.relu_() if given.active else whole)
    elif given.active:
        torch.clamp_min(source, 0, out=middle)
    else:
        middle.copy_(source)
    _reflect(part, 2, inside.start - first, inside.stop - first, layer.border)
    _reflect(part, 3, reach, reach + width, layer.border)
    return part


def _scaled(x: Tensor, gain: Tensor, shift: Tensor) -> Tensor:
    return torch.addcmul(shift.view(1, -1, 1, 1), x, gain.view(1, -1, 1, 1))


def _reflect(part: Tensor, dim: int, start: int, stop: int, border: str) -> None:
    """Fill what is outside `start` to `stop` along `dim`: reflected, or the same as the outermost."""
    mirrors = border == "reflect"
    for index in range(start):
        near = start + index + 1 if mirrors else start
        part.select(dim, start - 1 - index).copy_(part.select(dim, near))
    for index in range(part.shape[dim] - stop):
        near = stop - 2 - index if mirrors else stop - 1
        part.select(dim, stop + index).copy_(part.select(dim, near))


class Statistics:
    """Mean and variance by channel over all strips that were added (Chan, Golub and LeVeque 1979)."""

    def __init__(self, channels: int) -> None:
        self.count = 0
        self.mean = self.squares = torch.zeros(channels)

    def add(self, strip: Tensor) -> None:
        """Take (1, C, h, W) into account."""
        count = strip.shape[2] * strip.shape[3]
        mean, variance = torch.batch_norm_update_stats(strip, None, None, 0.1)
        mean, variance = mean.double(), variance.double()
        if self.count == 0:
            self.count, self.mean, self.squares = count, mean, variance * count
            return
        total, difference = self.count + count, mean - self.mean
        self.mean = self.mean + difference * (count / total)
        self.squares = self.squares + variance * count + difference.square() * (self.count * count / total)
        self.count = total

    @property
    def variance(self) -> Tensor:
        """The variance by channel, as instance norm has it (biased)."""
        return (self.squares / self.count).float()
