"""Hostile picture files: every one gives a picture or a sentence, in little memory and time, whatever it claims."""

from __future__ import annotations

import contextlib
import io
import random
import resource
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from inkwash.daemon.files import pictures
from inkwash.daemon.pages import openraster
from inkwash.models.errors import BadPicture

MEMORY = 700_000  # kB that reading a small file may add to what this process has taken so far
SEED, TRIES = 11, 20  # damaged files of each kind


@pytest.fixture(autouse=True)
def _in_little_memory() -> Iterator[None]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEMORY


def _good() -> dict[str, bytes]:
    pixels = np.random.default_rng(0).integers(0, 255, (30, 40, 4), dtype=np.uint8)
    found = {}
    kinds = [("PNG", "RGBA", {}), ("PNG", "P", {}), ("JPEG", "CMYK", {}), ("WEBP", "RGBA", {}), ("GIF", "P", {})]
    for format, mode, more in [*kinds, ("BMP", "RGB", {}), ("TIFF", "L", {"compression": "jpeg"})]:
        stream = io.BytesIO()
        Image.fromarray(pixels).convert("RGB").convert(mode).save(stream, format, **more)
        found[f"{format} {mode}"] = stream.getvalue()
    deep = pixels[..., :3].astype(np.uint16) * 257
    for name, more in {"zlib": {}, "lzw": {}, "tiles": {"tile": (16, 16), "bigtiff": True}}.items():
        stream = io.BytesIO()
        packed = {} if name == "tiles" else {"compression": name, "predictor": True}
        tifffile.imwrite(stream, deep, photometric="rgb", **packed, **more)
        found[f"TIFF {name}"] = stream.getvalue()
    return found


GOOD = _good()


def _damaged(data: bytes, rng: random.Random) -> bytes:
    """`data` cut off, with some bytes changed, or with foreign ones in between."""
    way, broken = rng.randrange(3), bytearray(data)
    if way == 0:
        return bytes(broken[: rng.randrange(len(broken))])
    if way == 1:
        for _ in range(rng.choice([1, 3, 10, 50])):
            broken[rng.randrange(min(len(broken), rng.choice([120, len(broken)])))] = rng.randrange(256)
        return bytes(broken)
    at = rng.randrange(len(broken))
    return bytes(broken[:at] + rng.randbytes(rng.randrange(1, 300)) + broken[at:])


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_damage_anywhere_gives_a_picture_or_a_sentence(kind: str) -> None:
    rng = random.Random(f"{SEED} {kind}")
    assert pictures.read(io.BytesIO(GOOD[kind]), "picture").layer.width == 40
    for _ in range(TRIES):
        with contextlib.suppress(BadPicture):
            pictures.read(io.BytesIO(_damaged(GOOD[kind], rng)), "picture")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _png(width: int, height: int, *more: bytes, depth: int = 8, data: bytes = b"") -> bytes:
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _zeros(count: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(2**20)) for _ in range(count // 2**20)) + packer.flush()


def _tiff(*changes: tuple[int, int, int], after: bytes = bytes(400), next_page: int = 0) -> bytes:
    """A TIFF of one small deep page with these tags, types and values changed."""
    tags = {256: (4, 10), 257: (4, 5), 258: (3, 16), 259: (3, 1), 262: (3, 1)}
    tags |= {273: (4, 300), 277: (3, 1), 279: (4, 100)}
    tags |= {tag: (kind, value) for tag, kind, value in changes}
    body = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, (kind, value) in sorted(tags.items()))
    page = struct.pack("<H", len(tags)) + body + struct.pack("<I", next_page)
    return (b"II*\0\x08\0\0\0" + page).ljust(300, b"\0") + after


PIXEL = zlib.compress(bytes(8 * 25))
BOMBS: dict[str, Callable[[], bytes]] = {
    "a size beyond all": lambda: _png(2**31 - 1, 2**31 - 1, data=_zeros(2**20)),
    "no size": lambda: _png(0, 0),
    "a deep size without pixels": lambda: _png(32768, 3900, depth=16, data=_zeros(2**20)),
    "words that swell": lambda: _png(8, 8, *[_chunk(b"zTXt", b"k\0\0" + _zeros(2**26))] * 5, data=PIXEL),
    "a profile that swells": lambda: _png(8, 8, _chunk(b"iCCP", b"x\0\0" + _zeros(2**28)), data=PIXEL),
    "frames beyond count": lambda: _png(8, 8, _chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0)), data=PIXEL),
    "a page that follows itself": lambda: _tiff(next_page=8),
    "pages out of the file": lambda: _tiff(next_page=2**31 - 1),
    "samples beyond count": lambda: _tiff((256, 4, 11000), (257, 4, 11000), (277, 3, 65535)),
    "a picture as deep as a well": lambda: _tiff((256, 4, 1000), (257, 4, 1000), (259, 3, 8), (32997, 4, 65535)),
    "sides beyond all": lambda: _tiff((256, 4, 2**31 - 1), (257, 4, 2**31 - 1)),
    "bits that nobody has": lambda: _tiff((258, 3, 65535)),
    "no samples": lambda: _tiff((277, 3, 0)),
    "complex numbers": lambda: _tiff((258, 3, 64), (339, 3, 6)),
    "a colour filter's mosaic": lambda: _tiff((262, 3, 32803)),
    "a table longer than the file": lambda: b"II*\0\x08\0\0\0" + struct.pack("<H", 65535) + b"\1\1\4\0" * 40,
    "a wide animation": lambda: b"GIF89a\xff\xff\xff\xff\x80\0\0" + bytes(6) + b",\0\0\0\0\xff\xff\xff\xff\0\2\2D\1\0;",
}


@pytest.mark.parametrize("bomb", sorted(BOMBS))
def test_what_a_file_claims_takes_no_memory(bomb: str) -> None:
    with contextlib.suppress(BadPicture):
        layer = pictures.read(io.BytesIO(BOMBS[bomb]()), "picture").layer
        assert layer.width * layer.height < 1000


STACKS = {
    "a hundred layers of one large picture": '<layer name="a" src="large"/>' * 100,
    "groups in groups": "<stack>" * 5000 + "</stack>" * 5000,
    "groups that stand apart in each other": '<stack opacity="0.9">' * 90 + '<layer src="s"/>' + "</stack>" * 90,
    "places beyond all": '<layer name="a" src="s" x="999999999" y="-999999999"/>',
    "places that are no numbers": '<layer name="a" src="s" x="1e999" y="nan"/>',
    "opacities that are none": "".join(f'<layer src="s" opacity="{text}"/>' for text in ("nan", "-1e308", "inf")),
    "a file of this machine": '<layer name="a" src="/etc/passwd"/><layer name="b" src="../../etc/passwd"/>',
}


@pytest.mark.parametrize("stack", sorted(STACKS))
def test_what_a_page_claims_takes_no_memory(tmp_path: Path, stack: str) -> None:
    large = _png(9000, 9000, data=_zeros(2**20))
    with zipfile.ZipFile(tmp_path / "a.ora", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("stack.xml", f'<image w="9000" h="900"><stack>{STACKS[stack]}</stack></image>')
        archive.writestr("large", large)
        archive.writestr("s", GOOD["PNG RGBA"])
    with contextlib.suppress(BadPicture):
        page = openraster.read(tmp_path / "a.ora")
        list(page.entries())
        page.merged()


class Endless(io.RawIOBase):
    """A pipe that somebody never stops writing to."""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def read(self, size: int = -1) -> bytes:
        return bytes(size)


def test_a_pipe_that_never_ends_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "DEFAULT_BOUNDS", pictures.Bounds(file=2**24))
    with pytest.raises(BadPicture, match="too large"):
        pictures.read(Endless(), "picture")
