"""Whatever a declaration allows, runs: random jobs end with a result or with words for the artist, never `internal`."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from legal_jobs import legal_job
from random_eye import write_random_eye

from inkwash.daemon.app import init_app
from inkwash.daemon.settings import Settings
from inkwash.models.store import SHIPPED, Store

JOBS, SEED = 300, 14
REFUSED = {"bad_request", "unknown_model"}  # an empty layer, too small a style: what no declaration can say


@pytest.mark.slow
async def test_no_legal_job_ends_internal(aiohttp_client: Any, tmp_path: Path, make_host: Any) -> None:
    write_random_eye(tmp_path / "models")
    store = Store([SHIPPED, tmp_path / "models"])
    host = make_host(await aiohttp_client(init_app(Settings(), token="5" * 64, store=store)))
    rng, cards, ends = random.Random(SEED), store.cards(), Counter[str]()
    for number in range(JOBS):
        filter, layers, message = legal_job(rng, cards)
        told = f"job {number}: {filter} {message} {[vars(layer) | {'data': len(layer.data)} for layer in layers]}"
        last = (await host.run(filter, layers, **message)).message
        code = last.get("code", last["type"])
        assert code in {"result", *REFUSED}, f"{told}: {last}"
        ends[code] += 1
    assert ends["result"] > 0.7 * JOBS, ends
