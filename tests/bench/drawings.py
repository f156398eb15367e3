"""Ten drawings as a hurried artist would make, scan and hint them, coloured by the model that ships, on one sheet.

    python tests/bench/drawings.py sheet.png

Lines wobble, stop short and overshoot; some are soft grey pencil on uneven paper; hints run over the lines.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from inkwash.training.evaluation.colorizers import Inkwash, under_lines

SIDE = 800  # pixels of a scan
CELL = 300  # and of its pictures on the sheet
RED, GREEN, BLUE, YELLOW, BROWN = (205, 50, 45), (80, 150, 60), (70, 120, 200), (240, 200, 60), (140, 90, 50)
SKIN, PINK, ORANGE, GREY, SKY, WHITE = (
    (240, 200, 170), (235, 130, 160), (235, 140, 50), (130, 135, 145), (150, 205, 235), (250, 250, 250),
)  # fmt: skip

Points = list[tuple[float, float]]  # in hundredths of the page


def arc(x: float, y: float, wide: float, high: float, start: float = 0, end: float = 360) -> Points:
    """Points on an ellipse, between two angles in degrees."""
    angles = np.radians(np.linspace(start, end, 40))
    return [(x + wide * float(np.cos(a)), y + high * float(np.sin(a))) for a in angles]


@dataclass
class Drawing:
    """Lines and hints; `hand` says how it was drawn: ink, thin, marker, open, or pencil."""

    name: str
    hand: str
    lines: list[Points]
    hints: list[tuple[tuple[int, int, int], Points]]


DRAWINGS = [
    Drawing(
        "apple", "ink",
        [arc(50, 55, 28, 28), [(50, 30), (52, 20), (57, 12)], arc(64, 20, 9, 5), [(57, 22), (70, 18)]],
        [(RED, [(35, 50), (50, 65), (62, 50)]), (GREEN, [(60, 19), (68, 21)]), (WHITE, [(10, 10), (12, 80)])],
    ),
    Drawing(
        "house", "open",
        [[(22, 45), (22, 85), (78, 85), (78, 45)], [(15, 47), (50, 15), (85, 47), (15, 47)],
         [(44, 85), (44, 62), (57, 62), (57, 83)], [(28, 55), (38, 55), (38, 66), (28, 66), (28, 55)]],
        [(YELLOW, [(30, 75), (40, 78)]), (YELLOW, [(65, 58), (72, 76)]), (RED, [(35, 38), (65, 40)]),
         (BROWN, [(49, 68), (51, 80)]), (SKY, [(31, 59), (36, 62)])],
    ),
    Drawing(
        "fish", "pencil",
        [arc(45, 50, 28, 17), [(72, 46), (90, 33), (86, 50), (90, 66), (72, 54)], arc(30, 45, 3, 3),
         arc(47, 50, 8, 12, 270, 450), [(40, 34), (50, 22), (60, 35)]],
        [(ORANGE, [(38, 50), (46, 60)]), (ORANGE, [(60, 45), (68, 55)]), (BLUE, [(78, 48), (84, 42)]),
         (BLUE, [(50, 27), (51, 31)]), (WHITE, [(29, 45), (31, 45)])],
    ),
    Drawing(
        "cat", "thin",
        [arc(50, 55, 27, 24), [(28, 42), (26, 18), (42, 33)], [(58, 33), (74, 18), (72, 42)], arc(40, 50, 4, 5),
         arc(60, 50, 4, 5), [(47, 60), (53, 60), (50, 64), (47, 60)], arc(45, 66, 5, 4, 0, 180),
         arc(55, 66, 5, 4, 0, 180)],
        [(GREY, [(33, 60), (40, 70)]), (GREY, [(50, 36), (50, 45)]), (PINK, [(49, 61), (51, 61)]),
         (GREEN, [(40, 49), (41, 52)]), (GREEN, [(60, 49), (60, 52)]), (PINK, [(31, 30), (33, 33)])],
    ),
    Drawing(
        "flower", "marker",
        [arc(50, 35, 8, 8), *[arc(50 + 15 * np.cos(a), 35 + 15 * np.sin(a), 8, 8) for a in np.arange(0, 6.2, 1.05)],
         [(50, 59), (52, 92)], arc(62, 76, 10, 5)],
        [(YELLOW, [(48, 34), (53, 37)]),
         *[(PINK, [(48 + 16 * np.cos(a), 35 + 16 * np.sin(a)), (52 + 16 * np.cos(a), 36 + 16 * np.sin(a))])
           for a in np.arange(0, 6.2, 1.05)], (GREEN, [(58, 75), (67, 77)])],
    ),
    Drawing(
        "car", "pencil",
        [[(10, 68), (10, 52), (28, 50), (38, 34), (66, 34), (76, 50), (91, 54), (91, 68), (10, 68)],
         arc(28, 69, 8, 8), arc(74, 69, 8, 8), [(36, 49), (42, 39), (51, 39), (51, 49), (36, 49)],
         [(55, 49), (55, 39), (64, 39), (70, 49), (55, 49)]],
        [(BLUE, [(40, 58), (60, 60)]), (SKY, [(43, 45), (48, 43)]), (SKY, [(58, 44), (64, 46)]),
         (GREY, [(26, 71), (31, 71)]), (GREY, [(72, 71), (77, 70)])],
    ),
    Drawing(
        "girl", "ink",
        [arc(50, 38, 18, 20), arc(50, 34, 23, 24, 160, 380), [(28, 40), (25, 62), (34, 60)],
         [(72, 40), (75, 62), (66, 60)], arc(43, 38, 2, 3), arc(57, 38, 2, 3), arc(50, 46, 6, 4, 10, 170),
         [(40, 58), (26, 92), (74, 92), (60, 58)]],
        [(SKIN, [(42, 44), (50, 52), (58, 44)]), (BROWN, [(40, 14), (58, 14)]), (BROWN, [(28, 52), (30, 57)]),
         (BROWN, [(70, 52), (71, 57)]), (RED, [(42, 75), (58, 80)])],
    ),
    Drawing(
        "mushroom", "open",
        [arc(50, 48, 34, 26, 180, 360), [(16, 48), (84, 48)], [(40, 48), (38, 82), (62, 82), (60, 48)],
         arc(38, 36, 5, 4), arc(58, 32, 6, 5), arc(70, 42, 4, 3)],
        [(RED, [(28, 42), (48, 40)]), (RED, [(48, 28), (50, 42)]), (WHITE, [(37, 36), (40, 36)]),
         (WHITE, [(57, 32), (60, 32)]), (WHITE, [(69, 42), (71, 42)]), (YELLOW, [(48, 60), (50, 74)])],
    ),
    Drawing(
        "boat", "pencil",
        [[(18, 66), (82, 66), (70, 82), (30, 82), (18, 66)], [(50, 66), (50, 16)],
         [(53, 18), (53, 60), (80, 60), (53, 18)],
         [(47, 24), (47, 60), (26, 60), (47, 24)], [(4, 78), (14, 76), (24, 79)], [(76, 79), (88, 76), (97, 79)]],
        [(BROWN, [(35, 73), (65, 74)]), (WHITE, [(58, 45), (65, 55)]), (RED, [(40, 50), (42, 56)]),
         (SKY, [(8, 12), (30, 14)]), (BLUE, [(10, 90), (90, 92)])],
    ),
    Drawing(
        "cup", "thin",
        [arc(46, 36, 26, 8), [(20, 37), (26, 80)], [(72, 37), (66, 80)], arc(46, 80, 20, 6, 0, 180),
         arc(72, 55, 14, 14, 270, 470), arc(72, 55, 8, 8, 280, 450), arc(46, 38, 20, 5)],
        [(SKY, [(34, 60), (44, 72), (58, 60)]), (SKY, [(82, 48), (84, 56)]), (BROWN, [(38, 38), (54, 38)])],
    ),
]  # fmt: skip


def scanned(drawing: Drawing, rng: np.random.Generator) -> np.ndarray:
    """The drawing as it comes out of a scanner, (SIDE, SIDE) grey."""
    width = {"ink": 5, "thin": 2, "marker": 12, "open": 5, "pencil": 4}[drawing.hand]
    ink = np.zeros((SIDE, SIDE), np.uint8)
    for line in drawing.lines:
        for stroke in _hasty(line, drawing.hand == "open", rng):
            cv2.polylines(ink, [stroke], False, 255, width, cv2.LINE_AA)
    dark = ink.astype(np.float32) / 255
    if drawing.hand == "pencil":
        grain = cv2.GaussianBlur(rng.random((SIDE, SIDE)).astype(np.float32), (0, 0), 0.8)
        dark = cv2.GaussianBlur(dark, (0, 0), 1.0) * np.clip(0.15 + 0.9 * grain, 0, 0.75)
    shade = cv2.resize(rng.uniform(0.86, 0.98, (4, 4)).astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    grey = shade * (1 - dark) + rng.normal(0, 0.012, (SIDE, SIDE)).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.7).clip(0, 1) * 255, np.uint8)


def _hasty(line: Points, open_outline: bool, rng: np.random.Generator) -> list[np.ndarray]:
    """A line drawn by hand: bent, shaken, and in `open_outline` with gaps."""
    points = np.array(line, np.float64)
    steps = np.linspace(0, len(points) - 1, 160)
    path = np.stack([np.interp(steps, np.arange(len(points)), points[:, axis]) for axis in (0, 1)], 1)
    shake = cv2.GaussianBlur(rng.normal(0, 1, (160, 2)).astype(np.float64), (1, 0), sigmaX=0.1, sigmaY=9)
    path = ((path + 1.2 * shake) * SIDE / 100).round().astype(np.int32)
    if not open_outline:
        return [path]
    cut = int(rng.integers(40, 110))
    return [path[: cut - 1], path[cut + 1 : 157]]


def hinted(drawing: Drawing, rng: np.random.Generator) -> np.ndarray:
    """The hints (SIDE, SIDE, 4): a broad soft brush, not always inside the lines."""
    hints = np.zeros((SIDE, SIDE, 4), np.uint8)
    for colour, line in drawing.hints:
        points = np.array(line) + rng.normal(0, 0.8, (len(line), 2))
        mask = np.zeros((SIDE, SIDE), np.uint8)
        cv2.polylines(
            mask, [(points * SIDE / 100).astype(np.int32)], False, 255, int(rng.integers(10, 22)), cv2.LINE_AA
        )
        hints[mask > 0] = np.concatenate(
            [np.broadcast_to(colour, (int((mask > 0).sum()), 3)), mask[mask > 0][:, None]], 1
        )
    return hints


def main(out: Path) -> None:
    """Write the sheet: scan, scan with hints, painted, flat; two drawings a row."""
    painted, flat = Inkwash("inkwash-colorizer"), Inkwash("inkwash-colorizer", "flat")
    rows, rng = [], np.random.default_rng(7)
    for drawing in DRAWINGS:
        line, hints = scanned(drawing, rng), hinted(drawing, rng)
        grey = np.repeat(line[..., None], 3, 2)
        alpha = hints[..., 3:] / np.float32(255)
        over = (grey * (1 - alpha) + hints[..., :3] * alpha).astype(np.uint8)
        shots = (grey, over, *(under_lines(colorizer.colour(line, hints), line) for colorizer in (painted, flat)))
        rows.append(np.hstack([cv2.resize(shot, (CELL, CELL), interpolation=cv2.INTER_AREA) for shot in shots]))
    sheet = np.hstack([np.vstack(rows[: len(rows) // 2]), np.vstack(rows[len(rows) // 2 :])])
    cv2.imwrite(str(out), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))
    print(out)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "drawings.png"))
