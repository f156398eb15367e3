"""New colours for a picture, so that a model follows the hints instead of learning that emoji are yellow."""

import cv2
import numpy as np
from numpy.typing import NDArray

CLUSTERS = 8
INK = 50  # clusters darker than this keep their colour: they are line or shadow


def recolour(rgb: NDArray[np.uint8], background: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.uint8]:
    """`rgb` (H, W, 3) sRGB uint8 with each of its main colours replaced by a random one.

    A pixel keeps its difference from its cluster's centre, so shading and texture stay. `background`
    (H, W) marks transparent pixels, which stay white three times out of four.
    """
    small = cv2.resize(rgb, (48, 48), interpolation=cv2.INTER_NEAREST).reshape(-1, 3).astype(np.float32)
    cv2.setRNGSeed(int(rng.integers(2**31 - 1)))
    stop = (cv2.TERM_CRITERIA_MAX_ITER, 6, 1.0)
    _, _, centres = cv2.kmeans(small, CLUSTERS, None, stop, 1, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
    nearest = _nearest(rgb, centres)
    pixels = rgb.astype(np.float32)
    fresh = np.stack([_new_colour(centre, rng) for centre in centres])
    gain = np.float32(rng.uniform(0.7, 1.1))
    result = pixels * gain + (fresh - centres * gain)[nearest]
    if rng.random() < 0.75:
        result = np.where(background[..., None], pixels, result)
    return np.asarray(result.clip(0, 255), np.uint8)


def _nearest(rgb: NDArray[np.uint8], centres: NDArray[np.float32]) -> NDArray[np.intp]:
    """The index (H, W) of the centre nearest to each pixel, by a table over 32 levels a channel."""
    levels = np.arange(4, 256, 8, dtype=np.float32)
    table = sum(
        np.square(levels[None, :] - centres[:, c : c + 1]).reshape(-1, *(32 if c == d else 1 for d in range(3)))
        for c in range(3)
    )
    red, green, blue = (rgb >> 3).transpose(2, 0, 1)
    return np.asarray(np.argmin(table, 0)[red, green, blue])


def _new_colour(centre: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """A random colour of about the same lightness as `centre`; ink stays, near-white often does."""
    if centre.max() < INK or (centre.min() > 235 and rng.random() < 0.5):
        return centre
    value = np.clip(centre.max() * rng.uniform(0.7, 1.25) + rng.uniform(-20, 20), 60, 255)
    hsv = np.array([[[rng.uniform(0, 180), 255 * rng.beta(1.6, 1.6), value]]], np.float32).astype(np.uint8)
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0, 0], np.float32)
