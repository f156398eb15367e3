"""Stages run strip by strip give what they give at once, at every size and on every kind of layer."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from inkwash.models.networks.layers import Layer, Sketch
from inkwash.models.networks.strips import run
from inkwash.models.networks.stylebank import Bank, Coder, fingerprint
from inkwash.models.networks.transform import LightTransform, Transform, Upscaler
from inkwash.models.styles.colours import statistics


def ended(stages: object, x: Tensor, **options: int) -> Tensor:
    running = run(stages, x, **options)  # type: ignore[arg-type]
    while True:
        try:
            next(running)
        except StopIteration as end:
            return end.value


def shaken(network: nn.Module) -> nn.Module:
    """Gains and shifts as training leaves them, some of them negative."""
    torch.manual_seed(1)
    for layer in network.modules():
        if isinstance(layer, Layer) and layer.norm:
            nn.init.normal_(layer.gain, 0.3, 1)
            nn.init.normal_(layer.shift)
    return network.eval()


@pytest.fixture(params=["transform", "light", "upscaler", "coder", "full coder"])
def stages(request: pytest.FixtureRequest) -> list[nn.Module]:
    torch.manual_seed(0)
    made = {
        "transform": lambda: list(shaken(Transform(8, 2)).stages),
        "light": lambda: list(shaken(LightTransform(8, 2)).stages),
        "upscaler": lambda: list(Upscaler(4, 8, 2).stages),
        "coder": lambda: [*(c := shaken(Coder("light"))).encoder, *shaken(Bank("light")).stages, *c.decoder],
        "full coder": lambda: [*(c := Coder("full")).encoder, *shaken(Bank("full")).stages, *c.decoder],
    }
    return made[request.param]()


@pytest.mark.parametrize("strip", [1, 700, 10**9])
@torch.inference_mode()
def test_strips_of_any_height_give_what_the_stages_give_at_once(stages: list[nn.Module], strip: int) -> None:
    x = torch.rand(1, 3, 36, 52) - 0.5
    wanted = x
    for stage in stages:
        wanted = stage(wanted)
    assert torch.allclose(ended(stages, x, strip=strip), wanted, atol=2e-5)


@torch.inference_mode()
def test_the_picture_that_is_given_is_not_changed(stages: list[nn.Module]) -> None:
    x = torch.rand(1, 3, 32, 32)
    before = x.clone()
    ended(stages, x)
    assert torch.equal(x, before)


@torch.inference_mode()
def test_a_flat_picture_is_no_trouble_in_half_precision() -> None:
    network = Transform(8, 2).bfloat16()
    made = ended(network.stages, torch.full((1, 3, 32, 32), 0.3))
    assert bool(made.isfinite().all())
    assert float(made.float().std((2, 3)).max()) < 0.1


@torch.inference_mode()
def test_a_growing_layer_is_a_convolution_of_the_enlarged_picture() -> None:
    layer, x = Layer(5, 4, 3, grow=True, norm=False, active=False), torch.rand(1, 5, 6, 7)
    large = nn.functional.pad(x.repeat_interleave(2, 2).repeat_interleave(2, 3), (1,) * 4, mode="replicate")
    assert torch.allclose(layer(x), nn.functional.conv2d(large, layer.weight, layer.bias), atol=1e-5)


@torch.inference_mode()
def test_a_sketch_brings_a_picture_to_its_paintings_palette() -> None:
    sketch, x, painting = Sketch(), torch.rand(1, 3, 16, 16), torch.rand(1, 3, 20, 24)
    sketch.adopt(x)
    sketch.detail.fill_(1)
    assert torch.allclose(sketch(x), x, atol=1e-5)  # it has those colours already
    painting[:, 0] = 0.2 + 0.5 * painting[:, 1]
    sketch.adopt(painting)
    made = sketch(x)
    assert torch.allclose(made, sketch.recoloured(x), atol=1e-5)
    for found, wanted in zip(statistics(made), statistics(painting), strict=True):
        assert torch.allclose(found, wanted, atol=0.02)
    grey = torch.full_like(x, 0.3)  # a picture of one colour gets the painting's mean, and nothing is divided by 0
    assert torch.allclose(sketch(grey)[0, :, 0, 0], painting.mean((0, 2, 3)), atol=1e-5)


@torch.inference_mode()
def test_a_sketch_leaves_out_detail() -> None:
    sketch, flat = Sketch(), torch.tensor([0.1, 0.2, 0.7]).view(1, 3, 1, 1).expand(1, 3, 8, 8)
    sketch.detail.zero_()
    checks = flat.clone()
    checks[..., ::2] += 0.1
    checks[..., 1::2] -= 0.1
    assert torch.allclose(sketch(checks), sketch(flat), atol=1e-5)


@torch.inference_mode()
def test_the_light_network_can_begin_as_a_style_of_a_stylebank() -> None:
    coder, bank, network = shaken(Coder("full")), shaken(Bank("full")), LightTransform()
    bank.sketch.adopt(torch.rand(1, 3, 32, 32))
    x = torch.rand(1, 3, 32, 40)
    assert network.holds(coder)
    network.begin_as(coder, bank)
    expected = coder.decode(bank(coder.encode(x))) + bank.sketch(x)
    torch.testing.assert_close(network(x), expected, atol=1e-4, rtol=1e-4)
    assert not LightTransform(width=16).holds(coder)
    assert not network.holds(Coder("light"))


def test_the_light_coder_is_the_papers() -> None:
    shapes = [tuple(layer.weight.shape) for layer in (*Coder("light").encoder, *Coder("light").decoder)]
    assert shapes == [(8, 3, 9, 9), (16, 8, 3, 3), (32, 16, 3, 3), (16, 32, 3, 3), (8, 16, 3, 3), (3, 8, 9, 9)]
    assert [layer.stride for layer in Coder("light").encoder] == [2, 2, 1]
    assert [layer.grow for layer in Coder("light").decoder] == [False, True, True]
    assert [tuple(layer.weight.shape) for layer in Bank("light").stages] == [(32, 32, 3, 3)] * 2


def test_the_transform_network_is_the_papers() -> None:
    assert sum(parameter.numel() for parameter in Transform().parameters()) == 1_677_635
    assert Transform()(torch.rand(2, 3, 30, 41)).shape == (2, 3, 30, 41)


def test_a_fingerprint_changes_with_a_weight_and_not_with_half_precision() -> None:
    coder = Coder("light")
    known = fingerprint(coder)
    assert fingerprint(coder.half()) == known
    with torch.no_grad():
        coder.encoder[0].weight[0, 0, 0, 0] += 1  # type: ignore[index, operator]
    assert fingerprint(coder) != known


def test_an_upscaler_begins_as_bicubic_enlargement() -> None:
    x = torch.rand(1, 3, 20, 24)
    for factor in (2, 4):
        network = Upscaler(factor, 8, 1)
        assert torch.allclose(network(x), network.enlarged(x))
    with pytest.raises(ValueError, match="2 or 4"):
        Upscaler(3)
