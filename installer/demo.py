"""The demonstration: two real line drawings with a few colour hints, coloured by the shipped network."""

import time
from pathlib import Path

from . import networks, process, service
from .errors import Broken, NothingThere
from .progress import duration
from .python.environment import ROOT, Environment

SAMPLES = {"openmoji": "an OpenMoji drawing", "cartoon": "a shaded cartoon's lines"}
SOURCES = ROOT / "tests" / "data"
RESULTS = ROOT / "demo-output"


def demo(environment: Environment) -> None:
    """Colour the samples, as the installed command does; a daemon that this started is stopped again.

    Raises NothingThere if the samples are missing, Broken if a drawing could not be coloured.
    """
    missing = [file for name in SAMPLES for file in _sources(name) if not file.is_file()]
    if missing:
        raise NothingThere(f"The sample {missing[0]} is missing.", "Download Inkwash again.")
    ran_before = service.runs()
    RESULTS.mkdir(exist_ok=True)
    try:
        for name, words in SAMPLES.items():
            _colour(environment, name, words)
        networks.fetch(environment)
    finally:
        if not ran_before:
            service.stop(environment)
    print("\nLook at:")
    for name in SAMPLES:
        print(f"    {RESULTS / name}.png")
    print("The lines and the hints that they were made from are in:")
    print(f"    {SOURCES}")
    print("To colour your own:")
    print(f"    {environment.inkwash} colorize LINES.png --hints HINTS.png -o RESULT.png")
    print("To paint a photo like a picture that you like:")
    print(f"    {environment.inkwash} restyle PHOTO.png --style PAINTING.png -o RESULT.png")


def _sources(name: str) -> tuple[Path, Path]:
    """The line drawing and the hints of sample `name`."""
    return SOURCES / f"{name}-line.png", SOURCES / f"{name}-hints.png"


def _colour(environment: Environment, name: str, words: str) -> None:
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
    if code := process.run(command):
        raise Broken(
            f"{lines.name} could not be coloured (the command ended with code {code}).",
            "What went wrong is said above; `python3 installer doctor` tells more.",
        )
    print(f"    coloured in {duration(time.monotonic() - started)}", flush=True)
