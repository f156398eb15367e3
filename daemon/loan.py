"""What the engine lends to a filter while it runs, and the pictures that go in and come out.

This module imports torch; the engine imports it when the first job comes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import torch

from inkwash.models.filters import Filter
from inkwash.models.pixels import to_layer, to_tensor
from inkwash.protocol import Layer

from .cache import Networks
from .device import Device
from .jobs import Job

LARGEST_TILE = 1024  # pixels; a U-Net's widest layer then takes some hundred MB
SMALLEST_TILE = 256  # pixels; below that a network sees too little


@dataclass
class Loan:
    """The `Context` of inkwash.models.filters.declaration: one attempt to run a filter."""

    networks: Networks
    on: Device
    tile: int = LARGEST_TILE
    notices: list[str] = field(default_factory=list)
    device: torch.device = field(init=False)
    dtype: torch.dtype = field(init=False)

    def __post_init__(self) -> None:
        self.device, self.dtype = self.on.where, self.on.dtype

    def network(self, name: str, role: str) -> torch.nn.Module:
        """The store's model `name`, ready to run; UnknownModel, BadModel."""
        return self.networks.get(name, role, self.on)

    def notice(self, text: str) -> None:
        """Let the artist read `text` with the result; once, even if said for every tile."""
        if text not in self.notices:
            self.notices.append(text)


@dataclass
class Pictures:
    """A job's inputs as (1, C, H, W) float32 on the CPU, and how its outputs must look as layers."""

    inputs: dict[str, torch.Tensor]
    like: Layer  # one pixel: the first input's format and place, without its memory

    def on(self, device: Device) -> dict[str, torch.Tensor]:
        """The inputs on `device`."""
        return {name: tensor.to(device.where) for name, tensor in self.inputs.items()}

    def layer(self, tensor: torch.Tensor, name: str) -> Layer:
        """`tensor`, (1, C, H, W) float, sRGB in [0, 1], as a layer of the format of the first input."""
        return to_layer(tensor.detach(), name, self.like)

    def layers(self, filter: Filter, outputs: dict[str, torch.Tensor]) -> list[Layer]:
        """The filter's outputs in the order of their declaration, taken out as they are converted."""
        declared = [output.name for output in filter.outputs]
        undeclared = set(outputs) - set(declared)
        if undeclared:
            raise ValueError(f"{filter.id} gave {undeclared}, which it does not declare")
        return [self.layer(outputs.pop(name), name) for name in declared if name in outputs]


def read_pictures(job: Job) -> Pictures:
    """The job's layers as tensors; each layer's memory is given back once it is converted."""
    wanted = {input.name: input for input in job.filter.inputs}
    arrived = {layer.name: layer for layer in job.layers}
    job.layers.clear()
    names = [name for name in wanted if name in arrived]
    canvas = arrived[names[0]]
    inputs = {}
    for name in reversed(names):  # the canvas is the last: the others are laid over it
        layer, input = arrived.pop(name), wanted[name]
        inputs[name] = to_tensor(layer, input.kind, canvas if input.aligned else layer)
    pixel = bytes(canvas.size // (canvas.width * canvas.height))
    return Pictures(inputs, replace(canvas, width=1, height=1, data=pixel))
