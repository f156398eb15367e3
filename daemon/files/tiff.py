"""TIFF in all its depths: what is more than 8-bit grey, RGB or CMYK, and which page of a file is the picture."""

from __future__ import annotations

import itertools
import logging
from typing import Any, BinaryIO

import numpy as np

from .resolution import UNIT, Dpi, X, Y, dpi_of
from .samples import Samples, full_of

UNSPECIFIED, ASSOCIATED, STRAIGHT = 0, 1, 2  # TIFF's ExtraSamples
ORIENTATION, PROFILE = 274, 34675  # TIFF's tags
PAGES = 100  # of a file that are looked at
COLOURS = {"MINISBLACK": 1, "MINISWHITE": 1, "RGB": 3, "SEPARATED": 4, "CIELAB": 3}  # by what a page calls them


def largest_page(stream: BinaryIO) -> tuple[Any, int, int]:
    """The page with the most pixels, which is no thumbnail, its place in the file, and how many pages there are."""
    import tifffile

    logging.getLogger("tifffile").setLevel(logging.CRITICAL)  # our own sentence about damage is enough
    pages: list[Any] = list(itertools.islice(tifffile.TiffFile(stream).pages, PAGES))
    sizes = [page.imagewidth * page.imagelength for page in pages]
    index = sizes.index(max(sizes))
    return pages[index], index, len(pages)


def is_plain(page: Any) -> bool:
    """Whether Pillow reads all that the page holds: 8 bits a sample, no channels of unknown meaning."""
    deep = _bits(page) > 8 and page.photometric.name in COLOURS
    return not deep and not (page.photometric.name == "RGB" and page.extrasamples)


def bytes_of(page: Any) -> int:
    """What the page takes when it is decoded, by its own word."""
    samples = page.imagewidth * page.imagelength * page.imagedepth * page.samplesperpixel
    return int(samples * max(1, _bits(page) // 8))


def read(page: Any) -> tuple[Samples, int]:
    """The samples of a page that is not plain, and how it is turned, 1 to 8 as in EXIF.

    (H, W) or (H, W, 3 or 4) uint8, uint16, float16 or float32; CMYK and Lab become 8-bit RGB; ValueError if it is
    damaged.
    """
    size, kind = page.parent.filehandle.size, page.photometric.name
    if any(offset + count > size for offset, count in zip(page.dataoffsets, page.databytecounts, strict=True)):
        raise ValueError("the file is too short")
    tag = page.tags.get(ORIENTATION)
    samples = _known_depth(_axes_in_order(page.asarray(), page.axes))
    if kind == "MINISWHITE":
        samples = full_of(samples.dtype) - samples
    if kind in ("SEPARATED", "CIELAB"):
        samples = _as_rgb(samples[..., : COLOURS[kind]], kind, profile(page))
    else:
        samples = _alpha_resolved(samples, COLOURS[kind], page.extrasamples)
    return samples, int(tag.value) if tag else 1


def profile(page: Any) -> bytes | None:
    """The colour profile of the samples that `read` gives."""
    tag = page.tags.get(PROFILE)
    return bytes(tag.value) if tag and page.photometric.name not in ("SEPARATED", "CIELAB") else None


def resolution(page: Any) -> Dpi | None:
    """The page's print resolution."""
    values = [tag.value if (tag := page.tags.get(name)) else None for name in (X, Y, UNIT)]
    across, down = (value[0] / value[1] if isinstance(value, tuple) and value[1] else None for value in values[:2])
    return None if values[2] == 1 else dpi_of(across, down, values[2] or 2)


def encoded(samples: Samples, icc: bytes | None, dpi: Dpi | None = None) -> bytes:
    """A TIFF of samples of any depth with the profile `icc`, compressed without loss."""
    import io

    import tifffile

    colour, stream = samples.ndim == 3, io.BytesIO()
    tifffile.imwrite(
        stream,
        samples,
        photometric="rgb" if colour else "minisblack",
        extrasamples=["unassalpha"] if colour and samples.shape[2] == 4 else None,
        compression="zlib",
        predictor=bool(np.issubdtype(samples.dtype, np.integer)),
        iccprofile=icc,
        resolution=dpi,
        resolutionunit=None if dpi is None else "inch",
        metadata=None,
        software="Inkwash",
    )
    return stream.getvalue()


def _bits(page: Any) -> int:
    bits = page.bitspersample
    return int(bits if isinstance(bits, int) else max(bits))


def _axes_in_order(samples: Samples, axes: str) -> Samples:
    """Samples with `axes` such as YXS, SYX or ZYX as (H, W) or (H, W, C)."""
    samples = samples.squeeze(axis=tuple(i for i, axis in enumerate(axes) if axis not in "YXS"))
    return np.moveaxis(samples, 0, -1) if axes.startswith("S") else samples


def _known_depth(samples: Samples) -> Samples:
    """Samples as one of the wire's depths; ValueError for what has no meaning as a picture."""
    if samples.dtype == np.uint32:
        return (samples >> np.uint32(16)).astype(np.uint16)
    if samples.dtype == np.float64:
        return samples.astype(np.float32)
    if samples.dtype not in (np.uint8, np.uint16, np.float16, np.float32):
        raise ValueError(f"its samples are {samples.dtype}")
    return samples


def _as_rgb(samples: Samples, kind: str, icc: bytes | None) -> Samples:
    """CMYK or Lab of more than 8 bits as 8-bit sRGB: there are no layers of either."""
    from PIL import Image

    from .shallow_pictures import as_srgb

    if samples.dtype != np.uint8:
        samples = (samples.astype(np.uint16) >> 8).astype(np.uint8)
    mode = "CMYK" if kind == "SEPARATED" else "LAB"
    height, width = samples.shape[:2]
    image = Image.frombuffer(mode, (width, height), np.ascontiguousarray(samples), "raw", mode, 0, 1)
    return np.asarray(as_srgb(image, icc))


def _alpha_resolved(samples: Samples, colours: int, extra: tuple[int, ...]) -> Samples:
    """Colours with straight alpha, if there is alpha; other extra channels are dropped.

    Of a channel that is not said to be anything, ImageMagick makes alpha and Photoshop a saved selection: it is alpha
    where the colours alone show nothing.
    """
    if samples.ndim == 2:
        return samples
    colour, alpha = samples[..., :colours], samples[..., colours : colours + 1]
    known = extra[0] if extra else None
    if known == UNSPECIFIED and (colour == colour[:1, :1]).all() and not (alpha == alpha[:1, :1]).all():
        known = STRAIGHT
    if known not in (ASSOCIATED, STRAIGHT):
        return colour[..., 0] if colours == 1 else colour
    if known == ASSOCIATED:
        colour = _unassociated(colour, alpha)
    return np.concatenate([*([colour] * (3 // colours)), alpha], axis=-1)


def _unassociated(colour: Samples, alpha: Samples) -> Samples:
    """Colour divided by alpha, 0 where nothing is seen."""
    full = full_of(alpha.dtype)
    a = alpha.astype(np.float32)
    empty = np.zeros(colour.shape, np.float32)
    straight = np.divide(colour.astype(np.float32) * full, a, out=empty, where=a > 0)
    return (np.rint(np.clip(straight, 0, full)) if full > 1 else straight).astype(colour.dtype)
