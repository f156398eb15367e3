"""The sources of training pictures: where each comes from, its licence, and how its drawings become pairs."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

import cv2
import numpy as np

from .svg import Picture, line_art, render

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Pair:
    """A drawing: its colours without or with lines, and its line art where the artist's own is known."""

    name: str  # unique within the source
    color: Picture  # (H, W, 4) RGBA, straight alpha
    line: Picture | None  # (H, W) grey, white paper; None where lines must be found by thresholding


class Source(Protocol):
    """A place that pictures come from."""

    name: str
    licence: str

    def fetch(self, raw: Path) -> None:
        """Download what is needed into `raw`, unless it is there already."""

    def drawings(self, raw: Path) -> Iterator[tuple[str, Path]]:
        """Name and file of every drawing, in a fixed order."""

    def pair(self, name: str, file: Path, size: int) -> Pair:
        """The drawing as a pair, `size` pixels on its longer side; ValueError if it is of no use."""


def run(*command: str, cwd: Path) -> None:
    """Run a package client; its own words reach the user if it fails."""
    if shutil.which(command[0]) is None:
        raise FileNotFoundError(f"{command[0]} is needed to fetch this source; install it and run again.")
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)


def unpack(package: str, raw: Path, *, holds: str) -> None:
    """Debian's `package` in `raw`, fetched and unpacked but not installed, unless the folder `holds` is there."""
    if not (raw / holds).is_dir():
        run("apt-get", "download", package, cwd=raw)
        run("dpkg-deb", "-x", str(next(raw.glob(f"{package}_*.deb")).resolve()), ".", cwd=raw)


def grey(picture: Picture) -> Picture:
    """(H, W) grey of an RGBA picture on white paper."""
    alpha = picture[..., 3:].astype(np.float32) / 255
    return np.asarray(((picture[..., :3] * alpha + 255 * (1 - alpha)).mean(-1)).round(), np.uint8)


class OpenMoji:
    """Emoji drawn by hand as colour and as line art: true pairs, exactly aligned."""

    name = "openmoji"
    licence = "OpenMoji 17.0.0, CC BY-SA 4.0"

    def fetch(self, raw: Path) -> None:
        """The npm package's colour and black drawings."""
        if not (raw / "package/black/svg").is_dir():
            run("npm", "pack", "openmoji@17.0.0", "--silent", cwd=raw)
            with tarfile.open(raw / "openmoji-17.0.0.tgz") as archive:
                wanted = [m for m in archive if m.name.startswith(("package/color/svg", "package/black/svg"))]
                archive.extractall(raw, wanted, filter="data")

    def drawings(self, raw: Path) -> Iterator[tuple[str, Path]]:
        """The codes that may be trained on; flags, brands and skin-tone variants are not among them."""
        excluded = set(json.loads((HERE / "openmoji_exclude_from_training.json").read_text()))
        for code in json.loads((HERE / "openmoji_train.json").read_text()):
            if code not in excluded:
                yield code, raw / f"package/color/svg/{code}.svg"

    def pair(self, name: str, file: Path, size: int) -> Pair:
        """Colour without the line group, so that the fills run on under the lines."""
        root = ET.parse(file).getroot()
        for group in [g for g in root if g.get("id") == "line"]:
            root.remove(group)
        color = render(ET.tostring(root, encoding="unicode"), size)
        line = grey(render((file.parents[2] / "black/svg" / file.name).read_text(), size))
        return Pair(name, color, line)


class DiceBear:
    """Parametric cartoon faces with random palettes."""

    name = "dicebear"
    licence = "DiceBear 9.4.3: adventurer, micah, big-smile, personas, miniavs, toon-head CC BY 4.0; open-peeps CC0"
    count = 220  # avatars per style
    outlines: ClassVar = {"micah": 4, "big-smile": 4, "personas": 1, "miniavs": 1, "toon-head": 32}

    def fetch(self, raw: Path) -> None:
        """The npm packages, and from them the avatars as SVG files."""
        if not (raw / "node_modules/@dicebear/collection").is_dir():
            wanted = ("@dicebear/core@9.4.3", "@dicebear/collection@9.4.3")
            run("npm", "i", "--ignore-scripts", "--silent", "--prefix", ".", *wanted, cwd=raw)
        script = (str(HERE / "dicebear.mjs"), str(raw.resolve()), str((raw / "svg").resolve()))
        run("node", *script, str(self.count), cwd=raw)

    def drawings(self, raw: Path) -> Iterator[tuple[str, Path]]:
        """All avatars; the style is part of the name, so that whole styles can be kept out of training."""
        for file in sorted((raw / "svg").glob("*/*.svg")):
            yield f"{file.parent.name}-{file.stem}", file

    def pair(self, name: str, file: Path, size: int) -> Pair:
        """Styles drawn without outlines get them."""
        svg = file.read_text()
        line = line_art(svg, self.outlines.get(file.parent.name))
        return Pair(name, render(svg, size), grey(render(line, size)))


class OpenClipart:
    """Public-domain clip art; the outlined, coloured cartoons among it."""

    name = "openclipart"
    licence = "openclipart-svg 0.18 (Debian), public domain"
    folders = (
        "animals", "buildings", "decorations", "education", "food", "people", "plants", "recreation", "tools",
        "transportation", "containers", "office", "geography",
    )  # fmt: skip
    largest = 400_000  # bytes; larger drawings are engravings and maps

    def fetch(self, raw: Path) -> None:
        """Debian's package, unpacked but not installed."""
        unpack("openclipart-svg", raw, holds="usr/share/openclipart/svg")

    def drawings(self, raw: Path) -> Iterator[tuple[str, Path]]:
        """Drawings of things and beings; playing cards are left out, they are nearly all alike."""
        root = raw / "usr/share/openclipart/svg"
        for folder in self.folders:
            for file in sorted((root / folder).rglob("*.svg")):
                if file.stat().st_size < self.largest and "cards" not in file.parts:
                    yield "-".join(file.relative_to(root).with_suffix("").parts), file

    def pair(self, name: str, file: Path, size: int) -> Pair:
        """ValueError unless the drawing is coloured and its colours end at lines."""
        svg = file.read_text(errors="replace")
        color = render(svg, size)
        line = grey(render(line_art(svg), size))
        _expect_outlined_colour(color, line)
        return Pair(name, color, line)


def _expect_outlined_colour(color: Picture, line: Picture) -> None:
    """ValueError unless enough of the picture is coloured and most colour edges lie beside ink."""
    if color.shape[:2] != line.shape:
        raise ValueError("its line art has another size")
    alpha = color[..., 3:].astype(np.float32) / 255
    rgb = (color[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    coloured = (rgb.max(-1).astype(int) - rgb.min(-1) > 40).mean()
    ink = (line < 128).astype(np.uint8)
    edges = np.max([np.abs(cv2.Sobel(rgb[..., c], cv2.CV_32F, 1, 0)) for c in range(3)], axis=0) > 120
    beside = cv2.dilate(ink, np.ones((7, 7), np.uint8)) > 0
    if coloured < 0.1 or not 0.01 < ink.mean() < 0.35 or edges.sum() < 50 or beside[edges].mean() < 0.75:
        raise ValueError("not an outlined, coloured cartoon")


class Pictures:
    """A folder of pictures without line art of their own: lines are found by thresholding, anew for each crop."""

    name: str
    licence: str

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    def fetch(self, raw: Path) -> None:
        """Nothing to download: the pictures are given as a folder."""
        if self.folder is None or not self.folder.is_dir():
            raise FileNotFoundError(f"give the folder of {self.name} by --{self.name} FOLDER")

    def drawings(self, raw: Path) -> Iterator[tuple[str, Path]]:
        """Every WebP or PNG picture of the folder."""
        assert self.folder is not None
        for file in sorted(f for f in self.folder.iterdir() if f.suffix in (".webp", ".png")):
            yield file.stem, file

    def pair(self, name: str, file: Path, size: int) -> Pair:
        """Colour only."""
        picture = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
        if picture is None or picture.ndim != 3 or picture.dtype != np.uint8:
            raise ValueError("unreadable")
        code = cv2.COLOR_BGR2RGBA if picture.shape[2] == 3 else cv2.COLOR_BGRA2RGBA
        picture = cv2.cvtColor(picture, code)
        scale = min(1.0, size / max(picture.shape[:2]))
        resized = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        return Pair(name, np.asarray(resized, np.uint8), None)


class Cartoons(Pictures):
    """Shaded, textured cartoons of animals, people and things."""

    name = "cartoons"
    licence = "gcompris-qt-data 3.1 (Debian), CC BY-SA 3.0"


class Paintings(Pictures):
    """Scans of old paintings: brushed shading, and colours that no line parts."""

    name = "paintings"
    licence = "scans of public-domain paintings"


class Photographs(Pictures):
    """Photographs of animals, landscapes and buildings: what colour skies, leaves and furs have."""

    name = "photographs"
    licence = (
        "photographs of gcompris-qt-data, lomiri-wallpapers and palapeli-data (Debian), public domain, CC0, CC BY(-SA)"
    )
