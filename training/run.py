"""A run's folder: settings, log, loss plots, samples, checkpoint and the model that comes out."""

from __future__ import annotations

import base64
import csv
import io
import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

THUMBNAIL = 96  # pixels a side


class Run:
    """Files of one training run. `folder` is made; the log of an earlier part of the run is continued."""

    def __init__(self, folder: Path, settings: Any) -> None:
        from torch.utils.tensorboard import SummaryWriter

        self.folder = folder
        (folder / "samples").mkdir(parents=True, exist_ok=True)
        (folder / "settings.json").write_text(json.dumps(asdict(settings), indent=1, default=str))
        self.log_file = folder / "log.csv"
        self.board = SummaryWriter(str(folder / "tensorboard"))
        self.started = time.monotonic() - self._seconds_before()

    def _seconds_before(self) -> float:
        """How long earlier parts of the run took, by their log."""
        if not self.log_file.exists():
            return 0.0
        with self.log_file.open() as stream:
            return max((float(row["seconds"]) for row in csv.DictReader(stream)), default=0.0)

    @property
    def checkpoint(self) -> Path:
        """Where the run's state is kept."""
        return self.folder / "checkpoint.safetensors"

    def log(self, step: int, figures: Mapping[str, float]) -> None:
        """Append one row of figures to the log and to TensorBoard."""
        fresh = not self.log_file.exists()
        row = {"step": step, "seconds": round(time.monotonic() - self.started, 1), **figures}
        with self.log_file.open("a", newline="") as stream:
            writer = csv.DictWriter(stream, row)
            if fresh:
                writer.writeheader()
            writer.writerow(row)
        for name, value in figures.items():
            self.board.add_scalar(name, value, step)

    def sample(self, step: int, sheet: Tensor) -> None:
        """Keep a picture (3, H, W) float in [0, 1] of what the network does now."""
        pixels = (sheet.clamp(0, 1) * 255).round().byte().permute(1, 2, 0).cpu().numpy()
        Image.fromarray(np.ascontiguousarray(pixels)).save(self.folder / "samples" / f"{step:07}.png")

    def thumbnail(self, picture: Tensor) -> str:
        """A picture (3, H, W) float in [0, 1] as a small PNG in base64, for a card."""
        small = F.interpolate(picture[None], (THUMBNAIL, THUMBNAIL), mode="area")[0].cpu()
        stream = io.BytesIO()
        pixels = (small.clamp(0, 1) * 255).round().byte().permute(1, 2, 0).contiguous().numpy()
        Image.fromarray(pixels).save(stream, "PNG", optimize=True)
        return base64.b64encode(stream.getvalue()).decode()

    def plot(self) -> None:
        """Draw every figure of the log against the steps and the seconds into `losses.png`, once there is one."""
        if not self.log_file.exists():
            return
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot

        with self.log_file.open() as stream:
            rows = list(csv.DictReader(stream))
        names = [name for name in rows[0] if name not in ("step", "seconds")]
        size = (12, 2.2 * len(names))
        figure, axes = pyplot.subplots(len(names), 2, figsize=size, sharex="col", sharey="row", squeeze=False)
        for column, along in enumerate(("step", "seconds")):
            for axis, name in zip(axes[:, column], names, strict=True):
                axis.plot([float(row[along]) for row in rows], [float(row[name]) for row in rows])
            axes[-1, column].set_xlabel(along)
        for axis, name in zip(axes[:, 0], names, strict=True):
            axis.set_ylabel(name)
        figure.tight_layout()
        figure.savefig(self.folder / "losses.png", dpi=80)
        pyplot.close(figure)

    def close(self) -> None:
        """Flush TensorBoard."""
        self.board.close()
