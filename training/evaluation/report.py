"""What a judgement found, for people and for programs: tables, JSON, plots, and a sheet of pictures to look at."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from .colorizers import Colorizer, under_lines
from .judgement import Row, area, curve, scribbles
from .pictures import Entry, Rgb

SEEN = ("hint_error", "perceptual", "shading", "deviation")  # what the paper does not measure
PAPER = ("l1", "ssim", "emd", "sift", "euclidean")  # the source paper's table
TITLES = {
    "psnr": "PSNR, dB", "ssim": "SSIM", "l1": "L1", "emd": "EMD of histograms", "sift": "SIFT similarity",
    "euclidean": "Euclidean difference, %", "hint_error": "CIEDE2000 in hints",
    "psnr_lined": "PSNR through the same lines, dB", "ssim_lined": "SSIM through the same lines",
    "perceptual": "perceptual distance", "shading": "shading correlation", "deviation": "shading's deviation ratio",
}  # fmt: skip
CELL = 192  # pixels of a picture's side on the sheet
SHOWN = (0.0, 0.1, 0.5)  # ratios on the sheet


def groups(rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    """The rows by set and colorizer, in the order of their first row."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row.set, row.colorizer), []).append(row)
    return found


def tables(rows: Sequence[Row]) -> str:
    """Markdown: PSNR and SSIM over the ratios with their area, and the paper's measures over all ratios.

    The error in hints is a mean over the ratios that have any, shading over the pictures whose truth has any.

    Where lines were made from the true picture (thresholded), they hide part of it: even true colours under them are
    not the picture. "Through the same lines" the true colours have these lines over them too.
    """
    ratios = sorted({row.ratio for row in rows})
    parts = []
    for measure, digits in (("psnr", 1), ("ssim", 3), ("psnr_lined", 1), ("ssim_lined", 3)):
        head = [f"{TITLES[measure]} at hint ratio", "by", *(f"{ratio:g}" for ratio in ratios), "area"]
        parts.append(table(head, [_curve_line(key, group, measure, digits) for key, group in groups(rows).items()]))
    head = ["set", "by", *(TITLES[name] for name in (*PAPER, *SEEN))]
    lines = []
    for (set, colorizer), group in groups(rows).items():
        lines.append([set, colorizer, *(_mean(group, name) for name in (*PAPER, *SEEN))])
    return "\n\n".join([*parts, table(head, lines)]) + "\n"


def _mean(group: list[Row], measure: str) -> str:
    values = [value for row in group if (value := getattr(row, measure)) is not None]
    return f"{np.mean(values):.3g}" if values else ""


def _curve_line(key: tuple[str, str], group: list[Row], measure: str, digits: int) -> list[str]:
    points = curve(group, measure)
    count = len({row.picture for row in group})
    values = [f"{value:.{digits}f}" for value in points.values()]
    return [f"{key[0]} ({count})", key[1], *values, f"**{area(points):.{digits + 1}f}**"]


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    rule = ["---"] * len(head)
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, rule, *lines))


def figures(rows: Sequence[Row]) -> dict[str, Any]:
    """All of it as JSON-ready data: the curve and area of every measure by set and colorizer, and every row."""
    summary: dict[str, Any] = {}
    for (set, colorizer), group in groups(rows).items():
        curves = {name: curve(group, name) for name in TITLES}
        summary.setdefault(set, {})[colorizer] = {
            name: {"area": area(points), "curve": {f"{ratio:g}": value for ratio, value in points.items()}}
            for name, points in curves.items()
            if points
        }
    return {"summary": summary, "rows": [asdict(row) for row in rows]}


def plot(rows: Sequence[Row], folder: Path) -> None:
    """`curves.png`: PSNR and SSIM over the ratios; `histograms.png`: the paper's measures over the pictures."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    found = groups(rows)
    sets = list(dict.fromkeys(set for set, _ in found))
    figure, axes = pyplot.subplots(2, len(sets), figsize=(4 * len(sets), 6), squeeze=False, sharex=True)
    for (set, colorizer), group in found.items():
        for axis, measure in zip(axes[:, sets.index(set)], ("psnr", "ssim"), strict=True):
            points = curve(group, measure)
            axis.plot(list(points), list(points.values()), "o-", label=f"{colorizer}, area {area(points):.3g}")
            axis.set(title=set, ylabel=TITLES[measure], xlabel="hint ratio")
            axis.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(folder / "curves.png", dpi=90)
    pyplot.close(figure)
    colorizers = list(dict.fromkeys(colorizer for _, colorizer in found))
    figure, axes = pyplot.subplots(1, len(PAPER), figsize=(3.2 * len(PAPER), 3))
    for axis, measure in zip(axes, PAPER, strict=True):
        values = [[asdict(row)[measure] for row in rows if row.colorizer == name] for name in colorizers]
        axis.hist(values, bins=20, label=colorizers)
        axis.set(title=TITLES[measure], ylabel="pictures" if measure == PAPER[0] else "")
    axes[0].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(folder / "histograms.png", dpi=90)
    pyplot.close(figure)


def sheet(entries: Sequence[Entry], colorizers: Sequence[Colorizer], hinter: Any = scribbles) -> Rgb:
    """A row for each picture and ratio: lines, hints, what each colorizer makes of them, and the truth."""
    rows = []
    for entry in entries:
        picture = entry.read()
        hints_at = hinter(picture)
        for ratio in SHOWN:
            hints = hints_at(ratio)
            shown = np.where(hints[..., 3:] > 0, hints[..., :3], picture.line[..., None] // 4 + 191).astype(np.uint8)
            made = [under_lines(colorizer.colour(picture.line, hints), picture.line) for colorizer in colorizers]
            line = np.repeat(picture.line[..., None], 3, 2)
            rows.append(np.hstack([_cell(shot) for shot in (line, shown, *made, picture.truth)]))
    return np.vstack(rows)


def _cell(picture: Rgb) -> Rgb:
    """The picture in the middle of a white square."""
    height, width = picture.shape[:2]
    scale = (CELL - 4) / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    cell = np.full((CELL, CELL, 3), 255, np.uint8)
    top, left = (CELL - size[1]) // 2, (CELL - size[0]) // 2
    cell[top : top + size[1], left : left + size[0]] = small
    return cell


def write(rows: Sequence[Row], folder: Path) -> None:
    """`report.md`, `report.json`, `curves.png` and `histograms.png` in `folder`, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.md").write_text(tables(rows), encoding="utf-8")
    (folder / "report.json").write_text(json.dumps(figures(rows), indent=1), encoding="utf-8")
    plot(rows, folder)
