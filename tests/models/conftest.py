"""What the models' tests share: an engine's context, and a way to run a filter to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from inkwash.models.cards import Card
from inkwash.models.filters import find
from inkwash.models.networks.vgg import VGG
from inkwash.models.pictures.pixels import as_float
from inkwash.models.store import Store
from inkwash.models.styles.perceptual import level, natural_noise

DATA = Path(__file__).parents[1] / "data"


@dataclass
class Lent:
    """The context that the engine would lend, float32 on the CPU."""

    store: Store = field(default_factory=Store)
    device: torch.device = torch.device("cpu")
    dtype: torch.dtype = torch.float32
    tile: int = 1024
    pixels: int = 128_000_000
    enough: bool = False
    notices: list[str] = field(default_factory=list)

    def network(self, name: str, role: str) -> torch.nn.Module:
        return self.store.load(name, role)

    def notice(self, text: str) -> None:
        self.notices.append(text)

    def keep(self, network: torch.nn.Module, card: Card) -> None:
        self.store.keep(network, card)


@pytest.fixture
def lent() -> Lent:
    return Lent()


@pytest.fixture
def run(lent: Lent) -> Callable[..., dict[str, Tensor]]:
    """Run a filter on tensors; its outputs."""

    def run(id: str, inputs: dict[str, Tensor], **settings: Any) -> dict[str, Tensor]:
        filter = find(id)
        with torch.no_grad():  # as the engine does
            body = filter.body(inputs, filter.settings(settings), lent)
            while True:
                try:
                    next(body)
                except StopIteration as end:
                    return {name: as_float(output) for name, output in end.value.items()}

    return run


@pytest.fixture(scope="session")
def eye() -> VGG:
    """A perceptual network with random weights: it sees worse than a trained one, but by the same rules."""
    torch.manual_seed(0)
    network = VGG(16, "relu4_3")
    for convolution in network.convolutions.values():
        torch.nn.init.kaiming_normal_(convolution.weight)
        torch.nn.init.zeros_(convolution.bias)
    level(network, natural_noise(64))
    return network.requires_grad_(False).eval()


@pytest.fixture
def seeing(lent: Lent, eye: VGG, monkeypatch: pytest.MonkeyPatch) -> Lent:
    """The context, with `eye` as its network vgg16."""
    load = lent.network
    monkeypatch.setattr(lent, "network", lambda name, role: eye if name == "vgg16" else load(name, role))
    return lent


@pytest.fixture
def sample() -> Callable[..., Tensor]:
    """Reads a test picture as (1, 3, H, W), or (1, 4, H, W) with `alpha`."""

    def read(name: str, side: int = 64, *, alpha: bool = False) -> Tensor:
        picture = cv2.imread(str(DATA / name), cv2.IMREAD_COLOR_RGB)
        scale = side / max(picture.shape[:2])
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        tensor = torch.from_numpy(picture.astype(np.float32) / 255).permute(2, 0, 1)[None]
        return torch.cat([tensor, torch.ones_like(tensor[:, :1])], 1) if alpha else tensor

    return read


@pytest.fixture
def grey() -> Callable[[str], Tensor]:
    """Reads a test drawing as (1, 1, H, W)."""

    def read(name: str) -> Tensor:
        picture = cv2.imread(str(DATA / name), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255
        return torch.from_numpy(picture)[None, None]

    return read


@pytest.fixture
def colour() -> Callable[[str], Tensor]:
    """Reads a test picture as (1, 3 or 4, H, W)."""

    def read(name: str) -> Tensor:
        picture = cv2.imread(str(DATA / name), cv2.IMREAD_UNCHANGED)
        code = cv2.COLOR_BGRA2RGBA if picture.shape[2] == 4 else cv2.COLOR_BGR2RGB
        picture = cv2.cvtColor(picture, code).astype(np.float32) / 255
        return torch.from_numpy(picture).permute(2, 0, 1)[None].contiguous()

    return read
