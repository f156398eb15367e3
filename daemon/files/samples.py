"""A layer's samples as a numpy array in the order R, G, B, A, and back."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import numpy.typing as npt

from inkwash.protocol import Layer

Samples = npt.NDArray[Any]  # (H, W) or (H, W, 2, 3 or 4), two being grey and alpha; uint8, uint16, float16 or float32

DTYPES: dict[str, Any] = {"u8": np.uint8, "u16": np.uint16, "f16": np.float16, "f32": np.float32}
DEPTHS = {np.dtype(dtype): depth for depth, dtype in DTYPES.items()}
MODELS = {1: "GRAY", 2: "GRAYA", 3: "RGB", 4: "RGBA"}  # by channels


def array_of(layer: Layer) -> Samples:
    """The layer's samples, (H, W) if it is grey and (H, W, C) otherwise; a view where order allows it."""
    dtype = np.dtype(DTYPES[layer.depth]).newbyteorder("<")
    channels = layer.channels
    samples = np.frombuffer(layer.memory(), dtype).reshape(layer.height, layer.width, channels)
    if sys.byteorder == "big":
        samples = samples.astype(DTYPES[layer.depth])
    if channels == 1:
        return samples[..., 0]
    if layer.order == "BGRA" and channels > 2:
        return samples[..., [2, 1, 0, 3][:channels]]
    return samples


def layer_of(samples: Samples, name: str, *, x: int = 0, y: int = 0, icc: bytes | None = None) -> Layer:
    """A layer called `name` at (`x`, `y`) with these samples, copied only if they are not contiguous."""
    samples = np.ascontiguousarray(samples)
    depth = DEPTHS[samples.dtype]
    if sys.byteorder == "big":
        samples = samples.astype(samples.dtype.newbyteorder("<"))
    height, width = samples.shape[:2]
    model = MODELS[samples.shape[2] if samples.ndim == 3 else 1]
    return Layer(
        name,
        width,
        height,
        x,
        y,
        model=model,
        depth=depth,
        icc=icc,
        data=samples.reshape(-1).view(np.uint8).data,
    )


def unit(samples: Samples) -> npt.NDArray[np.float32]:
    """The samples as float32, whole numbers scaled to [0, 1]; what is not a number becomes 0."""
    values = samples.astype(np.float32)
    if samples.dtype.kind == "f":
        return np.nan_to_num(values)
    values /= np.float32(full_of(samples.dtype))
    return values


def full_of(dtype: np.dtype[Any]) -> int:
    """The sample that stands for white or opaque: 255, 65535, or 1."""
    return np.iinfo(dtype).max if dtype.kind in "iu" else 1


def at_depth(samples: Samples, depth: str) -> Samples:
    """The samples at `depth`, scaled; whole numbers are rounded and clipped."""
    dtype = np.dtype(DTYPES[depth])
    if samples.dtype == dtype:
        return samples
    values = unit(samples)
    if depth.startswith("f"):
        return values.astype(dtype)
    values *= np.float32(full_of(dtype))
    np.rint(values, out=values)
    return np.clip(values, 0, full_of(dtype), out=values).astype(dtype)
