"""Train the painter: G(lines, flats, form) lays shade and light on flats, against D(shading, lines, flats, form)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import lightning_fabric
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from inkwash.models.networks.painter import Painter, balanced, louder

from .. import adversaries
from ..adversaries import Networks, Recipe
from .critic import Critic
from .judging import judged
from .samples import Sample, Shaded
from .settings import PainterSettings

# A mean of all that could be tells where light falls, but faintly: the exported painter is to shade as strongly as
# DEVIATION of an illustrator, by MOST_CONTRAST times what it has learned at most. More takes strokes from their
# colours: CIEDE2000 above 2 on the mean of the demo's.
DEVIATION, MOST_CONTRAST = 0.7, 2.5
FAINT = 0.015  # deviation of a shading, of 1, below which a picture teaches little


def make_networks(settings: PainterSettings, fabric: lightning_fabric.Fabric) -> Networks:
    """Painter and critic."""
    return Networks(
        fabric, Painter(settings.width), Critic(),
        start=settings.start, rates=(settings.lr, settings.lr_critic), betas=((0.9, 0.99), (0.5, 0.99)),
    )  # fmt: skip


def samples(settings: PainterSettings, folder: Path) -> Shaded:
    """What the run learns from."""
    return Shaded(folder, size=settings.size, seed=settings.seed)


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
    """One update of D, once it has joined, and of G; returns the losses in the order of RECIPE's `losses`."""
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


def as_strong(network: nn.Module, figures: dict[str, float]) -> nn.Module:
    """The painter that shades as strongly as an illustrator."""
    assert isinstance(network, Painter)
    return louder(network, min(max(DEVIATION / max(figures["deviation_ratio"], 1e-3), 1.0), MOST_CONTRAST))


RECIPE = Recipe(
    role="painter",
    losses=("pixel", "coarse", "features", "gan", "critic"),
    architecture=lambda settings: "painter",
    networks=make_networks,
    samples=samples,
    step=train_step,
    judge=judged,
    finish=as_strong,
)


def train(
    folder: Path, out: Path, settings: PainterSettings, *, resume: bool = False, said: Callable[[str], None] = print
) -> Path:
    """Train on the prepared pairs in `folder`, in the run's folder `out`; returns the exported model's file."""
    return adversaries.train(RECIPE, folder, out, settings, resume=resume, said=said)
