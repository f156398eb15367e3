import pytest
import torch

from inkwash.models.styles.objective import Verdict
from inkwash.models.styles.optimisers import METHODS, RATES

GOAL = torch.linspace(-0.2, 1.2, 48).reshape(1, 3, 4, 4)  # partly out of reach
SCALE = torch.logspace(0, 2, 48).reshape(1, 3, 4, 4)  # badly conditioned


def judge(picture: torch.Tensor) -> Verdict:
    loss = float((SCALE * (picture - GOAL).square()).sum())
    return Verdict(loss, loss, 0.0, 0.0, 2 * SCALE * (picture - GOAL))


@pytest.mark.parametrize("name", METHODS)
def test_every_method_makes_the_picture_better_and_keeps_it_in_range(name: str) -> None:
    picture = torch.full((1, 3, 4, 4), 0.5)
    method = METHODS[name](RATES[name])
    first = judge(picture).loss
    for _ in range(60):
        picture, verdict = method(judge, picture)
        assert picture.min() >= 0
        assert picture.max() <= 1
        assert verdict.loss == pytest.approx(judge(picture).loss)
    assert verdict.loss < first


def test_l_bfgs_reaches_the_limit_of_what_can_be_reached() -> None:
    picture, method = torch.full((1, 3, 4, 4), 0.5), METHODS["l-bfgs"](1.0)
    for _ in range(80):
        picture, _ = method(judge, picture)
    torch.testing.assert_close(picture, GOAL.clamp(0, 1), atol=1e-3, rtol=0)


def test_l_bfgs_never_makes_it_worse() -> None:
    picture, method, losses = torch.full((1, 3, 4, 4), 0.5), METHODS["l-bfgs"](1.0), []
    for _ in range(30):
        picture, verdict = method(judge, picture)
        losses.append(verdict.loss)
    assert losses == sorted(losses, reverse=True)


def test_nothing_is_judged_twice() -> None:
    count = 0

    def counting(picture: torch.Tensor) -> Verdict:
        nonlocal count
        count += 1
        return judge(picture)

    picture, method = torch.full((1, 3, 4, 4), 0.5), METHODS["adam"](0.02)
    for _ in range(10):
        picture, _ = method(counting, picture)
    assert count == 11


def test_the_monte_carlo_method_is_the_same_with_the_same_chance() -> None:
    ends = []
    for _ in range(2):
        picture, method = torch.full((1, 3, 4, 4), 0.5), METHODS["monte carlo"](0.1)
        for _ in range(20):
            picture, _ = method(judge, picture)
        ends.append(picture)
    assert torch.equal(*ends)
