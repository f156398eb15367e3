"""How much a painted picture still shows its content and has taken on a style, by the perceptual network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from inkwash.models.errors import UnknownModel
from inkwash.models.networks.vgg import VGG
from inkwash.models.store import Store
from inkwash.models.styles.losses import content_loss, gram
from inkwash.models.styles.perceptual import advice

from .data.artwork import SMALLEST
from .reading import on_white


def read_style(file: Path, side: int) -> Tensor:
    """A style picture with its shorter side `side` pixels, on white, (1, 3, H, W) float, sRGB in [0, 1]; ValueError."""
    try:
        picture = on_white(file)
    except ValueError as error:
        raise ValueError(f"The style picture {file} cannot be used ({error}).") from error
    if min(picture.shape[:2]) < SMALLEST:
        raise ValueError(f"The style picture {file} is smaller than {SMALLEST} pixels: there is no style to see in it.")
    scale = side / min(picture.shape[:2])
    size = (max(side, round(picture.shape[1] * scale)), max(side, round(picture.shape[0] * scale)))
    resized = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    return torch.from_numpy(np.ascontiguousarray(resized)).permute(2, 0, 1)[None].float() / 255


@dataclass(frozen=True)
class Style:
    """What is remembered of a style picture: its Gram matrices and their sizes (Frobenius norms), by layer."""

    grams: dict[str, Tensor]  # (1, N, N)
    norms: dict[str, Tensor]  # (1, 1, 1)


class Perception:
    """The perceptual network with the layers that a run compares."""

    def __init__(self, network: VGG, content: str, style: Sequence[str]) -> None:
        self.network, self.content, self.style = network, content, list(style)

    @torch.no_grad()
    def remember(self, picture: Tensor) -> Style:
        """A style from its picture (1, 3, H, W) float, sRGB in [0, 1]."""
        grams = {name: gram(x) for name, x in self.network(picture, self.style).items()}
        return Style(grams, {name: g.square().sum((1, 2), keepdim=True).sqrt() for name, g in grams.items()})

    def compare(self, made: Tensor, content: Tensor, styles: Sequence[Style]) -> tuple[Tensor, Tensor]:
        """Content and style loss of `made`, which shows `content`, both (B, 3, H, W), one style for each.

        Both are parts of what they are compared with: squared errors over the squares of the content's responses,
        and over the squares of the style's Gram matrices (a mean over the layers). So 1 is far off and 0 the same
        for any painting, any layer and any perceptual network, and the same weights suit all.
        """
        with torch.no_grad():
            wanted = self.network(content, [self.content])[self.content]
        found = self.network(made, {self.content, *self.style})
        shown = content_loss(found[self.content], wanted) / wanted.float().square().mean()
        painted = made.new_zeros(())
        for name in self.style:
            norms = torch.cat([style.norms[name] for style in styles])
            target = torch.cat([style.grams[name] for style in styles])
            painted = painted + torch.linalg.matrix_norm(gram(found[name]) / norms - target / norms).mean()
        return shown, painted / len(self.style)


def perceive(device: torch.device, dtype: torch.dtype, content: str, style: Sequence[str]) -> Perception:
    """The store's VGG-16 for these layers; ValueError with what to do if it is not there."""
    try:
        network = Store().load("vgg16", "perceptual")
    except UnknownModel as error:
        raise ValueError(f"Training a style needs the perceptual network. {advice('vgg16')}") from error
    assert isinstance(network, VGG)
    unknown = {content, *style} - set(network.layers)
    if unknown:
        raise ValueError(
            f"The perceptual network has no {', '.join(sorted(unknown))}; it has: {', '.join(network.layers)}."
        )
    network = network.requires_grad_(False).to(device, dtype)
    return Perception(network.to(memory_format=torch.channels_last), content, style)  # type: ignore[call-overload]
