"""Train an upscaler: the super-resolution system of Johnson, Alahi and Fei-Fei 2016, with the picture itself to learn.

Departure: the loss is the mean absolute difference, with the paper's comparison of responses at relu2_2 where
`content_weight` is above 0; the paper has that alone, which leaves a pattern on flat colours.
"""

from __future__ import annotations

import copy
from dataclasses import asdict
from math import isfinite, log10
from pathlib import Path

import lightning_fabric
import torch
import torch.nn.functional as F
from torch import Tensor

from inkwash.models.cards import Card
from inkwash.models.networks.transform import Upscaler
from inkwash.models.store import save
from inkwash.models.styles.losses import content_loss

from .. import checkpoint
from ..crops import Crops
from ..loop import asked_to_stop, learning_rate, update_average
from ..run import Run
from ..styles.perception import perceive
from ..styles.style_cards import style_card
from ..styles.stylizing import Say
from .upscale_settings import UpscaleSettings


def train(folder: Path, out: Path, settings: UpscaleSettings, *, resume: bool = False, said: Say = print) -> Path:
    """Train on the pictures in `folder`; returns the model's file. Ctrl-C saves, `resume` goes on exactly."""
    torch.manual_seed(settings.seed)
    fabric = lightning_fabric.Fabric(accelerator="auto", devices=1, precision=settings.precision)  # type: ignore[arg-type]
    network = Upscaler(settings.factor, settings.width, settings.blocks)
    average = copy.deepcopy(network).requires_grad_(False).to(fabric.device)
    model, optimizer = fabric.setup(network, torch.optim.Adam(network.parameters(), settings.lr, (0.9, 0.99)))
    networks, optimizers = {"network": model, "average": average}, {"optimizer": optimizer}
    perception = perceive(fabric.device, torch.float32, "relu2_2", []) if settings.content_weight else None
    crops = Crops(folder, size=settings.size, seed=settings.seed)
    kept_out = Crops(folder, size=256, seed=settings.seed, split="val").middles(settings.judged).to(fabric.device)
    run = Run(out, settings)
    done = checkpoint.load(run.checkpoint, networks, optimizers) if resume else 0
    if not resume:
        checkpoint.save(run.checkpoint, networks, optimizers, 0)
    recent = 0.0
    with asked_to_stop() as stop:
        loader = crops.loader(settings.batch, start=done, steps=settings.steps, workers=settings.workers)
        for step, batch in enumerate(loader, done):
            large = batch.to(fabric.device)
            optimizer.param_groups[0]["lr"] = learning_rate(settings, step)
            made = model(shrunk(large, settings.factor))
            loss = F.l1_loss(made, large)
            if perception is not None:
                loss = loss + settings.content_weight * _difference(perception.network, made, large)
            if not isfinite(float(loss.detach())):
                done = checkpoint.load(run.checkpoint, networks, optimizers)
                said(f"The loss is no number any more after step {step}: the model of step {done} is kept.")
                break
            optimizer.zero_grad()
            fabric.backward(loss)
            optimizer.step()
            update_average(average, model, min(settings.ema, step / (step + 10)))
            done, recent = step + 1, recent + float(loss.detach())
            if done % settings.log_every == 0:
                run.log(done, {"loss": recent / settings.log_every})
                said(f"step {done} of {settings.steps}: loss {recent / settings.log_every:.4f}")
                recent = 0.0
            if done % settings.save_every == 0 or stop.is_set():
                checkpoint.save(run.checkpoint, networks, optimizers, done)
                judge(average, kept_out, run, done, said)
            if stop.is_set():
                said(f"Stopped after step {done}; continue with --resume.")
                break
    checkpoint.save(run.checkpoint, networks, optimizers, done)
    figures = judge(average, kept_out, run, done, said)
    run.close()
    rebuilt = {key: asdict(settings)[key] for key in ("factor", "width", "blocks")}
    card = Card(out.name, out.name.replace("-", " ").capitalize(), "upscaler", "upscaler", rebuilt, f"{done} steps", "")
    file = out / f"{out.name}.safetensors"
    save(file, average, style_card(card, folder, metrics=figures))
    return file


def shrunk(large: Tensor, factor: int) -> Tensor:
    """(B, 3, H, W) to (B, 3, H/f, W/f), as a program makes pictures smaller."""
    return F.interpolate(large, scale_factor=1 / factor, mode="bicubic", antialias=True).clamp(0, 1)


def _difference(network: torch.nn.Module, made: Tensor, large: Tensor) -> Tensor:
    found, wanted = (network(x, ["relu2_2"])["relu2_2"] for x in (made, large))
    difference: Tensor = content_loss(found, wanted) / wanted.square().mean()
    return difference


@torch.no_grad()
def judge(network: Upscaler, pictures: Tensor, run: Run, done: int, said: Say) -> dict[str, float]:
    """PSNR on kept-out pictures (N, 3, 256, 256), ours and bicubic's, in dB; a sheet of the first four."""
    ours, bicubic = 0.0, 0.0
    rows: list[Tensor] = []
    for picture in torch.split(pictures, 1):
        small = shrunk(picture, network.factor)
        made, plain = network(small).clamp(0, 1), network.enlarged(small).clamp(0, 1)
        ours += psnr(made, picture) / len(pictures)
        bicubic += psnr(plain, picture) / len(pictures)
        if len(rows) < 4:
            rows.append(torch.cat([plain, made, picture], 3)[0])
    run.sample(done, torch.cat(rows, 1))
    run.plot()
    said(f"step {done}: PSNR {ours:.2f} dB, bicubic {bicubic:.2f} dB")
    return {"psnr": round(ours, 2), "psnr_bicubic": round(bicubic, 2)}


def psnr(made: Tensor, truth: Tensor) -> float:
    """Peak signal-to-noise ratio of pictures in [0, 1], dB."""
    return -10 * log10(max(1e-10, float(F.mse_loss(made, truth))))
