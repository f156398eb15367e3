"""One drawing lit from eight sides, in hard tones and in other tints: `python tests/bench/shade.py SHEET.jpg`.

The demo's turtle, its flats by `colorize`, in the middle; around it the eight directions; below them hard tones, two
tones, a warm lamp from a free angle. With `--times` the seconds of a warm job through the client instead, at 1024 to
4096 pixels.
"""

import argparse
from pathlib import Path
from typing import Any

import cv2
import machine
import numpy as np
from numpy.typing import NDArray

from inkwash.client import Client
from inkwash.protocol import Layer

DATA = Path(__file__).parents[1] / "data"
CELL, GREY = 360, 208  # pixels of a picture on the sheet; the grey between
AROUND = ("top left", "top", "top right", "left", None, "right", "bottom left", "bottom", "bottom right")
MORE: tuple[dict[str, Any], ...] = (
    {"softness": 0.0, "shade": 0.6},
    {"softness": 0.0, "tones": 2, "direction": "right"},
    {"direction": "angle", "angle": 250.0, "shade_tint": 0.8, "light_tint": -1.0, "light": 0.6},
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, nargs="?", default=Path("shade.jpg"))
    parser.add_argument("--times", type=int, default=0)
    asked = parser.parse_args()
    line = cv2.imread(str(DATA / "cartoon-line.png"), cv2.IMREAD_GRAYSCALE)
    hints = cv2.cvtColor(cv2.imread(str(DATA / "cartoon-hints.png"), cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA)
    with machine.service(["-m", "inkwash.daemon.commands", "daemon", "run"]) as client:
        layers = [_layer("line", line), _layer("hints", hints)]
        flats = _ran(client, "colorize", {"finish": "flat"}, layers)["color"]
        if asked.times:
            _measure(client, flats, line, asked.times)
            return
        shots = [_shown(flats, line, {})]
        wanted = [{"direction": direction} for direction in AROUND if direction] + list(MORE)
        for settings in wanted:
            made = _ran(client, "shade", settings, [_layer("flats", flats), _layer("line", line)])
            shots.append(_shown(flats, line, made))
    order = [*shots[1:5], shots[0], *shots[5:]]
    rows = [np.hstack(order[start : start + 3]) for start in range(0, len(order), 3)]
    cv2.imwrite(str(asked.out), np.vstack(rows)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])
    print(asked.out)


def _measure(client: Client, flats: NDArray[np.uint8], line: NDArray[np.uint8], times: int) -> None:
    print(machine.describe())
    for side in (1024, 2048, 4096):
        size = (side, round(side * line.shape[0] / line.shape[1]))
        layers = [
            _layer("flats", cv2.resize(flats, size, interpolation=cv2.INTER_NEAREST)),
            _layer("line", cv2.resize(line, size, interpolation=cv2.INTER_CUBIC)),
        ]
        seconds = machine.median(lambda layers=layers: _ran(client, "shade", {}, layers), times)
        print(f"{side:>5}  {seconds:6.2f} s")


def _layer(name: str, pixels: NDArray[np.uint8]) -> Layer:
    model = "GRAY" if pixels.ndim == 2 else "RGBA"
    return Layer(name, pixels.shape[1], pixels.shape[0], model=model, data=pixels.tobytes())


def _ran(client: Client, filter: str, settings: dict[str, Any], layers: list[Layer]) -> dict[str, NDArray[np.uint8]]:
    """The result's layers (H, W, 4)."""
    *_, result = client.run(filter, settings, layers, model="RGBA")
    return {
        layer.name: np.frombuffer(layer.memory(), np.uint8).reshape(layer.height, layer.width, 4)
        for layer in result.layers
    }


def _shown(flats: NDArray[np.uint8], line: NDArray[np.uint8], made: dict[str, NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """The flats shaded, below their lines, on white, as large as a cell."""
    colour, cover = flats[..., :3] / 255, flats[..., 3:] / 255
    seen = colour * cover + 1 - cover
    if made:
        shade, light = (made[name].astype(np.float32) / 255 for name in ("shading", "light"))
        seen *= 1 - shade[..., 3:] * (1 - shade[..., :3])
        seen = 1 - (1 - seen) * (1 - light[..., 3:] * light[..., :3])
    seen *= line[..., None] / 255
    rows = np.flatnonzero((line < 128).any(1))
    seen = seen[max(0, rows[0] - 12) : rows[-1] + 12]
    cell = cv2.resize((seen * 255).round().astype(np.uint8), (CELL, round(CELL * len(seen) / seen.shape[1])))
    return cv2.copyMakeBorder(cell, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=(GREY,) * 3)


if __name__ == "__main__":
    main()
