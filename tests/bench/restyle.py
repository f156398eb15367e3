"""Optimisation: how long ours needs for the loss that plain L-BFGS has after 500 steps, on the same picture.

    python tests/bench/restyle.py --side 512 --plot losses.png

Plain L-BFGS is torch's, projected onto the range at every step, float32, at the full size, from noise as the papers
have it or from the content. Ours is the preset `inkwash` of `restyle`, coarse to fine, in the precision that the
daemon would choose here. Losses are those of one objective, at the full size in float32; the time that judging ours
so takes is not counted. Seconds are given by the clock and as the process's own on all cores, which other work on the
machine disturbs less. The user's store must have vgg16.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from inkwash.daemon.work.device import choose
from inkwash.models.store import Store
from inkwash.models.styles.objective import Scales
from inkwash.models.styles.recipes import PRESETS
from inkwash.models.styles.restyling import objective_of, resized, restyle

DATA = Path(__file__).parents[1] / "data"
RECIPE = replace(PRESETS["inkwash"].recipe, settles=False)


class Watch:
    """Seconds by the clock and of this process, without those in which it was held."""

    def __init__(self) -> None:
        self._clock, self._own = time.monotonic(), time.process_time()

    def read(self) -> tuple[float, float]:
        return time.monotonic() - self._clock, time.process_time() - self._own

    def without(self, before: tuple[float, float]) -> None:
        """Do not count what passed since it was read as `before`."""
        now = self.read()
        self._clock += now[0] - before[0]
        self._own += now[1] - before[1]


def picture(file: Path, longest: int) -> torch.Tensor:
    with Image.open(file) as image:
        scale = longest / max(image.size)
        small = image.convert("RGB").resize([round(side * scale) for side in image.size], Image.Resampling.LANCZOS)
    return torch.from_numpy(np.asarray(small).copy()).permute(2, 0, 1)[None].float() / 255


def plain(objective: Scales, start: torch.Tensor, steps: int) -> Iterator[tuple[float, float, float]]:
    """Seconds by the clock, of the process, and the loss, after each step of torch's L-BFGS."""
    pixels = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([pixels], lr=1.0, max_iter=1, max_eval=1, history_size=100)
    watch, losses = Watch(), [0.0]

    def closure() -> float:
        with torch.no_grad():
            pixels.clamp_(0, 1)
        verdict = objective(pixels.detach())
        pixels.grad, losses[0] = verdict.gradient.contiguous(), verdict.loss
        return verdict.loss

    for _ in range(steps):
        optimizer.step(closure)
        yield *watch.read(), losses[0]


def ours(
    network: torch.nn.Module, objective: Scales, content: torch.Tensor, style: torch.Tensor, steps: int, goal: float
) -> Iterator[tuple[float, float, float]]:
    """The same for ours, until the loss is `goal`: the preset up to half the size, then at the full size from there."""
    watch, size = Watch(), content.shape[-2:]
    half = resized(content, size[0] // 2, size[1] // 2)
    *_, begun = restyle(network, half, [(style, 1.0)], RECIPE)
    fine = replace(RECIPE, coarse=False, steps=steps)
    for state in restyle(network, content, [(style, 1.0)], fine, start=begun.picture):
        before = watch.read()
        loss = objective(state.picture).loss
        yield *before, loss
        watch.without(before)
        if loss <= goal:
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=512, help="longest side in pixels")
    parser.add_argument("--steps", type=int, default=500, help="of plain L-BFGS")
    parser.add_argument("--start", choices=("noise", "content"), default="noise", help="of plain L-BFGS; papers: noise")
    parser.add_argument("--content", type=Path, default=DATA / "photo.jpg")
    parser.add_argument("--style", type=Path, default=DATA / "painting.jpg")
    parser.add_argument("--plot", type=Path, help="where to draw loss against seconds")
    options = parser.parse_args()
    device = choose("auto", "auto")
    content, style = picture(options.content, options.side), picture(options.style, options.side)
    exact = Store().load("vgg16", "perceptual").requires_grad_(False).to(device.where)
    exact = exact.to(memory_format=torch.channels_last)
    objective = objective_of(exact, RECIPE, content, [(style, 1.0)], 1024)
    noise = 0.5 + 0.2 * torch.randn(content.shape, generator=torch.Generator().manual_seed(0))
    start = content if options.start == "content" else noise.clamp(0, 1)
    runs = {"plain L-BFGS": list(followed("plain", plain(objective, start, options.steps)))}
    goal = runs["plain L-BFGS"][-1][2]
    network = device.place(Store().load("vgg16", "perceptual"))
    runs["ours"] = list(followed("ours", ours(network, objective, content, style, options.steps, goal)))
    report(runs, goal, options.side)
    if options.plot:
        draw(runs, options.plot, options.side)
        options.plot.with_suffix(".json").write_text(json.dumps(runs))


def followed(name: str, run: Iterator[tuple[float, float, float]]) -> Iterator[tuple[float, float, float]]:
    for number, row in enumerate(run):
        if number % 10 == 0:
            print(
                f"{name}: {number} steps, {row[0]:.0f} s by the clock, {row[1]:.0f} s own, loss {row[2]:.5f}",
                flush=True,
            )
        yield row


def report(runs: dict[str, list[tuple[float, float, float]]], goal: float, side: int) -> None:
    plain_row, our_row = runs["plain L-BFGS"][-1], runs["ours"][-1]
    reached = our_row[2] <= goal
    print(f"\n{side} px, loss after {len(runs['plain L-BFGS'])} plain steps: {goal:.5f}")
    print("| | seconds by the clock | of the process | loss |\n| --- | --- | --- | --- |")
    for name, row in (("plain L-BFGS", plain_row), ("ours", our_row)):
        print(f"| {name} | {row[0]:.0f} | {row[1]:.0f} | {row[2]:.5f} |")
    part, by_clock = our_row[1] / plain_row[1], our_row[0] / plain_row[0]
    words = "reached" if reached else "NOT reached"
    print(f"{words} in {part:.2f} of the process's time, {by_clock:.2f} by the clock")


def draw(runs: dict[str, list[tuple[float, float, float]]], file: Path, side: int) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(8, 4.5))
    for name, rows in runs.items():
        axis.plot([row[1] for row in rows], [row[2] for row in rows], label=name)
    axis.axhline(runs["plain L-BFGS"][-1][2], color="grey", linewidth=0.8, linestyle="dashed")
    axis.set(xlabel="seconds of the process", ylabel="loss", yscale="log", title=f"restyle, longest side {side} px")
    axis.legend()
    figure.tight_layout()
    figure.savefig(file, dpi=90)


if __name__ == "__main__":
    main()
