"""White paper under a new style."""

from __future__ import annotations

import torch
from torch import Tensor

from inkwash.models.styles.colours import luma
from inkwash.models.styles.paper import with_paper, without_paper


def page() -> Tensor:
    """A black square on white paper, (1, 3, 64, 80)."""
    picture = torch.ones(1, 3, 64, 80)
    picture[..., 20:44, 30:50] = 0
    return picture


def brown() -> Tensor:
    """What a dark painting makes of it, strokes on the ground included."""
    made = torch.tensor([0.45, 0.3, 0.2]).view(1, 3, 1, 1).expand(1, 3, 64, 80).clone()
    made[..., ::4] += 0.05
    return made


def test_a_page_that_turned_brown_is_light_again_and_still_warm() -> None:
    kept = with_paper(brown(), page())
    paper = kept[..., :18, :]
    assert float(luma(paper).mean()) > 0.9
    assert float(paper[:, 0].mean()) > float(paper[:, 2].mean()) + 0.02


def test_strokes_stay_on_the_paper_and_what_is_drawn_stays_as_it_was_painted() -> None:
    made = brown()
    made[..., ::4] -= 0.25
    kept = with_paper(made, page())
    assert torch.equal(kept[..., 20:44, 30:50], made[..., 20:44, 30:50])
    assert float(luma(kept[..., :18, :]).std()) > 0.005


def test_a_picture_without_paper_is_left_alone() -> None:
    made = brown()
    assert with_paper(made, page() * 0.8) is made


def test_all_paper_of_a_page_gets_one_tint_and_no_spots_that_are_lighter() -> None:
    made = brown()
    made[..., 40:] = 0.9  # as a network paints beside what is drawn
    paper = with_paper(made, page())[..., :18, :]
    assert float((paper.amax((2, 3)) - paper.median(-1).values.median(-1).values).max()) < 0.01


def test_a_network_is_given_a_drawing_that_goes_on_over_its_paper() -> None:
    drawn = page()
    drawn[..., 20:44, 30:50] = torch.tensor([0.8, 0.5, 0.4]).view(1, 3, 1, 1)
    given = without_paper(drawn)
    assert torch.equal(given[..., 20:44, 30:50], drawn[..., 20:44, 30:50])
    assert float((given - drawn[..., 30:31, 40:41]).abs().max()) < 0.05


def test_a_page_of_nothing_but_paper_is_left_alone() -> None:
    assert torch.equal(without_paper(torch.ones(1, 3, 40, 30)), torch.ones(1, 3, 40, 30))
    grey = page() * 0.8
    assert without_paper(grey) is grey


def test_every_size_is_served() -> None:
    for height, width in ((1, 1), (7, 9), (8, 8), (33, 17)):
        white = torch.ones(1, 3, height, width)
        kept = with_paper(torch.full_like(white, 0.3), white)
        assert kept.shape == without_paper(white).shape == white.shape
        assert float(luma(kept).min()) > 0.9
