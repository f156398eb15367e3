"""Checkpoints without pickle: networks and optimisers as one safetensors file, written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

from inkwash.models.store import write


def _optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """The optimiser's state by `index.name`; its settings are the run's settings and need no saving."""
    state = optimizer.state_dict()["state"]
    return {f"{index}.{name}": value for index, entry in state.items() for name, value in entry.items()}


def save(
    file: Path, networks: Mapping[str, nn.Module], optimizers: Mapping[str, torch.optim.Optimizer], step: int
) -> None:
    """Write everything that the run needs to go on exactly where it was."""
    tensors = {f"{key}/{n}": t for key, network in networks.items() for n, t in network.state_dict().items()}
    for key, optimizer in optimizers.items():
        tensors |= {f"{key}/{name}": tensor for name, tensor in _optimizer_tensors(optimizer).items()}
    copies = {name: tensor.detach().clone(memory_format=torch.contiguous_format) for name, tensor in tensors.items()}
    write(file, copies, {"step": json.dumps(step)})


def load(file: Path, networks: Mapping[str, nn.Module], optimizers: Mapping[str, torch.optim.Optimizer]) -> int:
    """Restore what `save` wrote; the number of steps done. ValueError if it is damaged or of another network."""
    try:
        with safetensors.safe_open(file, "pt") as archive:
            step = int(json.loads(archive.metadata()["step"]))
        tensors = safetensors.torch.load_file(file)
    except (safetensors.SafetensorError, OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(
            f"{file} is damaged, or no checkpoint: {error}. Begin anew with another -o, or put a copy of it back."
        ) from error
    try:
        for key, network in networks.items():
            network.load_state_dict(_under(tensors, key))
        _restore(optimizers, tensors)
    except (RuntimeError, ValueError, KeyError, IndexError) as error:
        raise ValueError(f"{file} is the checkpoint of another network: {error}") from error
    return step


def _restore(optimizers: Mapping[str, torch.optim.Optimizer], tensors: Mapping[str, Tensor]) -> None:
    for key, optimizer in optimizers.items():
        state: dict[int, dict[str, Tensor]] = {}
        for name, tensor in _under(tensors, key).items():
            index, _, entry = name.partition(".")
            state.setdefault(int(index), {})[entry] = tensor
        optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})


def _under(tensors: Mapping[str, Tensor], key: str) -> dict[str, Tensor]:
    return {name[len(key) + 1 :]: tensor for name, tensor in tensors.items() if name.startswith(key + "/")}
