"""Networks are built only as large as the weights that are there."""

import resource
import time
from typing import Any

import pytest
import torch

from inkwash.models.networks import ARCHITECTURES
from inkwash.models.networks.fitting import Shapes, fitted


def _shapes(network: torch.nn.Module) -> Shapes:
    return {
        name: ("F16" if tensor.is_floating_point() else "I64", tuple(tensor.shape))
        for name, tensor in network.state_dict().items()
    }


@pytest.mark.parametrize(("architecture", "settings"), [(name, {}) for name in ARCHITECTURES])
def test_every_architecture_fits_its_own_weights(architecture: str, settings: dict[str, Any]) -> None:
    shapes = _shapes(ARCHITECTURES[architecture](**settings))
    assert _shapes(fitted(architecture, settings, shapes)) == shapes


@pytest.mark.parametrize("value", [10**9, -1, 0, 3, 4000, 1e300, float("nan"), "x", None, [10**9] * 10, {}, True])
@pytest.mark.parametrize("name", ["width", "blocks", "noise", "unknown"])
def test_no_setting_takes_memory_or_time_that_the_weights_do_not_ask_for(name: str, value: Any) -> None:
    settings = {"width": 32, "blocks": 1, "noise": 0.05}
    shapes = _shapes(ARCHITECTURES["light-transform"](**settings))
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    if name == "noise" and value in (0, True) and value is not True:
        fitted("light-transform", {**settings, name: value}, shapes)
        return
    with pytest.raises(ValueError, match=r"setting|tensor"):
        fitted("light-transform", {**settings, name: value}, shapes)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB
    assert time.process_time() - begun < 20


def test_a_tensor_of_another_kind_of_number_does_not_fit() -> None:
    shapes = {name: ("I16", shape) for name, (_, shape) in _shapes(ARCHITECTURES["coder"]()).items()}
    with pytest.raises(ValueError, match="tensor"):
        fitted("coder", {}, shapes)
