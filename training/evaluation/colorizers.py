"""What can be judged: Inkwash's own filter, a bare network, and other programs that an artist might use."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inkwash.models.cards import Card
from inkwash.models.filters import find
from inkwash.models.pictures.pixels import as_float
from inkwash.models.store import Store

from .pictures import Grey, Rgb

Hints = NDArray[np.uint8]  # (H, W, 4) RGBA, straight alpha


class Colorizer(Protocol):
    """Something that colours line art."""

    name: str

    def colour(self, line: Grey, hints: Hints) -> Rgb:
        """The colour that goes under `line`, in places where `hints` say so or as the colorizer thinks best."""


def under_lines(colour: Rgb, line: Grey) -> Rgb:
    """The finished picture: the colour with its lines multiplied over it."""
    return np.asarray((colour * (line[..., None] / np.float32(255))).round(), np.uint8)


def _tensor(array: NDArray[np.uint8]) -> Tensor:
    """(H, W, C) as (1, C, H, W) float in [0, 1]."""
    return torch.from_numpy(np.array(array)).permute(2, 0, 1)[None].float() / 255


def _pixels(colour: Tensor) -> Rgb:
    """(1, 3 | 4, H, W) float in [0, 1], on white, as (H, W, 3)."""
    rgb = colour[0].float()
    if len(rgb) == 4:
        rgb = torch.lerp(torch.ones(()), rgb[:3], rgb[3:])
    return np.asarray((rgb * 255).round().byte().permute(1, 2, 0).numpy(), np.uint8)


@dataclass
class Bench:
    """The context that a filter runs in when nobody waits for it: the CPU, in single precision."""

    store: Store
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    dtype: torch.dtype = torch.float32
    tile: int = 4096
    pixels: int = 2**28
    enough: bool = False
    loaded: dict[str, torch.nn.Module] = field(default_factory=dict)

    def network(self, name: str, role: str) -> torch.nn.Module:
        """The store's model, kept."""
        if name not in self.loaded:
            self.loaded[name] = self.store.load(name, role)
        return self.loaded[name]

    def notice(self, text: str) -> None:
        """Nobody is there to be told."""

    def keep(self, network: torch.nn.Module, card: Card) -> None:
        """Nothing is kept: judging leaves no models behind."""


class Inkwash:
    """The filter `colorize` with one model and finish."""

    def __init__(self, model: str, finish: str = "painted", store: Store | None = None) -> None:
        self.name = "inkwash" if finish == "painted" else f"inkwash {finish}"
        self.settings, self.bench = {"model": model, "finish": finish}, Bench(store or Store())

    def colour(self, line: Grey, hints: Hints) -> Rgb:
        """What the filter puts on its colour layer."""
        filter = find("colorize")
        inputs = {"line": _tensor(line[..., None])}
        if hints[..., 3].any():
            inputs["hints"] = _tensor(hints)
        with torch.inference_mode():
            running: Any = filter.body(inputs, filter.settings(self.settings), self.bench)
            while True:
                try:
                    next(running)
                except StopIteration as end:
                    return _pixels(as_float(end.value["color"]))


class Bare:
    """A model's network alone, without all that the filter does before and after it."""

    def __init__(self, model: str, store: Store | None = None) -> None:
        self.name = model
        self.network = (store or Store()).load(model, "colorizer")

    def colour(self, line: Grey, hints: Hints) -> Rgb:
        """What the network paints."""
        hint = _tensor(hints)
        hint[:, :3] *= hint[:, 3:]
        with torch.inference_mode():
            return _pixels(self.network(_tensor(line[..., None]), hint))


class Gmic:
    """G'MIC's *Colorize lineart [smart coloring]*, with the settings that its dialog starts with."""

    name = "gmic"
    command = ("fx_colorize_lineart_smart", "1,95,0,0,1,24,200,0,75,2,60,20,90,1,10,1,0")

    def __init__(self) -> None:
        if shutil.which("gmic") is None:
            raise FileNotFoundError("The peer gmic needs the program gmic: install it, or leave --peer out.")

    def colour(self, line: Grey, hints: Hints) -> Rgb:
        """Its third output, on white."""
        with tempfile.TemporaryDirectory() as folder:
            cv2.imwrite(f"{folder}/hints.png", cv2.cvtColor(hints, cv2.COLOR_RGBA2BGRA))
            cv2.imwrite(f"{folder}/lines.png", line)
            words = ("gmic", "hints.png", "lines.png", *self.command, "output", "out.png")
            subprocess.run(words, cwd=folder, check=True, capture_output=True, timeout=300)
            made = cv2.imread(str(Path(folder) / "out_000002.png"), cv2.IMREAD_UNCHANGED)
        if made is None:  # it gives no colour where it was given none
            return np.full((*line.shape, 3), 255, np.uint8)
        return _pixels(_tensor(np.asarray(cv2.cvtColor(made, cv2.COLOR_BGRA2RGBA), np.uint8)))
