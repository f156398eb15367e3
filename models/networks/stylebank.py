"""StyleBank, after Chen et al. 2017: one auto-encoder for all styles, and a small bank of filters for each."""

from __future__ import annotations

import hashlib

import torch
from torch import Tensor, nn

from .layers import Layer, Residual, copying, fine, padded


class Coder(nn.Module):
    """Encoder and decoder, which every style shares.

    `light` is exactly that of Srinath, Yin and Verma, "Artistic Neural Style Transfer", section III B: 8, 16 and 32
    channels, instance norm and ReLU after every convolution but the last. `full` has the channels of Chen et al., 32,
    64 and 128, and departs from both: no norm outside the banks, and the picture's own fine detail added at the end as
    much as a bank wants it. So it begins as a copy, learns quickly, and keeps a drawing's lines sharp.
    """

    multiple = 4

    def __init__(self, kind: str = "light", noise: float = 0.0, fingerprint: str = "") -> None:
        """`noise` is what pictures had in training, `fingerprint` what the function of that name said at its end."""
        super().__init__()
        self.kind, self.noise, self.fingerprint = kind, noise, fingerprint
        light = {"light": True, "full": False}[kind]
        w1, w2, w3 = (8, 16, 32) if light else (32, 64, 128)
        self.channels = w3
        self.encoder = nn.ModuleList(
            [Layer(3, w1, 9, stride=2, norm=light), Layer(w1, w2, stride=2, norm=light), Layer(w2, w3, norm=light)]
        )
        self.decoder = nn.ModuleList([
            Layer(w3, w2, norm=light),
            Layer(w2, w1, grow=True, norm=light),
            Layer(w1, 3, 9, grow=True, norm=False, active=False),
        ])  # fmt: skip
        if not light:
            copying(list(self.encoder), list(self.decoder))

    def encode(self, picture: Tensor) -> Tensor:
        """(B, 3, H, W) float, sRGB in [0, 1], sides multiples of 4, to responses (B, C, H/4, W/4)."""
        x = picture - 0.5
        for layer in self.encoder:
            x = layer(x)
        return x

    def decode(self, x: Tensor) -> Tensor:
        """Responses (B, C, H/4, W/4) to (B, 3, H, W) float, sRGB in [0, 1] and a little beyond."""
        for layer in self.decoder:
            x = layer(x)
        return self.picture(x)

    def picture(self, x: Tensor) -> Tensor:
        """The last layer's responses as a picture, (B, 3, H, W) float32."""
        return x.float() + 0.5

    def forward(self, picture: Tensor) -> Tensor:
        """The picture through encoder and decoder alone, (B, 3, H, W): what it loses is lost in every style."""
        height, width = picture.shape[-2:]
        x = padded(picture, self.multiple)
        y = self.decode(self.encode(x))
        return (y if self.kind == "light" else y + fine(x))[..., :height, :width]


class Bank(nn.Module):
    """One style: two convolutions between the encoder and the decoder of the coder that it was trained with.

    In `full` what they make is added to what they were given, which is nothing new at first, and `detail` is how much
    of the picture's fine detail is added to what the decoder makes, by colour.
    """

    def __init__(self, kind: str = "light", coder: str = "", fingerprint: str = "") -> None:
        """`kind` is the coder's, `coder` the name of its model, `fingerprint` what `fingerprint` says of it."""
        super().__init__()
        self.kind, self.coder, self.fingerprint = kind, coder, fingerprint
        if kind == "light":
            self.stages = nn.ModuleList([Layer(32, 32), Layer(32, 32)])
        else:
            self.stages = nn.ModuleList([Residual(128, quiet=True)])
            self.detail = nn.Parameter(torch.ones(3))

    def forward(self, x: Tensor) -> Tensor:
        """Responses (B, C, H/4, W/4) to the same in the bank's style."""
        for stage in self.stages:
            x = stage(x)
        return x


def fingerprint(coder: nn.Module) -> str:
    """Sixteen hex digits of the coder's weights in half precision, as files hold them: banks know theirs by it."""
    digest = hashlib.sha256()
    for name, tensor in sorted(coder.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().to("cpu", torch.float16).contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]
