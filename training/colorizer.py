"""Train a hint-conditioned colorizer: G(line, hint) against D(image, line, hint).

Presets: `paper` is Grover and Banker's conditional GAN as their text has it, `baseline` their plain network with
an L2 loss, `inkwash` the one that ships.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import lightning_fabric
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import default_collate

from inkwash.models.networks import ARCHITECTURES
from inkwash.models.networks.unet import COARSE, LEVELS

from . import adversaries
from .adversaries import Networks, Recipe
from .data.pairs import Pairs, Sample
from .discriminators import PaperDiscriminator, PatchDiscriminator
from .presets import Settings


def make_discriminator(settings: Settings) -> nn.Module:
    """The adversary that belongs to the settings' network."""
    return PatchDiscriminator() if settings.pairs == "inkwash" else PaperDiscriminator(settings.size, settings.width)


def make_networks(settings: Settings, fabric: lightning_fabric.Fabric) -> Networks:
    """The settings' network and its adversary."""
    netG, betas = ARCHITECTURES[settings.architecture](width=settings.width), (settings.beta1, settings.beta2)
    nets = Networks(
        fabric, netG, make_discriminator(settings),
        start=settings.start, rates=(settings.lr, settings.lr), betas=(betas, betas),
    )  # fmt: skip
    if settings.lambda_odds:
        nets.netG.mark_forward_method("painted")
    return nets


def samples(settings: Settings, folder: Path) -> Pairs:
    """What the run learns from."""
    return Pairs(folder, size=settings.size, seed=settings.seed, style=settings.pairs, hintless=settings.hintless)


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


RECIPE = Recipe(
    role="colorizer",
    losses=("pixel", "odds", "gan", "discriminator"),
    architecture=lambda settings: settings.architecture,
    networks=make_networks,
    samples=samples,
    step=train_step,
    judge=validate,
)


def train(
    folder: Path, out: Path, settings: Settings, *, resume: bool = False, said: Callable[[str], None] = print
) -> Path:
    """Train on the prepared pairs in `folder`, in the run's folder `out`; returns the exported model's file."""
    return adversaries.train(RECIPE, folder, out, settings, resume=resume, said=said)
