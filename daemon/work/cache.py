"""The networks that are loaded: recently used ones stay, within a budget of memory."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from inkwash.models.cards import Card
from inkwash.models.store import Store

if TYPE_CHECKING:
    import torch

    from .device import Device

Key = tuple[str, str, int, str]  # name, role, modification time of the file in ns, device


class Networks:
    """Loads networks of the store onto a device and keeps the recently used ones."""

    def __init__(self, store: Store, budget: int) -> None:
        """`budget`: bytes that all networks may take together; the one in use may take more."""
        self._store = store
        self._budget = budget
        self._loaded: OrderedDict[Key, torch.nn.Module] = OrderedDict()
        self._last_use = time.monotonic()

    def get(self, name: str, role: str, device: Device) -> torch.nn.Module:
        """Model `name` on `device` in its precision, channels last; UnknownModel, BadModel.

        A file that was replaced since is loaded anew.
        """
        self._last_use = time.monotonic()
        key = (name, role, self._store.file(name, role).stat().st_mtime_ns, str(device.where))
        network = self._loaded.pop(key, None)
        if network is None:
            self._forget(name, str(device.where))
            network = device.place(self._store.load(name, role))
        self._loaded[key] = network  # the newest is at the end
        self._keep_budget()
        return network

    def keep(self, network: torch.nn.Module, card: Card) -> None:
        """Put a model into the store; BadParameter if there is one of that name."""
        self._store.keep(network, card)

    def names(self) -> list[str]:
        """The models that are loaded, the one used last at the end."""
        return [name for name, *_ in list(self._loaded)]

    def idle_seconds(self) -> float:
        """How long no network was asked for."""
        return time.monotonic() - self._last_use

    def clear(self) -> None:
        """Drop all networks."""
        self._loaded.clear()

    def _forget(self, name: str, device: str) -> None:
        """Drop what was loaded from an older file of `name`."""
        for key in [key for key in self._loaded if (key[0], key[3]) == (name, device)]:
            del self._loaded[key]

    def _keep_budget(self) -> None:
        while len(self._loaded) > 1 and sum(map(size, self._loaded.values())) > self._budget:
            self._loaded.popitem(last=False)


def size(network: torch.nn.Module) -> int:
    """Bytes of the network's parameters and buffers."""
    return sum(tensor.nbytes for tensor in (*network.parameters(), *network.buffers()))
