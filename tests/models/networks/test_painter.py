"""The painter: it keeps colours, whatever it paints."""

import pytest
import torch

from inkwash.models.networks.painter import MANNERS, Painter, balanced, louder


def seen(height: int, width: int) -> tuple[torch.Tensor, ...]:
    torch.manual_seed(0)
    manner = torch.eye(MANNERS)[:1]
    return torch.rand(1, 1, height, width), torch.rand(1, 3, height, width), torch.rand(1, 5, height, width), manner


@pytest.mark.parametrize("size", [(32, 32), (37, 61)])
def test_it_begins_as_flats_at_any_size(size: tuple[int, int]) -> None:
    made = Painter(4).eval()(*seen(*size))
    assert made.shape == (1, 3, *size)
    assert (made == 0).all()


def test_what_is_balanced_leaves_every_body_its_mean() -> None:
    torch.manual_seed(0)
    bodies = torch.randint(0, 4, (2, 9, 12))
    made = balanced(torch.rand(2, 3, 9, 12), bodies)
    assert made.std() > 0.1
    for picture, labels in zip(made, bodies, strict=True):
        assert (picture[:, labels == 0] == 0).all()
        for body in (1, 2, 3):
            assert picture[:, labels == body].mean(1).abs().max() < 1e-6


def test_a_louder_painter_shades_the_same_more_strongly() -> None:
    painter, given = Painter(4).eval(), seen(32, 32)
    torch.nn.init.normal_(painter.out.weight)
    before = painter(*given)
    assert before.std() > 0
    assert torch.allclose(louder(painter, 2)(*given), 2 * before, atol=1e-5)
    assert torch.equal(painter(*given), before)
