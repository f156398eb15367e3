"""What a painter's training run does."""

from __future__ import annotations

from dataclasses import dataclass

from ..presets import setting


@dataclass(frozen=True)
class PainterSettings:
    """Settings of `inkwash train painter`; refused before any work starts if they cannot be."""

    width: int = setting(24, "Features of the first level.")
    start: str = setting("", "A model's file whose weights the run starts from, instead of random ones.")
    size: int = setting(160, "Side of the training pictures in pixels, a multiple of 32.")
    batch: int = setting(8, "Pictures a step.")
    steps: int = setting(20_000, "Steps in all, also when resumed.")
    lr: float = setting(1e-3, "Adam's learning rate at the start.")
    decay: float = setting(0.3, "Last part of the run, 0 to 1, over which the learning rate falls to nothing.")
    lambda_pixel: float = setting(1.0, "Weight of the squared error, in parts of each picture's variance.")
    lambda_coarse: float = setting(1.0, "Weight of the same at an eighth of the size: where light and shade lie.")
    lambda_features: float = setting(1.0, "Weight of the difference of the adversary's responses.")
    lambda_gan: float = setting(0.15, "Weight of the adversarial loss; 0 trains without an adversary.")
    gan_from: int = setting(1_000, "Step from which on the adversary takes part.")
    lr_critic: float = setting(4e-4, "The adversary's learning rate.")
    ema: float = setting(0.998, "Decay of the exported average of weights.")
    precision: str = setting("bf16-mixed", "Precision, as lightning.fabric names it: 32-true, bf16-mixed, 16-mixed.")
    workers: int = setting(0, "Processes that prepare samples; 0 prepares them between the steps.")
    seed: int = setting(0, "Seed of everything.")
    log_every: int = setting(20, "Steps between rows of the log.")
    save_every: int = setting(200, "Steps between checkpoints, samples and validation.")
    judged: int = setting(48, "Kept-out pictures that the run is judged by.")

    def __post_init__(self) -> None:
        if self.size % 32 or self.size < 64:
            raise ValueError(f"size must be a multiple of 32 and at least 64 pixels, not {self.size}.")
        if min(self.width, self.batch, self.steps, self.log_every, self.save_every, self.judged) < 1:
            raise ValueError("width, batch, steps, log_every, save_every and judged must be at least 1.")
