"""A lamp over a relief: how much shade and light fall where, at the page's own size."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .bodies import Bodies
from .enlarging import at_size
from .inflation import Slope

Amount = NDArray[np.float32]  # (H, W), 0 to 1

HEIGHT = 0.64  # sine of the angle at which the lamp stands above the page: how lit all is that is flat
HARD_SHADE, SOFT_SHADE = (0.25, 0.0), (0.065, 0.515)  # where shade begins, and how wide its edge is to both sides
HARD_LIGHT, SOFT_LIGHT = (0.974, 0.0), (0.93, 0.07)
CRISP = 0.7  # pixels: half the edge of a hard tone, so that it is smooth
APART = 0.32  # between tones


def lit(lamp: Lamp, slope: Slope, bodies: Bodies, flats: NDArray[np.uint8]) -> tuple[Amount, Amount]:
    """Shade and light on a relief (h, w, 2) of bodies, at the size of their flats (H, W, 4)."""
    facing = lamp.facing(slope)
    height, width = flats.shape[:2]
    change = np.asarray(cv2.resize(_change(facing), (width, height)) * (len(facing) / height), np.float32)
    facing = at_size(facing, bodies, flats)
    return lamp.shade(facing, change), lamp.light(facing, change)


@dataclass(frozen=True)
class Lamp:
    """Where light comes from, and how it falls."""

    angle: float  # radians, 0 from the right, counter-clockwise
    softness: float  # 0: hard tones as in cel animation; 1: as from an airbrush
    tones: int = 1  # of shade

    def facing(self, slope: Slope) -> NDArray[np.float32]:
        """How much each place of a relief (h, w, 2) faces the lamp, -1 to 1; HEIGHT where it is flat."""
        level = np.sqrt(np.maximum(1 - (slope**2).sum(-1), 0))
        across, down = np.cos(self.angle), -np.sin(self.angle)
        return np.asarray(
            np.sqrt(1 - HEIGHT**2) * (across * slope[..., 0] + down * slope[..., 1]) + HEIGHT * level, np.float32
        )

    def shade(self, facing: NDArray[np.float32], change: NDArray[np.float32]) -> Amount:
        """How much in shade a place is that faces the lamp so much; none where the page is flat.

        `change` (H, W) is by how much `facing` differs from one pixel to the next.
        """
        begin, edge = self._tone(HARD_SHADE, SOFT_SHADE, change)
        amount = np.zeros_like(facing)
        for tone in range(self.tones):
            amount += _risen(np.float32(begin - tone * APART * (1 - self.softness)) - facing, edge)
        return np.asarray(amount / self.tones, np.float32)

    def light(self, facing: NDArray[np.float32], change: NDArray[np.float32]) -> Amount:
        """How much a place shines; only what nearly faces the lamp."""
        begin, edge = self._tone(HARD_LIGHT, SOFT_LIGHT, change)
        return _risen(facing - np.float32(begin), edge)

    def _tone(
        self, hard: tuple[float, float], soft: tuple[float, float], change: NDArray[np.float32]
    ) -> tuple[float, NDArray[np.float32]]:
        """Where a tone begins, and half the width of its edge at each pixel."""
        begin, edge = (a + (b - a) * self.softness for a, b in zip(hard, soft, strict=True))
        return begin, np.maximum(CRISP * change, np.float32(max(edge, 1e-3)))


def _change(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """By how much values (h, w) differ from one pixel to the next; at a rim, on its gentler side."""
    padded = cv2.copyMakeBorder(values, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    across, down = np.abs(np.diff(padded[1:-1], axis=1)), np.abs(np.diff(padded[:, 1:-1], axis=0))
    across, down = np.minimum(across[:, 1:], across[:, :-1]), np.minimum(down[1:], down[:-1])
    return np.asarray(np.hypot(across, down), np.float32)


def _risen(values: NDArray[np.float32], edge: NDArray[np.float32]) -> Amount:
    """0 below and 1 above 0, smoothly over `edge` to both sides."""
    part = np.clip(values / edge * np.float32(0.5) + np.float32(0.5), 0, 1)
    return np.asarray(part * part * (3 - 2 * part), np.float32)
