"""Lines as they come from pens, pencils and scanners, made from clean ones."""

import cv2
import numpy as np
from numpy.typing import NDArray

Line = NDArray[np.float32]  # (H, W), 1 for paper and 0 for ink


def weather(line: Line, rng: np.random.Generator) -> Line:
    """`line` as another hand, pencil or scanner would have left it; one in three stays clean."""
    if rng.random() < 0.33:
        return line
    for change, chance in ((_width, 0.5), (_gaps, 0.3), (_pencil, 0.3), (_blur, 0.4), (_paper, 0.3)):
        if rng.random() < chance:
            line = change(line, rng)
    return np.asarray(line.clip(0, 1), np.float32)


def _width(line: Line, rng: np.random.Generator) -> Line:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    morph = cv2.erode if rng.random() < 0.3 else cv2.dilate  # dilating the paper thins the lines
    changed = morph(line, kernel)
    return np.asarray(changed if rng.random() < 0.5 else (line + changed) / 2, np.float32)


def _gaps(line: Line, rng: np.random.Generator) -> Line:
    height, width = line.shape
    broken = line.copy()
    for _ in range(rng.integers(2, 25)):
        centre = (int(rng.integers(width)), int(rng.integers(height)))
        cv2.circle(broken, centre, int(rng.integers(1, 4)), 1.0, -1)
    return broken


def _noise(line: Line, grain: int, rng: np.random.Generator) -> Line:
    """Noise (H, W) in [0, 1] whose specks are about `grain` pixels wide."""
    height, width = line.shape
    small = rng.random((-(-height // grain), -(-width // grain))).astype(np.float32)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _pencil(line: Line, rng: np.random.Generator) -> Line:
    lightness = rng.uniform(0.0, 0.6) + rng.uniform(0.1, 0.6) * _noise(line, int(rng.integers(1, 4)), rng)
    return np.asarray(1 - (1 - line) * (1 - lightness).clip(0.15, 1), np.float32)


def _blur(line: Line, rng: np.random.Generator) -> Line:
    return np.asarray(cv2.GaussianBlur(line, (0, 0), rng.uniform(0.4, 1.1)), np.float32)


def _paper(line: Line, rng: np.random.Generator) -> Line:
    shade = rng.uniform(0.85, 1.0) - rng.uniform(0, 0.15) * _noise(line, 96, rng)
    return np.asarray(line * shade + rng.normal(0, 0.015, line.shape), np.float32)
