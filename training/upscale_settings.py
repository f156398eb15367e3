"""What an upscaler's training run does."""

from __future__ import annotations

from dataclasses import dataclass

from .presets import setting


@dataclass(frozen=True)
class UpscaleSettings:
    """What a run does; refused before any work starts if it cannot."""

    factor: int = setting(2, "How many times as large: 2 or 4.")
    width: int = setting(32, "Features of each level.")
    blocks: int = setting(4, "Residual blocks.")
    size: int = setting(128, "Side of the large squares in pixels.")
    batch: int = setting(8, "Squares a step.")
    steps: int = setting(3_000, "Steps in all, also when resumed.")
    lr: float = setting(1e-3, "Adam's learning rate at the start.")
    decay: float = setting(0.6, "Last part of the run, 0 to 1, over which the learning rate falls to nothing.")
    ema: float = setting(0.99, "Decay of the exported average of weights; 0 exports the last weights.")
    content_weight: float = setting(0.0, "Weight of the difference of the perceptual network's responses.")
    precision: str = setting("32-true", "Precision, as lightning.fabric names it: 32-true, bf16-mixed, 16-mixed.")
    workers: int = setting(1, "Processes that prepare squares.")
    seed: int = setting(0, "Seed of everything.")
    log_every: int = setting(50, "Steps between rows of the log.")
    save_every: int = setting(500, "Steps between checkpoints, samples and validation.")
    judged: int = setting(20, "Kept-out pictures that the run is judged by.")

    def __post_init__(self) -> None:
        if self.factor not in (2, 4):
            raise ValueError(f"factor must be 2 or 4, not {self.factor}.")
        if self.size % 16 or self.size < 32:
            raise ValueError(f"size must be a multiple of 16 and at least 32 pixels, not {self.size}.")
        if min(self.width, self.blocks, self.batch, self.steps, self.log_every, self.save_every, self.judged) < 1:
            raise ValueError("width, blocks, batch, steps, log_every, save_every and judged must be at least 1.")
