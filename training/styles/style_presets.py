"""What a stylizer's training run does, and its presets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..presets import setting
from .square_settings import SquareSettings


@dataclass(frozen=True)
class StyleSettings(SquareSettings):
    """What a run of `feedforward` or `stylebank` does; refused before any work starts if it cannot."""

    network: str = setting("transform", "transform or light-transform (feedforward); full or light (stylebank).")
    width: int = setting(32, "Features of the first level (feedforward).")
    blocks: int = setting(5, "Residual blocks (feedforward).")
    method: str = setting("perceptual", "perceptual; pictures: against optimised ones; taught: X-light by X.")
    gain_lr: float = setting(1.0, "Learning rate of the norms' gains and shifts, as a part of lr.")
    noise: float = setting(0.0, "Standard deviation of noise on the pictures, which gives flat places their strokes.")
    warm_up: int = setting(1, "Steps over which the learning rate rises.")
    beta2: float = setting(0.999, "Adam's decay of the mean of squared gradients.")
    plain_lr: float = setting(0.3, "Learning rate of layers without norm, as a part of lr.")
    content_layer: str = setting("relu2_2", "Layer that content is compared at.")
    style_layers: str = setting("relu1_2,relu2_2,relu3_3,relu4_3", "Layers that style is compared at.")
    taught_first: int = setting(0, "Steps at the start in which it learns what the style any paints.")
    pairs_every: int = setting(0, "Every so many steps it learns from the painting itself, smoothed; 0 never.")
    sketch: int = setting(4, "Pixels a side of what a bank's sketch keeps of the picture (stylebank, full).")
    statistics: str = setting("gram", "What style is compared by: gram, or moments, at two sizes.")
    style_side: int = setting(
        256, "Shorter side that a style picture is brought to, in pixels: smaller, larger strokes."
    )
    style_weight: float = setting(5.0, "Weight of the style loss.")
    smooth_weight: float = setting(1e-4, "Weight of the total variation.")
    identity_every: int = setting(3, "Every so many steps the coder alone learns to give back pictures (stylebank).")
    identity_first: int = setting(0, "Steps at the start in which the coder learns that alone (stylebank).")
    identity_weight: float = setting(20.0, "Weight of the squared error of pictures given back.")
    samples: int = setting(50, "Optimised pictures for each style (method pictures).")
    optimised_steps: int = setting(300, "Steps of optimisation for each of them (method pictures).")

    def __post_init__(self) -> None:
        super().__post_init__()
        if min(self.width, self.blocks, self.samples) < 1:
            raise ValueError("width, blocks and samples must be at least 1.")
        if self.network not in ("transform", "light-transform", "full", "light"):
            raise ValueError(f"network must be transform, light-transform, full or light, not {self.network!r}.")
        if self.method not in ("perceptual", "pictures", "taught"):
            raise ValueError(f"method must be perceptual, pictures or taught, not {self.method!r}.")
        if self.identity_every < 2:
            raise ValueError(f"identity_every must be at least 2, not {self.identity_every}.")
        if self.pairs_every == 1 or min(self.pairs_every, self.taught_first) < 0:
            raise ValueError("pairs_every must be 0, or 2 and more; taught_first must not be negative.")
        if self.sketch not in (4, 8, 16):
            raise ValueError(f"sketch must be 4, 8 or 16 pixels, not {self.sketch}.")
        if self.statistics not in ("gram", "moments"):
            raise ValueError(f"statistics must be gram or moments, not {self.statistics!r}.")
        if self.style_side < 32:
            raise ValueError(f"style_side must be at least 32 pixels, not {self.style_side}.")
        if min(self.style_weight, self.smooth_weight) < 0:
            raise ValueError("style_weight and smooth_weight must not be negative.")


# Three layers: what relu4_3 asks for, patterns as large as a square, such short runs answer with blobs.
_QUICK: dict[str, Any] = {
    "size": 128, "precision": "bf16-mixed", "lr": 4e-3, "plain_lr": 0.1, "gain_lr": 2.0, "noise": 0.05, "warm_up": 50,
    "smooth_weight": 1.0, "style_weight": 3.0, "decay": 0.4, "ema": 0.99, "beta2": 0.99, "content_layer": "relu3_3",
    "style_layers": "relu1_2,relu2_2,relu3_3", "style_side": 320,
}  # fmt: skip
# Strokes: statistics that an emboss does not meet, on squares that have room for them; the copyist shows the way.
_STROKES: dict[str, Any] = {
    **_QUICK, "size": 256, "batch": 1, "statistics": "moments", "style_layers": "relu1_2,relu2_2,relu3_3,relu4_3",
    "pairs_every": 3, "sketch": 8, "smooth_weight": 0.3,
}  # fmt: skip

FEED_FORWARD = {
    "paper": StyleSettings(),
    "light": StyleSettings(network="light-transform", width=32, blocks=1, steps=700, **_QUICK),
}
STYLE_BANK = {
    "inkwash": StyleSettings(network="full", steps=8_000, **{**_STROKES, "taught_first": 3_000}),
    "full": StyleSettings(network="full", steps=4_000, **_QUICK),
    "light": StyleSettings(network="light", steps=5_000, identity_first=200, **{**_QUICK, "method": "taught"}),
    "paper": StyleSettings(network="light", method="pictures", identity_first=5_000, steps=10_000),
}
NEW_BANK = StyleSettings(
    network="full", **{**_STROKES, "taught_first": 100, "steps": 700, "log_every": 20, "save_every": 200, "judged": 4}
)
