"""Generator against discriminator, on prepared pairs: the networks and the loop of the recipes that train so."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

import lightning_fabric
import safetensors.torch
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from inkwash.models.cards import Card
from inkwash.models.store import save

from . import checkpoint
from .data.catalogue import SOURCES
from .data.pairs import read_rows
from .loop import asked_to_stop, ignore_interrupts, learning_rate, update_average
from .run import Run

Settings = TypeVar("Settings", bound=Any)
Judgement = tuple[dict[str, float], Tensor]  # figures of kept-out pictures, and a sheet of some (3, H, W) in [0, 1]


class Networks:
    """Generator, discriminator, averaged generator and their optimisers, on the run's device.

    `start` is a model's file whose weights the generator begins with, "" for none; ValueError if they are another
    network's. `rates` are the learning rates of both, `betas` Adam's for each.
    """

    def __init__(
        self,
        fabric: lightning_fabric.Fabric,
        generator: nn.Module,
        discriminator: nn.Module,
        *,
        start: str,
        rates: tuple[float, float],
        betas: tuple[tuple[float, float], tuple[float, float]],
    ) -> None:
        if start:
            begin_from(Path(start), generator)
        self.average = copy.deepcopy(generator).requires_grad_(False).to(fabric.device)
        self.rates = {"optG": rates[0], "optD": rates[1]}
        optG = torch.optim.Adam(generator.parameters(), rates[0], betas[0])
        optD = torch.optim.Adam(discriminator.parameters(), rates[1], betas[1])
        for network in (generator, discriminator):
            network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.netG, self.optG = fabric.setup(generator, optG)
        self.netD, self.optD = fabric.setup(discriminator, optD)

    def modules(self) -> dict[str, nn.Module]:
        """What a checkpoint keeps of the networks."""
        return {"netG": self.netG, "netD": self.netD, "average": self.average}

    def optimizers(self) -> dict[str, torch.optim.Optimizer]:
        """What a checkpoint keeps of the optimisers."""
        return {"optG": self.optG, "optD": self.optD}

    def set_rate(self, part: float) -> None:
        """Let both learn at that part of their full rates."""
        for name, optimizer in self.optimizers().items():
            optimizer.param_groups[0]["lr"] = part * self.rates[name]


def begin_from(file: Path, network: nn.Module) -> None:
    """Give `network` the weights in `file`; ValueError if they are another network's."""
    try:
        network.load_state_dict(safetensors.torch.load_file(file))
    except (OSError, RuntimeError, safetensors.SafetensorError) as error:
        raise ValueError(f"{file} cannot be started from: {error}") from error


@dataclass(frozen=True)
class Recipe(Generic[Settings]):
    """What is a recipe's own. `losses` names what `step` returns, in that order.

    A judgement's sheet has a row a picture, and the network's own picture as the last column but one.
    """

    role: str
    losses: tuple[str, ...]
    architecture: Callable[[Settings], str]
    networks: Callable[[Settings, lightning_fabric.Fabric], Networks]
    samples: Callable[[Settings, Path], Dataset[Any]]
    step: Callable[[lightning_fabric.Fabric, Networks, Any, Settings, int], Tensor]
    judge: Callable[[nn.Module, Path, Settings], Judgement]
    finish: Callable[[nn.Module, dict[str, float]], nn.Module] = lambda network, figures: network


def train(
    recipe: Recipe[Settings], folder: Path, out: Path, settings: Settings, *, resume: bool, said: Callable[[str], None]
) -> Path:
    """Train on the prepared pairs in `folder`; returns the exported model's file.

    `out` is the run's folder; with `resume` the checkpoint there is continued exactly. Ctrl-C saves and exports.
    """
    fabric = lightning_fabric.Fabric(accelerator="auto", devices=1, precision=settings.precision)
    torch.manual_seed(settings.seed)
    run, nets = Run(out, settings), recipe.networks(settings, fabric)
    start = done = checkpoint.load(run.checkpoint, nets.modules(), nets.optimizers()) if resume else 0
    with asked_to_stop() as stop:
        for done in _steps(recipe, fabric, nets, run, folder, settings, start, said):
            if stop.is_set():
                said(f"Stopped after step {done}; continue with --resume.")
                break
            if done % settings.save_every == 0:
                _keep(recipe, run, nets, folder, settings, done, said)
    figures, sheet = _keep(recipe, run, nets, folder, settings, done, said)
    run.close()
    model, side = out / f"{out.name}.safetensors", settings.size
    thumbnail = run.thumbnail(sheet[:, :side, -2 * side : -side])
    card = replace(_card(recipe, model.stem, settings, folder), version=f"{done} steps", metrics=figures)
    save(model, recipe.finish(nets.average, figures), replace(card, thumbnail=thumbnail))
    return model


def _batches(recipe: Recipe[Settings], settings: Settings, folder: Path, start: int) -> Iterator[dict[str, Tensor]]:
    """Batches from step `start` on; the same ones whether or not the run was interrupted before."""
    order = range(start * settings.batch, settings.steps * settings.batch)
    loader = DataLoader(
        recipe.samples(settings, folder), settings.batch, sampler=order, num_workers=settings.workers,
        multiprocessing_context="fork" if settings.workers else None, prefetch_factor=4 if settings.workers else None,
        worker_init_fn=ignore_interrupts,
    )  # fmt: skip
    return iter(loader)


def _steps(
    recipe: Recipe[Settings], fabric: lightning_fabric.Fabric, nets: Networks, run: Run, folder: Path,
    settings: Settings, done: int, said: Callable[[str], None],
) -> Iterator[int]:  # fmt: skip
    """Train from step `done` to the last; yields the number of steps done after each."""
    recent, counted = torch.zeros(len(recipe.losses), device=fabric.device), 0
    for step, batch in enumerate(_batches(recipe, settings, folder, done), done):
        nets.set_rate(learning_rate(settings, step) / settings.lr)
        on_device = {key: value.to(fabric.device) for key, value in batch.items()}
        recent, counted = recent + recipe.step(fabric, nets, on_device, settings, step), counted + 1
        update_average(nets.average, nets.netG, min(settings.ema, step / (step + 10)))
        if (step + 1) % settings.log_every == 0:
            losses = dict(zip(recipe.losses, (recent / counted).tolist(), strict=True))
            run.log(step + 1, losses)
            said(f"step {step + 1} of {settings.steps}: " + ", ".join(f"{n} {x:.4f}" for n, x in losses.items() if x))
            recent, counted = torch.zeros_like(recent), 0
        yield step + 1


def _keep(
    recipe: Recipe[Settings], run: Run, nets: Networks, folder: Path, settings: Settings, done: int,
    said: Callable[[str], None],
) -> Judgement:  # fmt: skip
    """Write checkpoint, sample sheet and plots; the validation's figures and the sheet."""
    checkpoint.save(run.checkpoint, nets.modules(), nets.optimizers(), done)
    figures, sheet = recipe.judge(nets.average, folder, settings)
    run.sample(done, sheet)
    run.plot()
    said(f"step {done}: " + ", ".join(f"{name} {value:.4f}" for name, value in figures.items()))
    return figures, sheet


def _card(recipe: Recipe[Settings], name: str, settings: Settings, folder: Path) -> Card:
    """What is known of a model before it is trained: what rebuilds it, and who drew what it learned from."""
    sources = {row["source"] for row in read_rows(folder)}
    licences = [source.licence for source in SOURCES if source.name in sources]
    return Card(
        name=name,
        label=name.replace("-", " ").capitalize(),
        role=recipe.role,
        architecture=recipe.architecture(settings),
        settings={"width": settings.width},
        version="",
        licence="CC BY-SA 4.0" if licences else "as the pictures that it was trained on",
        trained_on=licences or [f"the pictures in {folder.resolve().name}"],
    )
