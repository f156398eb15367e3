"""What restyling makes smaller: a picture's distance from the content, from the styles, and its roughness.

Pictures too large for one pass through the network are judged tile by tile. Gram matrices are sums over a picture's
places, so loss and gradient come out the same as in one piece, at the price of a second pass.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from .losses import content_loss, gram, moments, moments_loss, style_loss, total_variation

if TYPE_CHECKING:
    from ..networks.vgg import VGG

HALO = {1: 16, 2: 16, 3: 32, 4: 64, 5: 128}  # pixels around a tile that its deepest block sees
GAIN = 4096.0  # half precision knows no gradients below 6e-8: they pass through the network this much larger
GRID = 16  # tiles begin at multiples of this, so that all poolings fall on the same places


@dataclass(frozen=True)
class Terms:
    """What counts how much. Responses are those of a network whose layers answer 1 on average."""

    content: Mapping[str, float]  # weight of each layer's content loss
    style: Mapping[str, float]  # weight of each layer's style loss
    variation: float = 0.0  # weight of the total variation
    variation_power: int = 1  # 1 or 2
    normalised: str = "size"  # how Gram matrices are: size, area or none
    averaged: bool = False  # the style loss is divided by the number of a Gram matrix's entries
    centred: bool = False  # means and covariances are compared in place of Gram matrices
    pooling: str = "max"  # or average

    @property
    def layers(self) -> set[str]:
        """All layers that are looked at."""
        return {*self.content, *self.style}


@dataclass(frozen=True)
class Verdict:
    """A picture's loss and which way it grows."""

    loss: float
    content: float  # parts of the loss, weighted
    style: float
    variation: float
    gradient: Tensor = field(repr=False)  # of the loss, as the picture is


@dataclass(frozen=True)
class Tile:
    """A part of a picture: what is judged, and what the network must see for it."""

    core: tuple[int, int, int, int]  # top, bottom, left, right
    seen: tuple[int, int, int, int]

    def of(self, picture: Tensor) -> Tensor:
        """What the network sees of a picture (B, C, H, W)."""
        top, bottom, left, right = self.seen
        return picture[..., top:bottom, left:right]

    def inner(self, response: Tensor, block: int) -> Tensor:
        """The core's places of a block's response to what was seen."""
        scale = 2 ** (block - 1)
        (top, bottom, left, right), (above, _, before, _) = self.core, self.seen
        rows = slice((top - above) // scale, bottom // scale - above // scale)
        return response[..., rows, (left - before) // scale : right // scale - before // scale]


def tiles(height: int, width: int, side: int, layers: Collection[str]) -> list[Tile]:
    """A picture's tiles, each judging at most about `side` x `side` pixels; one if it is not larger than that."""
    halo = max(HALO[block_of(layer)] for layer in layers)
    rows, columns = _cuts(height, side), _cuts(width, side)
    return [
        Tile(
            (top, bottom, left, right),
            (max(0, top - halo), min(height, bottom + halo), max(0, left - halo), min(width, right + halo)),
        )
        for top, bottom in pairwise(rows)
        for left, right in pairwise(columns)
    ]


def _cuts(length: int, side: int) -> list[int]:
    """Where tiles begin and end along one side: on the grid, and at the picture's own end."""
    count = -(-length // side)
    step = -(-length // (count * GRID)) * GRID
    return [*range(0, length, step), length]


def block_of(layer: str) -> int:
    """The block of a layer, 3 for `relu3_1`; its places are 2 ** (block - 1) pixels apart."""
    return int(layer[4])


class Objective:
    """The loss of pictures of one size against one content and its styles."""

    def __init__(
        self, network: VGG, terms: Terms, content: Tensor, styles: Sequence[tuple[Tensor, float]], *, tile: int = 1024
    ) -> None:
        """`content` and the styles are (1, 3, H, W) float, sRGB in [0, 1], the styles of any size, each with a weight.

        `tile` is the longest side in pixels that the network is to see at once, halo not counted.
        """
        self._network, self._terms = network, terms
        self._gain = GAIN if next(network.parameters()).dtype == torch.float16 else 1.0
        self._tile, (self._height, self._width) = tile, content.shape[-2:]
        self._tiles = tiles(self._height, self._width, tile, terms.layers)
        with torch.no_grad():
            self._grams = _mixed([(self._whole_grams(style), weight) for style, weight in styles])
            self._content = [self._responses(tile.of(content), tile, terms.content) for tile in self._tiles]

    def __call__(self, picture: Tensor) -> Verdict:
        """The verdict on `picture`, (1, 3, H, W) float as large as the content."""
        gradient = torch.zeros_like(picture)
        with torch.no_grad():
            whole = self._whole_grams(picture) if len(self._tiles) > 1 else None
        content = style = 0.0
        for tile, target in zip(self._tiles, self._content, strict=True):
            part = tile.of(picture).detach().requires_grad_()
            with torch.enable_grad():
                responses = self._responses(part, tile, self._terms.layers)
                likeness = self._likeness(responses, target)
                grams = self._grams_of(responses, picture)
                manner = self._manner(grams) if whole is None else self._slope(grams, whole)
                ((likeness + manner) * self._gain).backward()  # type: ignore[no-untyped-call]
            assert part.grad is not None
            tile.of(gradient).add_(part.grad / self._gain)
            content, style = content + likeness.item(), style + manner.item()
        if whole is not None:
            style = self._manner(whole).item()
        variation = self._roughness(picture, gradient)
        return Verdict(content + style + variation, content, style, variation, gradient)

    def _responses(self, part: Tensor, tile: Tile, layers: Collection[str]) -> dict[str, Tensor]:
        """The layers' responses in a tile's core."""
        found = self._network(part, layers, pooling=self._terms.pooling) if layers else {}
        return {layer: tile.inner(response, block_of(layer)) for layer, response in found.items()}

    def _grams_of(self, responses: Mapping[str, Tensor], picture: Tensor) -> dict[str, Tensor]:
        """What a part of `picture` adds to its Gram matrices, by style layer."""
        if self._terms.centred:
            return {
                layer: moments(responses[layer]) * (responses[layer][0, 0].numel() / self._places(layer, picture))
                for layer in self._terms.style
            }
        return {
            layer: gram(responses[layer], normalised="none") / self._divisor(responses[layer], layer, picture)
            for layer in self._terms.style
        }

    def _divisor(self, response: Tensor, layer: str, picture: Tensor) -> int:
        places = self._places(layer, picture)
        divisors: dict[str, int] = {"size": places * response.shape[1], "area": places, "none": 1}
        return divisors[self._terms.normalised]

    def _places(self, layer: str, picture: Tensor) -> int:
        scale = 2 ** (block_of(layer) - 1)
        places: int = (picture.shape[-2] // scale) * (picture.shape[-1] // scale)
        return places

    def _whole_grams(self, picture: Tensor) -> dict[str, Tensor]:
        """The Gram matrices of a picture of any size, by style layer."""
        sums: dict[str, Tensor] = {}
        for tile in tiles(picture.shape[-2], picture.shape[-1], self._tile, self._terms.layers):
            responses = self._responses(tile.of(picture), tile, self._terms.style)
            for layer, part in self._grams_of(responses, picture).items():
                sums[layer] = sums[layer] + part if layer in sums else part
        return sums

    def _likeness(self, responses: Mapping[str, Tensor], target: Mapping[str, Tensor]) -> Tensor:
        """A tile's part of the weighted content loss."""
        return _total(
            weight * content_loss(responses[layer], target[layer]) * self._share(target[layer], layer)
            for layer, weight in self._terms.content.items()
        )

    def _share(self, response: Tensor, layer: str) -> float:
        """The part of the picture's places that a tile's response has."""
        scale = 2 ** (block_of(layer) - 1)
        places: int = (self._height // scale) * (self._width // scale)
        return response[0, 0].numel() / places

    def _manner(self, grams: Mapping[str, Tensor]) -> Tensor:
        """The weighted style loss of whole matrices."""
        loss = moments_loss if self._terms.centred else style_loss
        return _total(
            weight * loss(grams[layer], self._grams[layer]) / self._entries(layer)
            for layer, weight in self._terms.style.items()
        )

    def _slope(self, grams: Mapping[str, Tensor], whole: Mapping[str, Tensor]) -> Tensor:
        """A stand-in for `_manner` that has the same gradient with respect to one tile's part of the matrices."""
        leaves = {layer: matrix.detach().requires_grad_() for layer, matrix in whole.items()}
        slopes = torch.autograd.grad(self._manner(leaves), list(leaves.values()))
        return _total((slope * grams[layer]).sum() for layer, slope in zip(leaves, slopes, strict=True))

    def _entries(self, layer: str) -> int:
        return self._grams[layer][0].numel() if self._terms.averaged else 1

    def _roughness(self, picture: Tensor, gradient: Tensor) -> float:
        """The weighted total variation; its gradient is added to `gradient`."""
        if not self._terms.variation:
            return 0.0
        whole = picture.detach().requires_grad_()
        with torch.enable_grad():
            loss = self._terms.variation * total_variation(whole, power=self._terms.variation_power)
            loss.backward()  # type: ignore[no-untyped-call]
        assert whole.grad is not None
        gradient.add_(whole.grad)
        return loss.item()


class Scales:
    """The loss of pictures at their own size and, if a recipe says so, at half of it: one sum."""

    def __init__(self, fine: Objective, half: Objective | None = None) -> None:
        self._fine, self._half = fine, half

    def __call__(self, picture: Tensor) -> Verdict:
        """The verdict on `picture`, (1, 3, H, W) float as large as the content."""
        fine = self._fine(picture)
        if self._half is None:
            return fine
        half = self._half(halved(picture))
        back = F.interpolate(half.gradient / 4, scale_factor=2)  # each pixel of half the size is the mean of four
        gradient = fine.gradient + F.pad(back, (0, picture.shape[-1] % 2, 0, picture.shape[-2] % 2))
        return Verdict(
            fine.loss + half.loss,
            fine.content + half.content,
            fine.style + half.style,
            fine.variation + half.variation,
            gradient,
        )


def halved(picture: Tensor) -> Tensor:
    """(1, 3, H, W) at half its size, an odd row or column left out."""
    return F.avg_pool2d(picture, 2)


def _mixed(styles: Sequence[tuple[Mapping[str, Tensor], float]]) -> dict[str, Tensor]:
    """The weighted mean of several styles' matrices: nearest to it is what is nearest to all of them together."""
    whole = sum(weight for _, weight in styles)
    return {layer: _total(weight / whole * grams[layer] for grams, weight in styles) for layer in styles[0][0]}


def _total(parts: Iterable[Tensor]) -> Tensor:
    return sum(parts, start=torch.zeros(()))
