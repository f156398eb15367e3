"""Picture files that tests write."""

import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
SIGNATURE = b"\x89PNG\r\n\x1a\n"
RANDOM = np.random.default_rng(7)


def noise(*shape: int, dtype: str = "u1") -> np.ndarray:
    if dtype.startswith("f"):
        return RANDOM.random(shape).astype(dtype)
    return RANDOM.integers(0, np.iinfo(dtype).max, shape, dtype=dtype, endpoint=True)


def saved(image: Image.Image, file: Path, **options: object) -> Path:
    image.save(file, **options)
    return file


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int, bits: int, colour: int, rows: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    ends = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return SIGNATURE + b"".join(ends)
