"""What makes a picture like another: content, style and smoothness, each one formula.

N is the number of a layer's channels, M the number of its places (H x W), F its responses (N x M).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor


def content_loss(response: Tensor, target: Tensor) -> Tensor:
    """How far responses are from those of the content: sum((F - P)^2) / (N M).

    Johnson, Alahi and Fei-Fei 2016, equation 2. Gatys, Ecker and Bethge 2016, equation 1, have N M / 2 times this.
    Both are (B, N, H, W) float; returns a scalar, the mean over the batch.
    """
    return (response.float() - target.float()).square().mean()


def gram(response: Tensor, *, normalised: str = "size") -> Tensor:
    """How responses occur together: F F' / (N M), (B, N, H, W) float to (B, N, N) float32.

    `normalised` is `size` (by N M; Johnson et al. 2016, equation 3; Jin's "divided by the picture's size"), `area`
    (by M) or `none` (Gatys et al. 2016, equation 3).
    """
    batch, channels, height, width = response.shape
    # Float16 has no room for the sums; else they are divided at the end, where there are few of them.
    response = response.float() if response.dtype == torch.float16 else response
    # Places first, as responses lie in memory; in half precision many small sums, as each of them is rounded.
    places = height * width
    most = 2 ** max(0, (places // channels).bit_length() - 1)
    parts = math.gcd(places, most) if response.dtype == torch.bfloat16 else 1
    flat = response.permute(0, 2, 3, 1).reshape(batch * parts, places // parts, channels)
    divisor = {"size": channels * places, "area": places, "none": 1}[normalised]
    half = (flat.transpose(1, 2) @ flat.detach()).float().view(batch, parts, channels, channels).sum(1)
    # Its value, with the slope of both factors: they are the same, so that one product does on the way back too.
    return (half + half.transpose(1, 2) - half.detach()) / divisor


def style_loss(made: Tensor, target: Tensor) -> Tensor:
    """How far Gram matrices are apart: the squared Frobenius norm of their difference.

    Johnson et al. 2016, equation 4. Gatys et al. 2016, equation 4, have a quarter of it (with matrices by `size`).
    Both are (B, N, N), or the target (1, N, N); returns a scalar, the mean over the batch.
    """
    return (made - target).square().sum((1, 2)).mean()


def moments(response: Tensor) -> Tensor:
    """Mean and second moment of responses in one matrix that is a sum over places, as a Gram matrix is.

    (B, N, H, W) float to (B, N + 1, N + 1) float32: that of the responses with a channel of ones below them, by M.
    """
    return gram(torch.cat([response, torch.ones_like(response[:, :1])], 1), normalised="area")


def moments_loss(made: Tensor, target: Tensor) -> Tensor:
    """How far means m and covariances C of responses are apart: |C - C'|^2 / N^2 + |m - m'|^2 / N.

    A Gram matrix mixes both up, as it is C + m m': it is met by an emboss of the right brightness (Li et al. 2017,
    "Demystifying neural style transfer", compare such statistics). Both are `moments`, or the target (1, N + 1, N + 1);
    returns a scalar, the mean over the batch.
    """
    (mean, spread), (wanted, wanted_spread) = apart(made), apart(target)
    channels = mean.shape[1]
    spreads, means = (spread - wanted_spread).square(), (mean - wanted).square()
    return (spreads.sum((1, 2)) / channels**2 + means.sum((1, 2)) / channels).mean()


def apart(moments: Tensor) -> tuple[Tensor, Tensor]:
    """`moments` (B, N + 1, N + 1) as means (B, N, 1) and covariances (B, N, N)."""
    mean = moments[:, :-1, -1:]
    return mean, moments[:, :-1, :-1] - mean @ mean.transpose(1, 2)


def total_variation(picture: Tensor, *, power: int = 1) -> Tensor:
    """How rough a picture is: the mean over its pixels of |difference to the right|^p + |difference below|^p.

    Jin 2021, section III D (a sum there, p = 1); Johnson et al. 2016 follow Mahendran and Vedaldi with p = 2.
    `picture` is (B, 3, H, W) float; returns a scalar.
    """
    right = (picture[..., :, 1:] - picture[..., :, :-1]).abs().pow(power).mean()
    below = (picture[..., 1:, :] - picture[..., :-1, :]).abs().pow(power).mean()
    return right + below
