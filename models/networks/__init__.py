"""The torch modules, and the list of architectures that a model's card may name."""

from torch import nn

from .paper import PaperUNet, PlainCNN
from .unet import InkwashUNet
from .vgg import VGG

ARCHITECTURES: dict[str, type[nn.Module]] = {
    "inkwash": InkwashUNet,
    "paper": PaperUNet,
    "baseline": PlainCNN,
    "vgg": VGG,
}
