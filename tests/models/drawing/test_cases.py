"""Drawings on which colour once went astray: it ends at the lines, at any size, in both finishes."""

from __future__ import annotations

from collections.abc import Callable

import cases
import numpy as np
import pytest
import torch
from cases import Case, Rgba

FINISHES = pytest.mark.parametrize("finish", ["flat", "painted"])
GAPS = pytest.mark.parametrize("gap", [0, 3])
EXACT, NEAR = 2, 40  # levels of 255 that a flat, and a painted room, may be off its hint
AROUND = 0.004  # of the page: half the side of what is looked at in a place

Colour = Callable[..., Rgba]


@pytest.fixture
def coloured(run, lent) -> Colour:
    """Colours a case; (H, W, 4)."""

    def coloured(case: Case, **settings: object) -> Rgba:
        inputs = {"line": _tensor(case.lines[..., None]), "hints": _tensor(case.hints)}
        color = run("colorize", inputs, **settings)["color"]
        if color.shape[1] == 3:
            color = torch.cat([color, torch.ones_like(color[:, :1])], 1)
        return (color[0] * 255).round().byte().permute(1, 2, 0).numpy()

    return coloured


def _tensor(pixels: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(pixels.astype(np.float32) / 255).permute(2, 0, 1)[None].contiguous()


def wrong(case: Case, colour: Rgba, finish: str) -> dict[str, tuple[int, ...]]:
    """The places whose colour is not that of their hint, and what they have instead."""
    found = {}
    height, width = colour.shape[:2]
    reach = max(1, round(AROUND * width))
    for name, rgb, x, y in case.right:
        across, down = int(x * width), int(y * height)
        here = colour[max(0, down - reach) : down + reach + 1, max(0, across - reach) : across + reach + 1]
        middle = np.median(here.reshape(-1, 4), 0)
        if middle[3] < 255 or np.abs(middle[:3] - rgb).max() > (EXACT if finish == "flat" else NEAR):
            found[f"{name} at {100 * x:.0f},{100 * y:.0f}"] = tuple(int(value) for value in middle)
    return found


@FINISHES
@GAPS
@pytest.mark.parametrize("side", [300, 400, 800])
def test_no_colour_crosses_a_closed_line_of_one_pixel(coloured: Colour, side: int, gap: int, finish: str) -> None:
    case = cases.box(side)
    assert wrong(case, coloured(case, finish=finish, gap=gap), finish) == {}


@FINISHES
@pytest.mark.parametrize("side", [300])
def test_no_colour_crosses_a_line_between_two_rows_in_half_ink(coloured: Colour, side: int, finish: str) -> None:
    case = cases.box(side, grey=128, rows=2)
    assert wrong(case, coloured(case, finish=finish), finish) == {}


@FINISHES
@GAPS
@pytest.mark.parametrize(("side", "width"), [(400, 1), (800, 1.5)])
def test_a_face_in_fine_lines_has_the_same_colours_at_any_size(
    coloured: Colour, side: int, width: float, gap: int, finish: str
) -> None:
    case = cases.face(side, width, gap=gap > 0)
    assert wrong(case, coloured(case, finish=finish, gap=gap), finish) == {}


@FINISHES
@pytest.mark.parametrize("side", [600])
def test_a_stroke_fills_a_shape_with_its_tones_and_hatching(coloured: Colour, side: int, finish: str) -> None:
    case = cases.panel().resized(side)
    assert wrong(case, coloured(case, finish=finish), finish) == {}


@FINISHES
@pytest.mark.parametrize("side", [700])
@pytest.mark.parametrize("name", ["cat-ink", "cat-pencil"])
def test_drawings_by_hand_are_coloured_as_they_were_hinted(coloured: Colour, name: str, side: int, finish: str) -> None:
    case = cases.drawn(name).resized(side)
    assert wrong(case, coloured(case, finish=finish), finish) == {}


@FINISHES
@pytest.mark.parametrize(("side", "width"), [(512, 1), (1024, 2), (2048, 3)])
def test_a_house_in_fine_lines_has_its_colours(coloured: Colour, side: int, width: int, finish: str) -> None:
    case = cases.house(side, width)
    assert wrong(case, coloured(case, finish=finish), finish) == {}


@FINISHES
@pytest.mark.parametrize(("side", "dots"), [(512, 1), (512, 3), (3000, 1)])
def test_a_dot_fills_its_room(coloured: Colour, side: int, dots: int, finish: str) -> None:
    case = cases.house(side, 5 if side > 512 else 4, dots=dots)
    assert wrong(case, coloured(case, finish=finish), finish) == {}


@FINISHES
@pytest.mark.parametrize("short", [12, 50, 140])
def test_a_stroke_of_any_length_fills_sky_and_ground(coloured: Colour, short: int, finish: str) -> None:
    case = cases.house(1024, 2, short=short)
    colour = coloured(case, finish=finish)
    assert wrong(case, colour, finish) == {}
    if finish == "flat":
        assert len(np.unique(colour[30:830:50, 10].reshape(-1, 4), axis=0)) == 1  # down the left of the sky
