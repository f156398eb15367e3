"""What a run of the recipe `pairs` does; the defaults are pix2pix as the animation paper's Table 1 sets it."""

from __future__ import annotations

from dataclasses import dataclass

from ..presets import setting


@dataclass(frozen=True)
class PairSettings:
    """A pix2pix run; refused before any work starts if it cannot be."""

    aspect_ratio: float = setting(1.0, "Width of the pictures as a multiple of their height.")
    gan_weight: float = setting(1.0, "Weight of the adversarial loss.")
    l1_weight: float = setting(100.0, "Weight of the distance between pixels.")
    lr: float = setting(2e-4, "Adam's learning rate.")
    scale_size: int = setting(286, "Height in pixels that pictures are scaled to before they are cropped.")
    crop_size: int = setting(256, "Height in pixels of the crop.")
    beta1: float = setting(0.5, "Adam's decay of the mean of gradients.")
    width: int = setting(64, "Features of the first level of both networks.")
    levels: int = setting(8, "Halvings of the generator; crops are a multiple of 2 to that power.")
    batch: int = setting(1, "Pictures a step.")
    steps: int = setting(80_000, "Steps in all, also when resumed: 200 times 400 pictures.")
    flip: int = setting(1, "Whether half of the samples are mirrored: 1 or 0.")
    swap: int = setting(0, "Whether to learn from B to A instead: 1 or 0.")
    kept_out: float = setting(0.1, "Part of the pictures that the run is judged by and does not learn from.")
    precision: str = setting("32-true", "Precision, as lightning.fabric names it: 32-true, bf16-mixed, 16-mixed.")
    workers: int = setting(1, "Processes that prepare samples.")
    seed: int = setting(0, "Seed of everything.")
    log_every: int = setting(50, "Steps between rows of the log.")
    save_every: int = setting(1000, "Steps between checkpoints, samples and validation.")

    def __post_init__(self) -> None:
        if min(self.batch, self.steps, self.log_every, self.save_every, self.width) < 1:
            raise ValueError("batch, steps, log_every, save_every and width must be at least 1.")
        if not 2 <= self.levels <= 8:
            raise ValueError(f"levels must be 2 to 8, not {self.levels}.")
        if self.crop_size % 2**self.levels or self.crop_width % 2**self.levels:
            raise ValueError(f"crop_size, also times aspect_ratio, must be a multiple of {2**self.levels}.")
        if self.scale_size < self.crop_size:
            raise ValueError(f"scale_size must be at least crop_size, {self.crop_size}.")
        if not 0 <= self.kept_out < 1:
            raise ValueError(f"kept_out must be from 0 to below 1, not {self.kept_out:g}.")

    @property
    def crop_width(self) -> int:
        """Width in pixels of the crop."""
        return round(self.crop_size * self.aspect_ratio)
