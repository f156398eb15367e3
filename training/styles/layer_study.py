"""What each layer of the perceptual network sees: content and style rebuilt from it, and its responses as pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor

from inkwash.models.networks.vgg import VGG
from inkwash.models.styles.objective import Terms
from inkwash.models.styles.restyling import Recipe, restyle

from ..pictures import save_sheet

SHOWN = 8  # responses of a layer that are shown: those that vary most
SMOOTH = 1e-2  # weight of the total variation, just enough to hold noise down


def study(
    network: VGG, content: Tensor, style: Tensor, out: Path, *, layers: Sequence[str], steps: int = 60,
    said: Callable[[str], None] = print,
) -> None:  # fmt: skip
    """Write `content.png`, `style.png` and `responses-LAYER.png` into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    rebuilt = {"content": content}
    for layer in layers:
        rebuilt[layer] = _rebuilt(network, content, style, Terms({layer: 1.0}, {}, SMOOTH, pooling="average"), steps)
        said(f"content rebuilt from {layer}")
    save_sheet(out / "content.png", rebuilt)
    rebuilt = {"style": style}
    for count, layer in enumerate(layers, 1):
        terms = Terms({}, dict.fromkeys(layers[:count], 1.0), SMOOTH, pooling="average")
        rebuilt[f"to {layer}"] = _rebuilt(network, content, style, terms, steps)
        said(f"style rebuilt from {', '.join(layers[:count])}")
    save_sheet(out / "style.png", rebuilt)
    for layer in layers:
        save_sheet(out / f"responses-{layer}.png", responses(network, content, layer))


def _rebuilt(network: VGG, content: Tensor, style: Tensor, terms: Terms, steps: int) -> Tensor:
    """What L-BFGS makes of noise so that it answers as the content, or as the style, does at some layers."""
    recipe = Recipe(terms, steps=steps, start="noise", coarse=False, settles=False)
    *_, last = restyle(network, content, [(style, 1.0)], recipe)
    return last.picture


@torch.no_grad()
def responses(network: VGG, picture: Tensor, layer: str) -> dict[str, Tensor]:
    """The responses of a layer that vary most over `picture`, (1, 1, h, w) in [0, 1], by channel."""
    found = network(picture, [layer])[layer][0].float()
    most = found.flatten(1).std(1).argsort(descending=True)[:SHOWN].tolist()
    return {
        f"{layer} #{channel}": (found[channel] / found[channel].max().clamp_min(1e-6))[None, None] for channel in most
    }
