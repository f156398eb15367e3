"""The colorizers of Grover and Banker, "Imitating Artistic Style on Automatically Curated and Shaded Sketches".

`PaperUNet` is the generator of section 4.2.1, `PlainCNN` the baseline of section 4.2. Both take their hint as
that paper does: blurred, without a mask, white where nothing is hinted.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

BLUR = 100 / 256  # the blur's width as a part of the picture's side; the method blurs 256 px pictures by 100 px


def blurred(hint: Tensor) -> Tensor:
    """The hint on white, box-blurred: (B, 4, H, W) premultiplied with its mask to (B, 3, H, W), in [0, 1]."""
    rgb = hint[:, :3] + (1 - hint[:, 3:])
    radius = max(1, round(BLUR * max(hint.shape[-2:]) / 2))
    rgb = F.pad(rgb, (radius,) * 4, mode="replicate")
    rgb = F.avg_pool2d(rgb, (1, 2 * radius + 1), stride=1)  # a box blur is separable
    return F.avg_pool2d(rgb, (2 * radius + 1, 1), stride=1)


class Down(nn.Module):
    """5x5 convolution with stride 2, batch norm, leaky ReLU, and a residual convolution inside the level."""

    def __init__(self, channels_in: int, channels: int) -> None:
        super().__init__()
        self.shrink = nn.Conv2d(channels_in, channels, 5, 2, 2)
        self.norm = nn.BatchNorm2d(channels)
        self.inner = nn.Conv2d(channels, channels, 5, 1, 2)
        self.inner_norm = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """(B, channels_in, H, W) to (B, channels, H/2, W/2)."""
        x = F.leaky_relu(self.norm(self.shrink(x)), 0.2)
        return F.leaky_relu(x + self.inner_norm(self.inner(x)), 0.2)


class Up(nn.Module):
    """5x5 transposed convolution with stride 2, concatenation with the skip, and a residual convolution."""

    def __init__(self, channels_in: int, channels_skip: int, channels: int) -> None:
        super().__init__()
        self.grow = nn.ConvTranspose2d(channels_in, channels, 5, 2, 2, output_padding=1)
        self.norm = nn.BatchNorm2d(channels)
        self.inner = nn.Conv2d(channels + channels_skip, channels, 5, 1, 2)
        self.inner_norm = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        """(B, channels_in, H, W) and (B, channels_skip, 2H, 2W) to (B, channels, 2H, 2W)."""
        x = F.leaky_relu(self.norm(self.grow(x)), 0.2)
        return F.leaky_relu(x + self.inner_norm(self.inner(torch.cat([x, skip], 1))), 0.2)


class PaperUNet(nn.Module):
    """The paper's generator G(z, z_hint): U-Net of 5x5 stride-2 convolutions, features 64 doubling per level.

    The paper adds noise z to the sketch; `noise` is its standard deviation, drawn by whoever calls.
    """

    noise = True
    obeys = False  # its hints are blurred: what it paints must be brought back to them

    def __init__(self, width: int = 64, levels: int = 4) -> None:
        super().__init__()
        features = [4, *(width * 2**level for level in range(levels))]
        self.downs = nn.ModuleList(Down(a, b) for a, b in zip(features, features[1:], strict=False))
        ups = [Up(b, a, a) for a, b in zip(features[1:], features[2:], strict=False)]
        self.ups = nn.ModuleList(reversed(ups))
        self.last = nn.ConvTranspose2d(width, width, 5, 2, 2, output_padding=1)
        self.rgb = nn.Conv2d(width + 4, 3, 5, 1, 2)
        self.multiple = 2**levels

    def forward(self, line: Tensor, hint: Tensor) -> Tensor:
        """Line (B, 1, H, W), hint (B, 4, H, W) premultiplied, to (B, 3, H, W); float, sRGB in [0, 1]."""
        height, width = line.shape[-2:]
        pad = (0, -width % self.multiple, 0, -height % self.multiple)
        line, hint = F.pad(line, pad, value=1.0), F.pad(hint, pad)
        x = torch.cat([line, blurred(hint)], 1)
        skips = [x]
        for down in self.downs:
            skips.append(down(skips[-1]))
        y = skips.pop()
        for up in self.ups:
            y = up(y, skips.pop())
        y = F.leaky_relu(self.last(y), 0.2)
        result: Tensor = self.rgb(torch.cat([y, skips.pop()], 1)).float().sigmoid()
        return result[..., :height, :width]


class PlainCNN(nn.Module):
    """The paper's baseline: convolutions one after another, no skip, no adversary; blurry and washed out."""

    noise = False
    obeys = False

    def __init__(self, width: int = 64, layers: int = 5) -> None:
        super().__init__()
        features = [4, *([width] * (layers - 1))]
        blocks: list[nn.Module] = []
        for a, b in zip(features, features[1:], strict=False):
            blocks += [nn.Conv2d(a, b, 5, 1, 2), nn.BatchNorm2d(b), nn.ReLU()]
        self.body = nn.Sequential(*blocks, nn.Conv2d(width, 3, 5, 1, 2))

    def forward(self, line: Tensor, hint: Tensor) -> Tensor:
        """Line (B, 1, H, W), hint (B, 4, H, W) premultiplied, to (B, 3, H, W); float, sRGB in [0, 1]."""
        result: Tensor = self.body(torch.cat([line, blurred(hint)], 1)).float().sigmoid()
        return result
