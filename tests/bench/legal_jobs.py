"""Thousands of random jobs that the declarations allow, through a service of its own: none may end `internal`.

`python tests/bench/legal_jobs.py --jobs N --seed N`; a cut of them is in the gate (`tests/daemon/test_legal_jobs.py`).
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "daemon"))


def main(jobs: int, seed: int) -> int:
    """Run so many jobs and count how they end; how many ended with what is no word for an artist."""
    from legal_jobs import legal_job
    from random_eye import write_random_eye

    from inkwash.client import ClientError, connect, stop
    from inkwash.models.store import Store
    from inkwash.protocol import places

    places.models_folder().mkdir(parents=True)
    write_random_eye(places.models_folder())
    client, cards, rng = connect(), Store().cards(), random.Random(seed)
    ends, bad, begun = Counter[str](), 0, time.monotonic()
    for number in range(1, jobs + 1):
        filter, layers, message = legal_job(rng, cards)
        try:
            job = client.run(filter, layers=layers, **message)
            ends[list(job)[-1].message["type"]] += 1
        except ClientError as error:
            ends[error.code] += 1
            if error.code not in ("bad_request", "unknown_model"):
                bad += 1
                print(number, filter, message, [(each.name, each.width, each.height) for each in layers], error)
        if number % 200 == 0:
            print(number, dict(ends), f"{time.monotonic() - begun:.0f} s", flush=True)
    stop()
    print(dict(ends))
    return bad


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["INKWASH_HOME"] = home
        sys.exit(min(1, main(asked.jobs, asked.seed)))
