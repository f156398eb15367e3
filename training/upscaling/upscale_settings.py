"""What an upscaler's training run does, and the preset of it."""

from __future__ import annotations

from dataclasses import dataclass

from ..presets import setting
from ..styles.square_settings import SquareSettings


@dataclass(frozen=True)
class UpscaleSettings(SquareSettings):
    """What a run does with squares at their large size; refused before any work starts if it cannot."""

    factor: int = setting(2, "How many times as large: 2 or 4.")
    width: int = setting(32, "Features of each level.")
    blocks: int = setting(4, "Residual blocks.")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.factor not in (2, 4):
            raise ValueError(f"factor must be 2 or 4, not {self.factor}.")
        if min(self.width, self.blocks) < 1:
            raise ValueError("width and blocks must be at least 1.")


UPSCALE = UpscaleSettings(size=128, batch=8, steps=3_000, decay=0.6, ema=0.99, content_weight=0.0)
