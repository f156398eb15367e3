"""Judges stylizers: each style on each picture against its painting; a table, plots and a sheet to look at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor

from inkwash.models.cards import read_card
from inkwash.models.filters import find
from inkwash.models.networks.vgg import VGG
from inkwash.models.store import Store

from ..crops import Crops
from ..styles.perception import read_style
from .colorizers import Bench
from .painting import Judge, seam
from .report import table

ANY, RESTYLE = "any", "restyle"
TITLES = {
    "emd": "relaxed EMD to the style", "content": "content distance", "frechet": "Frechet distance to the style",
    "mse_content": "MSE to the content", "mse_style": "MSE to the style", "grain": "grain at two pixels",
    "seam": "seam",
}  # fmt: skip
STRIPS = 256  # of the tile that a picture is painted with again, to look for seams
CELL = 192  # pixels of a picture's side on the sheet


@dataclass(frozen=True)
class Made:
    """One picture in one style."""

    style: str
    by: str  # the style itself, "any" or "restyle"
    picture: Tensor  # (1, 3, H, W)
    figures: Mapping[str, float]


def paintings(folder: Path, styles: Sequence[str]) -> dict[str, Path]:
    """The painting of each of the styles, `STYLE.*` in `folder`, X-light that of X; ValueError if there is none."""
    known = styles or [card.name for card in Store().cards("stylizer") if card.name != ANY]
    found = {name: next(iter(sorted(folder.glob(f"{name.removesuffix('-light')}.*"))), None) for name in known}
    there = {name: file for name, file in found.items() if file is not None}
    missing = sorted(set(styles) - set(there))
    if missing or not there:
        raise ValueError(f"{folder} has no painting called {', '.join(missing) or 'as a style'}.*")
    return there


def judge(pictures: Path, styles: Mapping[str, Path], *, count: int, side: int, restyled: bool) -> Iterator[list[Made]]:
    """For each style what it makes of the middle squares of `count` pictures, beside the copyist and `restyle`."""
    squares = torch.split(Crops(pictures, size=side, seed=0).middles(count), 1)
    network = Store().load("vgg16", "perceptual")
    assert isinstance(network, VGG)
    bench = Bench(Store())
    for style, file in styles.items():
        painting = read_style(file, side)
        judged = Judge(network, painting)
        kept = read_card(Store().file(style)).architecture == "manner"  # the copyist paints exactly as that does
        ways = [style, *([] if kept else [ANY]), *([RESTYLE] if restyled else [])]
        yield [_judged(style, by, square, painting, judged, bench) for by in ways for square in squares]


def _judged(style: str, by: str, picture: Tensor, painting: Tensor, judged: Judge, bench: Bench) -> Made:
    inputs = {"picture": _opaque(picture)}
    if by == RESTYLE:
        made = _run("restyle", {**inputs, "style": _opaque(painting)}, {}, bench)
        return Made(style, by, made, judged(made, picture))
    if by == ANY:
        inputs["painting"] = _opaque(painting)
    made = _run("stylize", inputs, {"style": by}, bench)
    bench.tile, whole = STRIPS, bench.tile
    parts = _run("stylize", inputs, {"style": by}, bench)
    bench.tile = whole
    return Made(style, by, made, {**judged(made, picture), "seam": seam(made, parts)})


def _run(id: str, inputs: dict[str, Tensor], settings: dict[str, Any], bench: Bench) -> Tensor:
    """A filter's one output."""
    filter = find(id)
    with torch.no_grad():
        running: Any = filter.body(inputs, filter.settings(settings), bench)
        while True:
            try:
                next(running)
            except StopIteration as end:
                made: Tensor = next(iter(end.value.values()))
                return made


def _opaque(picture: Tensor) -> Tensor:
    return torch.cat([picture, torch.ones_like(picture[:, :1])], 1)


def figures(made: Sequence[Made]) -> dict[str, dict[str, dict[str, float]]]:
    """The mean of each measure over the pictures, by style and by who painted."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for style, by in dict.fromkeys((one.style, one.by) for one in made):
        rows = [one.figures for one in made if (one.style, one.by) == (style, by)]
        found.setdefault(style, {})[by] = {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}
    return found


def tables(found: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """Markdown: a line for each style and painter."""
    lines = [
        [style, "itself" if by == style else by, *(f"{row[key]:.3g}" if key in row else "" for key in TITLES)]
        for style, ways in found.items()
        for by, row in ways.items()
    ]
    return table(["style", "by", *TITLES.values()], lines) + "\n"


def write(made: Sequence[Made], pictures: Sequence[Tensor], folder: Path) -> str:
    """`report.md`, `report.json`, `measures.png` and `sheet.png` in `folder`, which is made; the table."""
    folder.mkdir(parents=True, exist_ok=True)
    found = figures(made)
    (folder / "report.md").write_text(tables(found), encoding="utf-8")
    (folder / "report.json").write_text(json.dumps({"layers": "VGG-16", "styles": found}, indent=1), encoding="utf-8")
    plot(found, folder / "measures.png")
    cv2.imwrite(str(folder / "sheet.png"), cv2.cvtColor(sheet(made, pictures), cv2.COLOR_RGB2BGR))
    return tables(found)


def plot(found: Mapping[str, Mapping[str, Mapping[str, float]]], file: Path) -> None:
    """Each style as a point: how near to its painting, how near to the picture."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(7, 5))
    for by in dict.fromkeys("a style of its own" if by == style else by for style in found for by in found[style]):
        rows = {style: ways.get(style if by == "a style of its own" else by) for style, ways in found.items()}
        points = {style: row for style, row in rows.items() if row}
        axis.scatter([row["content"] for row in points.values()], [row["emd"] for row in points.values()], label=by)
        for style, row in points.items():
            axis.annotate(style, (row["content"], row["emd"]), fontsize=6)
    axis.set(xlabel=TITLES["content"], ylabel=TITLES["emd"])
    axis.legend()
    figure.tight_layout()
    figure.savefig(file, dpi=90)
    pyplot.close(figure)


def sheet(made: Sequence[Made], pictures: Sequence[Tensor]) -> Any:
    """A row for each style and painter, a column for each picture, the pictures themselves first; (H, W, 3) uint8."""
    rows = [np.hstack([_cell(picture) for picture in pictures])]
    for style, by in dict.fromkeys((one.style, one.by) for one in made):
        row = np.hstack([_cell(one.picture) for one in made if (one.style, one.by) == (style, by)])
        name = style if by == style else f"{style}, {by}"
        cv2.putText(row, name, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255, 255, 255), 3, cv2.LINE_AA)
        cv2.putText(row, name, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (0, 0, 0), 1, cv2.LINE_AA)
        rows.append(row)
    return np.vstack(rows)


def _cell(picture: Tensor) -> Any:
    pixels = (picture[0].clamp(0, 1) * 255).round().byte().permute(1, 2, 0).contiguous().numpy()
    return np.ascontiguousarray(cv2.resize(pixels, (CELL, CELL), interpolation=cv2.INTER_AREA))
