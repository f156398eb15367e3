"""Colour profiles: between a profile's samples and sRGB.

Profiles of a matrix and curves, which is what painting programs work in, are computed here in float, exactly enough for
16 bits a sample; those of tables go through Little CMS, which Pillow gives in 8 bits only.
"""

from __future__ import annotations

import functools
import io
import struct
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageCms
from torch import Tensor

# Linear sRGB to XYZ relative to D50, as profiles have it (ICC.1:2022, D.3, by Bradford's adaptation).
SRGB_TO_XYZ = np.array(
    [[0.4360747, 0.3850649, 0.1430804], [0.2225045, 0.7168786, 0.0606169], [0.0139322, 0.0971045, 0.7141733]]
)
HEADER_BYTES = 128
CLOSE = 1 / 255  # a profile that differs less from sRGB is sRGB, with rounded numbers
PARAMETERS = {0: "g", 1: "gab", 2: "gabe", 3: "gabcd", 4: "gabcdef"}  # of a parametric curve, by its type


def srgb_to_linear(values: Tensor) -> Tensor:
    """The sRGB transfer function undone (IEC 61966-2-1), on [0, 1]."""
    return torch.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def linear_to_srgb(values: Tensor) -> Tensor:
    """The sRGB transfer function (IEC 61966-2-1), on [0, 1]."""
    return torch.where(values <= 0.0031308, values * 12.92, 1.055 * values ** (1 / 2.4) - 0.055)


class Curve(Protocol):
    """One channel's transfer function."""

    def linear(self, values: Tensor) -> Tensor:
        """Samples in [0, 1] as light."""
        ...

    def encoded(self, values: Tensor) -> Tensor:
        """Light as samples."""
        ...


@dataclass(frozen=True)
class Parametric:
    """(a x + b)^g + e from d on, c x + f below it (ICC.1:2022, 10.18)."""

    g: float
    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0
    e: float = 0.0
    f: float = 0.0

    def linear(self, values: Tensor) -> Tensor:
        """Samples in [0, 1] as light."""
        upper = (self.a * values + self.b).clamp_min(0) ** self.g + self.e
        return torch.where(values >= self.d, upper, self.c * values + self.f)

    def encoded(self, values: Tensor) -> Tensor:
        """Light as samples."""
        upper = ((values - self.e).clamp_min(0) ** (1 / self.g) - self.b) / self.a
        threshold = max(self.a * self.d + self.b, 0.0) ** self.g + self.e
        lower = (values - self.f) / self.c if self.c else torch.zeros_like(values)
        return torch.where(values >= threshold, upper, lower)


@dataclass(frozen=True, eq=False)
class Sampled:
    """A curve of equally spaced samples, with lines between them."""

    samples: NDArray[np.float64]  # (N,) in [0, 1], never falling

    def linear(self, values: Tensor) -> Tensor:
        """Samples in [0, 1] as light."""
        return _interpolated(values, np.linspace(0, 1, len(self.samples)), self.samples)

    def encoded(self, values: Tensor) -> Tensor:
        """Light as samples."""
        return _interpolated(values, self.samples, np.linspace(0, 1, len(self.samples)))


@dataclass(frozen=True, eq=False)
class MatrixProfile:
    """A profile of curves and, for RGB, a matrix."""

    curves: tuple[Curve, ...]  # one or three
    matrix: Tensor | None  # (3, 3): its light to linear sRGB; None for grey

    def to_srgb(self, colour: Tensor) -> Tensor:
        """(1 | 3, rows, W) in this profile as sRGB in [0, 1]; what is out of its gamut is cut."""
        light = torch.stack([curve.linear(channel) for curve, channel in zip(self.curves, colour, strict=True)])
        if self.matrix is not None:
            light = torch.tensordot(self.matrix, light, 1)
        return linear_to_srgb(light.clamp_(0, 1))

    def from_srgb(self, colour: Tensor) -> Tensor:
        """The reverse of `to_srgb`."""
        light = srgb_to_linear(colour)
        if self.matrix is not None:
            light = torch.tensordot(torch.linalg.inv(self.matrix), light, 1).clamp_(0, 1)
        encoded = [curve.encoded(channel) for curve, channel in zip(self.curves, light, strict=True)]
        return torch.stack(encoded).clamp_(0, 1)


@dataclass(frozen=True, eq=False)
class TableProfile:
    """A profile for RGB that only Little CMS can compute."""

    incoming: ImageCms.ImageCmsTransform
    outgoing: ImageCms.ImageCmsTransform

    def to_srgb(self, colour: Tensor) -> Tensor:
        """(3, rows, W) in this profile as sRGB in [0, 1], in 8 bits."""
        return _in_bytes(colour, self.incoming)

    def from_srgb(self, colour: Tensor) -> Tensor:
        """The reverse of `to_srgb`."""
        return _in_bytes(colour, self.outgoing)


@functools.lru_cache(maxsize=16)
def profile_of(icc: bytes, channels: int) -> MatrixProfile | TableProfile | None:
    """The profile in `icc` for samples of 1 or 3 `channels`; None if it is sRGB, broken, or for other samples."""
    try:
        profile = _matrix_profile(icc, channels) or _table_profile(icc, channels)
    except (OSError, ImageCms.PyCMSError, struct.error, KeyError, ValueError, IndexError, ArithmeticError):
        return None
    return None if profile is None or _is_srgb(profile, channels) else profile


def _matrix_profile(icc: bytes, channels: int) -> MatrixProfile | None:
    """What the tags say; None if the profile is none of a matrix and curves for so many channels."""
    tags = _tags(icc)
    if icc[16:20] != {1: b"GRAY", 3: b"RGB "}[channels] or b"A2B0" in tags:
        return None
    if channels == 1:
        return MatrixProfile((_curve(tags[b"kTRC"]),), None)
    columns = [struct.unpack(">3i", tags[name][8:20]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
    matrix = np.linalg.inv(SRGB_TO_XYZ) @ (np.array(columns).T / 65536)
    curves = tuple(_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC"))
    if abs(np.linalg.det(matrix)) < 1e-6:
        raise ValueError("this matrix cannot be undone")
    return MatrixProfile(curves, torch.from_numpy(matrix).float())


def _tags(icc: bytes) -> dict[bytes, bytes]:
    """Every tag's content by its signature."""
    (count,) = struct.unpack_from(">I", icc, HEADER_BYTES)
    tags = {}
    for entry in range(min(count, 100)):
        name, start, size = struct.unpack_from(">4sII", icc, HEADER_BYTES + 4 + 12 * entry)
        tags[name] = icc[start : start + size]
    return tags


def _curve(tag: bytes) -> Curve:
    if tag[:4] == b"para":
        (kind,) = struct.unpack_from(">H", tag, 8)
        names = PARAMETERS[kind]
        values = dict(zip(names, (v / 65536 for v in struct.unpack_from(f">{len(names)}i", tag, 12)), strict=True))
        if kind in (1, 2):
            values["d"] = -values["b"] / values["a"]
        if kind == 2:
            values["f"] = values["e"]  # below its start the curve stays at its constant
        return _usable(Parametric(**values))
    if tag[:4] != b"curv":
        raise ValueError(f"{tag[:4]!r} is no curve")
    (count,) = struct.unpack_from(">I", tag, 8)
    if count == 0:
        return Parametric(1.0)
    if count == 1:
        return _usable(Parametric(struct.unpack_from(">H", tag, 12)[0] / 256))
    samples = np.frombuffer(tag, ">u2", count, 12).astype(np.float64) / 65535
    return Sampled(np.maximum.accumulate(samples))


def _usable(curve: Parametric) -> Parametric:
    if not 0.1 <= curve.g <= 10 or curve.a == 0:
        raise ValueError("this curve cannot be undone")
    return curve


def _table_profile(icc: bytes, channels: int) -> TableProfile | None:
    if channels != 3:
        return None
    profile, srgb = ImageCms.ImageCmsProfile(io.BytesIO(icc)), ImageCms.createProfile("sRGB")
    incoming = ImageCms.buildTransform(profile, srgb, "RGB", "RGB")
    return TableProfile(incoming, ImageCms.buildTransform(srgb, profile, "RGB", "RGB"))


def _is_srgb(profile: MatrixProfile | TableProfile, channels: int) -> bool:
    """Whether the profile nowhere does anything that could be seen; for grey, its curve alone counts."""
    ramp = torch.linspace(0, 1, 9)
    grid = torch.stack(torch.meshgrid(*[ramp] * channels, indexing="ij")).flatten(1)[:, None]
    return bool((profile.to_srgb(grid) - grid).abs().max() < CLOSE)


def _interpolated(values: Tensor, x: NDArray[np.float64], y: NDArray[np.float64]) -> Tensor:
    return torch.from_numpy(np.interp(values.numpy(), x, y)).float()


def _in_bytes(colour: Tensor, transform: ImageCms.ImageCmsTransform) -> Tensor:
    picture = Image.fromarray((colour * 255 + 0.5).byte().permute(1, 2, 0).contiguous().numpy())
    ImageCms.applyTransform(picture, transform, inPlace=True)
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1).float() / 255
