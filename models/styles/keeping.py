"""A painting's manner, kept as a model of its own: one small file."""

from __future__ import annotations

import base64
import io
import re
from typing import TYPE_CHECKING, Any

from ..cards import Card
from ..errors import BadParameter

if TYPE_CHECKING:
    from PIL import Image
    from torch import Tensor

    from ..networks.copyist import Manner

THUMBNAIL = 96  # pixels a side


def manner_of(painting: Tensor, label: str, *, copyist: Any, name: str) -> tuple[Manner, Card]:
    """What `copyist`, the model `name`, reads in a painting, with a card; BadParameter for a label without words.

    `painting` is (1, 3, H, W) float, sRGB in [0, 1].
    """
    import torch

    from ..networks.copyist import Manner

    manner = Manner(name, copyist.fingerprint)
    with torch.no_grad():
        manner.code.copy_(copyist.code(painting))
    card = Card(
        name=_name(label),
        label=label,
        role="stylizer",
        architecture="manner",
        settings={"copyist": name, "fingerprint": copyist.fingerprint},
        version="1",
        licence="as the painting",
        trained_on=[f"nothing: it is what the model {name} reads in the painting"],
        thumbnail=thumbnail(_image(painting)),
    )
    return manner, card


def thumbnail(picture: Image.Image) -> str:
    """The middle square of a picture as a small PNG in base64."""
    from PIL import ImageOps

    small = ImageOps.fit(picture.convert("RGB"), (THUMBNAIL, THUMBNAIL))
    stream = io.BytesIO()
    small.quantize(64).save(stream, "PNG", optimize=True)
    return base64.b64encode(stream.getvalue()).decode()


def _name(label: str) -> str:
    """A label as the name of a file: `The Great Wave!` as `the-great-wave`."""
    name = "-".join(re.findall(r"\w+", label.lower()))
    if not name:
        raise BadParameter(f"{label!r} is no name for a style.", "Give it a name of letters or digits.")
    return name


def _image(picture: Tensor) -> Image.Image:
    from PIL import Image

    pixels = (picture[0].clamp(0, 1) * 255).round().byte().permute(1, 2, 0).contiguous().cpu()
    return Image.fromarray(pixels.numpy())
