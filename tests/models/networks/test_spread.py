import torch

from inkwash.models.networks.spread import nearest, spread, transmission


def _wall() -> torch.Tensor:
    """Ink (1, 1, 20, 21): a wall two pixels wide down the middle."""
    ink = torch.zeros(1, 1, 20, 21)
    ink[..., 10:12] = 1
    return ink


def _seeds(*placed: tuple[int, int, float]) -> torch.Tensor:
    """Seeds (1, 2, 20, 21): a value premultiplied with its weight 1, and the weight."""
    seeds = torch.zeros(1, 2, 20, 21)
    for y, x, value in placed:
        seeds[0, :, y, x] = torch.tensor([value, 1.0])
    return seeds


def test_what_is_spread_fills_its_own_side_of_a_line() -> None:
    total = spread(_seeds((2, 2, 0.25), (17, 18, 0.75)), transmission(_wall(), reach=10))
    mean = total[0, 0] / total[0, 1]
    assert torch.allclose(mean[:, :10], torch.tensor(0.25), atol=0.02)
    assert torch.allclose(mean[:, 12:], torch.tensor(0.75), atol=0.02)


def test_the_nearest_seed_wins_and_says_how_near_it_is() -> None:
    found = nearest(_seeds((5, 1, 0.2), (5, 8, 0.6)), transmission(torch.zeros(1, 1, 20, 21), reach=5))
    assert found[0, 0, 5, 3] == 0.2
    assert found[0, 0, 5, 7] == 0.6
    assert torch.isclose(found[0, 1, 5, 3], torch.tensor(-2 / 5).exp())


def test_a_line_makes_what_is_behind_it_far() -> None:
    near = nearest(_seeds((5, 8, 1.0)), transmission(_wall(), reach=10))[0, 1]
    assert near[5, 5] > 0.5
    assert near[5, 14] < 1e-3


def test_the_way_around_a_wall_is_found() -> None:
    ink = _wall()
    ink[..., :2, :] = 0  # an opening at the top
    near = nearest(_seeds((10, 8, 1.0)), transmission(ink, reach=30))[0, 1]
    straight_through = torch.tensor(-10.0).exp()
    assert near[10, 13] > 100 * straight_through


def test_nothing_known_gives_nothing() -> None:
    assert nearest(_seeds(), transmission(_wall(), reach=5)).abs().sum() == 0
