"""Train a hint-conditioned colorizer: G(line, hint) against D(image, line, hint).

Presets: `paper` is Grover and Banker's conditional GAN as their text has it, `baseline` their plain network with
an L2 loss, `inkwash` the one that ships.
"""

from __future__ import annotations

import contextlib
import copy
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from math import cos, pi
from pathlib import Path

import lightning_fabric
import safetensors.torch
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, default_collate

from inkwash.models.cards import Card
from inkwash.models.networks import ARCHITECTURES
from inkwash.models.networks.unet import COARSE, LEVELS
from inkwash.models.store import save

from . import checkpoint
from .data.catalogue import SOURCES
from .data.pairs import Pairs, Sample, read_rows
from .discriminators import PaperDiscriminator, PatchDiscriminator
from .presets import Settings
from .run import Run

LOSSES = ("pixel", "odds", "gan", "discriminator")


def make_discriminator(settings: Settings) -> nn.Module:
    """The adversary that belongs to the settings' network."""
    return PatchDiscriminator() if settings.pairs == "inkwash" else PaperDiscriminator(settings.size, settings.width)


class Networks:
    """Generator, discriminator, averaged generator and their optimisers, on the run's device."""

    def __init__(self, settings: Settings, fabric: lightning_fabric.Fabric) -> None:
        torch.manual_seed(settings.seed)
        netG, netD = ARCHITECTURES[settings.architecture](width=settings.width), make_discriminator(settings)
        if settings.start:
            begin_from(Path(settings.start), netG)
        self.average = copy.deepcopy(netG).requires_grad_(False).to(fabric.device)
        optG, optD = (
            torch.optim.Adam(net.parameters(), settings.lr, (settings.beta1, settings.beta2)) for net in (netG, netD)
        )
        for network in (netG, netD):
            network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.netG, self.optG = fabric.setup(netG, optG)
        if settings.lambda_odds:
            self.netG.mark_forward_method("painted")
        self.netD, self.optD = fabric.setup(netD, optD)

    def modules(self) -> dict[str, nn.Module]:
        """What a checkpoint keeps of the networks."""
        return {"netG": self.netG, "netD": self.netD, "average": self.average}

    def optimizers(self) -> dict[str, torch.optim.Optimizer]:
        """What a checkpoint keeps of the optimisers."""
        return {"optG": self.optG, "optD": self.optD}


def begin_from(file: Path, network: nn.Module) -> None:
    """Give `network` the weights in `file`; ValueError if they are another network's."""
    try:
        network.load_state_dict(safetensors.torch.load_file(file))
    except (OSError, RuntimeError, safetensors.SafetensorError) as error:
        raise ValueError(f"{file} cannot be started from: {error}") from error


def learning_rate(settings: Settings, step: int) -> float:
    """Constant, then falling as a half cosine over the last part of the run."""
    left = (1 - step / settings.steps) / settings.decay if settings.decay else 1.0
    return settings.lr if left >= 1 else settings.lr * (1 - cos(pi * left)) / 2


def samples(settings: Settings, folder: Path, start: int) -> Iterator[Sample]:
    """Batches from step `start` on; the same ones whether or not the run was interrupted before."""
    pairs = Pairs(folder, size=settings.size, seed=settings.seed, style=settings.pairs, hintless=settings.hintless)
    order = range(start * settings.batch, settings.steps * settings.batch)
    loader = DataLoader(
        pairs, settings.batch, sampler=order, num_workers=settings.workers,
        multiprocessing_context="fork" if settings.workers else None, prefetch_factor=4 if settings.workers else None,
        worker_init_fn=ignore_interrupts,
    )  # fmt: skip
    return iter(loader)


@contextlib.contextmanager
def asked_to_stop() -> Iterator[threading.Event]:
    """An event that Ctrl-C sets, so that a run stops between two steps and not in the middle of one."""
    stop = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def ignore_interrupts(worker: int) -> None:
    """Leave Ctrl-C to the process that trains."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def adversarial(logits: Tensor, real: bool) -> Tensor:
    """Cross entropy of the discriminator's answer (equation of section 4.2)."""
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, float(real)))


def train_step(fabric: lightning_fabric.Fabric, nets: Networks, batch: Sample, settings: Settings, step: int) -> Tensor:
    """One update of D, once it has joined, and of G; returns the losses (pixel, odds, G's adversarial, D's)."""
    line, hint, real_B, weight = batch["line"], batch["hint"], batch["color"], batch["weight"]
    if settings.noise:
        z = torch.randn(line.shape, generator=torch.Generator().manual_seed(settings.seed + step))
        line = line + settings.noise * z.to(line)
    loss_odds = line.new_zeros(())
    if settings.lambda_odds:
        fake_B, odds = nets.netG.painted(line, hint)
        bare = (hint[:, 3:].amax((1, 2, 3), keepdim=True) == 0).to(weight)  # what is hinted may have any colours
        loss_odds = surprise(odds, real_B, weight * bare)
    else:
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
    fabric.backward(
        settings.lambda_pixel * loss_pixel + settings.lambda_odds * loss_odds + settings.lambda_gan * loss_gan
    )
    nets.optG.step()
    return torch.stack([loss_pixel.detach(), loss_odds.detach(), loss_gan.detach(), loss_D.detach()])


def surprise(odds: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    """Mean cross entropy of `InkwashUNet.painted`'s odds, `weight` (B, 1, H, W) counting, against the true colours.

    `truth` is (B, 3, H, W) in [0, 1]. A colour between those of the cube is shared out to the eight around it, so that
    their mean by their odds is the colour itself.
    """
    middle = (slice(None), slice(None), slice(COARSE // 2, None, COARSE), slice(COARSE // 2, None, COARSE))
    place = truth[middle] * (LEVELS - 1)
    low = place.floor().clamp_max(LEVELS - 2)
    part, low = place - low, low.long()
    total = torch.zeros_like(part[:, :1])
    for corner in product((0, 1), repeat=3):
        up = torch.tensor(corner, device=part.device)[:, None, None]
        share = torch.where(up == 1, part, 1 - part).prod(1, keepdim=True)
        red, green, blue = (low + up).tensor_split(3, 1)
        total = total - share * odds.gather(1, (red * LEVELS + green) * LEVELS + blue)
    counts = weight[middle]
    return (counts * total).sum() / counts.sum().clamp_min(1)


@torch.no_grad()
def update_average(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Move the averaged weights and statistics a little towards the network's."""
    for mean, value in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
        mean.copy_(torch.lerp(value, mean, decay) if mean.is_floating_point() else value)


@torch.no_grad()
def validate(network: nn.Module, folder: Path, settings: Settings) -> tuple[dict[str, float], Tensor]:
    """Mean absolute colour error on kept-out drawings with and without hints, and a sheet of the first eight."""
    pairs = Pairs(folder, size=settings.size, seed=1, style=settings.pairs, split="val")
    network.eval()
    errors, sheet = torch.zeros(2), torch.zeros(0)
    device = next(network.parameters()).device
    for start in range(0, settings.judged, 8):
        batch = default_collate([pairs[index] for index in range(start, min(start + 8, settings.judged))])
        line, hint, truth, weight = (batch[key].to(device) for key in ("line", "hint", "color", "weight"))
        made = [network(line, hint), network(line, torch.zeros_like(hint))]
        errors += torch.tensor([float((weight * (x - truth).abs()).mean() / weight.mean()) * len(line) for x in made])
        if start == 0:
            shown = hint[:, :3] + 0.85 * (1 - hint[:, 3:])
            columns = [line.expand(-1, 3, -1, -1), shown, made[1] * line, made[0] * line, truth]
            sheet = torch.cat(columns, 3).transpose(0, 1).flatten(1, 2)
    network.train()
    with_hints, without = (round(error, 5) for error in (errors / settings.judged).tolist())
    return {"error_with_hints": with_hints, "error_without_hints": without}, sheet


def train(
    folder: Path, out: Path, settings: Settings, *, resume: bool = False, said: Callable[[str], None] = print
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
    side = settings.size
    model = out / f"{out.name}.safetensors"
    card = replace(make_card(model.stem, settings, folder), version=f"{done} steps")
    thumbnail = run.thumbnail(sheet[:, :side, 3 * side : 4 * side])  # the first drawing, coloured by its hints
    save(model, nets.average, replace(card, metrics=figures, thumbnail=thumbnail))
    return model


def steps(
    fabric: lightning_fabric.Fabric, nets: Networks, run: Run, folder: Path, settings: Settings, done: int,
    said: Callable[[str], None],
) -> Iterator[int]:  # fmt: skip
    """Train from step `done` to the last; yields the number of steps done after each."""
    recent, counted = torch.zeros(4, device=fabric.device), 0
    for step, batch in enumerate(samples(settings, folder, done), done):
        for optimizer in nets.optimizers().values():
            optimizer.param_groups[0]["lr"] = learning_rate(settings, step)
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
    run: Run, nets: Networks, folder: Path, settings: Settings, done: int, said: Callable[[str], None]
) -> tuple[dict[str, float], Tensor]:
    """Write checkpoint, sample sheet and plots; the validation's figures and the sheet."""
    checkpoint.save(run.checkpoint, nets.modules(), nets.optimizers(), done)
    figures, sheet = validate(nets.average, folder, settings)
    run.sample(done, sheet)
    run.plot()
    said(f"step {done}: " + ", ".join(f"{name} {value:.4f}" for name, value in figures.items()))
    return figures, sheet


def make_card(name: str, settings: Settings, folder: Path) -> Card:
    """What is known of a model before it is trained: what rebuilds it, and who drew what it learned from."""
    sources = {row["source"] for row in read_rows(folder)}
    licences = [source.licence for source in SOURCES if source.name in sources]
    return Card(
        name=name,
        label=name.replace("-", " ").capitalize(),
        role="colorizer",
        architecture=settings.architecture,
        settings={"width": settings.width},
        version="",
        licence="CC BY-SA 4.0" if licences else "as the pictures that it was trained on",
        trained_on=licences or [f"the pictures in {folder.resolve().name}"],
    )
