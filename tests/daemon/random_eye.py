"""A perceptual network with random weights, so that `restyle` runs without the one that must be fetched."""

from pathlib import Path

import torch

from inkwash.models.cards import Card
from inkwash.models.networks.vgg import VGG
from inkwash.models.store import save
from inkwash.models.styles.perceptual import level, natural_noise

SETTINGS = {"depth": 16, "last": "relu4_3"}


def write_random_eye(folder: Path) -> Path:
    """Put it into a store's folder, under the name of the trained one; the file."""
    torch.manual_seed(0)
    network = VGG(**SETTINGS)
    level(network, natural_noise(64))
    folder.mkdir(exist_ok=True)
    file = folder / "vgg16.safetensors"
    save(file, network, Card("vgg16", "VGG-16", "perceptual", "vgg", SETTINGS, "1", "none"))
    return file
