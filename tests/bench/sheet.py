"""Ten starters, hinted in a hurry, coloured by the model that ships: `python tests/bench/sheet.py FOLDER -o SHEET.jpg`.

FOLDER is the unpacked `tuxpaint-data` (see `starters.py`). Each row: lines, hints, G'MIC if it is installed, `flat`,
`painted`. Printed beside it, of `flat`: how many of the closed rooms with hints of one colour at most have one exact
colour, pieces under four pixels, and hints that are not to be seen. `--keep` also writes every picture at its full
size, and takes G'MIC's from there.
"""

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

import cv2
import machine
import numpy as np
import starters
from numpy.typing import NDArray
from starters import Drawing, Grey, Hints

from inkwash.client import Client
from inkwash.protocol import Layer
from inkwash.training.evaluation.colorizers import Gmic, under_lines

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))

from flat_figures import lost_hints, pieces, rooms_of_one_colour

CELL = 400  # pixels of a picture's width on the sheet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--out", type=Path, default=Path("sheet.jpg"))
    parser.add_argument("--keep", type=Path, default=None)
    parser.add_argument("--only", default="", help="names, by commas")
    asked = parser.parse_args()
    chosen = [one for one in starters.drawings(asked.folder) if not asked.only or one.name in asked.only.split(",")]
    rows = []
    with machine.service(["-m", "inkwash.daemon.commands", "daemon", "run"]) as client:
        print(f"{'drawing':>10} {'size':>11}  one colour  pieces < 4 px  hints not shown  flat s  painted s")
        for drawing in chosen:
            rows.append(_row(drawing, client, asked.keep))
    cv2.imwrite(str(asked.out), _sheet(rows), [cv2.IMWRITE_JPEG_QUALITY, 84])
    print(asked.out)


def _row(drawing: Drawing, client: Client, keep: Path | None) -> list[NDArray[np.uint8]]:
    """The row's pictures (H, W, 3) RGB; prints its figures."""
    flat, took_flat, said = coloured(client, drawing, "flat")
    painted, took_painted, _ = coloured(client, drawing, "painted")
    one, rooms, broken = rooms_of_one_colour(drawing.lines, drawing.strokes, flat)
    small, lost = pieces(flat), lost_hints(drawing.strokes, flat)
    height, width = drawing.lines.shape
    print(
        f"{drawing.name:>10} {width:>5}x{height:<5} {one:>5}/{rooms:<5} {len(small):>14} {len(lost):>16}"
        f"  {took_flat:6.2f}  {took_painted:9.2f}",
        flush=True,
    )
    for title, places in (("not one colour", broken[:8]), ("pieces", small[:12]), ("hints not shown", lost)):
        if places:
            print(f"{'':>12}{title}, in hundredths: {'; '.join(places)}")
    for notice in said:
        print(f"{'':>12}notice: {notice}")
    shots = {
        "lines": np.repeat(drawing.lines[..., None], 3, 2),
        "hints": _over(drawing.hints, drawing.lines),
        "gmic": _gmic(drawing, keep),
        "flat": under_lines(_on_white(flat), drawing.lines),
        "painted": under_lines(_on_white(painted), drawing.lines),
    }
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        for name, shot in {**shots, "flat-alone": _on_white(flat)}.items():
            cv2.imwrite(str(keep / f"{drawing.name}-{name}.png"), shot[..., ::-1])
    return list(shots.values())


def coloured(client: Client, drawing: Drawing, finish: str) -> tuple[NDArray[np.uint8], float, list[str]]:
    """The colour layer (H, W, 4), the seconds that it took, and what the artist was told."""
    height, width = drawing.lines.shape
    layers = [
        Layer("line", width, height, model="GRAY", data=drawing.lines.tobytes()),
        Layer("hints", width, height, data=drawing.hints.tobytes()),
    ]
    began = time.perf_counter()
    *_, result = client.run("colorize", {"finish": finish}, layers, model="RGBA")
    took = time.perf_counter() - began
    layer = next(layer for layer in result.layers if layer.name == "color")
    rgba = np.frombuffer(layer.memory(), np.uint8).reshape(layer.height, layer.width, 4)
    return rgba, took, list(result.message.get("notices", ()))


def _gmic(drawing: Drawing, keep: Path | None) -> NDArray[np.uint8]:
    kept = keep / f"{drawing.name}-gmic.png" if keep else None
    if kept is not None and kept.exists():
        return cv2.imread(str(kept))[..., ::-1]
    if shutil.which("gmic") is None:
        return np.full((*drawing.lines.shape, 3), 255, np.uint8)
    try:
        return under_lines(Gmic().colour(drawing.lines, drawing.hints), drawing.lines)
    except subprocess.TimeoutExpired as slow:
        print(f"{'':>12}gmic: no result within {slow.timeout:.0f} s")
        return np.full((*drawing.lines.shape, 3), 255, np.uint8)


def _on_white(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return _over(rgba, np.full(rgba.shape[:2], 255, np.uint8))


def _over(rgba: Hints, grey: Grey) -> NDArray[np.uint8]:
    alpha = rgba[..., 3:] / np.float32(255)
    return np.asarray((rgba[..., :3] * alpha + grey[..., None] * (1 - alpha)).round(), np.uint8)


def _sheet(rows: list[list[NDArray[np.uint8]]]) -> NDArray[np.uint8]:
    """All pictures (H, W, 3) BGR, a row for a drawing."""
    strips = []
    for row in rows:
        height = round(CELL * row[0].shape[0] / row[0].shape[1])
        cells = [cv2.resize(shot, (CELL, height), interpolation=cv2.INTER_AREA) for shot in row]
        strips.append(
            np.hstack([cv2.copyMakeBorder(cell, 3, 3, 3, 3, cv2.BORDER_CONSTANT, value=(90,) * 3) for cell in cells])
        )
    return np.ascontiguousarray(np.vstack(strips)[..., ::-1])


if __name__ == "__main__":
    main()
