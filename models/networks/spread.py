"""Spread what is known at a few pixels over the picture, around the lines rather than through them."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

ON_A_LINE = 0.5  # ink from which a hint lies on a line: it says nothing about either side
INK_STOPS = 5.0  # one fully inked pixel lets exp(-5), under one percent, through


def transmission(ink: Tensor, *, reach: float, crowding: float = 0.0, around: int = 1) -> Tensor:
    """How much passes into each pixel from its neighbour, from its darkness.

    `ink` is (B, 1, H, W) float, 0 for paper and 1 for a line; `reach` is the distance in pixels over which what
    passes falls to 1/e on clean paper. With `crowding` less passes where lines are near: that much times the mean ink
    within `around` pixels, so that a narrow opening in a line is nearly closed. Returns (B, 1, H, W) float in (0, 1).
    """
    loss = 1.0 / reach + INK_STOPS * ink
    if crowding:
        padded = F.pad(ink, (around,) * 4, mode="replicate")
        padded = F.avg_pool2d(padded, (1, 2 * around + 1), stride=1)  # a box blur is separable
        loss = loss + crowding * F.avg_pool2d(padded, (2 * around + 1, 1), stride=1)
    return torch.exp(-loss)


def _all_ways(sweep: Callable[[Tensor, Tensor], None], seeds: Tensor, passes: Tensor, rounds: int) -> Tensor:
    """`sweep` a copy of `seeds` along the columns and, turned, along the rows, `rounds` times."""
    values = seeds.clone(memory_format=torch.contiguous_format)
    across = passes.transpose(-1, -2).contiguous()
    for _ in range(rounds):
        sweep(values, passes)
        turned = values.transpose(-1, -2).contiguous()
        sweep(turned, across)
        values = turned.transpose(-1, -2).contiguous()
    return values


def _sweep_rows(values: Tensor, passes: Tensor) -> None:
    """Carry `values` (B, C, H, W) down and then up the rows in place."""
    rows, gates = values.unbind(-2), passes.unbind(-2)
    for y in range(1, len(rows)):
        rows[y].addcmul_(gates[y], rows[y - 1])
    for y in range(len(rows) - 2, -1, -1):
        rows[y].addcmul_(gates[y], rows[y + 1])


@torch.no_grad()
def spread(seeds: Tensor, passes: Tensor, *, rounds: int = 2) -> Tensor:
    """Sum over all pixels of `seeds`, each weighted by what passes along the way.

    A recursive (infinite impulse response) filter: down, up, right, left, repeated `rounds` times so that
    paths may bend. Its cost is a few additions per pixel, whatever the distance. `seeds` is (B, C, H, W) float32:
    values premultiplied with their weight, and the weight as one of the channels; dividing by that channel
    afterwards gives the weighted mean. `passes` is (B, 1, H, W) from `transmission`. Returns (B, C, H, W).
    """
    return _all_ways(_sweep_rows, seeds, passes, rounds)


def _carry_rows(seeds: Tensor, passes: Tensor) -> None:
    """Let the nearest seed win, down and then up the rows of `seeds` (B, C + 1, H, W), in place."""
    rows, near, gates = seeds.unbind(-2), seeds[:, -1:].unbind(-2), passes.unbind(-2)
    arriving = torch.empty_like(rows[0])  # once for all rows: the loop is long, and each of its steps short
    nearer, arriving_near = torch.empty_like(near[0], dtype=torch.bool), arriving[:, -1:]
    for order in (range(1, len(rows)), range(len(rows) - 2, -1, -1)):
        for y in order:
            torch.mul(rows[y - order.step], gates[y], out=arriving)
            torch.gt(arriving_near, near[y], out=nearer)
            torch.where(nearer, arriving, rows[y], out=rows[y])


@torch.no_grad()
def nearest(seeds: Tensor, passes: Tensor, *, rounds: int = 2) -> Tensor:
    """Give every pixel the value of the seed that is nearest to it along the paper.

    `seeds` is (B, C + 1, H, W) float: C values and, last, the nearness: 1 at a seed (less at one that counts less, as
    if it were farther away), 0 elsewhere. `passes` is
    (B, 1, H, W) from `transmission`. Returns the same filled: the nearness is the product of what passes along the
    best path found by sweeping down, up, right and left `rounds` times: exp(-distance / reach) on clean paper.
    """
    gates = torch.cat([torch.ones_like(seeds[:, :-1]), passes], 1)  # values travel unchanged, nearness fades
    return _all_ways(_carry_rows, seeds, gates, rounds)
