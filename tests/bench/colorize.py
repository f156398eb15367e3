"""How long `colorize` takes and how much memory the service needs: `python tests/bench/colorize.py`.

For each size in one run: the median of warm jobs through the client, and the service's peak of resident memory
(VmHWM, reset before the jobs). For 1024 x 1024 also the whole command `inkwash colorize`. Linux only.
Options: `--model NAME`, `--finish flat`, `--times N`, `--sizes 512,1024`.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import machine
from PIL import Image

from inkwash.client import Client
from inkwash.daemon.files import pictures
from inkwash.protocol import Layer

SIZES = "512,1024,2048,4096,6000x4000"
DRAWING = Path(__file__).parents[1] / "data" / "openmoji-line.png"
HINTS = DRAWING.with_name("openmoji-hints.png")
COMMAND = ["-m", "inkwash.daemon.commands"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="inkwash-colorizer")
    parser.add_argument("--finish", default="painted")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--sizes", default=SIZES)
    asked = parser.parse_args()
    print(machine.describe())
    with machine.service([*COMMAND, "daemon", "run"]) as client, tempfile.TemporaryDirectory() as folder:
        print(f"{'size':>11}  {'seconds':>7}  {'peak MB':>7}")
        for width, height in map(size_of, asked.sizes.split(",")):
            layers = drawing(width, height, Path(folder))
            took, peak = measure(client, layers, {"model": asked.model, "finish": asked.finish}, asked.times)
            print(f"{width:>5}x{height:<5}  {took:7.2f}  {peak:7.0f}", flush=True)
        drawing(1024, 1024, Path(folder))
        took = machine.median(lambda: run_command(Path(folder), asked.model), asked.times)
        print(f"inkwash colorize, 1024x1024, the whole command: {took:.2f} s")
        print(f"all of Inkwash's memory, idle: {resident(client, 'VmRSS'):.0f} MB")


def size_of(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height or width)


def drawing(width: int, height: int, folder: Path) -> list[Layer]:
    """The demo's drawing and hints at a size, as layers; also as line.png and hints.png in `folder`."""
    layers = []
    for file, name in ((DRAWING, "line"), (HINTS, "hints")):
        with Image.open(file) as image:
            image.resize((width, height), Image.Resampling.LANCZOS).save(folder / f"{name}.png", compress_level=1)
        layers.append(pictures.read(folder / f"{name}.png", name).layer)
    return layers


def measure(client: Client, layers: list[Layer], settings: dict[str, object], times: int) -> tuple[float, float]:
    """Seconds of a warm job, and the service's peak in MB."""

    def job() -> None:
        for _ in client.run("colorize", settings, layers):
            pass

    job()
    Path(f"/proc/{client.status()['pid']}/clear_refs").write_text("5")
    return machine.median(job, times), resident(client, "VmHWM")


def resident(client: Client, field: str) -> float:
    """A field of the service's memory, MB."""
    lines = Path(f"/proc/{client.status()['pid']}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1000


def run_command(folder: Path, model: str) -> None:
    import subprocess

    hints, out = folder / "hints.png", folder / "out.png"
    options = ["--hints", hints, "--model", model, "-o", out, "--force"]
    command = [sys.executable, *COMMAND, "colorize", folder / "line.png", *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
