"""How far a coloured picture is from the true one: the measures of the source paper, and those of Hint-AUC.

All take two pictures (H, W, 3) uint8 sRGB of one size.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.stats import wasserstein_distance
from skimage.color import deltaE_ciede2000, rgb2lab
from skimage.metrics import structural_similarity

from .pictures import Rgb

JUDGED_SIDE = 256  # pixels: Hint-AUC compares pictures at this size
ALIKE = 70.0  # distance of two SIFT descriptors below which they count as the same


def measured(made: Rgb, truth: Rgb) -> dict[str, float]:
    """Every measure of one picture."""
    psnr, ssim = at_judged_side(made, truth)
    return {
        "psnr": psnr,
        "ssim": ssim,
        "l1": float(np.abs(made.astype(np.float32) - truth).mean() / 255),
        "emd": earth_movers_distance(made, truth),
        "sift": sift_similarity(made, truth),
        "euclidean": euclidean_difference(made, truth),
    }


def at_judged_side(made: Rgb, truth: Rgb) -> tuple[float, float]:
    """PSNR in dB and SSIM at 256 pixels, as Hint-AUC has them."""
    small = [_small(picture) for picture in (made, truth)]
    return peak_signal_to_noise(small[0], small[1]), _similarity(small[0], small[1], 1.0)


def peak_signal_to_noise(made: NDArray[np.float32], truth: NDArray[np.float32]) -> float:
    """PSNR in dB of pictures in [0, 1]; 100 for two that are the same."""
    error = float(np.square(made.astype(np.float64) - truth).mean())
    return min(100.0, -10 * float(np.log10(max(error, 1e-10))))


def _small(picture: Rgb) -> NDArray[np.float32]:
    """(256, 256, 3) float32 in [0, 1], by the antialiased bilinear filter that Hint-AUC asks for."""
    from PIL import Image

    size = (JUDGED_SIDE, JUDGED_SIDE)
    channels = (Image.fromarray(channel.astype(np.float32) / 255) for channel in picture.transpose(2, 0, 1))
    return np.stack([np.asarray(c.resize(size, Image.Resampling.BILINEAR), np.float32) for c in channels], -1)


def _similarity(made: Any, truth: Any, span: float) -> float:
    """SSIM with a Gaussian window of 11 pixels (Wang et al. 2004)."""
    window = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    return float(structural_similarity(truth, made, data_range=span, channel_axis=2, **window))


def earth_movers_distance(made: Rgb, truth: Rgb) -> float:
    """Work to turn one colour histogram into the other, mean of the channels, in parts of the whole range."""
    levels, distances = np.arange(256) / 255, []
    for channel in range(3):
        counts = [np.bincount(picture[..., channel].ravel(), minlength=256) for picture in (made, truth)]
        distances.append(wasserstein_distance(levels, levels, *counts))
    return float(np.mean(distances))


def sift_similarity(made: Rgb, truth: Rgb) -> float:
    """The part of the true picture's SIFT features that are found again in the made one, 0 to 1."""
    sift, found = cv2.SIFT_create(), []  # type: ignore[attr-defined]
    for picture in (truth, made):
        found.append(sift.detectAndCompute(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), None)[1])
    if found[0] is None:
        return 1.0
    if found[1] is None:
        return 0.0
    matches = cv2.BFMatcher().match(*found)
    return sum(match.distance < ALIKE for match in matches) / len(matches)


def euclidean_difference(made: Rgb, truth: Rgb) -> float:
    """Root mean square distance of the colours, in % of that of black from white."""
    return float(np.sqrt(np.square(made.astype(np.float32) - truth).mean()) / 255 * 100)


def hint_error(colour: Rgb, hints: NDArray[np.uint8]) -> float | None:
    """Mean CIEDE2000 between the colour and the hints inside opaque hints (H, W, 4); None if there are none."""
    at = hints[..., 3] == 255
    if not at.any():
        return None
    made, wanted = (rgb2lab(pixels[None].astype(np.float64) / 255) for pixels in (colour[at], hints[at][:, :3]))
    return float(deltaE_ciede2000(wanted, made).mean())
