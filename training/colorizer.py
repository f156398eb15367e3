"""Train a hint-conditioned colorizer: G(line, hint) against D(image, line, hint).

Presets: `paper` is Grover and Banker's conditional GAN as their text has it, `baseline` their plain network with
an L2 loss, `inkwash` the one that ships.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import cos, pi
from pathlib import Path

import lightning_fabric
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader

from inkwash.models.networks import ARCHITECTURES
from inkwash.models.store import Card, save

from . import checkpoint
from .data.pairs import Pairs, Sample
from .data.sources import SOURCES
from .discriminators import PaperDiscriminator, PatchDiscriminator
from .run import Run


@dataclass(frozen=True)
class Settings:
    """What a run does; refused before any work starts if it cannot."""

    architecture: str = "paper"  # a key of ARCHITECTURES
    width: int = 64  # features of the first level
    pairs: str = "paper"  # how samples are made: "paper" or "inkwash"
    size: int = 64  # side of the training pictures in pixels
    batch: int = 16  # pictures a step
    steps: int = 100_000  # in all, also when resumed
    lr: float = 2e-4  # Adam's learning rate at the start
    betas: tuple[float, float] = (0.5, 0.999)  # Adam's
    decay: float = 0.0  # last part of the run, 0 to 1, over which the learning rate falls to nothing
    norm: int = 2  # the pixel loss: 1 or 2
    lambda_pixel: float = 100.0  # weight of the pixel loss
    lambda_gan: float = 1.0  # weight of the adversarial loss; 0 trains without an adversary
    gan_from: float = 0.0  # part of the run, 0 to 1, after which the adversary joins
    noise: float = 0.05  # standard deviation of z, added to the sketch where the network takes noise
    ema: float = 0.0  # decay of the exported average of weights; 0 exports the last weights
    precision: str = "32-true"  # lightning.fabric's name of it
    workers: int = 1  # processes that prepare samples
    seed: int = 0  # of everything
    log_every: int = 50  # steps
    save_every: int = 500  # steps between checkpoints, samples and validation

    def __post_init__(self) -> None:
        if self.architecture not in ARCHITECTURES:
            raise ValueError(f"architecture must be one of {', '.join(ARCHITECTURES)}, not {self.architecture!r}.")
        if self.norm not in (1, 2):
            raise ValueError(f"norm must be 1 or 2, not {self.norm}.")
        if self.size % 16 or self.size < 32:
            raise ValueError(f"size must be a multiple of 16 and at least 32 pixels, not {self.size}.")
        if min(self.batch, self.steps, self.log_every, self.save_every) < 1:
            raise ValueError("batch, steps, log_every and save_every must be at least 1.")


PRESETS = {
    "paper": Settings(),
    "baseline": Settings(architecture="baseline", lambda_gan=0.0, lambda_pixel=1.0, noise=0.0),
    "inkwash": Settings(
        architecture="inkwash", width=24, pairs="inkwash", size=192, batch=12, steps=8_000, lr=1e-3, betas=(0.9, 0.99),
        decay=0.6, norm=1, lambda_pixel=1.0, lambda_gan=0.01, gan_from=0.7, noise=0.0, ema=0.998,
        precision="bf16-mixed",
    ),
}  # fmt: skip


def make_discriminator(settings: Settings) -> nn.Module:
    """The adversary that belongs to the settings' network."""
    return PatchDiscriminator() if settings.pairs == "inkwash" else PaperDiscriminator(settings.size, settings.width)


class Networks:
    """Generator, discriminator, averaged generator and their optimisers, on the run's device."""

    def __init__(self, settings: Settings, fabric: lightning_fabric.Fabric) -> None:
        torch.manual_seed(settings.seed)
        netG, netD = ARCHITECTURES[settings.architecture](width=settings.width), make_discriminator(settings)
        self.average = copy.deepcopy(netG).requires_grad_(False).to(fabric.device)
        optG, optD = (torch.optim.Adam(net.parameters(), settings.lr, settings.betas) for net in (netG, netD))
        self.netG, self.optG = fabric.setup(netG.to(memory_format=torch.channels_last), optG)
        self.netD, self.optD = fabric.setup(netD.to(memory_format=torch.channels_last), optD)

    def modules(self) -> dict[str, nn.Module]:
        """What a checkpoint keeps of the networks."""
        return {"netG": self.netG, "netD": self.netD, "average": self.average}

    def optimizers(self) -> dict[str, torch.optim.Optimizer]:
        """What a checkpoint keeps of the optimisers."""
        return {"optG": self.optG, "optD": self.optD}


def learning_rate(settings: Settings, step: int) -> float:
    """Constant, then falling as a half cosine over the last part of the run."""
    left = (1 - step / settings.steps) / settings.decay if settings.decay else 1.0
    return settings.lr if left >= 1 else settings.lr * (1 - cos(pi * left)) / 2


def samples(settings: Settings, folder: Path, start: int) -> Iterator[Sample]:
    """Batches from step `start` on; the same ones whether or not the run was interrupted before."""
    pairs = Pairs(folder, size=settings.size, seed=settings.seed, style=settings.pairs)
    order = range(start * settings.batch, settings.steps * settings.batch)
    loader = DataLoader(
        pairs, settings.batch, sampler=order, num_workers=settings.workers,
        multiprocessing_context="fork" if settings.workers else None, prefetch_factor=4 if settings.workers else None,
    )  # fmt: skip
    return iter(loader)


def adversarial(logits: Tensor, real: bool) -> Tensor:
    """Cross entropy of the discriminator's answer (equation of section 4.2)."""
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, float(real)))


def train_step(fabric: lightning_fabric.Fabric, nets: Networks, batch: Sample, settings: Settings, step: int) -> Tensor:
    """One update of D, once it has joined, and of G; returns the losses (pixel, G's adversarial, D's)."""
    line, hint, real_B, weight = batch["line"], batch["hint"], batch["color"], batch["weight"]
    if settings.noise:
        z = torch.randn(line.shape, generator=torch.Generator().manual_seed(settings.seed + step))
        line = line + settings.noise * z.to(line)
    fake_B = nets.netG(line, hint)
    loss_pixel = (weight * (fake_B - real_B).abs() ** settings.norm).mean()
    loss_D = loss_gan = torch.zeros_like(loss_pixel)
    if settings.lambda_gan > 0 and step >= settings.gan_from * settings.steps:
        # Where the picture shows ink the adversary sees the truth: a colour layer need not paint lines.
        seen_B = weight * fake_B + (1 - weight) * real_B
        loss_D = adversarial(nets.netD(real_B, line, hint), True)
        loss_D = loss_D + adversarial(nets.netD(seen_B.detach(), line, hint), False)
        nets.optD.zero_grad()
        fabric.backward(loss_D)
        nets.optD.step()
        loss_gan = adversarial(nets.netD(seen_B, line, hint), True)
    nets.optG.zero_grad()
    fabric.backward(settings.lambda_pixel * loss_pixel + settings.lambda_gan * loss_gan)
    nets.optG.step()
    return torch.stack([loss_pixel.detach(), loss_gan.detach(), loss_D.detach()])


@torch.no_grad()
def update_average(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Move the averaged weights and statistics a little towards the network's."""
    for mean, value in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
        mean.copy_(torch.lerp(value, mean, decay) if mean.is_floating_point() else value)


@torch.no_grad()
def validate(network: nn.Module, folder: Path, settings: Settings, count: int = 48) -> tuple[dict[str, float], Tensor]:
    """Mean absolute colour error on kept-out drawings with and without hints, and a sheet of the first eight."""
    pairs = Pairs(folder, size=settings.size, seed=1, style=settings.pairs, split="val")
    network.eval()
    errors, rows = [], []
    for index in range(count):
        sample = {key: value[None] for key, value in pairs[index].items()}
        line, hint, truth, weight = (sample[key] for key in ("line", "hint", "color", "weight"))
        with_hint, without = network(line, hint), network(line, torch.zeros_like(hint))
        errors.append([float((weight * (x - truth).abs()).sum() / weight.sum() / 3) for x in (with_hint, without)])
        if index < 8:
            shown = hint[:, :3] + 0.85 * (1 - hint[:, 3:])
            rows.append(torch.cat([line.expand(-1, 3, -1, -1), shown, without * line, with_hint * line, truth], 3)[0])
    network.train()
    hinted, plain = torch.tensor(errors).mean(0).tolist()
    return {"error_with_hints": hinted, "error_without_hints": plain}, torch.cat(rows, 1)


def train(
    folder: Path, out: Path, settings: Settings, *, resume: bool = False, said: Callable[[str], None] = print
) -> Path:
    """Train on the prepared pairs in `folder`; returns the exported model's file.

    `out` is the run's folder; with `resume` the checkpoint there is continued exactly. Ctrl-C saves and exports.
    """
    fabric = lightning_fabric.Fabric(accelerator="auto", devices=1, precision=settings.precision)  # type: ignore[arg-type]
    run, nets = Run(out, settings), Networks(settings, fabric)
    start = done = checkpoint.load(run.checkpoint, nets.modules(), nets.optimizers()) if resume else 0
    try:
        for done in steps(fabric, nets, run, folder, settings, start, said):
            if done % settings.save_every == 0:
                keep(run, nets, folder, settings, done, said)
    except KeyboardInterrupt:
        said(f"Stopped after step {done}; continue with --resume.")
    figures = keep(run, nets, folder, settings, done, said)
    run.close()
    return export(nets.average, out / f"{out.name}.safetensors", settings, done, figures)


def steps(
    fabric: lightning_fabric.Fabric, nets: Networks, run: Run, folder: Path, settings: Settings, done: int,
    said: Callable[[str], None],
) -> Iterator[int]:  # fmt: skip
    """Train from step `done` to the last; yields the number of steps done after each."""
    recent = torch.zeros(3, device=fabric.device)
    for step, batch in enumerate(samples(settings, folder, done), done):
        for optimizer in nets.optimizers().values():
            optimizer.param_groups[0]["lr"] = learning_rate(settings, step)
        on_device = {key: value.to(fabric.device) for key, value in batch.items()}
        recent += train_step(fabric, nets, on_device, settings, step)
        update_average(nets.average, nets.netG, min(settings.ema, step / (step + 10)))
        if (step + 1) % settings.log_every == 0:
            pixel, gan, discriminator = (recent / settings.log_every).tolist()
            run.log(step + 1, {"pixel": pixel, "gan": gan, "discriminator": discriminator})
            said(f"step {step + 1} of {settings.steps}: pixel {pixel:.4f}, gan {gan:.3f}, D {discriminator:.3f}")
            recent.zero_()
        yield step + 1


def keep(
    run: Run, nets: Networks, folder: Path, settings: Settings, done: int, said: Callable[[str], None]
) -> dict[str, float]:
    """Write checkpoint, sample sheet and plots; the validation figures."""
    checkpoint.save(run.checkpoint, nets.modules(), nets.optimizers(), done)
    figures, sheet = validate(nets.average, folder, settings)
    run.sample(done, sheet)
    run.plot()
    said(f"step {done}: " + ", ".join(f"{name} {value:.4f}" for name, value in figures.items()))
    return figures


def export(network: nn.Module, file: Path, settings: Settings, done: int, figures: dict[str, float]) -> Path:
    """Write the network as a model of the store, with what is known of it on its card."""
    card = Card(
        name=file.stem,
        label=file.stem.replace("-", " ").capitalize(),
        role="colorizer",
        architecture=settings.architecture,
        settings={"width": settings.width},
        version=f"{done} steps",
        licence="CC BY-SA 4.0",
        trained_on=[source.licence for source in SOURCES],
        metrics={name: round(value, 5) for name, value in figures.items()},
    )
    save(file, network, card)
    return file
