"""Colour every picture with every colorizer at every amount of hints, and measure what comes back."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from scipy.integrate import trapezoid

from .colorizers import Colorizer, Hints, under_lines
from .metrics import at_judged_side, hint_error, measured
from .perceptual import perceptual_distance
from .pictures import Entry, Picture
from .shading import shading

RATIOS = (0.0, 0.03, 0.1, 0.25, 0.5, 1.0)  # parts of a picture's patches that carry a hint, the largest first
NEEDS_HINTAUC = "Hint-AUC needs the package hintauc: install it with `pip install inkwash[evaluate]`."


@dataclass(frozen=True)
class Row:
    """One picture coloured once."""

    set: str
    picture: str
    colorizer: str
    ratio: float
    psnr: float  # dB, at 256 pixels
    ssim: float  # 0 to 1, at 256 pixels
    l1: float  # mean absolute difference, 0 to 1
    emd: float  # earth mover's distance of the colour histograms, 0 to 1
    sift: float  # part of the SIFT features found again, 0 to 1
    euclidean: float  # root mean square distance, %
    psnr_lined: float  # dB, the true colours under the same lines: what the colours alone make of it
    ssim_lined: float  # 0 to 1, likewise
    hint_error: float | None  # CIEDE2000 of the colour layer inside the hints; None without hints
    perceptual: float | None  # distance in the perceptual network, under the same lines; None without the network
    shading: float | None  # correlation of the shading with the truth's, -1 to 1; None where the truth has none
    deviation: float | None  # how strong the shading is, by the truth's


Hinter = Callable[[Picture, float], Hints]


def scribbles(picture: Picture) -> Callable[[float], Hints]:
    """The deterministic scribbles of the Hint-AUC protocol for a picture, by ratio; ImportError without hintauc."""
    try:
        import hintauc
        from hintauc.evaluate import hint_inputs
    except ImportError as error:
        raise ImportError(NEEDS_HINTAUC) from error
    # "geodesic" is the protocol's deterministic way; its other one draws random numbers.
    found = hintauc.generate_hints(np.ascontiguousarray(picture.truth[..., ::-1]), path_method="geodesic")

    def at(ratio: float) -> Hints:
        colour, mask = hint_inputs(found, ratio, "scribble", *picture.line.shape)
        return np.dstack([colour[..., ::-1], mask])

    return at


def judged(
    entry: Entry, colorizers: Sequence[Colorizer], ratios: Sequence[float], hinter: Any = scribbles
) -> list[Row]:
    """A row for each colorizer and ratio."""
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    picture = entry.read()
    hints_at, rows = hinter(picture), []
    lined_truth = under_lines(picture.truth, picture.line)
    for ratio in ratios:
        hints = hints_at(ratio)
        for colorizer in colorizers:
            colour = colorizer.colour(picture.line, hints)
            shown = under_lines(colour, picture.line)
            figures: dict[str, Any] = dict(measured(shown, picture.truth))
            figures["psnr_lined"], figures["ssim_lined"] = at_judged_side(shown, lined_truth)
            error = hint_error(colour, hints)
            figures["shading"], figures["deviation"] = shading(colour, picture.truth, picture.line, hints)
            figures["perceptual"] = perceptual_distance(shown, lined_truth)
            rows.append(Row(entry.set, entry.name, colorizer.name, ratio, hint_error=error, **figures))
    return rows


def judge(
    entries: Sequence[Entry], colorizers: Sequence[Colorizer], ratios: Sequence[float], processes: int
) -> Iterator[list[Row]]:
    """`judged` for every picture, in order, on so many processes."""
    if processes <= 1:
        yield from (judged(entry, colorizers, ratios) for entry in entries)
        return
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        jobs = [pool.submit(judged, entry, colorizers, ratios) for entry in entries]
        yield from (job.result() for job in jobs)


def curve(rows: Iterable[Row], measure: str) -> dict[float, float]:
    """The measure's mean over pictures at every ratio that it is known for."""
    at: dict[float, list[float]] = {}
    for row in rows:
        value = getattr(row, measure)
        if value is not None:
            at.setdefault(row.ratio, []).append(value)
    return {ratio: float(np.mean(values)) for ratio, values in sorted(at.items())}


def area(points: dict[float, float]) -> float:
    """The area under a curve over the ratios (trapezoids), divided by their span; its value if it is one point."""
    ratios, values = list(points), list(points.values())
    if len(ratios) == 1:
        return values[0]
    return float(trapezoid(values, ratios) / (ratios[-1] - ratios[0]))
