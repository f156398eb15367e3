"""How much a painted picture still shows its content and has taken on a style, by the perceptual network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from inkwash.models.errors import UnknownModel
from inkwash.models.networks.vgg import VGG
from inkwash.models.store import Store
from inkwash.models.styles.losses import apart, content_loss, gram, moments
from inkwash.models.styles.objective import block_of
from inkwash.models.styles.perceptual import advice

from ..data.artwork import SMALLEST
from ..reading import on_white

FINE = 3  # the deepest block whose moments are compared at full size


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
    """What is remembered of a style picture: statistics of its responses, by scale and layer."""

    statistics: list[dict[str, Tensor]]  # (1, N, N) Gram matrices, or (1, N + 1, N + 1) moments


class Perception:
    """The perceptual network with the layers that a run compares.

    `gram` compares as Johnson et al. do. `moments` compares means and covariances, which an emboss does not meet, at
    full and at half size, and at half size alone content and what lies deeper than block 3: so that strokes can be
    strokes.
    """

    def __init__(self, network: VGG, content: str, style: Sequence[str], *, statistics: str = "gram") -> None:
        self.network, self.content, self.style = network, content, list(style)
        self.centred = statistics == "moments"

    @torch.no_grad()
    def remember(self, picture: Tensor) -> Style:
        """A style from its picture (1, 3, H, W) float, sRGB in [0, 1]."""
        found = (self.network(seen, self._layers(scale)) for scale, seen in enumerate(self._scales(picture)))
        return Style([{name: self._statistics(x) for name, x in responses.items()} for responses in found])

    def compare(self, made: Tensor, content: Tensor, styles: Sequence[Style]) -> tuple[Tensor, Tensor]:
        """Content and style loss of `made`, which shows `content`, both (B, 3, H, W), one style for each.

        Both are parts of what they are compared with: squared errors over the squares of the content's responses,
        and differences over the sizes of the style's statistics (a mean over layers and scales). So 1 is far off and 0
        the same for any painting, any layer and any perceptual network, and the same weights suit all.
        """
        scales = self._scales(made)
        with torch.no_grad():
            wanted = self.network(self._scales(content)[-1], [self.content])[self.content]
        painted = made.new_zeros(())
        for scale, seen in enumerate(scales):
            last = scale == len(scales) - 1
            layers = self._layers(scale)
            found = self.network(seen, {self.content, *layers} if last else layers)
            for name in layers:
                target = torch.cat([style.statistics[scale][name] for style in styles])
                painted = painted + self._apart(self._statistics(found[name]), target)
        shown = content_loss(found[self.content], wanted) / wanted.float().square().mean()
        return shown, painted / max(1, sum(len(self._layers(scale)) for scale in range(len(scales))))

    def _layers(self, scale: int) -> list[str]:
        """The layers that style is compared at, at full size (0) or at half."""
        return [name for name in self.style if not (self.centred and scale == 0 and block_of(name) > FINE)]

    def _scales(self, picture: Tensor) -> list[Tensor]:
        return [picture, F.avg_pool2d(picture, 2)] if self.centred else [picture]

    def _statistics(self, responses: Tensor) -> Tensor:
        return moments(responses) if self.centred else gram(responses)

    def _apart(self, made: Tensor, target: Tensor) -> Tensor:
        """How far statistics (B, N, N) are apart, as parts of the target's size."""
        pairs = zip(apart(made), apart(target), strict=True) if self.centred else [(made, target)]
        parts = [_size(mine - wanted) / _size(wanted) for mine, wanted in pairs]
        return torch.stack(parts).mean()


def _size(matrices: Tensor) -> Tensor:
    size: Tensor = torch.linalg.matrix_norm(matrices)
    return size


def perceive(
    device: torch.device, dtype: torch.dtype, content: str, style: Sequence[str], *, statistics: str = "gram"
) -> Perception:
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
    network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return Perception(network, content, style, statistics=statistics)
