"""How bodies are inflated."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkwash.models.shading.inflation import slopes

SIDE, RADIUS = 240, 90
Y, X = np.mgrid[0:SIDE, 0:SIDE] - SIDE / 2 + 0.5
FAR = np.hypot(X, Y)
NONE = np.zeros((SIDE, SIDE), np.float32)


def inflated(
    solid: NDArray[np.bool_], crease: NDArray[np.float32] = NONE, *, reach: float = 1e4
) -> NDArray[np.float32]:
    return slopes(solid.astype(np.int32), solid, crease, reach=reach)


def test_a_disc_becomes_half_a_ball() -> None:
    slope = inflated(FAR < RADIUS)
    outward = (slope[..., 0] * X + slope[..., 1] * Y) / FAR
    for part in (0.3, 0.5, 0.7, 0.9):
        ring = abs(FAR - part * RADIUS) < 1
        assert np.allclose(outward[ring], part, atol=0.08), part


def test_it_does_not_matter_how_large_a_disc_is() -> None:
    for radius in (15, 40, 110):
        slope = inflated(FAR - radius < 0)
        ring = abs(FAR - radius / 2) < 1
        assert np.isclose(np.hypot(*slope[ring].T).mean(), 0.5, atol=0.08), radius


def test_what_is_wider_than_the_reach_has_a_round_rim_and_a_level_middle() -> None:
    steep = np.hypot(*np.moveaxis(inflated(FAR < RADIUS, reach=12), -1, 0))
    assert steep[FAR < RADIUS / 3].max() < 0.05
    assert steep[abs(FAR - RADIUS + 4) < 1].mean() > 0.4


def test_a_line_draws_the_surface_down_to_both_sides() -> None:
    crease = NONE.copy()
    crease[:, SIDE // 2 - 1 : SIDE // 2 + 1] = 0.1
    slope = inflated(FAR < RADIUS, crease)
    assert slope[SIDE // 2, SIDE // 2 - 12, 0] > 0.2
    assert slope[SIDE // 2, SIDE // 2 + 12, 0] < -0.2


def test_the_pages_border_is_no_rim() -> None:
    cut = np.roll(FAR < RADIUS, -SIDE // 2, axis=0)[: SIDE // 2]  # half a disc at the top
    slope = slopes(cut.astype(np.int32), cut, np.zeros(cut.shape, np.float32), reach=1e4)
    assert abs(slope[1, SIDE // 2, 1]) < 0.05


def test_two_bodies_beside_each_other_are_two_balloons_and_backdrop_is_flat() -> None:
    labels = np.where(FAR < RADIUS, np.where(X < 0, 1, 2), 3)
    slope = slopes(labels.astype(np.int32), labels < 3, NONE, reach=1e4)
    assert slope[SIDE // 2, SIDE // 2 - 8, 0] > 0.4
    assert slope[SIDE // 2, SIDE // 2 + 8, 0] < -0.4
    assert (slope[labels == 3] == 0).all()
