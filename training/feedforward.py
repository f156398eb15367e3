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

from inkwash.models.networks.transform import LightTransform, Transform
from inkwash.models.store import Card, save

from .style_cards import style_card
from .style_presets import StyleSettings
from .stylizing import Painter, Say, Studio, keep, run_through

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


def train(
    folder: Path, style: Path, out: Path, settings: StyleSettings, *, resume: bool = False, said: Say = print
) -> Path:
    """Train a network for the picture `style` on the pictures in `folder`; returns the model's file.

    `out` is the run's folder, its name the style's. Ctrl-C saves and exports; `resume` continues exactly.
    """
    torch.manual_seed(settings.seed)
    rebuilt: dict[str, Any] = {"width": settings.width, "blocks": settings.blocks, "noise": settings.noise}
    studio = Studio(settings, Brush(NETWORKS[settings.network](**rebuilt)), folder, {out.name: style}, out, said)
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
