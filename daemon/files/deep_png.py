"""PNG of 16 bits a sample, which Pillow would cut to 8 bits."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np

from .resolution import Dpi
from .samples import Samples

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
NEEDED = (b"IHDR", b"tRNS", b"IDAT", b"IEND")  # a PNG's chunks without words, profile and further frames
AFTER_HEADER = 33  # bytes of a PNG up to the end of its IHDR chunk
INCH = 0.0254  # m


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


def png(samples: Samples, icc: bytes | None, dpi: Dpi | None = None) -> bytes:
    """A 16-bit PNG of (H, W) or (H, W, 3 or 4) uint16 samples with the profile `icc` and its print resolution."""
    import cv2

    data = cv2.imencode(".png", _swapped(samples))[1].tobytes()
    more = b"" if icc is None else _chunk(b"iCCP", b"profile\0\0" + zlib.compress(icc))
    if dpi is not None:
        more += _chunk(b"pHYs", struct.pack(">IIB", *(round(value / INCH) for value in dpi), 1))
    return data[:AFTER_HEADER] + more + data[AFTER_HEADER:]


def _chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def _swapped(samples: Samples) -> Samples:
    """Between OpenCV's B, G, R[, A] and ours."""
    if samples.ndim == 2:
        return samples
    return np.ascontiguousarray(samples[..., [2, 1, 0, 3][: samples.shape[2]]])
