"""The `shade` filter."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from inkwash.models.filters.shade import DIRECTIONS

SIDE = 320
SKIN, SKY = (250, 210, 180), (180, 220, 250)
Run = Callable[..., dict[str, Tensor]]


def scene(side: int = SIDE, *, sky: bool = True) -> tuple[Tensor, Tensor]:
    """Flats and lines of a ball before the sky, (1, 4, H, W) and (1, 1, H, W)."""
    flats = np.zeros((side, side, 4), np.uint8)
    if sky:
        flats[:] = (*SKY, 255)
    lines = np.full((side, side), 255, np.uint8)
    middle, radius = (side // 2, side // 2), side // 4
    cv2.circle(flats, middle, radius, (*SKIN, 255), -1)
    cv2.circle(lines, middle, radius, 0, max(1, side // 100), cv2.LINE_AA)
    return tensor(flats), tensor(lines[..., None])


def tensor(pixels: np.ndarray) -> Tensor:
    return torch.from_numpy(pixels.astype(np.float32) / 255).permute(2, 0, 1)[None].contiguous()


def middle_of(amount: Tensor) -> tuple[float, float]:
    """Where the amount (H, W) lies on the whole: right and up of the page's middle, in parts of the side."""
    side = amount.shape[0]
    along = (torch.arange(side) + 0.5) / side - 0.5
    weight = amount / amount.sum()
    return float((weight.sum(0) * along).sum()), -float((weight.sum(1) * along).sum())


@pytest.mark.parametrize("softness", [0.0, 0.8])
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_light_lies_where_it_comes_from_and_shade_across(run: Run, direction: str, softness: float) -> None:
    flats, line = scene()
    made = run("shade", {"flats": flats, "line": line}, direction=direction, softness=softness)
    toward = np.radians(DIRECTIONS[direction])
    for layer, sign in (("light", 1), ("shading", -1)):
        x, y = middle_of(made[layer][0, 3])
        assert np.hypot(x, y) > 0.05
        assert sign * (x * np.cos(toward) + y * np.sin(toward)) > 0.98 * np.hypot(x, y)


def test_any_angle_can_be_given(run: Run) -> None:
    x, y = middle_of(run("shade", {"flats": scene()[0]}, direction="angle", angle=200.0)["light"][0, 3])
    assert np.degrees(np.arctan2(y, x)) % 360 == pytest.approx(200, abs=4)


@pytest.mark.parametrize("sky", [True, False])
def test_a_backdrop_stays_as_it_is(run: Run, sky: bool) -> None:
    flats, line = scene(sky=sky)
    made = run("shade", {"flats": flats, "line": line})
    outside = (flats[0, :3] - torch.tensor(SKIN)[:, None, None] / 255).abs().amax(0) > 0.1
    outside &= line[0, 0] > 0.5  # below a line it is the line that is seen
    for layer in made.values():
        assert layer[0, 3][outside].max() < 0.02


def test_hard_shade_has_as_many_tones_as_asked_for_and_soft_shade_all_between(run: Run) -> None:
    flats, _ = scene()
    for tones in (1, 2, 3):
        amount = run("shade", {"flats": flats}, softness=0.0, tones=tones, shade=1.0)["shading"][0, 3]
        _, count = torch.unique((amount * 60).round(), return_counts=True)
        assert (count > 0.01 * amount.numel()).sum() == tones + 1
    amount = run("shade", {"flats": flats}, softness=1.0, shade=1.0)["shading"][0, 3]
    assert len(torch.unique((amount * 60).round())) > 40


def test_shade_and_light_are_one_tint_each_as_strong_as_asked_for(run: Run) -> None:
    flats, _ = scene()
    strong = run("shade", {"flats": flats}, shade=1.0, light=1.0, shade_tint=-1.0, light_tint=1.0)
    weak = run("shade", {"flats": flats}, shade=0.25, light=0.0, shade_tint=1.0, light_tint=-1.0)
    assert torch.allclose(weak["shading"][0, 3], strong["shading"][0, 3] / 4, atol=1e-6)
    assert weak["light"][0, 3].max() == 0
    for layer in (*strong.values(), *weak.values()):
        assert (layer[0, :3].flatten(1).std(1) < 1e-6).all()
    red, blue = strong["shading"][0, 0, 0, 0], strong["shading"][0, 2, 0, 0]
    assert blue > red
    assert weak["shading"][0, 0, 0, 0] > weak["shading"][0, 2, 0, 0]


def test_a_large_page_is_shaded_as_a_small_one_with_crisp_edges(run: Run) -> None:
    small = run("shade", dict(zip(("flats", "line"), scene(640), strict=True)), softness=0.0)["shading"][0, 3]
    large = run("shade", dict(zip(("flats", "line"), scene(2560), strict=True)), softness=0.0, shade=0.7)["shading"][
        0, 3
    ]
    reduced = torch.nn.functional.avg_pool2d(large[None, None], 4)[0, 0]
    assert (reduced - small).abs().mean() < 0.01
    between = (large > 0.1) & (large < 0.6)
    assert between.float().mean() < 0.008  # a hard edge, and the ball's own


def test_shade_ends_with_its_colour_to_the_pixel_on_a_large_page(run: Run) -> None:
    flats, line = scene(2560)
    amount = run("shade", {"flats": flats, "line": line}, direction="top", softness=0.0, shade=1.0)["shading"][0, 3]
    below = slice(2560 // 2 + 2560 // 4 - 6, 2560 // 2 + 2560 // 4 + 8)
    column = amount[below, 1280]
    assert column[:4].min() > 0.5  # the ball's last pixels
    assert column[-4:].max() < 0.05  # and the sky's first


def test_a_line_inside_a_colour_is_a_crease(run: Run) -> None:
    flats, line = scene()
    plain = run("shade", {"flats": flats, "line": line}, direction="left")["shading"][0, 3]
    line[:, :, 100:220, SIDE // 2 - 1 : SIDE // 2 + 2] = 0
    folded = run("shade", {"flats": flats, "line": line}, direction="left")["shading"][0, 3]
    beside = slice(SIDE // 2 - 12, SIDE // 2 - 3)
    assert folded[160, beside].mean() > plain[160, beside].mean() + 0.1


def test_nothing_but_backdrop_is_named(run: Run, lent) -> None:
    flats = tensor(np.full((64, 64, 4), 255, np.uint8))
    made = run("shade", {"flats": flats})
    assert made["shading"][0, 3].max() == made["light"][0, 3].max() == 0
    assert any("backdrop" in notice for notice in lent.notices)
