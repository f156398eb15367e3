"""How well a painter shades pictures that it has never seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import default_collate

from inkwash.models.networks.painter import balanced

from .samples import Shaded
from .settings import PainterSettings

LUMINANCE = (0.299, 0.587, 0.114)
SHOWN = 8  # pictures on the sheet
JUDGED = ("art4apps", "artwork")  # by these the run is judged: an illustrator's own shading


def agreement(made: Tensor, true: Tensor, seen: Tensor) -> tuple[float, float]:
    """Correlation of two shadings' luminance about their bodies' means, and the first's deviation by the second's.

    Shadings are (3, H, W) float, their mean over each body 0; `seen` is (1, H, W), 1 where they count.
    """
    weights = made.new_tensor(LUMINANCE)[:, None, None]
    a, b = ((shading * weights).sum(0)[seen[0] > 0] for shading in (made, true))
    spread, truth = float(a.square().mean().sqrt()), float(b.square().mean().sqrt())
    return float((a * b).mean()) / max(spread * truth, 1e-9), spread / max(truth, 1e-9)


@torch.no_grad()
def judged(network: nn.Module, folder: Path, settings: PainterSettings) -> tuple[dict[str, float], Tensor]:
    """Mean correlation, ratio of deviation and absolute error on kept-out pictures; a sheet of the first ones."""
    shaded = Shaded(folder, size=settings.size, seed=1, split="val")
    rows = [row for name in JUDGED for row in shaded.groups.get(name, [])] or sum(shaded.groups.values(), [])
    rows = rows[:: max(1, len(rows) // settings.judged)][: settings.judged]
    network.eval()
    device, found, sheet = next(network.parameters()).device, [], torch.zeros(0)
    for start in range(0, len(rows), SHOWN):
        batch = default_collate([shaded.whole(row) for row in rows[start : start + SHOWN]])
        ink, flat, form, manner, paint, seen = (
            batch[key].to(device) for key in ("ink", "flat", "form", "manner", "paint", "seen")
        )
        bodies = batch["bodies"].to(device)
        made = balanced(network(ink, flat, form, manner), bodies)
        counted = bodies * (seen[:, 0] > 0)
        judged_made, true = balanced(made, counted), balanced(paint - flat, counted)
        for a, b, s in zip(judged_made, true, seen, strict=True):
            found.append((*agreement(a, b, s), float((s * (a - b).abs()).sum() / (3 * s.sum().clamp_min(1)))))
        if start == 0:
            line = (1 - ink).expand(-1, 3, -1, -1)
            columns = [line, flat * line, (flat + made).clamp(0, 1) * line, paint * line]
            sheet = torch.cat(columns, 3).transpose(0, 1).flatten(1, 2)
    network.train()
    correlation, ratio, error = np.mean(found, 0).round(5).tolist()
    return {"correlation": correlation, "deviation_ratio": ratio, "error": error}, sheet
