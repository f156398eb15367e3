"""What a colorizer's training run does, and the three presets of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


def setting(default: Any, help: str) -> Any:
    """A field of `Settings`; `help` is what the command line says of it."""
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True)
class Settings:
    """What a run does; refused before any work starts if it cannot."""

    architecture: str = setting("paper", "Network: paper, baseline or inkwash.")
    width: int = setting(64, "Features of the first level.")
    start: str = setting("", "A model's file whose weights the run starts from, instead of random ones.")
    pairs: str = setting("paper", "How samples are made: paper or inkwash.")
    hintless: float = setting(0.2, "Part of the samples without any hint, 0 to 1 (pairs inkwash).")
    size: int = setting(64, "Side of the training pictures in pixels.")
    batch: int = setting(16, "Pictures a step.")
    steps: int = setting(100_000, "Steps in all, also when resumed.")
    lr: float = setting(2e-4, "Adam's learning rate at the start.")
    beta1: float = setting(0.5, "Adam's decay of the mean of gradients.")
    beta2: float = setting(0.999, "Adam's decay of the mean of their squares.")
    decay: float = setting(0.0, "Last part of the run, 0 to 1, over which the learning rate falls to nothing.")
    norm: int = setting(2, "The pixel loss: 1 or 2.")
    lambda_pixel: float = setting(100.0, "Weight of the pixel loss.")
    lambda_odds: float = setting(0.0, "Weight of the loss of the colours' odds (network inkwash).")
    lambda_gan: float = setting(1.0, "Weight of the adversarial loss; 0 trains without an adversary.")
    gan_from: float = setting(0.0, "Part of the run, 0 to 1, after which the adversary joins.")
    noise: float = setting(0.05, "Standard deviation of z, added to the sketch where the network takes noise.")
    ema: float = setting(0.0, "Decay of the exported average of weights; 0 exports the last weights.")
    precision: str = setting("32-true", "Precision, as lightning.fabric names it: 32-true, bf16-mixed, 16-mixed.")
    workers: int = setting(1, "Processes that prepare samples.")
    seed: int = setting(0, "Seed of everything.")
    log_every: int = setting(50, "Steps between rows of the log.")
    save_every: int = setting(500, "Steps between checkpoints, samples and validation.")
    judged: int = setting(48, "Kept-out samples that the run is judged by.")

    def __post_init__(self) -> None:
        if self.architecture not in ("paper", "baseline", "inkwash"):
            raise ValueError(f"architecture must be paper, baseline or inkwash, not {self.architecture!r}.")
        if self.lambda_odds and self.architecture != "inkwash":
            raise ValueError("lambda_odds belongs to the network inkwash; the others tell no odds.")
        if self.norm not in (1, 2):
            raise ValueError(f"norm must be 1 or 2, not {self.norm}.")
        if self.size % 16 or self.size < 32:
            raise ValueError(f"size must be a multiple of 16 and at least 32 pixels, not {self.size}.")
        if min(self.batch, self.steps, self.log_every, self.save_every, self.judged) < 1:
            raise ValueError("batch, steps, log_every, save_every and judged must be at least 1.")
        if self.pairs not in ("paper", "inkwash"):
            raise ValueError(f"pairs must be paper or inkwash, not {self.pairs!r}.")


PRESETS = {
    "paper": Settings(),
    "baseline": Settings(architecture="baseline", lambda_gan=0.0, lambda_pixel=1.0, noise=0.0),
    # No adversary: in the one short trial that it had, colours without hints came out vivid but in blotches.
    "inkwash": Settings(
        architecture="inkwash", width=24, pairs="inkwash", hintless=0.3, size=192, batch=12, steps=8_000, lr=1e-3,
        beta1=0.9, beta2=0.99, decay=0.6, norm=1, lambda_pixel=1.0, lambda_odds=0.05, lambda_gan=0.0, noise=0.0,
        ema=0.998, precision="bf16-mixed",
    ),
}  # fmt: skip
