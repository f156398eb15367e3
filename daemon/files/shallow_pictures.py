"""Pictures as Pillow reads and writes them: 8 bits a sample, and 16-bit grey."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING, Any

import numpy as np

from .resolution import UNIT, Dpi, X, Y
from .samples import Samples

if TYPE_CHECKING:
    from PIL.Image import Image

SPACES = {"L": b"GRAY", "RGB": b"RGB ", "RGBA": b"RGB ", "CMYK": b"CMYK", "LAB": b"Lab "}
OPTIONS: dict[str, dict[str, Any]] = {
    "PNG": {"compress_level": 4},  # twice as quick as Pillow's own choice, 5 % larger
    "JPEG": {"quality": 95, "subsampling": 0},
    "WEBP": {"lossless": True, "method": 2, "exact": True},
}


def samples_of(image: Image) -> tuple[Samples, bytes | None]:
    """A loaded image's samples, (H, W) or (H, W, 3 or 4) uint8 or uint16, and the profile they are in."""
    profile = image.info.get("icc_profile") or None
    if image.mode.startswith("I"):  # 16-bit grey; some Pillows read it into 32 bits
        return np.clip(np.asarray(image), 0, 0xFFFF).astype(np.uint16), _if_for(profile, b"GRAY")
    if image.mode in ("CMYK", "LAB"):
        return np.asarray(as_srgb(image, profile)), None
    if image.mode in ("LA", "La") and _if_for(profile, b"GRAY"):
        grey = image.convert("LA")
        colour = as_srgb(grey.getchannel("L"), profile)
        colour.putalpha(grey.getchannel("A"))
        return np.asarray(colour), None
    image = image.convert(_plain_mode(image))
    return np.asarray(image), _if_for(profile, SPACES[image.mode])


def encoded(samples: Samples, format: str, icc: bytes | None, dpi: Dpi | None = None) -> bytes:
    """A PNG, JPEG or WebP file of (H, W) or (H, W, 3 or 4) uint8 samples; JPEG shows alpha on white."""
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(samples))
    if format == "JPEG" and image.mode == "RGBA":
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        image = paper
    stream = io.BytesIO()
    image.save(stream, format, icc_profile=icc, **OPTIONS[format], **_said(dpi, format))
    return stream.getvalue()


def _said(dpi: Dpi | None, format: str) -> dict[str, Any]:
    """The print resolution as the format has it; WebP has only EXIF for it."""
    if dpi is None:
        return {}
    if format != "WEBP":
        return {"dpi": dpi}
    from PIL import Image

    exif = Image.Exif()
    exif[X], exif[Y], exif[UNIT] = *dpi, 2
    return {"exif": exif}


def reduced(samples: Samples, side: int) -> Samples:
    """8-bit samples made smaller, so that neither side is longer than `side` pixels."""
    from PIL import Image

    image = Image.fromarray(samples)
    image.thumbnail((side, side))
    return np.asarray(image)


def _plain_mode(image: Image) -> str:
    """The mode that holds all of an image's colours and its transparency."""
    if image.has_transparency_data or image.mode in ("La", "RGBa"):
        return "RGBA"
    return "L" if image.mode in ("1", "L") else "RGB"


def _if_for(profile: bytes | None, space: bytes) -> bytes | None:
    """The profile, if it is for samples of `space`: some programs put an RGB one into grey files."""
    return profile if profile is not None and profile[16:20] == space else None


def as_srgb(image: Image, profile: bytes | None) -> Image:
    """The image, CMYK, Lab or grey, in 8-bit sRGB, through its own profile if that is a sound one for its mode."""
    from PIL import ImageCms

    own = _if_for(profile, SPACES[image.mode])
    srgb = ImageCms.createProfile("sRGB")
    if own is not None:
        with contextlib.suppress(ImageCms.PyCMSError, OSError):
            converted = ImageCms.profileToProfile(image, io.BytesIO(own), srgb, outputMode="RGB")
            assert converted is not None
            return converted
    if image.mode == "LAB":
        converted = ImageCms.profileToProfile(image, ImageCms.createProfile("LAB"), srgb, outputMode="RGB")
        assert converted is not None
        return converted
    return image.convert("RGB")
