"""The networks that stay loaded: the recently used ones, within their budget."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch

from inkwash.daemon.work.cache import Networks, size
from inkwash.daemon.work.device import choose
from inkwash.models import networks
from inkwash.models.cards import Card
from inkwash.models.errors import BadModel, UnknownModel
from inkwash.models.store import Store, save

DEVICE = choose("cpu", "float32")
BYTES = 1000 * 1000 * 4


def make(channels: int = 1000) -> torch.nn.Module:
    return torch.nn.Conv2d(channels, channels, 1, bias=False)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with three models of 4 MB each."""
    monkeypatch.setitem(networks.ARCHITECTURES, "block", make)
    for name in "abc":
        save(tmp_path / f"{name}.safetensors", make(), Card(name, name, "test", "block", {}, "1", "MIT"))
    return Store([tmp_path])


def test_a_network_is_loaded_once_and_ready_to_run(store: Store) -> None:
    cache = Networks(store, 10 * BYTES)
    network = cache.get("a", "test", DEVICE)
    assert cache.get("a", "test", DEVICE) is network
    [weight] = network.parameters()
    assert size(network) == BYTES
    assert not weight.requires_grad
    assert not network.training


def test_the_least_recently_used_goes_when_the_budget_is_spent(store: Store) -> None:
    cache = Networks(store, 2 * BYTES)
    for name in "abac":
        cache.get(name, "test", DEVICE)
    assert cache.names() == ["a", "c"]


def test_one_larger_than_the_budget_still_runs(store: Store) -> None:
    cache = Networks(store, 1)
    for name in "ab":
        cache.get(name, "test", DEVICE)
    assert cache.names() == ["b"]


def test_a_replaced_file_is_loaded_anew_and_the_old_one_dropped(store: Store) -> None:
    cache = Networks(store, 10 * BYTES)
    old = cache.get("a", "test", DEVICE)
    file = store.file("a")
    os.utime(file, ns=(0, 0))
    assert cache.get("a", "test", DEVICE) is not old
    assert cache.names() == ["a"]


def test_wrong_roles_and_names_are_refused_even_when_loaded(store: Store) -> None:
    cache = Networks(store, 10 * BYTES)
    cache.get("a", "test", DEVICE)
    with pytest.raises(BadModel):
        cache.get("a", "colorizer", DEVICE)
    with pytest.raises(UnknownModel):
        cache.get("z", "test", DEVICE)


def test_a_removed_file_is_unknown_at_once(store: Store) -> None:
    cache = Networks(store, 10 * BYTES)
    cache.get("a", "test", DEVICE)
    store.file("a").unlink()
    with pytest.raises(UnknownModel):
        cache.get("a", "test", DEVICE)


def test_clearing_drops_all(store: Store) -> None:
    cache = Networks(store, 10 * BYTES)
    cache.get("a", "test", DEVICE)
    cache.clear()
    assert cache.names() == []
