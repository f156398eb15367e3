"""Train a feed-forward stylizer: one network, one style (Johnson, Alahi and Fei-Fei 2016).

Preset `paper` has that paper's network and settings; `light` our network for processors, and settings that need few
steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from inkwash.models.cards import Card
from inkwash.models.networks.layers import Sketch
from inkwash.models.networks.stylebank import Coder
from inkwash.models.networks.transform import LightTransform, Transform
from inkwash.models.store import Store, save

from .style_cards import style_card
from .style_presets import StyleSettings
from .stylebank import nearest_bank
from .stylizing import Painter, Say, Studio, adopt, keep, run_through

NETWORKS: dict[str, type[Transform]] = {"transform": Transform, "light-transform": LightTransform}


class Brush(Painter):
    """One network, which knows one style."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor, styles: Sequence[int] | None, noise: Tensor | float = 0.0) -> Tensor:
        """Pictures (B, 3, H, W), painted."""
        painted: Tensor = self.network(pictures, noise)
        return painted

    def sketches(self, styles: Sequence[int]) -> list[Sketch]:
        """The network's one sketch, if it has one."""
        return [self.network.sketch for _ in styles] if isinstance(self.network, LightTransform) else []


def train(
    folder: Path,
    style: Path,
    out: Path,
    settings: StyleSettings,
    *,
    coder: str | None = None,
    resume: bool = False,
    said: Say = print,
) -> Path:
    """Train a network for the picture `style` on the pictures in `folder`; returns the model's file.

    It begins as the nearest style of the store's StyleBank `coder`, if the network is one that can. `out` is the run's
    folder, its name the style's. Ctrl-C saves and exports; `resume` continues exactly.
    """
    torch.manual_seed(settings.seed)
    rebuilt: dict[str, Any] = {"width": settings.width, "blocks": settings.blocks, "noise": settings.noise}
    studio = Studio(settings, Brush(NETWORKS[settings.network](**rebuilt)), folder, {out.name: style}, out, said)
    if coder is not None and not resume:
        _begin(studio, coder)
    run, done = run_through(studio, resume=resume)
    figures = keep(studio, run, done)[out.name]
    run.close()
    label = out.name.replace("-", " ").capitalize()
    card = Card(out.name, label, "stylizer", settings.network, rebuilt, f"{done} steps", "")
    file = out / f"{out.name}.safetensors"
    average = studio.average
    assert isinstance(average, Brush)
    save(file, average.network, style_card(card, folder, picture=style, metrics=figures))
    return file


def _begin(studio: Studio, name: str) -> None:
    """Let the network, and its average, begin as the nearest style of the StyleBank `name`, if they can."""
    coder = Store().load(name, "coder")
    network, average = studio.painter, studio.average
    assert isinstance(coder, Coder)
    assert isinstance(network, Brush)
    assert isinstance(average, Brush)
    if not isinstance(network.network, LightTransform) or not network.network.holds(coder):
        return
    bank = nearest_bank(studio, coder, name)
    if bank is not None:
        network.network.begin_as(coder, bank)
        adopt(network, studio.paintings)
        average.load_state_dict(network.state_dict())
