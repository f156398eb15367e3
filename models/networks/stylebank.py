"""StyleBank, after Chen et al. 2017: one auto-encoder for all styles, and a small bank of filters for each."""

from __future__ import annotations

import hashlib

import torch
from torch import Tensor, nn

from .layers import COARSE, Layer, Sketch, padded


class Coder(nn.Module):
    """Encoder and decoder, which every style shares; instance norm and ReLU follow every convolution but the last.

    `light` is exactly that of Srinath, Yin and Verma, "Artistic Neural Style Transfer", section III B: 8, 16 and 32
    channels. `full` has the channels of Chen et al., 32, 64 and 128, and departs from both: what the decoder gives is
    added to a `Sketch` of the picture, of which each bank has its own: lines stay as sharp as a style wants them.
    """

    multiple = 4

    def __init__(self, kind: str = "light", noise: float = 0.0, fingerprint: str = "") -> None:
        """`noise` is what pictures had in training, `fingerprint` what the function of that name said at its end."""
        super().__init__()
        self.kind, self.noise, self.fingerprint = kind, noise, fingerprint
        w1, w2, w3 = {"light": (8, 16, 32), "full": (32, 64, 128)}[kind]
        self.channels = w3
        self.encoder = nn.ModuleList([Layer(3, w1, 9, stride=2), Layer(w1, w2, stride=2), Layer(w2, w3)])
        last = Layer(w1, 3, 9, grow=True, norm=False, active=False)
        self.decoder = nn.ModuleList([Layer(w3, w2), Layer(w2, w1, grow=True), last])

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
        """The last layer's responses as a picture, (B, 3, H, W) float32; of `full` what a sketch is added to."""
        return x.float() + 0.5 if self.kind == "light" else x.float()

    def forward(self, picture: Tensor) -> Tensor:
        """The picture through encoder and decoder alone, (B, 3, H, W): what it loses is lost in every style."""
        height, width = picture.shape[-2:]
        x = padded(picture, self.multiple)
        return self.decode(self.encode(x))[..., :height, :width]


class Bank(nn.Module):
    """One style: two convolutions between the encoder and the decoder of the coder that it was trained with."""

    def __init__(self, kind: str = "light", coder: str = "", fingerprint: str = "", coarse: int = COARSE) -> None:
        """`kind` is the coder's, `coder` the name of its model, `fingerprint` what `fingerprint` says of it.

        `coarse` is that of the bank's `Sketch`, where it has one.
        """
        super().__init__()
        self.kind, self.coder, self.fingerprint = kind, coder, fingerprint
        channels = 32 if kind == "light" else 128
        self.stages = nn.ModuleList([Layer(channels, channels), Layer(channels, channels)])
        self.sketch = Sketch(coarse) if kind == "full" else None

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
