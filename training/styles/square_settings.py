"""What every training run on squares of pictures is told, whatever its network makes of them."""

from __future__ import annotations

from dataclasses import dataclass

from ..presets import setting


@dataclass(frozen=True)
class SquareSettings:
    """What a run on squares does; refused before any work starts if it cannot."""

    size: int = setting(256, "Side of the training squares in pixels.")
    batch: int = setting(4, "Squares a step.")
    steps: int = setting(40_000, "Steps in all, also when resumed.")
    lr: float = setting(1e-3, "Adam's learning rate at the start.")
    decay: float = setting(0.0, "Last part of the run, 0 to 1, over which the learning rate falls to nothing.")
    ema: float = setting(0.0, "Decay of the exported average of weights; 0 exports the last weights.")
    content_weight: float = setting(1.0, "Weight of the difference of the perceptual network's responses.")
    precision: str = setting("32-true", "Precision, as lightning.fabric names it: 32-true, bf16-mixed, 16-mixed.")
    workers: int = setting(1, "Processes that prepare squares.")
    seed: int = setting(0, "Seed of everything.")
    log_every: int = setting(50, "Steps between rows of the log.")
    save_every: int = setting(500, "Steps between checkpoints, samples and validation.")
    judged: int = setting(20, "Kept-out pictures that the run is judged by.")

    def __post_init__(self) -> None:
        if self.size % 16 or self.size < 32:
            raise ValueError(f"size must be a multiple of 16 and at least 32 pixels, not {self.size}.")
        counts = ("batch", "steps", "log_every", "save_every", "judged")
        if low := [name for name in counts if getattr(self, name) < 1]:
            raise ValueError(f"{', '.join(low)} must be at least 1.")
        if min(self.lr, self.content_weight) < 0:
            raise ValueError("lr and the weights must not be negative.")
