"""How long `colorize` takes and how much memory the service needs: `python tests/bench/colorize.py`.

Seconds of warm jobs through the client, medians, in one run: on lines that the service has not seen last (four
drawings take turns, for it keeps what it found in one), and of a second stroke on the same lines. Then its peak of
resident memory (VmHWM). Linux only.
`--before CHECKOUT` runs another checkout's service beside this one's, job by job in turn, and prints the ratio.
Further options: `--times N`, `--sizes 1024,4096`, `--finishes flat,painted`, `--largest 6000x4000`.
"""

import argparse
import contextlib
import itertools
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import cv2
import machine
import numpy as np
from numpy.typing import NDArray

from inkwash.client import Client
from inkwash.protocol import Layer

HERE = Path(__file__).resolve().parents[2]
DATA = HERE / "tests/data"
NAMES = ("openmoji", "cartoon")
COMMAND = ["-m", "inkwash.daemon.commands"]
CASES = {"new": "new lines", "stroke": "second stroke"}
WORK = "--work"

Worker = subprocess.Popen[str]
Bytes = NDArray[np.uint8]
Drawing = tuple[Bytes, Bytes]  # lines (H, W), hints (H, W, 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=8)
    parser.add_argument("--sizes", default="1024,4096")
    parser.add_argument("--finishes", default="flat,painted")
    parser.add_argument("--largest", default="6000x4000")
    parser.add_argument("--before", type=Path)
    asked = parser.parse_args()
    print(machine.describe())
    with contextlib.ExitStack() as stack:
        checkouts = [HERE, asked.before] if asked.before else [HERE]
        workers = [stack.enter_context(working(each)) for each in checkouts]
        print(f"{'size':>11}  {'finish':8} {'':13}  {'seconds':>7}" + "   before  ratio" * (len(workers) - 1))
        for size, finish in itertools.product(asked.sizes.split(","), asked.finishes.split(",")):
            took: dict[str, list[list[float]]] = {case: [] for case in CASES}
            for _, case in itertools.product(range(asked.times + 1), CASES):
                took[case].append([answer(each, case, finish, size) for each in workers])
            for case, seconds in took.items():
                found = [statistics.median(each) for each in zip(*seconds[1:], strict=True)]
                beside = "".join(f"  {before:7.3f}  {before / found[0]:5.2f}" for before in found[1:])
                print(f"{size:>11}  {finish:8} {CASES[case]:13}  {found[0]:7.3f}{beside}", flush=True)
        for worker, which in zip(workers, ("", ", before"), strict=False):
            print(f"peak memory at {asked.largest}{which}: {answer(worker, 'peak', asked.largest):.0f} MB", flush=True)
        for worker, which in zip(workers, ("", ", before"), strict=False):
            took = statistics.median(answer(worker, "command", "1024") for _ in range(asked.times))
            print(f"inkwash colorize, 1024x1024, the whole command{which}: {took:.2f} s", flush=True)


@contextlib.contextmanager
def working(checkout: Path) -> Iterator[Worker]:
    """A process that drives a checkout's service with that checkout's own client."""
    env = {**os.environ, "PYTHONPATH": str((checkout / ".imports").resolve(strict=True))}
    command = [sys.executable, __file__, WORK]
    with subprocess.Popen(command, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process
        process.communicate()  # it ends with its input


def answer(worker: Worker, *question: str) -> float:
    """What a worker measures for a question."""
    assert worker.stdin is not None
    assert worker.stdout is not None
    print(*question, file=worker.stdin, flush=True)
    return float(worker.stdout.readline())


def work() -> None:
    """Answer questions: each a line of words, the first a function's name."""
    with machine.service([*COMMAND, "daemon", "run"]) as client:
        random.seed(1)  # the same strokes for every checkout
        questions = {"new": new_lines, "stroke": second_stroke, "peak": peak, "command": command_alone}
        for line in sys.stdin:
            name, *words = line.split()
            *finish, size = words
            width, _, height = size.partition("x")
            print(questions[name](client, *finish, int(width), int(height or width)), flush=True)


def new_lines(client: Client, finish: str, width: int, height: int) -> float:
    """Seconds of a job on lines that are not those of the last one."""
    four = drawings(width, height)
    four.rotate(1)
    return colorized(client, four[0], finish)


def second_stroke(client: Client, finish: str, width: int, height: int) -> float:
    """Seconds of a job on the lines of the last one, with one stroke more, somewhere."""
    line, hints = drawings(width, height)[0]
    hints = hints.copy()
    colour = [*random.choices(range(256), k=3), 255]
    x, y = (round(random.uniform(0.2, 0.8) * side) for side in (width, height))
    cv2.line(hints, (x, y), (x + width // 20, y + height // 40), colour, max(1, width // 100))
    return colorized(client, (line, hints), finish)


@cache
def drawings(width: int, height: int) -> deque[Drawing]:
    """Four drawings of the tests at a size."""
    found = [drawing(name, width, height) for name in NAMES]
    return deque(found + [(line[:, ::-1], np.ascontiguousarray(hints[:, ::-1])) for line, hints in found])


def drawing(name: str, width: int, height: int) -> Drawing:
    line = cv2.imread(str(DATA / f"{name}-line.png"), cv2.IMREAD_GRAYSCALE)
    hints = cv2.cvtColor(cv2.imread(str(DATA / f"{name}-hints.png"), cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA)
    larger = cv2.resize(line, (width, height), interpolation=cv2.INTER_CUBIC)
    return larger, cv2.resize(hints, (width, height), interpolation=cv2.INTER_NEAREST)


def _layer(name: str, pixels: Bytes) -> Layer:
    model = "GRAY" if pixels.ndim == 2 else "RGBA"
    return Layer(name, pixels.shape[1], pixels.shape[0], model=model, data=pixels.tobytes())


def colorized(client: Client, drawing: Drawing, finish: str) -> float:
    """Seconds of a job."""
    layers = [_layer(name, pixels) for name, pixels in zip(("line", "hints"), drawing, strict=True)]
    return machine.seconds(lambda: list(client.run("colorize", {"finish": finish}, layers)))


def peak(client: Client, width: int, height: int) -> float:
    """The service's peak of resident memory in a job of this size, MB."""
    process = Path(f"/proc/{client.status()['pid']}")
    (process / "clear_refs").write_text("5")
    colorized(client, drawing(NAMES[0], width, height), "painted")
    lines = (process / "status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


def command_alone(_: Client, width: int, height: int) -> float:
    """Seconds of the whole command."""
    with tempfile.TemporaryDirectory() as folder:
        line, hints = drawing(NAMES[0], width, height)
        cv2.imwrite(f"{folder}/line.png", line)
        cv2.imwrite(f"{folder}/hints.png", cv2.cvtColor(hints, cv2.COLOR_RGBA2BGRA))
        options = ["--hints", f"{folder}/hints.png", "-o", f"{folder}/out.png", "--force"]
        command = [sys.executable, *COMMAND, "colorize", f"{folder}/line.png", *options]
        return machine.seconds(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))


if __name__ == "__main__":
    work() if sys.argv[1:] == [WORK] else main()
