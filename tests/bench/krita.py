"""A thousand runs in one running Krita: its memory, threads and files. `python tests/bench/krita.py [RUNS]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HOSTS = Path(__file__).parents[1] / "hosts"
sys.path.insert(0, str(HOSTS))

import environment  # noqa: E402
from krita_stage import Stage  # noqa: E402
from visit import Visit  # noqa: E402

TIMEOUT = 3600.0  # seconds


def main(runs: int) -> None:
    """Play the scene and print what it saw."""
    suite = environment.suite()
    suite.prepare()
    with tempfile.TemporaryDirectory(prefix="ink-") as folder, Visit(suite, Path(folder, "home")) as visit:
        stage = Stage(visit, Path(folder))
        play = stage.play(
            HOSTS / "krita/scenes_endurance.py", ["scene_many_runs"], TIMEOUT, env={"INKWASH_RUNS": str(runs)}
        )
        found = play["scene_many_runs"]
    print(f"{found['runs']} runs in {found['seconds']:.0f} s, {found['failures']} failed")
    print(f"{'runs':>6} {'resident MB':>12} {'threads':>8} {'files':>6} {'documents':>10}")
    for look in found["looks"]:
        print(
            f"{look['runs']:>6} {look['resident']:>12.1f} {look['threads']:>8} {len(look['files']):>6} "
            f"{look['documents']:>10}"
        )
    print(f"after closing the document: {found['closed']['resident']:.1f} MB; Krita's exit status {play.status}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
