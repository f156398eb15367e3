"""Train pix2pix on pairs of pictures: G(A) against D(A, B), after Isola et al. 2017 with the settings of Table 1."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import isfinite
from pathlib import Path

import lightning_fabric
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, default_collate

from inkwash.models.cards import Card
from inkwash.models.networks.pix2pix import Pix2Pix
from inkwash.models.store import save

from .. import checkpoint
from ..colorizer import adversarial
from ..discriminators import PairDiscriminator
from ..loop import asked_to_stop, ignore_interrupts
from ..run import Run
from .pair_folder import Pair, Pairs, find
from .pair_settings import PairSettings

JUDGED = 16  # kept-out pairs that a run is judged by at most
SHOWN = 6  # of them on a sample sheet
Say = Callable[[str], None]


class Networks:
    """Generator, discriminator and their optimisers, on the run's device."""

    def __init__(self, settings: PairSettings, fabric: lightning_fabric.Fabric) -> None:
        torch.manual_seed(settings.seed)
        netG, netD = Pix2Pix(settings.width, settings.levels), PairDiscriminator(settings.width)
        for network in (netG, netD):
            network.apply(_initialise)
        optG, optD = (torch.optim.Adam(net.parameters(), settings.lr, (settings.beta1, 0.999)) for net in (netG, netD))
        self.netG, self.optG = fabric.setup(netG, optG)
        self.netD, self.optD = fabric.setup(netD, optD)

    def modules(self) -> dict[str, nn.Module]:
        """What a checkpoint keeps of the networks."""
        return {"netG": self.netG, "netD": self.netD}

    def optimizers(self) -> dict[str, torch.optim.Optimizer]:
        """What a checkpoint keeps of the optimisers."""
        return {"optG": self.optG, "optD": self.optD}


def _initialise(layer: nn.Module) -> None:
    """Weights from a normal distribution of deviation 0.02, as the paper has it."""
    if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(layer.weight, 0.0, 0.02)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1.0, 0.02)


def split(pairs: list[Pair], settings: PairSettings) -> tuple[list[Pair], list[Pair]]:
    """The pairs to learn from and those to be judged by; with a single one it is both."""
    order = torch.randperm(len(pairs), generator=torch.Generator().manual_seed(settings.seed)).tolist()
    count = min(max(1, round(settings.kept_out * len(pairs))), len(pairs) - 1) if settings.kept_out else 0
    kept = [pairs[index] for index in order[:count]]
    return [pairs[index] for index in order[count:]], kept or pairs[:1]


def samples(pairs: list[Pair], settings: PairSettings, start: int) -> Iterator[dict[str, Tensor]]:
    """Batches from step `start` on; the same ones whether or not the run was interrupted before."""
    order = range(start * settings.batch, settings.steps * settings.batch)
    loader = DataLoader(
        Pairs(pairs, settings), settings.batch, sampler=order, num_workers=settings.workers,
        multiprocessing_context="fork" if settings.workers else None, worker_init_fn=ignore_interrupts,
    )  # fmt: skip
    return iter(loader)


def train_step(
    fabric: lightning_fabric.Fabric, nets: Networks, batch: dict[str, Tensor], settings: PairSettings, step: int
) -> Tensor:
    """One update of D and one of G; returns the losses (L1, G's adversarial, D's)."""
    torch.manual_seed(settings.seed + step)  # of the dropout: a resumed run drops the same
    real_A, real_B = batch["A"], batch["B"]
    fake_B = nets.netG(real_A)
    loss_D = adversarial(nets.netD(real_A, real_B), True) + adversarial(nets.netD(real_A, fake_B.detach()), False)
    nets.optD.zero_grad()
    fabric.backward(loss_D)
    nets.optD.step()
    loss_gan = adversarial(nets.netD(real_A, fake_B), True)
    loss_L1 = 2 * (fake_B - real_B).abs().mean()  # pictures are in [-1, 1] in the paper
    nets.optG.zero_grad()
    fabric.backward(settings.gan_weight * loss_gan + settings.l1_weight * loss_L1)
    nets.optG.step()
    return torch.stack([loss_L1.detach(), loss_gan.detach(), loss_D.detach()])


@torch.no_grad()
def validate(network: nn.Module, kept: list[Pair], settings: PairSettings) -> tuple[dict[str, float], Tensor]:
    """Mean absolute colour error on kept-out pairs, and a sheet of some: A, what is made of it, B."""
    network.eval()
    device = next(network.parameters()).device
    data, error, rows = Pairs(kept, settings, random=False), 0.0, list[Tensor]()
    count = min(JUDGED, len(kept))
    for index in range(count):
        batch = default_collate([data[index]])
        made = network(batch["A"].to(device)).cpu()
        error += (made - batch["B"]).abs().mean().item() / count
        if len(rows) < SHOWN:
            rows.append(torch.cat([batch["A"][0], made[0], batch["B"][0]], 2))
    network.train()
    return {"error": round(error, 5)}, torch.cat(rows, 1)


def train(folder: Path, out: Path, settings: PairSettings, *, resume: bool = False, said: Say = print) -> Path:
    """Train on the pairs in `folder`; returns the exported model's file.

    `out` is the run's folder; with `resume` the checkpoint there is continued exactly. Ctrl-C saves and exports.
    ValueError if there are no pairs, if the checkpoint is of another network, or if the loss ceases to be a number.
    """
    learned, kept = split(find(folder, said), settings)
    fabric = lightning_fabric.Fabric(accelerator="auto", devices=1, precision=settings.precision)  # type: ignore[arg-type]
    run, nets = Run(out, settings), Networks(settings, fabric)
    start = done = checkpoint.load(run.checkpoint, nets.modules(), nets.optimizers()) if resume else 0
    saved = start if resume else -1
    with asked_to_stop() as stop:
        for done in steps(fabric, nets, run, learned, settings, start, said):
            if done % settings.save_every == 0:
                keep(run, nets, kept, settings, done, said)
                saved = done
            if stop.is_set():
                said(f"Stopped after step {done}; continue with --resume.")
                break
    if saved != done:
        keep(run, nets, kept, settings, done, said)
    figures, sheet = validate(nets.netG, kept, settings)
    run.close()
    side, width = settings.crop_size, settings.crop_width
    thumbnail = run.thumbnail(sheet[:, :side, width : 2 * width])
    model = out / f"{out.name}.safetensors"
    save(model, nets.netG, make_card(model.stem, folder, settings, f"{done} steps", figures, thumbnail))
    return model


def steps(
    fabric: lightning_fabric.Fabric, nets: Networks, run: Run, pairs: list[Pair], settings: PairSettings, done: int,
    said: Say,
) -> Iterator[int]:  # fmt: skip
    """Train from step `done` to the last; yields the number of steps done after each. ValueError if it diverges."""
    recent, counted = torch.zeros(3, device=fabric.device), 0
    for step, batch in enumerate(samples(pairs, settings, done), done):
        on_device = {key: value.to(fabric.device) for key, value in batch.items()}
        recent, counted = recent + train_step(fabric, nets, on_device, settings, step), counted + 1
        if (step + 1) % settings.log_every == 0:
            pixel, gan, discriminator = (recent / counted).tolist()
            if not isfinite(pixel + gan + discriminator):
                raise ValueError(f"The loss was no number at step {step + 1}; the last checkpoint is kept. Lower lr.")
            run.log(step + 1, {"L1": pixel, "gan": gan, "discriminator": discriminator})
            said(f"step {step + 1} of {settings.steps}: L1 {pixel:.4f}, gan {gan:.3f}, D {discriminator:.3f}")
            recent, counted = torch.zeros_like(recent), 0
        yield step + 1


def keep(run: Run, nets: Networks, kept: list[Pair], settings: PairSettings, done: int, said: Say) -> None:
    """Write checkpoint, sample sheet and plots."""
    checkpoint.save(run.checkpoint, nets.modules(), nets.optimizers(), done)
    figures, sheet = validate(nets.netG, kept, settings)
    run.sample(done, sheet)
    run.plot()
    said(f"step {done}: error {figures['error']:.4f} on kept-out pairs")


def make_card(
    name: str, folder: Path, settings: PairSettings, version: str, figures: dict[str, float], thumbnail: str
) -> Card:
    """The card of a trained model. Its role is that of a colorizer: it paints a drawing as it has learned, unhinted."""
    return Card(
        name=name,
        label=name.replace("-", " ").capitalize(),
        role="colorizer",
        architecture="pix2pix",
        settings={"width": settings.width, "levels": settings.levels},
        version=version,
        licence="as the pictures that it was trained on",
        trained_on=[f"the pairs of pictures in {folder.resolve().name}"],
        metrics=figures,
        thumbnail=thumbnail,
    )
