"""PNG and TIFF with 16-bit or floating samples, which Pillow would cut to 8 bits."""

from __future__ import annotations

import io
import logging
import struct
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from .samples import Samples, full_of

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
NEEDED = (b"IHDR", b"tRNS", b"IDAT", b"IEND")  # a PNG's chunks without words, profile and further frames
AFTER_HEADER = 33  # bytes of a PNG up to the end of its IHDR chunk
ASSOCIATED, STRAIGHT = 1, 2  # TIFF's ExtraSamples
WITHOUT_PACKAGES = (1, 8, 32946)  # TIFF's compressions that tifffile knows alone: none and deflate
ORIENTATION, PROFILE = 274, 34675  # TIFF's tags


def is_deep_png(start: bytes) -> bool:
    """Whether a file that begins so is a PNG of 16 bits a sample."""
    return start.startswith(PNG_SIGNATURE) and start[12:16] == b"IHDR" and start[24:25] == b"\x10"


def read_png(data: bytes) -> Samples:
    """The samples of a whole 16-bit PNG: (H, W) or (H, W, 3 or 4) uint16; ValueError if it is damaged."""
    import cv2

    needed = PNG_SIGNATURE + b"".join(_needed_chunks(data))
    samples = cv2.imdecode(np.frombuffer(needed, np.uint8), cv2.IMREAD_UNCHANGED)
    if samples is None:
        raise ValueError("the PNG is damaged")
    return _swapped(samples)


def _needed_chunks(data: bytes) -> Iterator[bytes]:
    """The chunks that make the first picture; ValueError if one is damaged or missing.

    OpenCV believes a chunk's length before it has looked: 200 bytes could make it take gigabytes.
    """
    at, kind = len(PNG_SIGNATURE), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, at)
        chunk = data[at : at + 12 + length]
        if chunk[8 + length :] != struct.pack(">I", zlib.crc32(chunk[4 : 8 + length])):
            raise ValueError(f"the PNG's chunk {kind!r} is damaged")
        if kind in NEEDED:
            yield chunk
        at += len(chunk)


def png(samples: Samples, icc: bytes | None) -> bytes:
    """A 16-bit PNG of (H, W) or (H, W, 3 or 4) uint16 samples with the profile `icc`."""
    import cv2

    data = cv2.imencode(".png", _swapped(samples))[1].tobytes()
    if icc is None:
        return data
    body = b"iCCP" + b"profile\0\0" + zlib.compress(icc)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return data[:AFTER_HEADER] + chunk + data[AFTER_HEADER:]


def tiff_page(stream: BinaryIO) -> Any | None:
    """The first page of a TIFF if it is grey or RGB and deeper than 8 bits, else None."""
    import tifffile

    logging.getLogger("tifffile").setLevel(logging.CRITICAL)  # our own sentence about damage is enough
    page = tifffile.TiffFile(stream).pages.first
    colours = (tifffile.PHOTOMETRIC.MINISBLACK, tifffile.PHOTOMETRIC.MINISWHITE, tifffile.PHOTOMETRIC.RGB)
    bits = page.bitspersample
    deepest = bits if isinstance(bits, int) else max(bits)
    return page if deepest > 8 and page.photometric in colours else None


def read_tiff(page: Any, stream: BinaryIO) -> tuple[Samples, int]:
    """The samples of a page of `tiff_page`, and how it is turned, 1 to 8 as in EXIF.

    (H, W) or (H, W, 3 or 4) uint16, float16 or float32; ValueError if the file is damaged.
    """
    import tifffile

    size = stream.seek(0, io.SEEK_END)
    if any(offset + count > size for offset, count in zip(page.dataoffsets, page.databytecounts, strict=True)):
        raise ValueError("the file is too short")
    tag = page.tags.get(ORIENTATION)
    turned = int(tag.value) if tag else 1
    if page.compression in WITHOUT_PACKAGES:
        samples = _axes_in_order(page.asarray(), page.axes)
    else:
        samples, turned = _by_opencv(stream), 1  # it turns TIFFs, and only these, itself
    samples = _known_depth(samples)
    if page.photometric == tifffile.PHOTOMETRIC.MINISWHITE:
        samples = full_of(samples.dtype) - samples
    colours = 3 if page.photometric == tifffile.PHOTOMETRIC.RGB else 1
    return _alpha_resolved(samples, colours, page.extrasamples), turned


def _axes_in_order(samples: Samples, axes: str) -> Samples:
    """Samples with `axes` such as YXS, SYX or ZYX as (H, W) or (H, W, C)."""
    samples = samples.squeeze(axis=tuple(i for i, axis in enumerate(axes) if axis not in "YXS"))
    return np.moveaxis(samples, 0, -1) if axes.startswith("S") else samples


def profile(page: Any) -> bytes | None:
    """The page's colour profile."""
    tag = page.tags.get(PROFILE)
    return bytes(tag.value) if tag else None


def tiff(samples: Samples, icc: bytes | None) -> bytes:
    """A TIFF of samples of any depth with the profile `icc`, compressed without loss."""
    import tifffile

    colour = samples.ndim == 3
    stream = io.BytesIO()
    tifffile.imwrite(
        stream,
        samples,
        photometric="rgb" if colour else "minisblack",
        extrasamples=["unassalpha"] if colour and samples.shape[2] == 4 else None,
        compression="zlib",
        predictor=bool(np.issubdtype(samples.dtype, np.integer)),
        iccprofile=icc,
        metadata=None,
        software="Inkwash",
    )
    return stream.getvalue()


def _swapped(samples: Samples) -> Samples:
    """Between OpenCV's B, G, R[, A] and ours."""
    if samples.ndim == 2:
        return samples
    return np.ascontiguousarray(samples[..., [2, 1, 0, 3][: samples.shape[2]]])


def _by_opencv(stream: BinaryIO) -> Samples:
    import cv2

    stream.seek(0)
    samples = cv2.imdecode(np.frombuffer(stream.read(), np.uint8), cv2.IMREAD_UNCHANGED)
    if samples is None:
        raise ValueError("the TIFF is damaged")
    return _swapped(samples)


def _known_depth(samples: Samples) -> Samples:
    """Samples as one of the wire's depths; ValueError for what has no meaning as a picture."""
    if samples.dtype == np.uint32:
        return (samples >> np.uint32(16)).astype(np.uint16)
    if samples.dtype == np.float64:
        return samples.astype(np.float32)
    if samples.dtype not in (np.uint16, np.float16, np.float32):
        raise ValueError(f"its samples are {samples.dtype}")
    return samples


def _alpha_resolved(samples: Samples, colours: int, extra: tuple[int, ...]) -> Samples:
    """Colours with straight alpha, if there is alpha; other extra channels are dropped."""
    if samples.ndim == 2:
        return samples
    colour = samples[..., :colours]
    if not extra or extra[0] not in (ASSOCIATED, STRAIGHT):
        return colour[..., 0] if colours == 1 else colour
    alpha = samples[..., colours : colours + 1]
    if extra[0] == ASSOCIATED:
        colour = _unassociated(colour, alpha)
    return np.concatenate([*([colour] * (3 // colours)), alpha], axis=-1)


def _unassociated(colour: Samples, alpha: Samples) -> Samples:
    """Colour divided by alpha, 0 where nothing is seen."""
    full = full_of(alpha.dtype)
    a = alpha.astype(np.float32)
    empty = np.zeros(colour.shape, np.float32)
    straight = np.divide(colour.astype(np.float32) * full, a, out=empty, where=a > 0)
    return (np.rint(np.clip(straight, 0, full)) if full > 1 else straight).astype(colour.dtype)
