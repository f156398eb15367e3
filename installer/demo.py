"""The demonstration: two real line drawings with a few colour hints, coloured by the shipped network."""

import os
import subprocess
import time
from pathlib import Path

from . import networks, process
from .environment import ROOT, Environment
from .errors import Broken, NothingThere
from .progress import duration

SAMPLES = {"openmoji": "an OpenMoji drawing", "cartoon": "a shaded cartoon's lines"}
SOURCES = ROOT / "tests" / "data"
RESULTS = ROOT / "demo-output"


def demo(environment: Environment) -> None:
    """Colour the samples with the daemon of an INKWASH_HOME of its own, and stop that daemon again.

    Raises NothingThere if the samples are missing, Broken if a drawing could not be coloured.
    """
    missing = [file for name in SAMPLES for file in _sources(name) if not file.is_file()]
    if missing:
        raise NothingThere(f"The sample {missing[0]} is missing.", "Download Inkwash again.")
    home = environment.folder / "inkwash-home"
    settings = {**os.environ, "INKWASH_HOME": str(home)}
    RESULTS.mkdir(exist_ok=True)
    try:
        for name, words in SAMPLES.items():
            _colour(environment, name, words, settings)
        networks.fetch(environment, settings)
    finally:
        # Nobody asked for a daemon that stays; an artist's own, with a home of its own, is not touched.
        subprocess.run([environment.inkwash, "daemon", "stop"], env=settings, capture_output=True)
    print("\nLook at:")
    for name in SAMPLES:
        print(f"    {RESULTS / name}.png")
    print("The lines and the hints that they were made from are in:")
    print(f"    {SOURCES}")
    print("To colour your own:")
    print(f"    {environment.inkwash} colorize LINES.png --hints HINTS.png -o RESULT.png")


def _sources(name: str) -> tuple[Path, Path]:
    """The line drawing and the hints of sample `name`."""
    return SOURCES / f"{name}-line.png", SOURCES / f"{name}-hints.png"


def _colour(environment: Environment, name: str, words: str, settings: dict[str, str]) -> None:
    """Run the installed command on one sample, as a person would."""
    print(f"Colouring {words} ...", flush=True)
    started = time.monotonic()
    lines, hints = _sources(name)
    result = RESULTS / f"{name}.png"
    command: list[str | Path] = [
        str(environment.inkwash),
        "colorize",
        str(lines),
        "--hints",
        str(hints),
        "-o",
        str(result),
        "--force",
    ]
    if code := process.run(command, env=settings):
        raise Broken(
            f"{lines.name} could not be coloured (the command ended with code {code}).",
            "What went wrong is said above; `python3 installer doctor` tells more.",
        )
    print(f"    coloured in {duration(time.monotonic() - started)}", flush=True)
