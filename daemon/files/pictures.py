"""Picture files as layers and back: PNG, JPEG, WebP and TIFF, in the depth that they have.

The libraries that decode are imported when a picture is read or written, not before.
"""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from inkwash.models import regular
from inkwash.models.errors import BadPicture
from inkwash.protocol import Layer

from ..errors import NotSaved
from . import saving
from .resolution import Dpi, dpi_in

if TYPE_CHECKING:
    from PIL.Image import Image

    from .samples import Samples

READ = ("PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP")
FORMATS = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
}
SIDES = {"JPEG": 65_500, "WEBP": 16_383}  # longest side that a format holds, pixels
TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")  # how a TIFF begins
SMALLER = "Make it smaller, or cut it into parts."
SAVE_AS = "Save it as PNG, JPEG, WebP or TIFF and try again."
CHUNK = 2**20  # bytes read at once; also of a PNG's start, in which it says what its colours mean
WIDEST = 16  # bytes of a pixel: four samples of 32 bits
ORIENTATION = 0x0112  # EXIF's tag: how the camera was held


@dataclass(frozen=True)
class Picture:
    """A picture as it was read, upright, and what the artist should know about it."""

    layer: Layer
    notices: tuple[str, ...] = ()
    dpi: Dpi | None = None  # print resolution


@dataclass(frozen=True)
class Bounds:
    """How large a picture may be."""

    pixels: int = 128_000_000  # as the daemon's own limit
    side: int = 32_768  # pixels of the longest side
    file: int = 2**31  # bytes of the file itself

    def check(self, label: str, width: int, height: int) -> None:
        """BadPicture if a picture of this size is empty or too large; `label` names it to the artist."""
        size = f"{width} x {height} pixels"
        if width < 1 or height < 1:
            raise BadPicture(f"{label} is empty: {size}.", "Save it again.")
        if max(width, height) > self.side:
            raise BadPicture(f"{label} is too large: {size}; {self.side} on a side are taken.", SMALLER)
        if width * height > self.pixels:
            limit = f"{self.pixels / 1e6:g} million pixels"
            raise BadPicture(f"{label} is too large: {size}; {limit} are taken.", SMALLER)

    def check_decoded(self, label: str, size: int) -> None:
        """BadPicture if a picture asks for more bytes than so many pixels of four floats take."""
        if size > self.pixels * WIDEST:
            raise BadPicture(f"{label} is too large: decoded it has {size / 1e6:,.0f} MB.", SMALLER)


DEFAULT_BOUNDS = Bounds()


def read(source: Path | BinaryIO, name: str, *, label: str = "", bounds: Bounds = DEFAULT_BOUNDS) -> Picture:
    """The picture in a file or stream as a layer called `name`.

    16-bit and floating samples stay; bilevel becomes 8-bit grey; palette, CMYK and Lab become 8-bit
    RGB, through the picture's profile where it has one; alpha is straight. `label` names a stream to
    the artist. BadPicture if it is missing, damaged, empty or beyond `bounds`.
    """
    label = label or (str(source) if isinstance(source, Path) else "The picture")
    with opened(source, label) as stream, _muted():
        try:
            return _decoded(stream, name, label, bounds)
        except (BadPicture, MemoryError):
            raise
        except Exception as error:  # decoders raise whatever they like at hostile bytes
            raise BadPicture(
                f"{label} cannot be read: it is damaged or not complete.", f"Copy or save it again. ({error})"
            ) from error


def size_in(data: bytes) -> int:
    """How many pixels the picture in `data` says that it has; 0 if it is none."""
    from PIL import Image

    try:
        width, height = Image.open(io.BytesIO(data), formats=READ).size
    except Exception:  # which is said when it is read
        return 0
    return width * height


def write(layer: Layer, file: Path, *, force: bool = False, dpi: Dpi | None = None) -> None:
    """Save `layer` in the format of the file's suffix, in its depth if the format can hold it.

    The file appears whole or not at all; NotSaved if it exists already and `force` is not given, if
    the folder cannot be written to or the disk is full, or if the format cannot hold the picture.
    """
    saving.check(file, force=force)
    saving.save(file, encode(layer, file.suffix, dpi), force=force)


def encode(layer: Layer, suffix: str, dpi: Dpi | None = None) -> bytes:
    """`layer` as a picture file of the format that `suffix` (".png") stands for; NotSaved if it cannot be."""
    from . import deep_png, shallow_pictures, tiff
    from .samples import array_of, at_depth

    format = format_of(suffix)
    longest = max(layer.width, layer.height)
    if longest > SIDES.get(format, longest):
        raise NotSaved(
            f"A {format} picture can have {SIDES[format]} pixels on a side; this one has {longest}.",
            "Save it as PNG or TIFF.",
        )
    samples = array_of(layer)
    if samples.ndim == 3 and samples.shape[2] == 2:
        samples = samples[..., [0, 0, 0, 1]]
    if format == "TIFF":
        return tiff.encoded(samples, layer.icc, dpi)
    if format == "PNG" and layer.depth != "u8":
        return deep_png.png(at_depth(samples, "u16"), layer.icc, dpi)
    return shallow_pictures.encoded(at_depth(samples, "u8"), format, layer.icc, dpi)


def format_of(suffix: str) -> str:
    """The format that a suffix stands for; NotSaved if it is none that is written."""
    try:
        return FORMATS[suffix.lower()]
    except KeyError:
        raise NotSaved(
            f"Pictures are not written as {suffix or 'a file without a suffix'}.",
            f"End the name with one of {', '.join(FORMATS)} or .ora.",
        ) from None


@contextmanager
def opened(source: Path | BinaryIO, label: str) -> Iterator[BinaryIO]:
    """A stream that can seek, of a file or another stream; BadPicture if the file cannot be opened."""
    if not isinstance(source, Path):
        yield source if source.seekable() else _held(source, label)
        return
    try:
        stream = regular.opened(source)
    except FileNotFoundError:
        raise BadPicture(f"There is no file {label}.", "Check the name and the folder.") from None
    except OSError as error:
        raise BadPicture(f"{label} cannot be opened: {error.strerror}.", "Check the file and its rights.") from error
    with stream:
        yield stream


def _held(stream: BinaryIO, label: str) -> BinaryIO:
    """What comes out of a pipe, which may not end."""
    held = io.BytesIO()
    while chunk := stream.read(CHUNK):
        held.write(chunk)
        if held.tell() > DEFAULT_BOUNDS.file:
            raise BadPicture(f"{label} is too large: more than {DEFAULT_BOUNDS.file / 1e9:.0f} GB.", SMALLER)
    held.seek(0)
    return held


@contextmanager
def _muted() -> Iterator[None]:
    """Decoders' own words go nowhere: warnings about metadata, and what libtiff writes past Python."""
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere, warnings.catch_warnings():
            os.dup2(nowhere.fileno(), 2)
            warnings.simplefilter("ignore")
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _decoded(stream: BinaryIO, name: str, label: str, bounds: Bounds) -> Picture:
    start = stream.read(32)
    stream.seek(0)
    if not start:
        raise BadPicture(f"{label} is empty.", "Save it again.")
    if start.startswith(TIFF):
        return _decoded_tiff(stream, name, label, bounds)
    from . import deep_png, gamma, shallow_pictures
    from .samples import layer_of

    image = _identified(stream, label, bounds)
    image.load()
    dpi = dpi_in(image)
    samples, profile = shallow_pictures.samples_of(image)
    if image.format == "PNG":
        stream.seek(0)
        if deep_png.is_deep_png(start):
            samples = deep_png.read_png(stream.read())
            stream.seek(0)
        profile = profile or gamma.profile_in(stream.read(CHUNK), grey=samples.ndim == 2)
    samples = _upright(samples, image.getexif().get(ORIENTATION, 1))
    frames = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)  # MPO: one photograph, two eyes
    notices = (f"{label} has {frames} frames or pages; the first one was taken.",) if frames > 1 else ()
    return Picture(layer_of(samples, name, icc=profile), notices, dpi)


def _decoded_tiff(stream: BinaryIO, name: str, label: str, bounds: Bounds) -> Picture:
    from . import shallow_pictures, tiff
    from .samples import layer_of

    page, index, count = tiff.largest_page(stream)
    bounds.check(label, page.imagewidth, page.imagelength)
    bounds.check_decoded(label, tiff.bytes_of(page))
    if tiff.is_plain(page):
        image = _identified(stream, label, bounds)
        image.seek(index)
        image.load()
        samples, profile = shallow_pictures.samples_of(image)
        turned = image.getexif().get(ORIENTATION, 1)
    else:
        (samples, turned), profile = tiff.read(page), tiff.profile(page)
    which = "the first one" if index == 0 else f"number {index + 1}, the largest,"
    notices = (f"{label} has {count} frames or pages; {which} was taken.",) if count > 1 else ()
    return Picture(layer_of(_upright(samples, turned), name, icc=profile), notices, tiff.resolution(page))


def _identified(stream: BinaryIO, label: str, bounds: Bounds) -> Image:
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # our own bounds follow, which name the size
    stream.seek(0)
    try:
        image = Image.open(stream, formats=READ)
    except UnidentifiedImageError:
        raise BadPicture(f"{label} is not a picture that can be read.", SAVE_AS) from None
    bounds.check(label, *image.size)
    return image


def _upright(samples: Samples, orientation: int) -> Samples:
    """The samples turned and mirrored as EXIF's `orientation` (1 to 8) says."""
    import numpy as np

    if orientation in (5, 6, 7, 8):
        samples = np.swapaxes(samples, 0, 1)
    if orientation in (3, 4, 7, 8):
        samples = samples[::-1]
    if orientation in (2, 3, 6, 7):
        samples = samples[:, ::-1]
    return samples
