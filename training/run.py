"""A run's folder: settings, log, loss plots, samples, checkpoint and the model that comes out."""

from __future__ import annotations

import base64
import csv
import io
import json
import time
from collections.abc import Mapping
from contextlib import suppress
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
        if self.log_file.exists():
            self._mend_log()
        self.board = SummaryWriter(str(folder / "tensorboard"))
        self.started = time.monotonic() - self._seconds_before()

    def _seconds_before(self) -> float:
        """How long earlier parts of the run took, by their log."""
        return max((row["seconds"] for row in self._rows()), default=0.0)

    def _mend_log(self) -> None:
        """Let the next row begin a line of its own, in a log that can be read."""
        if not self._rows():
            self.log_file.replace(self.folder / "log.damaged.csv")
        elif not self.log_file.read_bytes().endswith(b"\n"):  # the run was killed while it wrote
            with self.log_file.open("a") as stream:
                stream.write("\n")

    def _rows(self) -> list[dict[str, float]]:
        """The log's whole rows; what is left of one in which the run was killed, or anything else, is passed over."""
        if not self.log_file.exists():
            return []
        with self.log_file.open(encoding="utf-8", errors="replace", newline="") as stream:
            lines = [line.replace("\0", "") for line in stream]
        rows = []
        for row in csv.DictReader(lines):
            with suppress(TypeError, ValueError):
                rows.append({str(name): float(value) for name, value in row.items()})
        return [row for row in rows if {"step", "seconds"} < set(row) and set(row) == set(rows[0])]

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
        rows = self._rows()
        if not rows:
            return
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot

        names = [name for name in rows[0] if name not in ("step", "seconds")]
        size = (12, 2.2 * len(names))
        figure, axes = pyplot.subplots(len(names), 2, figsize=size, sharex="col", sharey="row", squeeze=False)
        for column, along in enumerate(("step", "seconds")):
            for axis, name in zip(axes[:, column], names, strict=True):
                axis.plot([row[along] for row in rows], [row[name] for row in rows])
            axes[-1, column].set_xlabel(along)
        for axis, name in zip(axes[:, 0], names, strict=True):
            axis.set_ylabel(name)
        figure.tight_layout()
        figure.savefig(self.folder / "losses.png", dpi=80)
        pyplot.close(figure)

    def close(self) -> None:
        """Flush TensorBoard."""
        self.board.close()
