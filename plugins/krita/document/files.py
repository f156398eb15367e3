"""A picture in a file as an input: a style, a palette, a painting that is not part of the document."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from inkwash.protocol import Layer

from ..errors import NothingToSend
from ..qt import QImage

MERGED = "mergedimage.png"  # what a .kra or .ora file looks like, inside it
PATTERN = "Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.tif *.tiff *.kra *.ora)"


@dataclass(frozen=True)
class File:
    """A file that was chosen for an input."""

    MARK: ClassVar[str] = "file:"  # what its id begins with; the path follows
    path: str

    @property
    def name(self) -> str:
        """Its name, without the folder."""
        return Path(self.path).name

    def read(self, name: str) -> Layer:
        """Its picture as a layer called `name`, sRGB in 8 bits; NothingToSend."""
        picture = _loaded(self.path)
        if picture is None or picture.isNull():
            raise NothingToSend(
                "“{}” is no picture that can be read.".format(self.name), "Choose another file, or a layer."
            )
        straight = picture.convertToFormat(QImage.Format.Format_ARGB32)
        bits = straight.constBits()
        bits.setsize(straight.sizeInBytes())
        return Layer(name, straight.width(), straight.height(), order="BGRA", data=bytes(bits))


def _loaded(path: str) -> Any:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return QImage.fromData(archive.read(MERGED))
    except (OSError, KeyError, zipfile.BadZipFile):
        return None
    return QImage(path)
