"""Between a layer's bytes and a filter's tensors: depth, channel order, alpha, colour space, place on the canvas."""

from __future__ import annotations

import functools
import io
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageCms
from torch import Tensor

from inkwash.protocol import Layer

Kind = Literal["gray", "rgb", "rgba"]
DTYPES: dict[str, np.dtype[Any]] = {
    "u8": np.dtype("u1"),
    "u16": np.dtype("<u2"),
    "f16": np.dtype("<f2"),
    "f32": np.dtype("<f4"),
}
WHITES = {"u8": 255, "u16": 65535, "f16": 1, "f32": 1}
LUMA = torch.tensor([0.299, 0.587, 0.114])
ROWS = 128  # converted at a time, so that temporaries stay small beside the pictures


def srgb_to_linear(values: Tensor) -> Tensor:
    """The sRGB transfer function undone (IEC 61966-2-1), on [0, 1]."""
    return torch.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def linear_to_srgb(values: Tensor) -> Tensor:
    """The sRGB transfer function (IEC 61966-2-1), on [0, 1]."""
    return torch.where(values <= 0.0031308, values * 12.92, 1.055 * values ** (1 / 2.4) - 0.055)


def to_tensor(layer: Layer, kind: Kind, canvas: Layer) -> Tensor:
    """What `layer` shows inside the rectangle of `canvas`, as a filter's input of `kind`.

    Returns (1, C, H, W) float32, sRGB in [0, 1], H and W the canvas's: C is 1 for `gray` (luma) and 3 for `rgb`, both
    composited on white, 4 for `rgba` with straight alpha. Beyond the layer it is white, or transparent for `rgba`.
    """
    channels = {"gray": 1, "rgb": 3, "rgba": 4}[kind]
    fill = torch.zeros if kind == "rgba" else torch.ones
    out = fill((1, channels, canvas.height, canvas.width))
    pixels = _array(layer)
    dx, dy = layer.x - canvas.x, layer.y - canvas.y
    left, right = max(0, dx), min(canvas.width, dx + layer.width)
    top, bottom = max(0, dy), min(canvas.height, dy + layer.height)
    if left >= right:
        return out
    for y in range(top, bottom, ROWS):
        end = min(y + ROWS, bottom)
        strip = _decoded(layer, pixels[y - dy : end - dy, left - dx : right - dx])
        out[0, :, y:end, left:right] = _as_kind(strip, kind)
    return out


def to_layer(tensor: Tensor, name: str, like: Layer) -> Layer:
    """A filter's output (1, 1 | 3 | 4, H, W) float, sRGB in [0, 1], as a layer of `like`'s depth, order, space, place.

    `like`'s colour profile is kept where it fits the output's channels; otherwise the layer is plain sRGB.
    """
    channels, height, width = tensor.shape[1:]
    model = {1: "GRAY", 3: "RGB", 4: "RGBA"}[channels]
    grey_like = like.model == "GRAY"
    icc = like.icc if grey_like == (model == "GRAY") else None
    head = {"order": like.order, "depth": like.depth, "space": like.space, "icc": icc}
    pixels = np.empty((height, width, channels), DTYPES[like.depth])
    for y in range(0, height, ROWS):
        pixels[y : y + ROWS] = _encoded(like, icc, tensor[0, :, y : y + ROWS].float().clamp(0, 1).cpu())
    data = pixels.data.cast("B")
    return Layer(name, width, height, like.x, like.y, model, data=data, **head)  # type: ignore[arg-type]


def _array(layer: Layer) -> NDArray[Any]:
    """The layer's samples (H, W, C) without a copy."""
    samples: NDArray[Any] = np.frombuffer(layer.memory(), DTYPES[layer.depth])
    return samples.reshape(layer.height, layer.width, layer.channels)


def _decoded(layer: Layer, samples: NDArray[Any]) -> Tensor:
    """Samples (rows, W, C) of any layer as (1 | 3 | 4, rows, W) sRGB float; what is no finite number becomes black."""
    strip = (
        torch.from_numpy(np.array(samples)).permute(2, 0, 1).to(torch.float32, memory_format=torch.contiguous_format)
    )
    strip /= WHITES[layer.depth]
    if layer.depth in ("f16", "f32"):
        strip = strip.nan_to_num_(0.0, 0.0, 0.0).clamp_(0, 1)
    colour = strip[:3]
    if layer.order == "BGRA":
        colour = colour.flip(0)
    if layer.space == "linear":
        colour = linear_to_srgb(colour)
    elif layer.icc and len(colour) == 3:
        colour = _through_profile(colour, layer.icc, to_srgb=True)
    return torch.cat([colour, strip[3:]])


def _encoded(like: Layer, icc: bytes | None, strip: Tensor) -> NDArray[Any]:
    """The reverse of `_decoded`: (rows, W, C) in `like`'s depth, rounded for whole-number depths."""
    colour = strip[:3]
    if like.space == "linear":
        colour = srgb_to_linear(colour)
    elif icc and len(colour) == 3:
        colour = _through_profile(colour, icc, to_srgb=False)
    if like.order == "BGRA":
        colour = colour.flip(0)
    values = torch.cat([colour, strip[3:]]) * WHITES[like.depth]
    if like.depth in ("u8", "u16"):
        values += 0.5
    dtype = torch.uint8 if like.depth == "u8" else torch.float32  # numpy narrows the others
    return values.to(dtype).permute(1, 2, 0).numpy()


def _as_kind(strip: Tensor, kind: Kind) -> Tensor:
    """(1 | 3 | 4, rows, W) as the channels that `kind` wants."""
    if kind == "rgba":
        alpha = strip[3:] if len(strip) == 4 else torch.ones_like(strip[:1])
        return torch.cat([strip[:3].expand(3, -1, -1), alpha])
    if len(strip) == 4:
        strip = torch.lerp(torch.ones(()), strip[:3], strip[3:])
    if kind == "gray" and len(strip) == 3:
        strip = torch.tensordot(LUMA, strip, 1)[None]
    return strip


@functools.lru_cache(maxsize=16)
def _transform(icc: bytes, to_srgb: bool) -> ImageCms.ImageCmsTransform | None:
    """The transform between a profile and sRGB; None if the profile is sRGB already, broken, or not for RGB."""
    srgb = ImageCms.createProfile("sRGB")
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        if "srgb" in ImageCms.getProfileDescription(profile).lower():
            return None
        source, target = (profile, srgb) if to_srgb else (srgb, profile)
        return ImageCms.buildTransform(source, target, "RGB", "RGB")
    except (OSError, ImageCms.PyCMSError):
        return None


def _through_profile(colour: Tensor, icc: bytes, *, to_srgb: bool) -> Tensor:
    """(3, rows, W) between a profile and sRGB; in 8 bits, which is all that the library can."""
    transform = _transform(icc, to_srgb)
    if transform is None:
        return colour
    picture = Image.fromarray((colour * 255 + 0.5).byte().permute(1, 2, 0).contiguous().numpy())
    ImageCms.applyTransform(picture, transform, inPlace=True)
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1).float() / 255
