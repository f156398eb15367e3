"""Ten drawings of Tux Paint's starters with hints of a hurried colourist, for the sheet that judges a colorizer.

The drawings are Debian's `tuxpaint-data` (GPL 2 or later), `apt-get download tuxpaint-data`, then `dpkg -x`: to be
looked at, never to be trained on. `starters.json` has the hints: "RRGGBB x,y x,y", in hundredths of the drawing.
"""

import io
import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import resvg_py
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Grey = NDArray[np.uint8]  # (H, W)
Hints = NDArray[np.uint8]  # (H, W, 4) RGBA, straight alpha
SOURCES = json.loads(Path(__file__).with_name("starters.json").read_text())
PLAIN = ("elephant", "car", "pansy", "frog", "chicken", "tortoise", "nagasaki", "tractor")  # and a scan, and a page
WIDE = 0.012  # of a stroke, of the drawing's width
MARGIN, GUTTER, FRAME = 120, 46, 7  # pixels of the page
PAGE = (2480, 3508)
PANELS = {  # x, y, width, height in parts of what is inside the margins; and the balloons: x, y, text, of the panel
    "street": ((0, 0, 1, 0.31), ((0.47, 0.80, "WHO LEFT\nALL THIS?"), (0.86, 0.17, "Not me!"))),
    "fish": ((0, 0.31, 0.42, 0.30), ((0.72, 0.84, "BLUB"),)),
    "manatee": ((0.42, 0.31, 0.58, 0.30), ((0.15, 0.13, "It's warm\nin here."),)),
    "eagle": ((0, 0.61, 0.55, 0.39), ((0.17, 0.68, "I SEE YOU,\nLITTLE FISH."),)),
    "woodpecker": ((0.55, 0.61, 0.45, 0.22), ()),
    "hat": ((0.55, 0.83, 0.45, 0.17), ((0.84, 0.22, "Hm."),)),
}


@dataclass
class Drawing:
    """A line drawing, its hints, and the strokes that the hints are made of, each (H, W) bool with its colour."""

    name: str
    lines: Grey
    hints: Hints
    strokes: list[tuple[tuple[int, int, int], NDArray[np.bool_]]]


def drawings(folder: Path) -> list[Drawing]:
    """The ten: eight as they are, one printed and scanned, and one comic page."""
    plain = [drawing(name, folder) for name in PLAIN]
    jet = drawing("jet", folder, double=True)
    jet.lines, jet.name = scanned(jet.lines), "scan"
    return [*plain, jet, page(folder)]


def drawing(name: str, folder: Path, *, double: bool = False) -> Drawing:
    """One starter with its hints; `double`: twice as large as it came."""
    lines = _lines(folder, SOURCES[name])
    if double:
        lines = cv2.resize(lines, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return _hinted(name, lines, _strokes(name, lines.shape[1], lines.shape[0], lines.shape[:2], (0, 0)))


def scanned(lines: Grey) -> Grey:
    """A print laid on a scanner: grey paper, a shadow to one side, ink that blots, noise."""
    rng, (height, width) = np.random.default_rng(3), lines.shape
    soft = cv2.GaussianBlur(lines, (0, 0), 1.5).astype(np.float32) / 255
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    paper = 0.9 - 0.25 * np.clip(x - 0.35, 0, 1) ** 1.5 - 0.06 * y
    grain = cv2.GaussianBlur(rng.normal(0, 1, lines.shape).astype(np.float32), (0, 0), 0.7)
    grey = paper * (0.22 + 0.78 * soft) + 0.02 * grain
    return np.asarray((grey.clip(0, 1) * 255).round(), np.uint8)


def page(folder: Path) -> Drawing:
    """Six starters as the panels of a page for print, with gutters, balloons and lettering."""
    lines = np.full(PAGE[::-1], 255, np.uint8)
    strokes = []
    for name, (place, balloons) in PANELS.items():
        left, top, width, height = _panel(*place)
        art = _lines(folder, SOURCES[name])
        scale = max(width / art.shape[1], height / art.shape[0])
        size = round(art.shape[1] * scale), round(art.shape[0] * scale)
        shift = left - (size[0] - width) // 2, top - (size[1] - height) // 2
        art = cv2.resize(art, size, interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA)
        x, y = left - shift[0], top - shift[1]
        panel = lines[top : top + height, left : left + width]
        panel[:] = art[y : y + height, x : x + width]
        _letter(panel, balloons)
        cv2.rectangle(lines, (left, top), (left + width, top + height), 0, FRAME)
        inside = np.zeros(lines.shape, bool)
        inside[top + FRAME : top + height - FRAME, left + FRAME : left + width - FRAME] = True
        strokes += [(rgb, mask & inside) for rgb, mask in _strokes(name, *size, lines.shape, shift)]
    return _hinted("page", lines, strokes)


def _panel(x: float, y: float, width: float, height: float) -> tuple[int, int, int, int]:
    """Left, top, width and height in pixels of a panel between gutters."""
    inner = PAGE[0] - 2 * MARGIN + GUTTER, PAGE[1] - 2 * MARGIN + GUTTER
    left, top = MARGIN + round(x * inner[0]), MARGIN + round(y * inner[1])
    return left, top, round(width * inner[0]) - GUTTER, round(height * inner[1]) - GUTTER


def _letter(panel: Grey, balloons: tuple[tuple[float, float, str], ...]) -> None:
    """Draw balloons with their text over a panel."""
    image = Image.fromarray(panel)
    draw, font = ImageDraw.Draw(image), ImageFont.truetype("DejaVuSans-Bold.ttf", 44)
    for x, y, text in balloons:
        middle = x * panel.shape[1], y * panel.shape[0]
        box = draw.multiline_textbbox(middle, text, font=font, anchor="mm", align="center")
        wide, high = (box[2] - box[0]) * 0.75, (box[3] - box[1]) * 0.75 + 26
        ellipse = (middle[0] - wide, middle[1] - high, middle[0] + wide, middle[1] + high)
        tail = [(middle[0] - 30, middle[1]), (middle[0] + 20, middle[1]), (middle[0] - 70, middle[1] + high + 60)]
        for shape, swollen in ((0, 6), (255, 0)):
            draw.polygon(tail, fill=shape, outline=shape, width=1 + swollen)
            draw.ellipse(
                [ellipse[0] - swollen, ellipse[1] - swollen, ellipse[2] + swollen, ellipse[3] + swollen], shape
            )
        draw.multiline_text(middle, text, font=font, fill=0, anchor="mm", align="center")
    panel[:] = np.asarray(image)


def _lines(folder: Path, source: dict[str, str | int]) -> Grey:
    """A starter on white."""
    file = folder / "usr/share/tuxpaint/starters" / str(source["file"])
    if file.suffix == ".svg":
        image = Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_path=str(file), width=int(source["width"])))))
    else:
        image = Image.open(file)
    image = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    return np.array(paper.convert("L"))


def _strokes(
    name: str, width: int, height: int, page: tuple[int, ...], shift: tuple[int, int]
) -> list[tuple[tuple[int, int, int], NDArray[np.bool_]]]:
    """A starter's strokes on a page (H, W), where it lies `shift` from the corner and is so large."""
    made = []
    for stroke in SOURCES[name]["strokes"]:
        colour, *points = stroke.split()
        path = np.array([point.split(",") for point in points], float) * (width, height) / 100 + shift
        mask = np.zeros(page[:2], np.uint8)
        cv2.polylines(mask, [path.round().astype(np.int32)], False, 255, max(3, round(WIDE * width)))
        red, green, blue = bytes.fromhex(colour)
        made.append(((red, green, blue), mask > 0))
    return made


def _hinted(name: str, lines: Grey, strokes: list[tuple[tuple[int, int, int], NDArray[np.bool_]]]) -> Drawing:
    hints = np.zeros((*lines.shape, 4), np.uint8)
    for rgb, mask in strokes:
        hints[mask] = (*rgb, 255)
    return Drawing(name, lines, hints, strokes)
