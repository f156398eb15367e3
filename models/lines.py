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

    The paper's shade is divided out, speckle smoothed, and lines found by an extended difference of Gaussians
    with a soft threshold (Winnemoeller, Kyprianidis and Olsen 2012, "XDoG", equations 5 and 7). `width` is the
    lines' scale in pixels, 0.5 to 8; `detail` from 0 (strong lines only) to 1 (everything).
    """
    calm = cv2.bilateralFilter(grey, 0, 25, 1.5 * width).astype(np.float32)
    paper = _paper(calm, width)
    level = np.minimum(calm / np.maximum(paper, 1), 1)
    small = cv2.GaussianBlur(level, (0, 0), 0.8 * width)
    large = cv2.GaussianBlur(level, (0, 0), 0.8 * width * 1.6)
    edges = small - large  # negative on the dark side of an edge and inside a line
    threshold = 0.06 - 0.055 * detail
    soft = 1 + np.tanh(np.minimum(edges + threshold / 2, 0) / (threshold / 2) * 1.2)
    return np.asarray((soft * 255).clip(0, 255).round(), np.uint8)


def _paper(grey: NDArray[np.float32], width: float) -> NDArray[np.float32]:
    """The shade of the paper around each pixel, from a reduced copy, since it changes slowly."""
    height, columns = grey.shape
    scale = min(1.0, 256 / max(height, columns))
    size = (max(1, round(columns * scale)), max(1, round(height * scale)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    reach = max(3, int(12 * width * scale) | 1)
    bright = cv2.dilate(small, np.ones((reach, reach), np.uint8))
    bright = cv2.GaussianBlur(bright, (0, 0), reach)
    return np.asarray(cv2.resize(bright, (columns, height), interpolation=cv2.INTER_LINEAR), np.float32)
