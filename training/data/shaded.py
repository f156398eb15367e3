"""Sources whose pictures are shaded: an illustrator's airbrush, and emoji with gradients or in three dimensions."""

from __future__ import annotations

import json
import re
import tarfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np

from .sources import HERE, Pair, Pictures, grey, run, unpack
from .svg import line_art, render

KEYCAP_OR_TONE = re.compile(r"1F3F[B-F]|FE0F|20E3|200D")


def concept(code: str) -> str:
    """What an emoji shows, by its code points without skin tone, joiner and variant: one word for all sets."""
    return "-".join(point for point in code.upper().split("-") if not KEYCAP_OR_TONE.fullmatch(point))


def excluded_concepts() -> set[str]:
    """The concepts that judging uses and that therefore no set may show in training."""
    return {concept(code) for code in json.loads((HERE / "openmoji_exclude_from_training.json").read_text())}


def is_thing(code: str) -> bool:
    """Whether an emoji shows a thing or a being: neither a flag, letter, clock or sign, nor another skin tone."""
    points = code.upper().split("-")
    first = int(points[0], 16)
    sign = first < 0x2600 or 0x1F100 <= first < 0x1F300 or 0x1F500 <= first < 0x1F568 or first in SIGNS
    return not sign and not any(0x1F3FB <= int(point, 16) <= 0x1F3FF for point in points)


SIGNS = {*range(0x2648, 0x2654), *range(0x2660, 0x2668), *range(0x2670, 0x2690), *range(0x2795, 0x2B56), 0x1F3E7}
SIGNS |= {*range(0x1F6AB, 0x1F6B0), *range(0x1F6B9, 0x1F6C6), *range(0x1F7E0, 0x1F7F1), *range(0x1F532, 0x1F53E)}


class Emoji:
    """An emoji set from npm, its drawings named by their code points so that a concept is one in all sets."""

    name: str
    licence: str
    package: str  # as npm has it, with its version

    def fetch(self, raw: Path) -> None:
        """The npm package, unpacked and not installed."""
        if not (raw / "package/package.json").exists():
            run("npm", "pack", self.package, "--silent", cwd=raw)
            with tarfile.open(next(raw.glob("*.tgz"))) as archive:
                archive.extractall(raw, filter="data")

    def coded(self, raw: Path) -> Iterator[tuple[str, Path]]:
        """Code points, joined by hyphens, and file of every drawing of the set."""
        raise NotImplementedError

    def drawings(self, raw: Path) -> Iterator[tuple[str, Path]]:
        """Things and beings, without the concepts that are judged."""
        excluded = excluded_concepts()
        for code, file in sorted(self.coded(raw)):
            if is_thing(code) and concept(code) not in excluded:
                yield code.upper(), file


class Fluent(Emoji):
    """Emoji drawn twice, flat and with gradients: the flat one's shapes are the lines, the other is the colour."""

    name = "fluent"
    licence = "fluentui-emoji 1.3.0 (Microsoft), MIT"
    package = "fluentui-emoji@1.3.0"
    codes = "@iconify-json/fluent-emoji-flat@1.2.6"  # tells which code points a file's name stands for
    outline = 0.35  # width of a shape's stroke in the drawing's 32 units

    def fetch(self, raw: Path) -> None:
        """The drawings, and the list of their code points."""
        super().fetch(raw)
        if not (raw / "codes/package/chars.json").exists():
            (raw / "codes").mkdir(exist_ok=True)
            run("npm", "pack", self.codes, "--silent", cwd=raw / "codes")
            with tarfile.open(next((raw / "codes").glob("*.tgz"))) as archive:
                archive.extract("package/chars.json", raw / "codes", filter="data")

    def coded(self, raw: Path) -> Iterator[tuple[str, Path]]:
        """Every drawing that there is flat and modern."""
        for code, name in json.loads((raw / "codes/package/chars.json").read_text()).items():
            file = raw / f"package/icons/modern/{name}.svg"
            if file.exists() and (raw / f"package/icons/flat/{name}.svg").exists():
                yield code, file

    def pair(self, name: str, file: Path, size: int) -> Pair:
        """ValueError where the flat drawing's shapes are not those of the one with gradients."""
        color = render(file.read_text(), size)
        flat = (file.parents[1] / "flat" / file.name).read_text()
        line = grey(render(line_art(flat, self.outline), size))
        _expect_one_shape(color, render(flat, size))
        return Pair(name, color, line)


def _expect_one_shape(color: np.ndarray, flat: np.ndarray) -> None:
    """ValueError unless two drawings cover the same pixels and their edges lie within three pixels of each other."""
    if color.shape != flat.shape:
        raise ValueError("its flat drawing has another size")
    inside = [picture[..., 3] > 127 for picture in (color, flat)]
    edges = [cv2.Canny(np.ascontiguousarray(picture[..., :3]), 60, 160) > 0 for picture in (color, flat)]
    near = cv2.dilate(edges[0].astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    overlap = (inside[0] & inside[1]).sum() / max(1, (inside[0] | inside[1]).sum())
    if overlap < 0.97 or (edges[1].any() and near[edges[1]].mean() < 0.6):
        raise ValueError("its flat drawing has other shapes")


class FluentSolid(Emoji):
    """The same motifs modelled in three dimensions and rendered; lines must be found."""

    name = "fluent-solid"
    licence = "@lobehub/fluent-emoji-3d 1.1.0 (Microsoft's Fluent Emoji), MIT"
    package = "@lobehub/fluent-emoji-3d@1.1.0"

    def coded(self, raw: Path) -> Iterator[tuple[str, Path]]:
        """Every picture."""
        return ((file.stem, file) for file in (raw / "package/assets").glob("*.webp"))

    def pair(self, name: str, file: Path, size: int) -> Pair:
        """Colour only."""
        return Pictures().pair(name, file, size)


class Noto(Emoji):
    """Emoji with cel shading and gradients; every shape gets an outline, as a drawing would have it."""

    name = "noto"
    licence = "@iconify-json/noto 1.2.9 (Google's Noto Emoji), Apache-2.0"
    package = "@iconify-json/noto@1.2.9"
    outline = 1.2  # width of a shape's stroke in the drawing's 128 units
    icons: ClassVar[dict[Path, dict[str, dict[str, str]]]] = {}

    def coded(self, raw: Path) -> Iterator[tuple[str, Path]]:
        """Every drawing that has gradients, by its own SVG file, which is made here from the set's one file."""
        folder = raw / "svg"
        if not folder.is_dir():
            icons = json.loads((raw / "package/icons.json").read_text())["icons"]
            folder.mkdir()
            for code, name in json.loads((raw / "package/chars.json").read_text()).items():
                if name in icons and "Gradient" in icons[name]["body"]:
                    (folder / f"{code}.svg").write_text(HEAD + icons[name]["body"] + "</svg>")
        return ((file.stem, file) for file in folder.glob("*.svg"))

    def pair(self, name: str, file: Path, size: int) -> Pair:
        """ValueError if the drawing cannot be read."""
        svg = file.read_text()
        try:
            line = grey(render(line_art(svg, self.outline), size))
        except ET.ParseError as error:
            raise ValueError(str(error)) from error
        return Pair(name, render(svg, size), line)


HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 128 128">'


class Art4Apps(Pictures):
    """One illustrator's people, jobs, animals and food: ink outlines, airbrushed shade and light."""

    name = "art4apps"
    licence = "art4apps of pysiogame 4.20.01 (Debian), CC BY-SA 3.0"

    def fetch(self, raw: Path) -> None:
        """Debian's package, unpacked but not installed."""
        unpack("pysiogame", raw, holds="usr/share/games/pysiogame")

    def drawings(self, raw: Path) -> Iterator[tuple[str, Path]]:
        """Every picture, named by what it shows."""
        for file in sorted((raw / "usr/share/games/pysiogame/res/images/art4apps").glob("*/*.jpg")):
            yield f"{file.parent.name}-{file.stem}", file


class Portraits(Pictures):
    """Painted heads from a game: too few to learn from, so all are kept to judge by."""

    name = "portraits"
    licence = "flare-game 1.14 (Debian), CC BY-SA 3.0"
    heads = "usr/share/games/flare/mods/fantasycore/images/portraits"

    def fetch(self, raw: Path) -> None:
        """Debian's package, unpacked but not installed."""
        unpack("flare-game", raw, holds=self.heads)

    def drawings(self, raw: Path) -> Iterator[tuple[str, Path]]:
        """Every head."""
        for file in sorted((raw / self.heads).glob("*.png")):
            yield file.stem, file
