"""Builds the network that a card describes, once it is sure that the weights beside it are those of such a network."""

from __future__ import annotations

import inspect
import math
import warnings
from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from . import ARCHITECTURES

LARGEST = 4096  # of a whole-number setting: channels, blocks and levels
KINDS: dict[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "str": (str,), "bool": (bool,)}
FLOATS = {"F16", "BF16", "F32", "F64"}  # as safetensors names them

Shapes = Mapping[str, tuple[str, tuple[int, ...]]]


def fitted(architecture: str, settings: Mapping[str, Any], shapes: Shapes) -> nn.Module:
    """The network, of random weights, whose tensors have exactly these `shapes`; ValueError if there is none.

    Nothing is allocated before that is known: a card may ask for a billion blocks.
    """
    if architecture not in ARCHITECTURES:
        raise ValueError(f"there is no architecture {architecture!r}")
    build = ARCHITECTURES[architecture]
    _check_settings(build, settings, shapes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tensors without elements
        with torch.device("meta"):
            skeleton = build(**settings).state_dict()
    if skeleton.keys() != shapes.keys():
        raise ValueError("it has other tensors than its settings say")
    for name, tensor in skeleton.items():
        dtype, shape = shapes[name]
        if tuple(tensor.shape) != shape or tensor.is_floating_point() != (dtype in FLOATS):
            raise ValueError(f"its tensor {name} is not as its settings say")
    return build(**settings)


def _check_settings(build: type[nn.Module], settings: Mapping[str, Any], shapes: Shapes) -> None:
    """ValueError for a setting that is unknown, of another type, or larger than anything in the file."""
    known = inspect.signature(build).parameters
    largest = min(LARGEST, max([len(shapes), *(side for _, shape in shapes.values() for side in shape)]))
    for name, value in settings.items():
        if name not in known:
            raise ValueError(f"it has no setting {name!r}")
        annotation = known[name].annotation
        kind = annotation if isinstance(annotation, str) else annotation.__name__
        sound: bool = isinstance(value, KINDS[kind]) and isinstance(value, bool) == (kind == "bool")
        if not sound:
            raise ValueError(f"its setting {name} is no {kind}")
        if kind == "int" and not 0 <= value <= largest:
            raise ValueError(f"its setting {name} is larger than its weights")
        if kind == "float" and not (math.isfinite(value) and 0 <= value <= 1):
            raise ValueError(f"its setting {name} is not between 0 and 1")
