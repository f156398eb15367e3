"""The torch modules, and the list of architectures that a model's card may name."""

from torch import nn

from .copyist import Copyist, Manner
from .painter import Painter
from .paper import PaperUNet, PlainCNN
from .pix2pix import Pix2Pix
from .stylebank import Bank, Coder
from .transform import LightTransform, Transform, Upscaler
from .unet import InkwashUNet
from .vgg import VGG

ARCHITECTURES: dict[str, type[nn.Module]] = {
    "inkwash": InkwashUNet,
    "paper": PaperUNet,
    "baseline": PlainCNN,
    "pix2pix": Pix2Pix,
    "painter": Painter,
    "vgg": VGG,
    "transform": Transform,
    "light-transform": LightTransform,
    "upscaler": Upscaler,
    "coder": Coder,
    "bank": Bank,
    "copyist": Copyist,
    "manner": Manner,
}
