"""In real Krita: how long a large picture keeps the window from answering, beside Krita's own calls."""

from __future__ import annotations

from statistics import median
from typing import Any

import pytest

pytestmark = [pytest.mark.hosts, pytest.mark.slow]


def test_a_large_picture_costs_little_more_than_kritas_own_calls(play: Any, capsys: pytest.CaptureFixture[str]) -> None:
    found = play["scene_large_picture"]
    rounds = found["rounds"]

    def middle(what: str, part: str) -> float:
        return median(each[part][what] for each in rounds)

    ours = median(each["read"]["blocked"] + each["put"]["blocked"] for each in rounds)
    lines = [
        f"{found['side']} x {found['side']} RGBA, medians of {len(rounds)} rounds; seconds without an answer:",
        f"  Krita's own pixelData + setPixelData + refreshProjection: {middle('blocked', 'alone'):.2f}, "
        f"longest {middle('longest', 'alone'):.2f}",
        f"  ours: {ours:.2f} = reading {middle('blocked', 'read'):.2f} + placing {middle('blocked', 'put'):.2f}; "
        f"ratio {ours / middle('blocked', 'alone'):.2f}; longest {middle('longest', 'put'):.2f}",
        f"  while the daemon works: {middle('blocked', 'wait'):.2f}, longest {middle('longest', 'wait'):.2f}",
        f"  round trip {median(each['round trip'] for each in rounds):.2f} s; the filter itself "
        f"{median(each['filter'] for each in rounds):.2f} s",
    ]
    with capsys.disabled():
        print("\n" + "\n".join(lines))  # noqa: T201 (a measurement)
    assert all(each["same"] for each in rounds)
