"""Train the painter: G(lines, flats, form) lays shade and light on flats, against D(shading, lines, flats, form)."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import cos, pi
from pathlib import Path

import lightning_fabric
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader

from inkwash.models.cards import Card
from inkwash.models.networks.painter import Painter, balanced, louder
from inkwash.models.store import save

from .. import checkpoint
from ..colorizer import asked_to_stop, begin_from, ignore_interrupts, update_average
from ..data.catalogue import SOURCES
from ..data.pairs import read_rows
from ..run import Run
from .critic import Critic
from .judging import judged
from .samples import Sample, Shaded
from .settings import PainterSettings

LOSSES = ("pixel", "coarse", "features", "gan", "critic")
# A mean of all that could be tells where light falls, but faintly: the exported painter is to shade as strongly as
# DEVIATION of an illustrator, by MOST_CONTRAST times what it has learned at most.
DEVIATION, MOST_CONTRAST = 0.8, 2.5
FAINT = 0.015  # deviation of a shading, of 1, below which a picture teaches little


class Networks:
    """Painter, critic, averaged painter and their optimisers, on the run's device."""

    def __init__(self, settings: PainterSettings, fabric: lightning_fabric.Fabric) -> None:
        torch.manual_seed(settings.seed)
        netG, netD = Painter(settings.width), Critic()
        if settings.start:
            begin_from(Path(settings.start), netG)
        self.average = copy.deepcopy(netG).requires_grad_(False).to(fabric.device)
        optG = torch.optim.Adam(netG.parameters(), settings.lr, (0.9, 0.99))
        optD = torch.optim.Adam(netD.parameters(), settings.lr_critic, (0.5, 0.99))
        for network in (netG, netD):
            network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.netG, self.optG = fabric.setup(netG, optG)
        self.netD, self.optD = fabric.setup(netD, optD)

    def modules(self) -> dict[str, nn.Module]:
        """What a checkpoint keeps of the networks."""
        return {"netG": self.netG, "netD": self.netD, "average": self.average}

    def optimizers(self) -> dict[str, torch.optim.Optimizer]:
        """What a checkpoint keeps of the optimisers."""
        return {"optG": self.optG, "optD": self.optD}


def samples(settings: PainterSettings, folder: Path, start: int) -> Iterator[Sample]:
    """Batches from step `start` on; the same ones whether or not the run was interrupted before."""
    shaded = Shaded(folder, size=settings.size, seed=settings.seed)
    order = range(start * settings.batch, settings.steps * settings.batch)
    several = settings.workers > 0
    loader = DataLoader(
        shaded, settings.batch, sampler=order, num_workers=settings.workers, worker_init_fn=ignore_interrupts,
        multiprocessing_context="fork" if several else None, prefetch_factor=4 if several else None,
    )  # fmt: skip
    return iter(loader)


def learning_rate(settings: PainterSettings, step: int) -> float:
    """The part of the full rate: 1, then falling as a half cosine over the last part of the run."""
    left = (1 - step / settings.steps) / settings.decay if settings.decay else 1.0
    return 1.0 if left >= 1 else (1 - cos(pi * left)) / 2


def pixel_losses(made: Tensor, true: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
    """Squared error of the shading where it is seen, and of its means over eight pixels a side.

    Squared, because the mean of what could be correlates best with what is; absolute error would leave flat
    whatever is shaded in fewer than half of the pictures. Large errors count by their amount only (Huber). Both are
    told in parts of each picture's own variance, so that soft shading teaches as much as strong.
    """
    wide = (1, 2, 3)
    area = 3 * seen.sum(wide).clamp_min(1)
    variance = (seen * true.square()).sum(wide) / area + FAINT**2
    error = F.huber_loss(made, true, reduction="none", delta=0.15)
    pixel = 2 * (seen * error).sum(wide) / area / variance
    there = F.avg_pool2d(seen, 8)
    means = [F.avg_pool2d(seen * shading, 8) / there.clamp_min(0.05) for shading in (made, true)]
    coarse = (there * (means[0] - means[1]).square()).sum(wide) / (3 * there.sum(wide).clamp_min(1)) / variance
    return pixel.mean(), coarse.mean()


def train_step(
    fabric: lightning_fabric.Fabric, nets: Networks, batch: Sample, settings: PainterSettings, step: int
) -> Tensor:
    """One update of D, once it has joined, and of G; returns the losses in the order of LOSSES."""
    ink, flat, form, seen = (batch[key] for key in ("ink", "flat", "form", "seen"))
    paintable = batch["bodies"] * (seen[:, 0] > 0)
    fake = balanced(nets.netG(ink, flat, form, batch["manner"]), paintable)
    real = balanced(batch["paint"] - flat, paintable)
    pixel, coarse = pixel_losses(fake, real, seen)
    loss_D = loss_gan = features = torch.zeros_like(pixel)
    if settings.lambda_gan > 0 and step >= settings.gan_from:
        answers = nets.netD(torch.cat([real, fake.detach()]), *(torch.cat([x, x]) for x in (ink, flat, form)))
        said_real, said_fake = answers[-1].chunk(2)
        loss_D = F.relu(1 - said_real).mean() + F.relu(1 + said_fake).mean()  # hinge
        nets.optD.zero_grad()
        fabric.backward(loss_D)
        nets.optD.step()
        nets.netD.requires_grad_(False)
        seen_fake = nets.netD(fake, ink, flat, form)
        nets.netD.requires_grad_(True)
        loss_gan = -seen_fake[-1].mean()
        pairs = [(made, both.chunk(2)[0].detach()) for made, both in zip(seen_fake[:-1], answers[:-1], strict=True)]
        features = torch.stack([F.l1_loss(a, b) / b.abs().mean().clamp_min(1e-3) for a, b in pairs]).mean()
    loss = settings.lambda_pixel * pixel + settings.lambda_coarse * coarse
    loss = loss + settings.lambda_features * features + settings.lambda_gan * loss_gan
    nets.optG.zero_grad()
    fabric.backward(loss)
    nets.optG.step()
    return torch.stack([part.detach().float() for part in (pixel, coarse, features, loss_gan, loss_D)])


def train(
    folder: Path, out: Path, settings: PainterSettings, *, resume: bool = False, said: Callable[[str], None] = print
) -> Path:
    """Train on the prepared pairs in `folder`; returns the exported model's file.

    `out` is the run's folder; with `resume` the checkpoint there is continued exactly. Ctrl-C saves and exports.
    """
    fabric = lightning_fabric.Fabric(accelerator="auto", devices=1, precision=settings.precision)  # type: ignore[arg-type]
    run, nets = Run(out, settings), Networks(settings, fabric)
    start = done = checkpoint.load(run.checkpoint, nets.modules(), nets.optimizers()) if resume else 0
    with asked_to_stop() as stop:
        for done in steps(fabric, nets, run, folder, settings, start, said):
            if stop.is_set():
                said(f"Stopped after step {done}; continue with --resume.")
                break
            if done % settings.save_every == 0:
                keep(run, nets, folder, settings, done, said)
    figures, sheet = keep(run, nets, folder, settings, done, said)
    run.close()
    model = out / f"{out.name}.safetensors"
    card = replace(make_card(model.stem, settings, folder), version=f"{done} steps", metrics=figures)
    card = replace(card, thumbnail=run.thumbnail(sheet[:, : settings.size, -2 * settings.size : -settings.size]))
    contrast = min(max(DEVIATION / max(figures["deviation_ratio"], 1e-3), 1.0), MOST_CONTRAST)
    save(model, louder(nets.average, contrast), card)
    return model


def steps(
    fabric: lightning_fabric.Fabric, nets: Networks, run: Run, folder: Path, settings: PainterSettings, done: int,
    said: Callable[[str], None],
) -> Iterator[int]:  # fmt: skip
    """Train from step `done` to the last; yields the number of steps done after each."""
    recent, counted = torch.zeros(len(LOSSES), device=fabric.device), 0
    for step, batch in enumerate(samples(settings, folder, done), done):
        part = learning_rate(settings, step)
        nets.optG.param_groups[0]["lr"], nets.optD.param_groups[0]["lr"] = part * settings.lr, part * settings.lr_critic
        on_device = {key: value.to(fabric.device) for key, value in batch.items()}
        recent, counted = recent + train_step(fabric, nets, on_device, settings, step), counted + 1
        update_average(nets.average, nets.netG, min(settings.ema, step / (step + 10)))
        if (step + 1) % settings.log_every == 0:
            losses = dict(zip(LOSSES, (recent / counted).tolist(), strict=True))
            run.log(step + 1, losses)
            said(f"step {step + 1} of {settings.steps}: " + ", ".join(f"{n} {x:.4f}" for n, x in losses.items() if x))
            recent, counted = torch.zeros_like(recent), 0
        yield step + 1


def keep(
    run: Run, nets: Networks, folder: Path, settings: PainterSettings, done: int, said: Callable[[str], None]
) -> tuple[dict[str, float], Tensor]:
    """Write checkpoint, sample sheet and plots; the validation's figures and the sheet."""
    checkpoint.save(run.checkpoint, nets.modules(), nets.optimizers(), done)
    figures, sheet = judged(nets.average, folder, settings)
    run.sample(done, sheet)
    run.plot()
    said(f"step {done}: " + ", ".join(f"{name} {value:.4f}" for name, value in figures.items()))
    return figures, sheet


def make_card(name: str, settings: PainterSettings, folder: Path) -> Card:
    """What is known of a painter before it is trained: what rebuilds it, and who drew what it learned from."""
    sources = {row["source"] for row in read_rows(folder)}
    licences = [source.licence for source in SOURCES if source.name in sources]
    return Card(
        name=name,
        label=name.replace("-", " ").capitalize(),
        role="painter",
        architecture="painter",
        settings={"width": settings.width},
        version="",
        licence="CC BY-SA 4.0" if licences else "as the pictures that it was trained on",
        trained_on=licences or [f"the pictures in {folder.resolve().name}"],
    )
