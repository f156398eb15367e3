"""What the engine lends to a filter while it runs, and the pictures that go in and come out.

This module imports torch; the engine imports it when the first job comes.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field, replace

import torch
import torch.nn.functional as F

from inkwash.models.cards import Card
from inkwash.models.filters import Output
from inkwash.models.pictures.pixels import to_layer, to_tensor
from inkwash.protocol import Layer

from ..pages.compositing import has_paper
from ..upload import SELECTION
from .cache import Networks
from .device import Device
from .jobs import ALPHA, Job

LARGEST_TILE = 1024  # pixels; a U-Net's widest layer then takes some hundred MB
SMALLEST_TILE = 256  # pixels; below that a network sees too little


@dataclass
class Loan:
    """The `Context` of inkwash.models.filters.declaration: one attempt to run a filter."""

    networks: Networks
    on: Device
    tile: int = LARGEST_TILE
    pixels: int = 128_000_000
    notices: list[str] = field(default_factory=list)
    job: Job | None = None
    device: torch.device = field(init=False)
    dtype: torch.dtype = field(init=False)

    def __post_init__(self) -> None:
        self.device, self.dtype = self.on.where, self.on.dtype

    @property
    def enough(self) -> bool:
        """Whether the artist wants what there is."""
        return self.job is not None and self.job.enough

    def network(self, name: str, role: str) -> torch.nn.Module:
        """The store's model `name`, ready to run; UnknownModel, BadModel."""
        return self.networks.get(name, role, self.on)

    def notice(self, text: str) -> None:
        """Let the artist read `text` with the result; once, even if said for every tile."""
        if text not in self.notices:
            self.notices.append(text)

    def keep(self, network: torch.nn.Module, card: Card) -> None:
        """Put a model among the artist's own; BadParameter if there is one of that name."""
        self.networks.keep(network, card)


@dataclass
class Pictures:
    """A job's inputs as (1, C, H, W) float32 or uint8 on the CPU, and how its outputs must look as layers."""

    inputs: dict[str, torch.Tensor]
    like: Layer  # one pixel: the first input's format and place, without its memory
    model: str | None  # of the layers that go back; ALPHA: as the filter gives them, with alpha; None: just so
    paper: bool  # whether the first input covers what is below it
    selection: torch.Tensor | None  # (1, 1, H, W) in [0, 1]; None is everywhere
    first: Layer | None  # the first input itself, if a filter may give it back as it came
    lent: weakref.ref[torch.Tensor] | None = None  # the tensor that the filter got of it

    def on(self, device: Device) -> dict[str, torch.Tensor]:
        """The inputs on `device`."""
        lent = {name: tensor.to(device.where) for name, tensor in self.inputs.items()}
        self.lent = weakref.ref(next(iter(lent.values())))
        return lent

    def preview(self, tensor: torch.Tensor) -> Layer:
        """A picture of any size to be shown for a moment: `tensor`, (1, C, H, W) float, sRGB in [0, 1]."""
        return to_layer(tensor.detach(), "preview", self.like, model=self._model(tensor), mask=self._mask(tensor))

    def layers(self, outputs: list[Output], given: dict[str, torch.Tensor]) -> list[Layer]:
        """What a filter gave, in the order of `outputs`, taken out as it is converted."""
        return [self._layer(given.pop(output.name), output) for output in outputs]

    def _layer(self, tensor: torch.Tensor, output: Output) -> Layer:
        model = self._model(tensor)
        if output.ink and model is not None and model.endswith("A"):
            tensor = torch.cat([torch.zeros_like(tensor).expand(1, 3, *tensor.shape[-2:]), 1 - tensor], 1)
        untouched = self.lent is not None and tensor is self.lent()
        source = self.first if untouched and self.selection is None else None
        mask = self._mask(tensor)
        return to_layer(tensor.detach(), output.name, self.like, model=model, mask=mask, source=source)

    def _model(self, tensor: torch.Tensor) -> str | None:
        """What a layer of `tensor` is to be."""
        if self.model != ALPHA:
            return self.model
        return "GRAYA" if tensor.shape[1] < 3 else "RGBA"

    def _mask(self, tensor: torch.Tensor) -> torch.Tensor | None:
        """The selection at the size of `tensor`: previews are smaller than the picture, and results may be larger."""
        if self.selection is None or self.selection.shape[-2:] == tensor.shape[-2:]:
            return self.selection
        larger = tensor.shape[-1] > self.selection.shape[-1]
        return F.interpolate(self.selection, tensor.shape[-2:], mode="bilinear" if larger else "area")


def read_pictures(job: Job) -> Pictures:
    """The job's layers as tensors; each layer's memory is given back once it is converted."""
    wanted = {input.name: input for input in job.filter.inputs}
    arrived = {layer.name: layer for layer in job.layers}
    job.layers.clear()
    names = [name for name in wanted if name in arrived]
    canvas = arrived[names[0]]
    selection = to_tensor(arrived.pop(SELECTION), "mask", canvas) if SELECTION in arrived else None
    inputs = {}
    for name in reversed(names):  # the canvas is the last: the others are laid over it
        layer, input = arrived.pop(name), wanted[name]
        inputs[name] = to_tensor(layer, input.kind, canvas if input.aligned else layer, in_bytes=input.in_bytes)
    inputs = {name: inputs[name] for name in names}
    pixel = bytes(canvas.size // (canvas.width * canvas.height))
    like = replace(canvas, width=1, height=1, opacity=1.0, data=pixel)
    first = canvas if wanted[names[0]].kind == "rgba" and canvas.opacity == 1 else None
    return Pictures(inputs, like, job.model, has_paper(canvas), selection, first)
