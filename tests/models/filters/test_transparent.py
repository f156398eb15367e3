"""A picture with soft edges keeps them, and its own colours in them, whatever filter paints it."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

Run = Callable[..., dict[str, Tensor]]


def _sprite(seen: tuple[float, float, float], unseen: float) -> Tensor:
    away = torch.hypot(*torch.meshgrid(*[torch.linspace(-1, 1, 96)] * 2, indexing="ij"))
    alpha = ((0.8 - away) / 0.15).clamp(0, 1)
    colour = torch.where(alpha > 0, torch.tensor(seen).view(3, 1, 1), torch.tensor(unseen))
    return torch.cat([colour, alpha[None]])[None]


@pytest.mark.parametrize("filter", ["stylize", "restyle", "upscale"])
@pytest.mark.usefixtures("seeing")
def test_what_lies_unseen_under_transparency_changes_nothing(run: Run, filter: str) -> None:
    more: dict[str, Any] = {"steps": 2, "size": 96} if filter == "restyle" else {}
    pictures = []
    for unseen in (0.0, 1.0):
        inputs = {"picture": _sprite((0.1, 0.05, 0.25), unseen)}
        if filter == "restyle":
            style = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(1))
            inputs["style"] = torch.cat([style, torch.ones(1, 1, 64, 64)], 1)
        [made] = run(filter, inputs, **more).values()
        pictures.append(made)
    assert pictures[0].shape[1] == 4
    assert torch.equal(*pictures)


def test_an_enlarged_dark_sprite_has_no_light_rim_and_a_sharp_edge(run: Run) -> None:
    made = run("upscale", {"picture": _sprite((0.1, 0.05, 0.25), 1.0)})["upscaled"]
    edge = (made[0, 3] > 0.02) & (made[0, 3] < 0.9)
    assert edge.any()
    assert (made[0, :3, edge] - torch.tensor([[0.1], [0.05], [0.25]])).abs().max() < 0.02


def test_a_stylized_sprite_s_edge_is_as_its_middle_and_not_as_paper(run: Run) -> None:
    picture = {"picture": _sprite((0.1, 0.05, 0.25), 1.0)}
    made = run("stylize", picture, style="great-wave", keep_colours=True)["stylized"]
    edge, middle = (made[0, 3] > 0.02) & (made[0, 3] < 0.5), made[0, 3] == 1
    assert abs(made[0, :3, edge].mean() - made[0, :3, middle].mean()) < 0.1


def test_cleared_places_stay_clear_in_a_painted_sketch_and_its_lines_are_seen(run: Run) -> None:
    line = torch.ones(1, 1, 64, 64)
    line[..., 10:54, 10], line[..., 10:54, 53], line[..., 10, 10:54], line[..., 53, 10:54] = 0, 0, 0, 0
    clear = torch.zeros(1, 4, 64, 64)
    clear[..., 2:5, 2:60] = 1
    for keep in (False, True):
        made = run("sketch_to_style", {"line": line, "clear": clear}, keep_lines=keep)["stylized"]
        assert made.shape == (1, 4, 64, 64)
        assert made[0, 3, 2:5, 4:60].max() < 0.1
        assert made[0, 3, 20:44, 20:44].min() > 0.9
        assert made[0, 3, 30, 10] > 0.9
