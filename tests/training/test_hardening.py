"""What a worn machine does to a run: a damaged checkpoint, a log that breaks off, a full disk."""

from __future__ import annotations

import os
import random
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
import torch
from click.testing import CliRunner
from torch import nn

from inkwash.daemon.commands import Commands
from inkwash.models.store import SHIPPED
from inkwash.training import checkpoint
from inkwash.training.run import Run


@dataclass
class Settings:
    """Of a run that learns nothing."""

    steps: int = 3


@contextmanager
def full_disk() -> Iterator[None]:
    """Files grow no longer than a kilobyte."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@pytest.fixture
def network() -> nn.Module:
    return nn.Linear(30, 30)


@pytest.fixture
def optimizer(network: nn.Module) -> torch.optim.Optimizer:
    optimizer = torch.optim.Adam(network.parameters())
    network(torch.ones(30)).sum().backward()
    optimizer.step()
    return optimizer


@pytest.fixture
def file(tmp_path: Path, network: nn.Module, optimizer: torch.optim.Optimizer) -> Path:
    file = tmp_path / "checkpoint.safetensors"
    checkpoint.save(file, {"net": network}, {"opt": optimizer}, 7)
    return file


def test_a_whole_checkpoint_is_continued(file: Path, network: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    assert checkpoint.load(file, {"net": network}, {"opt": optimizer}) == 7


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    "damage",
    [
        lambda data, chance: data[: chance.randrange(len(data))],
        lambda data, chance: chance.randbytes(len(data)),
        lambda data, chance: data[:8] + bytes(b ^ (chance.random() < 0.02) for b in data[8:400]) + data[400:],
        lambda data, chance: data + b"more",
    ],
    ids=["cut", "noise", "flipped", "longer"],
)
def test_a_damaged_checkpoint_is_said_in_a_sentence(
    file: Path,
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    damage: Callable[[bytes, random.Random], bytes],
    seed: int,
) -> None:
    file.write_bytes(damage(file.read_bytes(), random.Random(seed)))
    with pytest.raises(ValueError, match=r"checkpoint\.safetensors is"):
        checkpoint.load(file, {"net": network}, {"opt": optimizer})


def test_a_model_is_no_checkpoint(network: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    model = next(SHIPPED.glob("*.safetensors"))
    with pytest.raises(ValueError, match="no checkpoint"):
        checkpoint.load(model, {"net": network}, {"opt": optimizer})


def test_on_a_full_disk_the_last_checkpoint_stays(
    file: Path, network: nn.Module, optimizer: torch.optim.Optimizer
) -> None:
    with full_disk(), pytest.raises(OSError, match="too large"):
        checkpoint.save(file, {"net": network}, {"opt": optimizer}, 8)
    assert checkpoint.load(file, {"net": network}, {"opt": optimizer}) == 7
    assert [each.name for each in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("step,seconds,loss\n1,2.5,0.3\n2,4.5", 2.5),  # killed while it wrote
        ("step,seconds,loss\n1,2.5,0.3\n\0\0\0\0\n3,8,0.1\n", 8.0),
        ("step,seconds,loss\n1,2.5,0.3\nx,y,z\n1,2,3,4,5\n", 2.5),
        ("step,seconds\nx,y\n", 0.0),
        ("\xff\xfe\0{", 0.0),
        ("", 0.0),
    ],
)
def test_a_broken_log_is_continued_with_what_is_whole(tmp_path: Path, text: str, seconds: float) -> None:
    (tmp_path / "log.csv").write_bytes(text.encode("latin-1"))
    run = Run(tmp_path, Settings())
    assert run._seconds_before() == seconds
    run.log(9, {"loss": 0.5})
    assert run._rows()[-1]["step"] == 9
    run.plot()
    run.close()
    assert (tmp_path / "losses.png").exists()
    assert seconds or (tmp_path / "log.damaged.csv").read_bytes() == text.encode("latin-1")


@pytest.mark.parametrize(("number", "words"), [(28, "Free some space"), (13, "their rights")])
def test_what_the_system_refuses_a_command_is_a_sentence(number: int, words: str) -> None:
    @click.group(cls=Commands)
    def group() -> None:
        """Commands."""

    def refused() -> None:
        raise OSError(number, os.strerror(number), "/run/model.part")

    group.get_command = lambda ctx, name: click.Command("try", callback=refused)  # type: ignore[method-assign]
    result = CliRunner().invoke(group, ["try"])
    assert result.exit_code == 2
    assert "/run/model.part cannot be used" in result.output
    assert words in result.output
