"""Small drawings with hints on which colour once went astray, made at any size: fine lines, a face, tones, dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]  # (H, W)
Rgba = NDArray[np.uint8]  # (H, W, 4), straight alpha
Rgb = tuple[int, int, int]
Points = Sequence[tuple[float, float]]  # of the case's own page

DATA = Path(__file__).parents[1] / "data" / "cases"
FINER = 4  # times as large as it is drawn, for smooth lines


@dataclass
class Case:
    """Lines, hints, and what colour is right where: places of the page from 0 to 1."""

    lines: Grey
    hints: Rgba
    right: list[tuple[str, Rgb, float, float]] = field(default_factory=list)

    def resized(self, side: int) -> Case:
        """The same, so many pixels on the longest side."""
        scale = side / max(self.lines.shape)
        size = round(self.lines.shape[1] * scale), round(self.lines.shape[0] * scale)
        lines = cv2.resize(self.lines, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
        return Case(lines, cv2.resize(self.hints, size, interpolation=cv2.INTER_NEAREST), self.right)


RED, BLUE = (200, 60, 50), (170, 210, 245)


def box(side: int, *, grey: int = 0, rows: int = 1) -> Case:
    """A closed box whose one-pixel line may lie between two rows of pixels, in half ink; a dot in its middle."""
    lines = np.full((side, side), 255, np.uint8)
    low, high = side // 4, 3 * side // 4
    for row in range(rows):
        lines[[low + row, high + row], low : high + rows] = grey
        lines[low : high + rows, [low + row, high + row]] = grey
    lines[side // 2 - 3 : side // 2 + 3, side // 2 - 3 : side // 2 + 3] = 0
    strokes = [(RED, [(130, 150), (270, 150)], 8.0), (BLUE, [(20, 30), (380, 30)], 8.0)]
    inside = [("inside", RED, x, y) for x, y in ((0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7), (0.5, 0.6))]
    outside = [("outside", BLUE, x, y) for x, y in ((0.1, 0.2), (0.9, 0.2), (0.9, 0.9), (0.1, 0.9), (0.5, 0.9))]
    return Case(lines, _hints(side, 400, strokes), inside + outside)


HOUSE: dict[str, tuple[Rgb, Points, float, tuple[float, float]]] = {  # colour, stroke, width, a place in the room
    "wall": ((240, 220, 130), [(140, 280), (170, 400)], 10, (260, 300)),
    "roof": ((200, 60, 50), [(160, 230), (260, 230)], 10, (215, 190)),
    "door": ((110, 70, 40), [(215, 340), (215, 400)], 10, (205, 390)),
    "sun": ((255, 215, 0), [(400, 90), (440, 110)], 10, (420, 120)),
    "tree": ((60, 160, 70), [(380, 280), (440, 300)], 10, (400, 320)),
    "ground": ((150, 190, 110), [(40, 470), (470, 470)], 10, (250, 495)),
    "sky": ((170, 210, 245), [(30, 30), (340, 40)], 10, (60, 120)),
    "trunk": ((130, 90, 60), [(410, 370), (410, 400)], 4, (408, 410)),
}
DOTS = {"wall": (150, 300), "roof": (215, 200), "door": (215, 380), "sun": (420, 90), "tree": (400, 290),
        "ground": (250, 470), "sky": (60, 60), "trunk": (410, 385)}  # fmt: skip


def house(side: int, width: int, *, dots: int | None = None, short: float | None = None) -> Case:
    """A house, a tree and a sun on a page of 512; hints as strokes, as dots of that radius, or with `short` ones.

    `width` and `dots` are pixels, `short` is the length of the sky's and the ground's stroke on a page of 512.
    """
    pen = _Pen(side, 512, width)
    pen.line([(120, 420), (120, 250), (310, 250), (310, 420), (120, 420)])
    pen.line([(95, 250), (215, 140), (335, 250), (95, 250)])
    pen.line([(190, 420), (190, 320), (240, 320), (240, 420)])
    pen.line([(0, 420), (512, 420)])
    pen.ellipse(420, 100, 40, 40)
    pen.ellipse(410, 290, 60, 60)
    pen.line([(400, 348), (400, 420)])
    pen.line([(420, 348), (420, 420)])
    right = [(name, rgb, x / 512, y / 512) for name, (rgb, _, _, (x, y)) in HOUSE.items()]
    if dots is None:
        strokes = [(rgb, points, wide) for rgb, points, wide, _ in HOUSE.values()]
        if short is not None:
            strokes = [stroke for stroke in strokes if stroke[0] not in (HOUSE["sky"][0], HOUSE["ground"][0])]
            strokes.append((HOUSE["sky"][0], [(40, 50), (40 + short, 55)], 10))
            strokes.append((HOUSE["ground"][0], [(100, 470), (100 + short, 472)], 10))
        return Case(pen.page(), _hints(side, 512, strokes), right)
    hints = np.zeros((side, side, 4), np.uint8)
    for name, (x, y) in DOTS.items():
        cv2.circle(hints, (round(x * side / 512), round(y * side / 512)), dots, (*HOUSE[name][0], 255), -1)
    return Case(pen.page(), hints, right)


FACE: list[tuple[Rgb, Points, float]] = [
    ((120, 60, 30), [(180, 110), (330, 110)], 8),
    ((250, 210, 180), [(200, 330), (310, 335)], 8),
    ((250, 210, 180), [(240, 450), (270, 450)], 8),
    ((40, 110, 190), [(181, 278), (195, 278)], 4),
    ((40, 110, 190), [(317, 278), (331, 278)], 4),
    ((215, 225, 235), [(20, 30), (490, 30)], 8),
    ((230, 120, 40), [(150, 508), (200, 490)], 8),
]
HAIR, SKIN, IRIS, BACK, SHIRT = FACE[0][0], FACE[1][0], FACE[3][0], FACE[5][0], FACE[6][0]


def face(side: int, width: float, *, gap: bool) -> Case:
    """A comic's face in fine lines on a page of 512; `gap` leaves the hair's outline open for 13 of them.

    The neck and the shirt are one room with two hints.
    """
    pen = _Pen(side, 512, width)
    pen.curve([(150, 200), (140, 300), (190, 400), (256, 430), (322, 400), (372, 300), (362, 200)])
    hair = [(120, 330), (95, 200), (150, 90), (256, 55), (362, 90), (417, 200), (392, 330), (372, 300), (362, 200),
            (330, 150), (290, 190), (240, 140), (190, 195), (150, 200), (140, 300)]  # fmt: skip
    pen.curve(hair, closed=True, skip=2 if gap else 0)
    for side_of in (-1, 1):
        brow = [(100, 232), (70, 212), (35, 222), (34, 230), (70, 224), (98, 238)]
        pen.curve([(256 + side_of * x, y) for x, y in brow], closed=True)
        pen.curve([(256 + side_of * x, y) for x, y in [(98, 270), (70, 250), (38, 268), (68, 284)]], closed=True)
        pen.ellipse(256 + side_of * 68, 267, 13, 15)
        pen.ellipse(256 + side_of * 68, 267, 5, 6, filled=True)
        pen.curve([(256 + side_of * x, y) for x, y in [(116, 300), (140, 280), (138, 330), (108, 345)]])
    for line in (
        [(256, 280), (246, 320), (262, 326)],
        [(215, 365), (256, 372), (300, 362)], [(225, 372), (256, 392), (290, 370)],
        [(215, 425), (210, 470), (120, 512)], [(297, 425), (302, 470), (392, 512)],
    ):  # fmt: skip
        pen.curve(line)
    places = [
        ("hair", HAIR, 256, 90), ("hair", HAIR, 118, 220), ("hair", HAIR, 392, 230), ("skin", SKIN, 256, 230),
        ("skin", SKIN, 200, 380), ("skin", SKIN, 350, 260), ("neck", SKIN, 255, 452), ("shirt", SHIRT, 176, 498),
        ("iris", IRIS, 188, 278), ("iris", IRIS, 324, 278), ("back", BACK, 60, 60), ("back", BACK, 470, 60),
        ("back", BACK, 480, 420), ("back", BACK, 30, 420),
    ]  # fmt: skip
    return Case(pen.page(), _hints(side, 512, FACE), [(name, rgb, x / 512, y / 512) for name, rgb, x, y in places])


TONED: dict[str, tuple[Rgb, Points]] = {
    "hair": ((90, 60, 160), [(300, 400), (430, 300), (560, 400)]),
    "skin": ((250, 215, 190), [(400, 480), (460, 480)]),
    "jacket": ((50, 120, 90), [(330, 1000), (430, 800), (520, 1000)]),
    "balloon": ((255, 255, 255), [(610, 180), (770, 180)]),
    "sky": ((240, 190, 120), [(100, 120), (100, 700)]),
    "right": ((240, 190, 120), [(800, 500), (800, 1000)]),
}


def panel(*, tones: bool = True) -> Case:
    """A manga panel of 900 x 1200: hair, jacket and sky in dot screens, hatching, a balloon with lettering."""
    wide, high = 1800, 2400
    shapes = {name: np.zeros((high, wide), np.uint8) for name in ("face", "hair", "hole", "body", "balloon", "frame")}
    cv2.ellipse(shapes["face"], (860, 1040), (300, 360), 0, 0, 360, 1, -1)
    cv2.ellipse(shapes["hair"], (860, 960), (400, 440), 0, 170, 370, 1, -1)
    cv2.ellipse(shapes["hole"], (860, 1120), (290, 300), 0, 0, 360, 1, -1)
    cv2.fillPoly(shapes["body"], [np.array([(660, 1380), (1060, 1380), (1400, 2320), (320, 2320)])], 1)
    cv2.ellipse(shapes["balloon"], (1380, 460), (300, 240), 0, 0, 360, 1, -1)
    cv2.rectangle(shapes["frame"], (120, 120), (wide - 120, high - 120), 1, -1)
    face, hair, hole, body, balloon, frame = (shape > 0 for shape in shapes.values())
    hair, body = hair & ~hole, body & ~face
    ink = np.zeros((high, wide), bool)
    if tones:
        fade = np.linspace(0.02, 0.37, high)[:, None]
        ink |= _screen(wide, high, fade, 45) & frame & ~(face | hair | body | balloon)
        ink |= _screen(wide, high, 0.35, 45) & hair
        ink |= _screen(wide, high, 0.22, 30) & body
    for shape, line in ((face, 4), (hair, 4), (body, 4), (balloon, 4), (frame, 8)):
        grown = cv2.dilate(shape.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3)), iterations=line)
        ink |= (grown > 0) & ~shape
    drawn = np.where(ink, 0, 255).astype(np.uint8)
    for x in (740, 980):
        cv2.ellipse(drawn, (x, 1080), (52, 68), 0, 0, 360, 255, -1)
        cv2.ellipse(drawn, (x, 1080), (52, 68), 0, 0, 360, 0, 7)
        cv2.ellipse(drawn, (x, 1090), (20, 32), 0, 0, 360, 0, -1)
    cv2.ellipse(drawn, (860, 1240), (80, 44), 0, 20, 160, 0, 7)
    for i in range(22 if tones else 0):
        cv2.line(drawn, (1120 + 10 * i, 1800 + 18 * i), (1200 + 10 * i, 1740 + 18 * i), 0, 4, cv2.LINE_AA)
    for text, x, y in (("WHAT IS", 1230, 440), ("THAT?!", 1260, 540)):
        cv2.putText(drawn, text, (x, y), cv2.FONT_HERSHEY_DUPLEX, 2.4, 0, 8, cv2.LINE_AA)
    places = {"hair": (460, 330), "skin": (430, 660), "jacket": (250, 1100), "balloon": (690, 310), "sky": (130, 1000),
              "right": (760, 700)}  # fmt: skip
    right = [(name, TONED[name][0], x / 900, y / 1200) for name, (x, y) in places.items()]
    right += [("jacket", TONED["jacket"][0], x / 900, y / 1200) for x, y in ((600, 1080), (595, 935))]
    lines = cv2.resize(drawn, (wide // 2, high // 2), interpolation=cv2.INTER_AREA)
    hints = np.zeros((high // 2, wide // 2, 4), np.uint8)
    for rgb, points in TONED.values():
        cv2.polylines(hints, [np.array(points, np.int32)], False, (*rgb, 255), 16)
    return Case(lines, hints, right)


ORANGE, SCARF, SKY, GRASS = (224, 140, 60), (196, 44, 50), (190, 224, 236), (142, 184, 104)
PALE, GREEN, SPOT, MOUTH = (245, 240, 220), (92, 176, 70), (40, 130, 60), (170, 44, 84)
DRAWN: dict[str, list[tuple[str, float, float]]] = {  # which stroke's colour is right where, in hundredths
    "cat": [
        ("head", 50, 26), ("head", 40, 40), ("head", 62, 38), ("ear", 36, 17), ("ear", 64, 17), ("body", 50, 58),
        ("body", 40, 60), ("body", 60, 84), ("body", 33, 72), ("scarf", 60, 46), ("label", 60, 60), ("tail", 82.5, 72),
        ("feet", 40, 91), ("feet", 61, 91), ("sky", 10, 5), ("sky", 50, 5), ("sky", 95, 50), ("sky", 12, 80),
        ("ground", 5, 96), ("ground", 50, 97), ("ground", 95, 98),
    ],
}  # fmt: skip
STROKES = {  # where a stroke lies whose colour that is, in hundredths
    "cat": {"head": (50, 20.7), "ear": (36.5, 17), "body": (38, 74), "scarf": (50, 45.7), "label": (59.5, 61),
            "tail": (83.3, 75.5), "feet": (40, 90.7), "sky": (7.2, 40), "ground": (50, 95.3)},
}  # fmt: skip


def drawn(name: str) -> Case:
    """A drawing by hand with its hints: `cat-ink`, or `cat-pencil` (sketchy, with gaps)."""
    kind = name.partition("-")[0]
    lines = cv2.imread(str(DATA / f"{name}.png"), cv2.IMREAD_GRAYSCALE)
    hints = cv2.cvtColor(cv2.imread(str(DATA / f"{kind}-hints.png"), cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA)
    height, width = lines.shape
    right: list[tuple[str, Rgb, float, float]] = []
    for room, x, y in DRAWN[kind]:
        across, down = STROKES[kind][room]
        red, green, blue, alpha = (int(v) for v in hints[round(down / 100 * height), round(across / 100 * width)])
        assert alpha == 255, f"no stroke for {room}"
        right.append((room, (red, green, blue), x / 100, y / 100))
    return Case(lines, hints, right)


def _hints(side: int, page: float, strokes: Sequence[tuple[Rgb, Points, float]]) -> Rgba:
    """Strokes of a page of that size on one of `side` pixels, hard as from a pixel brush."""
    hints, scale = np.zeros((side, side, 4), np.uint8), side / page
    for rgb, points, width in strokes:
        path = (np.array(points) * scale).round().astype(np.int32)
        cv2.polylines(hints, [path], False, (*rgb, 255), max(1, round(width * scale)))
    return hints


def _screen(wide: int, high: int, level: float | NDArray[np.float64], angle: float) -> NDArray[np.bool_]:
    """Dots of a screentone, seven pixels apart at half the size."""
    y, x = np.mgrid[0:high, 0:wide] / 2.0
    turned = np.deg2rad(angle)
    u, v = x * np.cos(turned) + y * np.sin(turned), y * np.cos(turned) - x * np.sin(turned)
    wave = (np.cos(2 * np.pi * u / 7) + np.cos(2 * np.pi * v / 7)) / 4 + 0.5
    return np.asarray(wave > 1 - level)


class _Pen:
    """Draws smooth lines of a width in pixels, on a page of its own units."""

    def __init__(self, side: int, units: float, width: float) -> None:
        self.finer = FINER if side <= 1600 else 2
        self.large = np.full((side * self.finer,) * 2, 255, np.uint8)
        self.side, self.scale, self.width = side, side * self.finer / units, max(1, round(width * self.finer))

    def line(self, points: Points) -> None:
        path = (np.array(points) * self.scale).round().astype(np.int32)
        cv2.polylines(self.large, [path], False, 0, self.width)

    def curve(self, points: Points, *, closed: bool = False, skip: int = 0) -> None:
        """A Catmull-Rom spline through `points`, without its first `skip` twentieths of a span."""
        known, count = np.array(points, float), len(points)
        path = []
        for i in range(count if closed else count - 1):
            near = [(i + j) % count if closed else min(max(i + j, 0), count - 1) for j in (-1, 0, 1, 2)]
            a, b, c, d = known[near]
            for t in np.arange(20) / 20:
                path.append(
                    0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
                )
        path.append(path[0] if closed else known[-1])
        self.line([(float(x), float(y)) for x, y in path[skip:]])

    def ellipse(self, x: float, y: float, wide: float, high: float, *, filled: bool = False) -> None:
        centre, axes = (
            (round(x * self.scale), round(y * self.scale)),
            (round(wide * self.scale), round(high * self.scale)),
        )
        cv2.ellipse(self.large, centre, axes, 0, 0, 360, 0, -1 if filled else self.width)

    def page(self) -> Grey:
        """What was drawn, at its size."""
        return np.asarray(cv2.resize(self.large, (self.side, self.side), interpolation=cv2.INTER_AREA), np.uint8)
