import pytest
import torch

from inkwash.models.networks.vgg import VGG, layer_names


def test_layers_have_the_names_and_sizes_of_the_field(eye) -> None:
    found = eye(torch.rand(1, 3, 48, 40), layer_names(16)[:10])
    assert {name: tuple(x.shape[1:]) for name, x in found.items() if name.endswith("_2")} == {
        "relu1_2": (64, 48, 40), "relu2_2": (128, 24, 20), "relu3_2": (256, 12, 10), "relu4_2": (512, 6, 5),
    }  # fmt: skip


def test_the_two_depths_have_the_layers_of_the_paper() -> None:
    assert len(layer_names(16)) == 13
    assert len(layer_names(19)) == 16
    assert layer_names(19)[-1] == "relu5_4"


def test_nothing_deeper_than_asked_for_is_computed(eye) -> None:
    deep = []
    handle = eye.convolution("relu2_1").register_forward_hook(lambda *_: deep.append(1))
    assert list(eye(torch.rand(1, 3, 32, 32), ["relu1_2"])) == ["relu1_2"]
    handle.remove()
    assert deep == []


def test_a_layer_that_is_not_there_is_named(eye) -> None:
    with pytest.raises(KeyError, match="relu5_1"):
        eye(torch.rand(1, 3, 32, 32), ["relu5_1"])


def test_it_can_be_cut_short() -> None:
    assert VGG(19, "relu1_2").layers == ("relu1_1", "relu1_2")
