import pytest
import torch

from inkwash.models.networks import ARCHITECTURES
from inkwash.models.networks.paper import blurred

COLORIZERS = ("inkwash", "paper", "baseline")


def _make(architecture: str) -> torch.nn.Module:
    torch.manual_seed(0)
    return ARCHITECTURES[architecture](width=8).eval()


@pytest.mark.parametrize("architecture", COLORIZERS)
@pytest.mark.parametrize("size", [(64, 64), (33, 70), (1, 1), (97, 5)])
def test_any_size_comes_back_at_its_size_and_in_range(architecture: str, size: tuple[int, int]) -> None:
    with torch.inference_mode():
        colour = _make(architecture)(torch.rand(2, 1, *size), torch.rand(2, 4, *size))
    assert colour.shape == (2, 3, *size)
    assert colour.isfinite().all()
    assert ((colour >= 0) & (colour <= 1)).all()


@pytest.mark.parametrize("architecture", COLORIZERS)
def test_both_lines_and_hints_change_the_colour(architecture: str) -> None:
    network, line, hint = _make(architecture), torch.ones(1, 1, 64, 64), torch.zeros(1, 4, 64, 64)
    drawn, hinted = line.clone(), hint.clone()
    drawn[..., 30:34, :] = 0
    hinted[:, [0, 3], 10:20, 10:20] = 1
    with torch.inference_mode():
        plain = network(line, hint)
        assert (network(drawn, hint) - plain).abs().max() > 1e-4
        assert (network(line, hinted) - plain).abs().max() > 1e-4


@pytest.mark.parametrize("architecture", COLORIZERS)
def test_half_precision_runs(architecture: str) -> None:
    network = _make(architecture).bfloat16()
    with torch.inference_mode():
        colour = network(torch.ones(1, 1, 64, 64).bfloat16(), torch.zeros(1, 4, 64, 64).bfloat16())
    assert colour.isfinite().all()


def test_the_paper_s_network_doubles_its_features_from_64_by_5x5_convolutions_of_stride_2() -> None:
    network = ARCHITECTURES["paper"]()
    convolutions = [down.shrink for down in network.downs]
    assert [conv.out_channels for conv in convolutions] == [64, 128, 256, 512]
    assert {(conv.kernel_size, conv.stride) for conv in convolutions} == {((5, 5), (2, 2))}


def test_the_paper_s_hint_is_blurred_and_white_where_nothing_is_hinted() -> None:
    hint = torch.zeros(1, 4, 256, 256)
    assert torch.allclose(blurred(hint), torch.ones(1, 3, 256, 256), atol=1e-4)
    hint[:, [0, 3], 128, 128] = 1  # one red pixel
    colour = blurred(hint)
    assert colour[0, 1, 128, 128] < 1
    assert colour[0, 1, 128, 128 + 49] < 1
    assert torch.isclose(colour[0, 1, 128, 128 + 52], torch.tensor(1.0), atol=1e-6)
