"""Line art from a picture, as arrays of grey: adaptive threshold, and a smooth method for scans and photographs."""

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]  # (H, W), 0 black to 255 white


def adaptive_threshold(grey: Grey, block: int = 9, constant: float = 2.0) -> Grey:
    """Black where a pixel is darker than the mean of its block x block surroundings less `constant`.

    Block 9 and constant 2 are the choice of Grover and Banker, "Imitating Artistic Style on Automatically Curated
    and Shaded Sketches", section 4.1. `block` is odd and at least 3, in pixels; `constant` in steps of 255.
    """
    mean, binary = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY
    return np.asarray(cv2.adaptiveThreshold(grey, 255, mean, binary, block, constant), np.uint8)


def smooth_lines(grey: Grey, width: float = 1.0, detail: float = 0.5) -> Grey:
    """Clean, soft-edged lines from a scan or a photograph.

    Two kinds of darkness are joined: what is darker than the paper around it and narrow, which makes pen and
    pencil strokes solid however grey they are, and the dark side of edges, by an extended difference of Gaussians
    (Winnemoeller, Kyprianidis and Olsen 2012, "XDoG", equation 5). `width` is the lines' scale in pixels, 0.5 to 8;
    `detail` from 0 (strong lines only) to 1 (everything).
    """
    calm = cv2.bilateralFilter(grey, 0, 25, 1.5 * width).astype(np.float32)
    level = np.minimum(calm / np.maximum(_paper(calm, width), 1), 1)
    small = cv2.GaussianBlur(level, (0, 0), 0.8 * width)
    large = cv2.GaussianBlur(level, (0, 0), 0.8 * width * 1.6)
    strokes = _above(np.subtract(1, small, dtype=np.float32), 0.3 - 0.25 * detail)
    edges = _above(np.subtract(large, small, dtype=np.float32), 0.045 - 0.04 * detail)
    return np.asarray(((1 - np.maximum(strokes, edges)) * 255).round(), np.uint8)


def _above(darkness: NDArray[np.float32], threshold: float) -> NDArray[np.float32]:
    """Ink in [0, 1]: none below half of `threshold`, full from one and a half, soft between."""
    return np.asarray((darkness / threshold - 0.5).clip(0, 1), np.float32)


def _paper(grey: NDArray[np.float32], width: float) -> NDArray[np.float32]:
    """The shade around each pixel without anything narrow and dark: a closing, on a reduced copy for speed."""
    height, columns = grey.shape
    scale = min(1.0, 512 / max(height, columns))
    size = (max(1, round(columns * scale)), max(1, round(height * scale)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    reach = int(max(12 * width * scale, 0.03 * min(size))) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel)
    return np.asarray(cv2.resize(closed, (columns, height), interpolation=cv2.INTER_LINEAR), np.float32)
