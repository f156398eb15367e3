"""The `inkwash` colorizer: a small residual U-Net that chooses between hints already spread over the drawing."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .spread import ON_A_LINE, nearest, transmission

MULTIPLE = 32  # sides are padded to a multiple of this: five halvings
REACH = 0.25  # of the longer side: the distance at which a hint's nearness has fallen to 1/e
CROWDING, AROUND = 1.0, 0.03  # lines within that part of the longer side hold hints up: see `transmission`
FAINTEST = 1e-3  # hint mask below which a pixel counts as not hinted
FARTHEST = 1e-13  # nearness below which a hint counts as out of reach
NOWHERE = -2.99  # and the logarithm of that, as the network sees it
GUESSES = 2  # hints offered for every pixel: the nearest around the lines, the nearest through them
LEVELS = 5  # of each channel in the cube of colours whose odds the network tells
COARSE = 4  # sides of the cells for which it tells them, in pixels


class Block(nn.Module):
    """Two 3x3 convolutions with batch norm and leaky ReLU, and a residual connection."""

    def __init__(self, channels_in: int, channels: int, stride: int = 1) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels_in, channels, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels)
        self.second = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        self.skip = nn.Conv2d(channels_in, channels, 1, stride, 0) if (channels_in, stride) != (channels, 1) else None

    def forward(self, x: Tensor) -> Tensor:
        """(B, channels_in, H, W) to (B, channels, H/stride, W/stride)."""
        y = F.leaky_relu(self.norm1(self.first(x)), 0.1)
        y = self.norm2(self.second(y))
        return F.leaky_relu(y + (x if self.skip is None else self.skip(x)), 0.1)


class InkwashUNet(nn.Module):
    """Colours a drawing: G(line, hint).

    Between two hints the nearest one is the likeliest colour, along the paper where the lines are whole and straight
    through them where they are broken or only hatching. The network sees both guesses with their certainty, and
    decides pixel by pixel how much of each to take over, and what to paint instead. Where nobody says a colour, the
    best answer is a choice and not the mean of all that could be: so it also tells the odds of a cube of colours (after
    Zhang et al. 2016, "Colorful Image Colorization").
    """

    noise = False
    obeys = True  # it takes hints over as they are, and tells the odds of colours

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        w1, w2, w3, w4, w5 = width, 2 * width, 4 * width, 8 * width, 10 * width
        guessed = 4 * GUESSES  # colour and certainty
        self.stem = nn.Conv2d(5, w1, 3, 2, 1)
        self.enc1 = Block(w1 + guessed, w1)
        self.enc2 = Block(w1, w2, 2)
        self.enc3 = Block(w2, w3, 2)
        self.enc4 = Block(w3, w4, 2)
        self.enc5 = nn.Sequential(Block(w4, w5, 2), Block(w5, w5))
        self.dec4 = Block(w5 + w4, w4)
        self.dec3 = Block(w4 + w3, w3)
        self.dec2 = Block(w3 + w2, w2)
        self.dec1 = Block(w2 + w1, w1)
        self.head = nn.Conv2d(w1 + 5 + guessed, 16, 3, 1, 1)
        self.out = nn.Conv2d(16, 4 + GUESSES, 3, 1, 1)
        self.odds = nn.Conv2d(w2, LEVELS**3, 1)

    def forward(self, line: Tensor, hint: Tensor) -> Tensor:
        """Colour for a drawing.

        `line` is (B, 1, H, W) float, 1 for paper and 0 for ink; `hint` is (B, 4, H, W) float: sRGB in [0, 1]
        premultiplied with its mask, and the mask. Returns (B, 3, H, W) float, sRGB in [0, 1].
        """
        return self.painted(line, hint)[0]

    def painted(self, line: Tensor, hint: Tensor) -> tuple[Tensor, Tensor]:
        """`forward`'s colour, and the logarithms of the odds (B, LEVELS**3, H / COARSE, W / COARSE), rounded up.

        Colours are in the order red, green, blue, blue changing fastest.
        """
        height, width = line.shape[-2:]
        pad = (0, -width % MULTIPLE, 0, -height % MULTIPLE)
        line, hint = F.pad(line, pad, value=1.0), F.pad(hint, pad)
        guesses, certainty = self.spread_hints(line, hint)  # (B, 2, 3, H, W), (B, 2, H, W)
        # In the convolutions' own order and precision once, and not again before each of them.
        device = line.device.type
        seen = torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else line.dtype
        guessed, x = (
            torch.cat(parts, 1).to(seen, memory_format=torch.channels_last)
            for parts in ([guesses.flatten(1, 2), certainty], [1 - line, hint])
        )
        e1 = self.enc1(torch.cat([self.stem(x), F.avg_pool2d(guessed, 2)], 1))  # (B, w, H/2, W/2)
        e2 = self.enc2(e1)  # (B, 2w, H/4, W/4)
        e3 = self.enc3(e2)  # (B, 4w, H/8, W/8)
        e4 = self.enc4(e3)  # (B, 8w, H/16, W/16)
        y = self.enc5(e4)  # (B, 10w, H/32, W/32)
        y = self.dec4(torch.cat([F.interpolate(y, scale_factor=2.0), e4], 1))
        y = self.dec3(torch.cat([F.interpolate(y, scale_factor=2.0), e3], 1))
        y = self.dec2(torch.cat([F.interpolate(y, scale_factor=2.0), e2], 1))
        odds = self.odds(y).float().log_softmax(1)[..., : -(-height // COARSE), : -(-width // COARSE)]
        y = self.dec1(torch.cat([F.interpolate(y, scale_factor=2.0), e1], 1))  # (B, w, H/2, W/2)
        y = self.head(torch.cat([F.interpolate(y, scale_factor=2.0), x, guessed], 1))
        painted, choice = self.out(F.leaky_relu(y, 0.1)).float().split([3, 1 + GUESSES], 1)
        there = (certainty > NOWHERE).float()  # no guess to choose where no hint reaches
        choice = torch.cat([choice[:, :1], choice[:, 1:] * there - 1e4 * (1 - there)], 1)
        offered = torch.cat([painted.sigmoid()[:, None], guesses], 1)  # (B, 3, 3, H, W)
        colour: Tensor = (offered * choice.softmax(1)[:, :, None]).sum(1)
        return colour[..., :height, :width], odds

    @staticmethod
    def spread_hints(line: Tensor, hint: Tensor) -> tuple[Tensor, Tensor]:
        """For every pixel the hint that is nearest to it around the lines, and the one nearest through them.

        Returns their colours (B, 2, 3, H, W), sRGB in [0, 1], zero where there is none, and the logarithms of how near
        they are, (B, 2, H, W) float from -3 (no hint, or lines between) to 0 (here). Hints on lines do not spread.
        """
        ink, hint = 1 - line.float(), hint.float()
        weight = hint[:, 3:]
        colour = hint[:, :3] / weight.clamp_min(FAINTEST)
        seeds = torch.cat([colour, weight * ((weight > FAINTEST) & (ink < ON_A_LINE))], 1)
        side = max(ink.shape[-2:])
        around = transmission(ink, reach=REACH * side, crowding=CROWDING, around=max(1, round(AROUND * side)))
        through = transmission(torch.zeros_like(ink), reach=REACH * side)
        found = seeds.repeat(GUESSES, 1, 1, 1)
        if bool(seeds.any()):
            found = nearest(found, torch.cat([around, through]))
        found = found.view(GUESSES, len(line), *found.shape[1:]).transpose(0, 1)
        return found[:, :, :3].clamp(0, 1), found[:, :, 3].clamp_min(FARTHEST).log() / 10
