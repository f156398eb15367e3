"""One training loop for every network that paints in styles: content, style and smoothness against pictures."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

import lightning_fabric
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from inkwash.models.networks.layers import Layer, Sketch
from inkwash.models.styles.losses import total_variation

from .. import checkpoint
from ..crops import Crops, Leaves, Squares
from ..loop import asked_to_stop, learning_rate, update_average
from ..run import Run
from .perception import Perception, Style, perceive, read_style
from .style_presets import StyleSettings
from .targets import Copied, Optimised, Pairs, Taught

Say = Callable[[str], None]
FIGURES = ("content", "style", "smooth", "identity")


class Diverged(ValueError):
    """The loss is no number any more."""


class Painter(nn.Module):
    """What is trained: `forward(pictures, styles)` paints (B, 3, H, W), each in the style of its number.

    With `styles` None it gives the pictures back, if the network can do that.
    """

    gives_back = False

    def forward(self, pictures: Tensor, styles: Sequence[int] | None, noise: Tensor | float = 0.0) -> Tensor:
        """Pictures (B, 3, H, W) float, sRGB in [0, 1], in styles, the same shape; the network sees noise on them."""
        raise NotImplementedError

    def share(self, learns: bool) -> None:
        """Whether what styles share learns from now on; where there is no such thing, nothing happens."""

    def sketches(self, styles: Sequence[int]) -> list[Sketch]:
        """The sketch of each of the styles; none where the network has no such thing."""
        return []


def parts(painter: nn.Module, plain: float, gain: float) -> list[dict[str, Any]]:
    """The parameters that learn, in groups with their `part` of the learning rate.

    Norm makes a layer's scale nothing; without it, a thousand weights that all move a little move its result a lot, so
    layers without norm learn at the part `plain`; what stands alone, as gains and shifts, at the part `gain`.
    """
    groups: dict[float, list[nn.Parameter]] = {1.0: [], plain: [], gain: []}
    for layer in painter.modules():
        for name, parameter in layer.named_parameters(recurse=False):
            alone = isinstance(layer, Sketch) or (isinstance(layer, Layer) and layer.norm and name != "weight")
            part = gain if alone else 1.0 if isinstance(layer, Layer) and layer.norm else plain
            if parameter.requires_grad:
                groups[part].append(parameter)
    return [{"params": parameters, "part": part} for part, parameters in groups.items() if parameters]


def adopt(painter: Painter, paintings: Sequence[Tensor]) -> None:
    """Give the sketches the palettes of the paintings, one for each style."""
    for sketch, painting in zip(painter.sketches(range(len(paintings))), paintings, strict=False):
        sketch.adopt(painting)


@torch.no_grad()
def recoloured(painter: Painter, pictures: Tensor, styles: Sequence[int]) -> Tensor:
    """What pictures (B, 3, H, W) are to show: themselves, in their paintings' palettes where sketches know those."""
    sketches = painter.sketches(styles)
    if not sketches:
        return pictures
    parts = [sketch.recoloured(x) for sketch, x in zip(sketches, torch.split(pictures, 1), strict=True)]
    return torch.cat(parts).clamp(0, 1)


def contents(folder: Path | None, settings: StyleSettings) -> tuple[Squares, Squares]:
    """What is trained on, and what is kept out to judge by; ValueError if the folder has no usable picture."""
    size, seed, judged = settings.size, settings.seed, 2 * settings.size
    if folder is None:
        return Leaves(size=size, seed=seed), Leaves(size=judged, seed=seed + 1)
    return Crops(folder, size=size, seed=seed), Crops(folder, size=judged, seed=seed, split="val")


@dataclass
class Studio:
    """One run: its painter with the averaged copy and the optimiser, its styles and its pictures."""

    settings: StyleSettings
    painter: Painter
    folder: Path | None  # of pictures; without one, made-up ones are used
    styles: dict[str, Path]  # pictures by the name of the style
    out: Path  # the run's folder
    said: Say
    fabric: lightning_fabric.Fabric = field(init=False)

    def __post_init__(self) -> None:
        settings = self.settings
        torch.manual_seed(settings.seed)
        self.fabric = lightning_fabric.Fabric(accelerator="auto", devices=1, precision=settings.precision)  # type: ignore[arg-type]
        device = self.fabric.device
        dtype = torch.float32 if settings.precision.startswith("32") else torch.bfloat16
        self.perception: Perception = perceive(
            device, dtype, settings.content_layer, settings.style_layers.split(","), statistics=settings.statistics
        )
        self.paintings = [read_style(file, settings.style_side).to(device) for file in self.styles.values()]
        self.remembered: list[Style] = [self.perception.remember(painting) for painting in self.paintings]
        self.crops, self.judged = contents(self.folder, settings)
        self.targets: Optimised | Taught | Copied | None = None
        if settings.method == "pictures":
            named = dict(zip(self.styles, self.paintings, strict=True))
            self.targets = Optimised(
                self.out / "targets", self.perception.network, self.crops, named,
                samples=settings.samples, steps=settings.optimised_steps, said=self.said,
            )  # fmt: skip
        elif settings.method == "taught":
            self.targets = Taught(list(self.styles), device)
        elif settings.taught_first:
            self.targets = Copied(self.paintings)
        self.pairs = Pairs(self.paintings, settings) if settings.pairs_every else None
        adopt(self.painter.to(device), self.paintings)
        self.average = copy.deepcopy(self.painter).requires_grad_(False)
        optimizer = torch.optim.Adam(
            parts(self.painter, settings.plain_lr, settings.gain_lr), settings.lr, (0.9, settings.beta2)
        )
        self.painter.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.network, self.optimizer = self.fabric.setup(self.painter, optimizer)

    def saved(self) -> tuple[dict[str, nn.Module], dict[str, Any]]:
        """What a checkpoint keeps."""
        return {"painter": self.network, "average": self.average}, {"optimizer": self.optimizer}

    def gives_back(self, step: int) -> bool:
        """Whether in this step the painter learns to give pictures back as they are."""
        every, first = self.settings.identity_every, self.settings.identity_first
        again = self.targets is None and step % every == every - 1  # with targets, in two stages
        return self.painter.gives_back and (step < first or again)

    def _aim(
        self, pictures: Tensor, numbers: Sequence[int], step: int, noise: Tensor
    ) -> tuple[Tensor, Tensor | None, bool]:
        """What is painted in this step, what it is to become if that is known, and whether that is the painting."""
        settings = self.settings
        if self.targets is not None and (settings.method != "perceptual" or step < settings.taught_first):
            return *self.targets.batch(pictures, numbers, step, noise), False
        if self.pairs is not None and step % settings.pairs_every == settings.pairs_every - 1:
            return *self.pairs.batch(numbers, step), True
        return pictures, None, False

    def train_step(self, pictures: Tensor, step: int) -> Tensor:
        """One update; returns the losses in the order of FIGURES."""
        settings, zero = self.settings, pictures.new_zeros(())
        if settings.method == "pictures":
            self.painter.share(step < settings.identity_first)
        content = style = smooth = identity = zero
        if self.gives_back(step):
            identity = F.mse_loss(self.network(pictures, None).float(), pictures)
            loss = settings.identity_weight * identity
        else:
            numbers = [(step * settings.batch + i) % len(self.styles) for i in range(len(pictures))]
            generator = torch.Generator(pictures.device).manual_seed(settings.seed + step)
            noise = settings.noise * torch.randn(pictures.shape, generator=generator, device=pictures.device)
            pictures, target, pair = self._aim(pictures, numbers, step, noise)
            made = self.network(pictures, numbers, noise).float()
            if target is not None and not pair:
                content = F.mse_loss(made, target)  # equation 4 of Srinath et al.
                loss = content
            else:
                shown = recoloured(self.painter, pictures, numbers) if target is None else target
                content, style = self.perception.compare(made, shown, [self.remembered[n] for n in numbers])
                # What is beyond the range is cut off later; here it counts as roughness, so that nothing hides there.
                smooth = total_variation(made, power=2) + (made - made.clamp(0, 1)).square().mean()
                weights = settings.content_weight, settings.style_weight, settings.smooth_weight
                loss = weights[0] * content + weights[1] * style + weights[2] * smooth
                if pair:
                    identity = F.mse_loss(made, shown)
                    loss = loss + settings.identity_weight * identity
        if not isfinite(float(loss.detach())):
            raise Diverged
        self.optimizer.zero_grad()
        self.fabric.backward(loss)
        self.optimizer.step()
        return torch.stack([content, style, smooth, identity]).detach()

    def steps(self, run: Run, done: int) -> Iterator[int]:
        """Train from step `done` to the last; yields the number of steps done after each. Diverged."""
        settings = self.settings
        recent, counted = torch.zeros(2, len(FIGURES), device=self.fabric.device), 0
        loader = self.crops.loader(settings.batch, start=done, steps=settings.steps, workers=settings.workers)
        for step, pictures in enumerate(loader, done):
            rate = learning_rate(settings, step)
            for group in self.optimizer.param_groups:
                group["lr"] = group["part"] * min(1.0, (step + 1) / settings.warm_up) * rate
            losses = self.train_step(pictures.to(self.fabric.device), step)
            recent, counted = recent + torch.stack([losses, (losses > 0).float()]), counted + 1
            update_average(self.average, self.network, min(settings.ema, step / (step + 10)))
            if (step + 1) % settings.log_every == 0:
                means = (recent[0] / recent[1].clamp_min(1)).tolist()
                run.log(step + 1, dict(zip(FIGURES, means, strict=True)))
                figures = ", ".join(f"{name} {value:.4f}" for name, value in zip(FIGURES, means, strict=True) if value)
                self.said(f"step {step + 1} of {settings.steps}: {figures}")
                recent = torch.zeros_like(recent)
            yield step + 1

    @torch.no_grad()
    def judge(self) -> tuple[dict[str, dict[str, float]], Tensor]:
        """Content and style loss on the kept-out pictures by style, and a sheet: a row a picture, a column a style."""
        pictures = self.judged.middles(self.settings.judged).to(self.fabric.device)
        figures, columns = {}, [pictures[:4]]
        for number, name in enumerate(self.styles):
            losses, shown = [], []
            for picture in torch.split(pictures, 1):
                made = self.average(picture, [number]).float()
                losses.append(torch.stack(self.perception.compare(made, picture, [self.remembered[number]])))
                shown.append(made)
            content, style = torch.stack(losses).mean(0).tolist()
            figures[name] = {"content_loss": round(content, 4), "style_loss": round(style, 4)}
            columns.append(torch.cat(shown[:4]))
        return figures, torch.cat(columns, 3).transpose(0, 1).flatten(1, 2)


def run_through(studio: Studio, *, resume: bool) -> tuple[Run, int]:
    """Train to the last step, to Ctrl-C, or to where the loss was last a number; the run and the steps done."""
    run, settings, said = Run(studio.out, studio.settings), studio.settings, studio.said
    networks, optimizers = studio.saved()
    done = kept = checkpoint.load(run.checkpoint, networks, optimizers) if resume else 0
    if not resume:
        checkpoint.save(run.checkpoint, networks, optimizers, 0)
    try:
        with asked_to_stop() as stop:
            for step in studio.steps(run, done):
                done = step
                if stop.is_set():
                    said(f"Stopped after step {done}; continue with --resume.")
                    break
                if done % settings.save_every == 0:
                    checkpoint.save(run.checkpoint, networks, optimizers, done)
                    kept = done
                    keep(studio, run, done)
        checkpoint.save(run.checkpoint, networks, optimizers, done)
    except Diverged:
        said(f"The loss is no number any more after step {done}: the model of step {kept} is kept. Try a smaller --lr.")
        done = checkpoint.load(run.checkpoint, networks, optimizers)
    return run, done


def keep(studio: Studio, run: Run, done: int) -> dict[str, dict[str, float]]:
    """Write the sample sheet and the plots, say the figures; returns them by style."""
    figures, sheet = studio.judge()
    run.sample(done, sheet)
    run.plot()
    for name, values in figures.items():
        studio.said(f"step {done}, {name}: " + ", ".join(f"{key} {value:.4f}" for key, value in values.items()))
    return figures
