"""Between a layer's bytes and a filter's tensors: depth, channel order, alpha, colour space, place on the canvas."""

from __future__ import annotations

from typing import Any, Literal

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inkwash.protocol import Layer
from inkwash.protocol.layer import LayerHead

from .profiles import MatrixProfile, TableProfile, linear_to_srgb, profile_of, srgb_to_linear

Kind = Literal["gray", "rgb", "rgba", "mask"]
DTYPES: dict[str, np.dtype[Any]] = {
    "u8": np.dtype("u1"),
    "u16": np.dtype("<u2"),
    "f16": np.dtype("<f2"),
    "f32": np.dtype("<f4"),
}
WHITES = {"u8": 255, "u16": 65535, "f16": 1, "f32": 1}
CHANNELS = {"gray": 1, "rgb": 3, "rgba": 4, "mask": 1}
KINDS: dict[str, Kind] = {"GRAY": "gray", "RGBA": "rgba"}
MODELS = {1: "GRAY", 2: "GRAYA", 3: "RGB", 4: "RGBA"}  # by channels
LUMA = torch.tensor([0.299, 0.587, 0.114])
ROWS = 128  # converted at a time, so that temporaries stay small beside the pictures


def to_tensor(layer: Layer, kind: Kind, canvas: Layer, *, in_bytes: bool = False) -> Tensor:
    """What `layer` shows inside the rectangle of `canvas`, as a filter's input of `kind`.

    Returns (1, C, H, W), sRGB, float32 in [0, 1] or uint8 `in_bytes`, H and W the canvas's: C is 1 for `gray` (luma)
    and 3 for `rgb`, both composited on white, 4 for `rgba` with straight alpha, 1 for `mask` (what it lets through).
    Beyond the layer it is white, transparent for `rgba`, 0 for `mask`.
    """
    fill, dtype = float(kind in ("gray", "rgb")), torch.uint8 if in_bytes else torch.float32
    out = torch.full((1, CHANNELS[kind], canvas.height, canvas.width), fill * (255 if in_bytes else 1), dtype=dtype)
    pixels = _array(layer)
    dx, dy = layer.x - canvas.x, layer.y - canvas.y
    left, right = max(0, dx), min(canvas.width, dx + layer.width)
    top, bottom = max(0, dy), min(canvas.height, dy + layer.height)
    if left >= right:
        return out
    for y in range(top, bottom, ROWS):
        end = min(y + ROWS, bottom)
        samples = pixels[y - dy : end - dy, left - dx : right - dx]
        if in_bytes and layer.opacity == 1 and kind == KINDS.get(layer.model) and _is_plain(layer):
            strip = torch.from_numpy(np.stack(cv2.split(np.ascontiguousarray(samples))))
            strip = strip[[2, 1, 0, 3]] if layer.order == "BGRA" and kind == "rgba" else strip
        else:
            strip = _as_kind(*_decoded(layer, samples), kind)
        out[0, :, y:end, left:right] = as_bytes(strip) if in_bytes else strip
    return out


def to_layer(
    tensor: Tensor,
    name: str,
    like: Layer,
    *,
    model: str | None = None,
    mask: Tensor | None = None,
    source: Layer | None = None,
) -> Layer:
    """A filter's output (1, 1 | 3 | 4, H, W), sRGB, float in [0, 1] or uint8, as a layer of `like`'s format and place.

    `model` is GRAY, GRAYA, RGB or RGBA; None keeps the tensor's channels. `mask` (1, 1, H, W) multiplies its alpha,
    which is added where there is none. Rows that are still exactly what `source` shows get its very samples back:
    so a float beyond [0, 1] or a profile's own rounding survives a filter that changes nothing. `like`'s colour
    profile is kept where it fits the model; otherwise the layer is plain sRGB.
    """
    height, width = tensor.shape[-2:]
    model = model or MODELS[tensor.shape[1] + (mask is not None and tensor.shape[1] in (1, 3))]
    icc = like.icc if _colours(model) == _colours(like.model) else None
    head = LayerHead(name, width, height, like.x, like.y, model, like.order, like.depth, like.space, icc)
    if mask is None and _holds_as_they_are(head, tensor):
        return Layer(**vars(head), data=_arranged(head, tensor).data.cast("B"))
    pixels = np.empty((height, width, head.channels), DTYPES[like.depth])
    kept = _array(source) if source is not None and source.model == model else None
    for y in range(0, height, ROWS):
        rows = slice(y, min(y + ROWS, height))
        strip = as_float(tensor[0, :, rows].cpu())
        if kept is not None and source is not None and _is_same(strip, source, kept[rows]):
            pixels[rows] = kept[rows]
        else:
            pixels[rows] = _encoded(head, strip.clamp(0, 1), None if mask is None else mask[0, :, rows].cpu())
    return Layer(**vars(head), data=pixels.data.cast("B"))


def _array(layer: Layer) -> NDArray[Any]:
    """The layer's samples (H, W, C) without a copy."""
    samples: NDArray[Any] = np.frombuffer(layer.memory(), DTYPES[layer.depth])
    return samples.reshape(layer.height, layer.width, layer.channels)


def _decoded(layer: Layer, samples: NDArray[Any]) -> tuple[Tensor, Tensor | None]:
    """Samples (rows, W, C) of any layer as colour (1 | 3, rows, W) in sRGB, and alpha (1, rows, W) if it has any.

    What is no finite number becomes black.
    """
    strip = (
        torch.from_numpy(np.array(samples)).permute(2, 0, 1).to(torch.float32, memory_format=torch.contiguous_format)
    )
    strip /= WHITES[layer.depth]
    if layer.depth in ("f16", "f32"):
        strip = strip.nan_to_num_(0.0, 0.0, 0.0).clamp_(0, 1)
    count = _colours(layer.model)
    colour, alpha = strip[:count], strip[count:] if len(strip) > count else None
    if layer.order == "BGRA":
        colour = colour.flip(0)
    profile = _profile(layer)
    if profile is not None:
        colour = profile.to_srgb(colour)
    elif layer.space == "linear":
        colour = linear_to_srgb(colour)
    if layer.opacity < 1:
        alpha = (torch.ones_like(colour[:1]) if alpha is None else alpha) * layer.opacity
    return colour, alpha


def _encoded(head: LayerHead, strip: Tensor, mask: Tensor | None) -> NDArray[Any]:
    """A strip of a tensor, (1 | 3 | 4, rows, W), as `head`'s samples (rows, W, C), rounded for whole-number depths."""
    colour, alpha = (strip[:3], strip[3:]) if len(strip) == 4 else (strip, torch.ones_like(strip[:1]))
    if mask is not None:
        alpha = alpha * mask
    colour = _with_colours(colour, _colours(head.model))
    profile = _profile(head)
    if profile is not None:
        colour = profile.from_srgb(colour)
    elif head.space == "linear":
        colour = srgb_to_linear(colour)
    if head.order == "BGRA":
        colour = colour.flip(0)
    values = (torch.cat([colour, alpha]) if head.model.endswith("A") else colour) * WHITES[head.depth]
    if head.depth in ("u8", "u16"):
        values += 0.5
    dtype = torch.uint8 if head.depth == "u8" else torch.float32  # numpy narrows the others
    return values.to(dtype).permute(1, 2, 0).numpy()


def as_float(picture: Tensor) -> Tensor:
    """A picture of a filter in float, [0, 1], also where it is uint8."""
    return picture.float().div_(255) if picture.dtype == torch.uint8 else picture.float()


def as_bytes(picture: Tensor) -> Tensor:
    """A picture in uint8, also where it is float, [0, 1]."""
    return picture if picture.dtype == torch.uint8 else picture.mul(255).round_().byte()


def _is_plain(head: LayerHead) -> bool:
    """Whether a layer's samples are bytes in sRGB."""
    return head.depth == "u8" and head.space == "srgb" and _profile(head) is None


def _holds_as_they_are(head: LayerHead, tensor: Tensor) -> bool:
    """Whether a layer holds a tensor's bytes as they are, but for their order."""
    coloured = tensor.shape[1] >= 3 and _colours(head.model) == 3
    return tensor.dtype == torch.uint8 and coloured and _is_plain(head)


def _arranged(head: LayerHead, tensor: Tensor) -> NDArray[np.uint8]:
    """A tensor's bytes (1, 3 | 4, H, W) as `head`'s samples (H, W, C)."""
    picture = np.ascontiguousarray(tensor[0].permute(1, 2, 0).cpu().numpy())
    pixels = np.full((*picture.shape[:2], head.channels), 255, np.uint8)
    places = (2, 1, 0, 3) if head.order == "BGRA" else (0, 1, 2, 3)
    both = min(picture.shape[2], head.channels)
    cv2.mixChannels([picture], [pixels], [n for pair in zip(range(both), places, strict=False) for n in pair])
    return pixels


def _is_same(strip: Tensor, source: Layer, samples: NDArray[Any]) -> bool:
    """Whether a strip of a tensor is what these samples of `source` were decoded to."""
    colour, alpha = _decoded(source, samples)
    kind: Kind = {1: "gray", 3: "rgb", 4: "rgba"}[len(strip)]  # type: ignore[assignment]
    return torch.equal(strip, _as_kind(colour, alpha, kind))


def _colours(model: str) -> int:
    return 1 if model.startswith("GRAY") else 3


def _profile(layer: LayerHead) -> MatrixProfile | TableProfile | None:
    return profile_of(layer.icc, _colours(layer.model)) if layer.icc else None


def _with_colours(colour: Tensor, count: int) -> Tensor:
    """(1 | 3, rows, W) as so many channels, by luma or by repeating."""
    if len(colour) == count:
        return colour
    return torch.tensordot(LUMA, colour, 1)[None] if count == 1 else colour.expand(3, -1, -1)


def _as_kind(colour: Tensor, alpha: Tensor | None, kind: Kind) -> Tensor:
    """Colour (1 | 3, rows, W) and alpha as the channels that `kind` wants."""
    if kind == "rgba":
        alpha = torch.ones_like(colour[:1]) if alpha is None else alpha
        return torch.cat([_with_colours(colour, 3), alpha])
    if alpha is not None:
        colour = torch.lerp(torch.zeros(()) if kind == "mask" else torch.ones(()), colour, alpha)
    return _with_colours(colour, 3 if kind == "rgb" else 1)
