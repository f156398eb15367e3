"""How fast the methods of `restyle` make the loss smaller, against time and against steps, on one pair of pictures.

The comparisons of Grover and Banker (L-BFGS and Adam), of Srinath, Yin and Verma (gradient descent, Adadelta, Adam,
L-BFGS) and of Ding et al. (Newton-like and Monte-Carlo methods; mean square error, a Frechet distance, and time).
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from inkwash.models.networks.vgg import VGG
from inkwash.models.styles.optimisers import METHODS, RATES
from inkwash.models.styles.recipes import PRESETS
from inkwash.models.styles.restyling import resized, restyle

from ..pictures import save_sheet

RESPONSES = "relu3_1"  # the layer whose responses the Frechet distance is between


@dataclass(frozen=True)
class Curve:
    """One method's run."""

    seconds: list[float]
    losses: list[float]
    picture: Tensor  # (1, 3, H, W), the best one

    @property
    def best(self) -> float:
        """The smallest loss."""
        return min(self.losses)


def study(
    network: VGG, content: Tensor, style: Tensor, out: Path, *, start: str = "noise", steps: int = 60,
    methods: Sequence[str] = tuple(METHODS), said: Callable[[str], None] = print,
) -> dict[str, Curve]:  # fmt: skip
    """Run every method for as many steps, and write curves, plots, pictures and a report into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    curves = {}
    for name in methods:
        curves[name] = _run(network, content, style, name, start, steps)
        said(f"{name}: loss {curves[name].best:.4f} after {curves[name].seconds[-1]:.1f} s")
    _write_curves(curves, out / "losses.csv")
    _plot(curves, out)
    save_sheet(out / "pictures.png", {"content": content, **{name: curve.picture for name, curve in curves.items()}})
    (out / "report.md").write_text(_report(network, content, style, curves, start), "utf-8")
    return curves


def _run(network: VGG, content: Tensor, style: Tensor, method: str, start: str, steps: int) -> Curve:
    recipe = replace(
        PRESETS["inkwash"].recipe, method=method, rate=RATES[method], start=start, steps=steps, coarse=False,
        settles=False,
    )  # fmt: skip
    began, seconds, losses, picture = time.monotonic(), list[float](), list[float](), content
    for state in restyle(network, content, [(style, 1.0)], recipe):
        seconds.append(time.monotonic() - began)
        losses.append(state.verdict.loss)
        picture = state.picture
    return Curve(seconds, losses, picture)


def _write_curves(curves: dict[str, Curve], file: Path) -> None:
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["method", "step", "seconds", "loss"])
        for name, curve in curves.items():
            for step, (seconds, loss) in enumerate(zip(curve.seconds, curve.losses, strict=True), 1):
                writer.writerow([name, step, round(seconds, 3), loss])


def _plot(curves: dict[str, Curve], out: Path) -> None:
    """`loss-time.png` and `loss-steps.png`, and each method's own `loss-steps-METHOD.png`."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    def draw(names: Sequence[str], along: str, file: str) -> None:
        figure, axis = pyplot.subplots(figsize=(7, 4))
        for name in names:
            curve = curves[name]
            across = curve.seconds if along == "seconds" else list(range(1, len(curve.losses) + 1))
            axis.plot(across, curve.losses, label=name)
        axis.set(xlabel=along, ylabel="loss", yscale="log")
        axis.legend()
        figure.tight_layout()
        figure.savefig(out / file, dpi=90)
        pyplot.close(figure)

    draw(list(curves), "seconds", "loss-time.png")
    draw(list(curves), "step", "loss-steps.png")
    for name in curves:
        draw([name], "step", f"loss-steps-{name.replace(' ', '-')}.png")


def _report(network: VGG, content: Tensor, style: Tensor, curves: dict[str, Curve], start: str) -> str:
    """A table of every method's end."""
    lines = [
        f"Loss, time and likeness of {len(curves)} methods, from {start}, {content.shape[-1]} x {content.shape[-2]}",
        "pixels. MSE is the mean square error of colours in [0, 1]; Frechet is the distance between the distributions",
        f"of the perceptual network's responses at {RESPONSES} (it stands in for the FID, whose network is another).",
        "",
        "| method | loss | seconds | MSE to content | MSE to style | Frechet to content | Frechet to style |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    fitted = resized(style, *content.shape[-2:])
    for name, curve in curves.items():
        errors = [f"{float((curve.picture - other).square().mean()):.4f}" for other in (content, fitted)]
        distances = [f"{frechet(network, curve.picture, other):.1f}" for other in (content, style)]
        lines.append(f"| {name} | {curve.best:.4f} | {curve.seconds[-1]:.1f} | {' | '.join([*errors, *distances])} |")
    return "\n".join([*lines, "", "Plots: loss-time.png, loss-steps.png. Pictures: pictures.png.", ""])


@torch.no_grad()
def frechet(network: VGG, one: Tensor, other: Tensor) -> float:
    """The Frechet distance between two pictures' responses, each place being a sample (Heusel et al. 2017).

    |m1 - m2|^2 + trace(C1 + C2 - 2 (C1 C2)^(1/2)), with means m and covariances C over the places.
    """
    means, roots = [], []
    for picture in (one, other):
        places = network(picture, [RESPONSES])[RESPONSES][0].flatten(1).double()
        means.append(places.mean(1))
        values, vectors = torch.linalg.eigh(torch.cov(places))
        roots.append(vectors * values.clamp_min(0).sqrt() @ vectors.T)
    shared = torch.linalg.svdvals(roots[0] @ roots[1]).sum()  # the trace of the root of C1 C2
    spread = sum(root.square().sum() for root in roots)
    return float((means[0] - means[1]).square().sum() + spread - 2 * shared)
