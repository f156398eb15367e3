"""What GIMP and the wire cost beside the model: `python tests/bench/gimp.py`.

In one run, inside a real GIMP 3 (that of the tests, tests/hosts/environment.py), the demo's drawing and hints at
4096 x 4096 RGBA are coloured: the plug-in's own code reads both layers, runs the job and places the result, each
timed apart; then GIMP runs the whole procedure, which starts the plug-in as a process. Medians.
Options: `--side N`, `--times N`.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import machine

HOSTS = Path(__file__).resolve().parents[1] / "hosts"
ROWS = (
    ("GIMP reads both layers", "read"),
    ("the job: wire and service", "job"),
    ("    of which the filter", "filter"),
    ("GIMP places the result", "place"),
    ("the whole procedure, as called from a script", "procedure"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=4096)
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    sys.path.insert(0, str(HOSTS))
    from environment import suite
    from gimp_session import DATA, GimpSession
    from visit import Visit

    print(machine.describe())
    suite().prepare()
    scene = f"measured:{DATA / 'openmoji-line.png'}:{DATA / 'openmoji-hints.png'}:{asked.side}:{asked.times}"
    with tempfile.TemporaryDirectory(prefix="inkwash-bench-") as home, Visit(suite(), Path(home)) as visit:
        found = GimpSession(visit).play(scene)[scene]
    if "error" in found:
        sys.exit(found["error"])
    print(f"{asked.side} x {asked.side}: {found['sent'] / 1e6:.0f} MB out, {found['received'] / 1e6:.0f} MB back")
    for words, key in ROWS:
        print(f"{words:<46}{found[key]:6.2f} s")
    overhead = found["procedure"] - found["filter"]
    print(f"{'all but the filter':<46}{overhead:6.2f} s  {overhead / found['filter']:.2f} of the filter")


if __name__ == "__main__":
    main()
