"""What every training loop needs: a rate that falls, an average of weights, and an end between two steps."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from math import cos, pi
from typing import Protocol

import torch
from torch import nn


class Schedule(Protocol):
    """The settings that a rate is made of."""

    @property
    def lr(self) -> float:
        """At the start."""

    @property
    def steps(self) -> int:
        """In all."""

    @property
    def decay(self) -> float:
        """Last part of the run, 0 to 1, over which the rate falls to nothing."""


def learning_rate(settings: Schedule, step: int) -> float:
    """Constant, then falling as a half cosine over the last part of the run."""
    left = (1 - step / settings.steps) / settings.decay if settings.decay else 1.0
    return settings.lr if left >= 1 else settings.lr * (1 - cos(pi * left)) / 2


@contextlib.contextmanager
def asked_to_stop() -> Iterator[threading.Event]:
    """An event that Ctrl-C sets, so that a run stops between two steps and not in the middle of one."""
    stop = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def ignore_interrupts(worker: int) -> None:
    """Leave Ctrl-C to the process that trains."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@torch.no_grad()
def update_average(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Move the averaged weights and statistics a little towards the network's."""
    for mean, value in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
        mean.copy_(torch.lerp(value, mean, decay) if mean.is_floating_point() else value)
