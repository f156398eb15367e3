"""How a picture is made better step by step: five methods, one interface, always within the range of colours.

Every method is a callable: it is given the judge (loss and gradient of a picture) and a picture (1, 3, H, W) in [0, 1],
and returns the next picture with the verdict on it. What it remembers between steps is its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

import torch
import torch.nn.functional as F
from torch import Tensor

from .objective import Verdict

Judge = Callable[[Tensor], Verdict]
Method = Callable[[Judge, Tensor], tuple[Tensor, Verdict]]
REMEMBERED = (5, 40)  # steps that L-BFGS estimates curvature from, at least and at most ...
MEMORY = 512 * 2**20  # ... as many as fit into so many bytes
TRIES = 6  # halvings of a step that made things worse


class Known:
    """The verdict on the picture that was made last, so that nothing is judged twice."""

    def __init__(self) -> None:
        self._last: tuple[Tensor, Verdict] | None = None

    def verdict(self, judge: Judge, picture: Tensor) -> Verdict:
        """The verdict on `picture`, from memory if it is the last one."""
        if self._last is not None and self._last[0] is picture:
            return self._last[1]
        return judge(picture)

    def keep(self, picture: Tensor, verdict: Verdict) -> tuple[Tensor, Verdict]:
        """Remember the verdict on `picture`; both, to be returned."""
        self._last = (picture, verdict)
        return self._last


class LBFGS:
    """Limited-memory BFGS (Nocedal 1980), projected onto [0, 1] after every step as Johnson et al. 2016 do.

    Curvature is learned from the steps really taken, after projection; where a colour is at its limit and would go
    beyond, it is left out of the direction. A step after which the loss is higher is halved until it is not.
    """

    def __init__(self, rate: float = 1.0) -> None:
        self._rate, self._pairs = rate, deque[tuple[Tensor, Tensor, float]]()
        self._known = Known()

    def __call__(self, judge: Judge, picture: Tensor) -> tuple[Tensor, Verdict]:
        """The next picture, and the verdict on it."""
        verdict = self._known.verdict(judge, picture)
        gradient = verdict.gradient
        free = ~(((picture <= 0) & (gradient > 0)) | ((picture >= 1) & (gradient < 0)))
        direction = self._direction(gradient * free) * free
        size = self._rate if self._pairs else self._rate / float(gradient.abs().mean().clamp_min(1e-12)) / 255
        for _ in range(TRIES):
            made = (picture + size * direction).clamp_(0, 1)
            after = judge(made)
            if after.loss <= verdict.loss:
                break
            size /= 2
        else:  # nothing along this direction helps: what was learned is of no use here
            self._pairs.clear()
        self._learn(made - picture, after.gradient - gradient)
        return self._known.keep(made, after)

    def _direction(self, gradient: Tensor) -> Tensor:
        """Downhill, as far as the curvature lets one go: the two-loop recursion."""
        direction, factors = -gradient, []
        for step, change, product in reversed(self._pairs):
            factors.append(float((step * direction).sum()) / product)
            direction = direction - factors[-1] * change
        if self._pairs:
            _, change, product = self._pairs[-1]
            direction = direction * (product / float(change.square().sum()))
        for (step, change, product), factor in zip(self._pairs, reversed(factors), strict=True):
            direction = direction + (factor - float((change * direction).sum()) / product) * step
        return direction

    def _learn(self, step: Tensor, change: Tensor) -> None:
        product = float((step * change).sum())
        if product > 1e-10 * float(change.square().sum()):  # else it curves the wrong way
            self._pairs.append((step, change, product))
        least, most = REMEMBERED
        if len(self._pairs) > min(most, max(least, MEMORY // (step.nbytes + change.nbytes))):
            self._pairs.popleft()


class FirstOrder:
    """A method of torch that follows the gradient alone, projected onto [0, 1] after every step."""

    def __init__(self, make: Callable[[Iterable[Tensor]], torch.optim.Optimizer]) -> None:
        self._make, self._known = make, Known()
        self._started: tuple[Tensor, torch.optim.Optimizer] | None = None

    def __call__(self, judge: Judge, picture: Tensor) -> tuple[Tensor, Verdict]:
        """The next picture, and the verdict on it."""
        if self._started is None:
            leaf = picture.clone()
            self._started = leaf, self._make([leaf])
        leaf, optimizer = self._started
        leaf.grad = self._known.verdict(judge, picture).gradient
        optimizer.step()
        made = leaf.clamp_(0, 1).clone()
        return self._known.keep(made, judge(made))


class Descent:
    """Gradient descent, projected onto [0, 1].

    The first step changes colours by `rate` on average, as no number suits every loss; one after which the loss is
    higher is taken back, and those after it are half as long.
    """

    def __init__(self, rate: float = 0.01) -> None:
        self._rate, self._length, self._known = rate, 0.0, Known()

    def __call__(self, judge: Judge, picture: Tensor) -> tuple[Tensor, Verdict]:
        """The next picture, and the verdict on it; the same picture if the step was taken back."""
        verdict = self._known.verdict(judge, picture)
        if not self._length:
            self._length = self._rate / float(verdict.gradient.abs().mean().clamp_min(1e-12))
        made = (picture - self._length * verdict.gradient).clamp_(0, 1)
        after = judge(made)
        if after.loss > verdict.loss:
            self._length /= 2
            return self._known.keep(picture, verdict)
        return self._known.keep(made, after)


class Metropolis:
    """Random changes, taken if they help and sometimes if they do not (Metropolis et al. 1953), ever more coldly.

    A change is smooth noise of a random grain, as single pixels would hardly ever help; its size follows how often
    changes are taken. It needs no gradient.
    """

    def __init__(self, rate: float = 0.1, *, seed: int = 0) -> None:
        self._size, self._heat, self._known = rate, 1e-3, Known()
        self._chance = torch.Generator().manual_seed(seed)

    def __call__(self, judge: Judge, picture: Tensor) -> tuple[Tensor, Verdict]:
        """The next picture, and the verdict on it; the same picture if the change was not taken."""
        verdict = self._known.verdict(judge, picture)
        made = (picture + self._size * self._noise(picture)).clamp_(0, 1)
        after = judge(made)
        worse = (after.loss - verdict.loss) / (self._heat * verdict.loss)
        taken = worse <= 0 or float(torch.rand((), generator=self._chance)) < 2.718 ** min(0.0, -worse)
        self._size *= 1.2 if taken else 0.95  # in balance when about a quarter is taken
        self._heat *= 0.99
        return self._known.keep(made, after) if taken else self._known.keep(picture, verdict)

    def _noise(self, picture: Tensor) -> Tensor:
        """Normal noise as large as `picture`, smooth over 1 to 32 pixels."""
        height, width = picture.shape[-2:]
        grain = 2 ** int(torch.randint(0, 6, (), generator=self._chance))
        small = torch.randn(1, 3, -(-height // grain), -(-width // grain), generator=self._chance)
        return F.interpolate(small, (height, width), mode="bilinear").to(picture)


METHODS: dict[str, Callable[[float], Method]] = {  # by name; each is made with its rate
    "l-bfgs": LBFGS,
    "adam": lambda rate: FirstOrder(lambda pixels: torch.optim.Adam(pixels, rate)),
    "adadelta": lambda rate: FirstOrder(lambda pixels: torch.optim.Adadelta(pixels, rate)),
    "gradient descent": Descent,
    "monte carlo": Metropolis,
}
RATES = {
    "l-bfgs": 1.0,
    "adam": 0.02,
    "adadelta": 1.0,
    "gradient descent": 0.01,
    "monte carlo": 0.05,
}  # when none is said
