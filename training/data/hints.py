"""Hints as an artist would scribble them, drawn from the picture that they ought to lead to."""

import cv2
import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]  # (H, W, 3) sRGB
Hint = NDArray[np.float32]  # (H, W, 4): sRGB in [0, 1] premultiplied with the mask, and the mask in [0, 1]

SAME = 45  # greatest difference in any channel at which two pixels count as the same colour


def no_hint(height: int, width: int) -> Hint:
    """An empty hint."""
    return np.zeros((height, width, 4), np.float32)


def strokes(rgb: Rgb, ink: NDArray[np.float32], count: int, rng: np.random.Generator) -> Hint:
    """`count` curved strokes, each in one colour taken from under it and kept to where that colour is.

    One stroke in five is a hurried one that runs on over its border. Few start on `ink` (H, W) in [0, 1]. Some hints
    are drawn with a soft brush, some with a half transparent one.
    """
    height, width = rgb.shape[:2]
    calm = cv2.medianBlur(rgb, 5)
    hint = no_hint(height, width)
    painted = (cv2.min(cv2.min(calm[..., 0], calm[..., 1]), calm[..., 2]) < 240) & (ink < 0.3)
    places = np.argwhere(painted)
    soft = rng.uniform(0.5, 1.5) if rng.random() < 0.25 else 0.0
    opacity = rng.uniform(0.3, 1.0) if rng.random() < 0.2 else 1.0
    for _ in range(count):
        if len(places) and rng.random() < 0.85:
            y, x = places[rng.integers(len(places))]
        else:
            y, x = rng.integers(height), rng.integers(width)
        colour = calm[y, x]
        stroke = _curve(height, width, int(x), int(y), rng)
        if rng.random() < 0.8:
            difference = np.abs(calm.astype(np.int16) - colour.astype(np.int16)).max(-1)
            stroke = stroke * ((difference < SAME) & (ink < 0.7))
        alpha = np.asarray(stroke * opacity, np.float32)
        if soft:
            alpha = np.asarray(cv2.GaussianBlur(alpha, (0, 0), soft), np.float32)
        noisy = np.clip(colour / 255 + rng.normal(0, 0.01, 3), 0, 1)
        hint = hint * (1 - alpha[..., None]) + alpha[..., None] * np.array((*noisy, 1.0), np.float32)
    return np.asarray(hint, np.float32)


def _curve(height: int, width: int, x: int, y: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The mask (H, W) of one brush stroke from (x, y), up to a twentieth of the picture wide, with a gentle bend."""
    angle, length = rng.uniform(0, 2 * np.pi), rng.exponential(0.12) * width
    points = [(x, y)]
    for _ in range(4):
        angle += rng.normal(0, 0.5)
        px, py = points[-1]
        points.append((round(px + length / 4 * np.cos(angle)), round(py + length / 4 * np.sin(angle))))
    mask = np.zeros((height, width), np.uint8)
    thickness = int(np.clip(rng.exponential(0.015 * width) + 1, 1, max(1, 0.05 * width)))
    cv2.polylines(mask, [np.array(points, np.int32)], False, 1, thickness)
    return mask


def dense(rgb: Rgb, rng: np.random.Generator) -> Hint:
    """A large part of the picture itself as the hint, in blotches."""
    height, width = rgb.shape[:2]
    noise = cv2.resize(rng.random((8, 8)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    mask = (noise > rng.uniform(0.0, 0.8)).astype(np.float32)[..., None]
    return np.concatenate([rgb / np.float32(255) * mask, mask], -1)


def whited_out(rgb: Rgb, rng: np.random.Generator, *, areas: int = 30, side: float = 10 / 256) -> Hint:
    """The picture less `areas` random squares: the paper's hint before its blur (Grover and Banker, 4.2).

    `side` is the squares' side as a part of the picture's: 10 pixels at the 256 that the method was made for.
    """
    height, width = rgb.shape[:2]
    mask = np.ones((height, width, 1), np.float32)
    length = max(1, round(side * max(height, width)))
    for _ in range(areas):
        y, x = rng.integers(max(1, height - length)), rng.integers(max(1, width - length))
        mask[y : y + length, x : x + length] = 0
    return np.concatenate([rgb / np.float32(255) * mask, mask], -1)


def scribbled(rgb: Rgb, ink: NDArray[np.float32], rng: np.random.Generator) -> Hint:
    """A random kind of hint by hand: mostly a few strokes, sometimes many, sometimes dense."""
    if rng.random() < 0.1:
        return dense(rgb, rng)
    return strokes(rgb, ink, int(np.clip(rng.lognormal(1.6, 0.9), 1, 50)), rng)
