"""Painted colour kept inside the lines: in a closed region with hints it stays near one of its hints."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .flats import hint_colours
from .regions import regions

Picture = NDArray[np.float32]  # (H, W, C) in [0, 1]

FREE = 0.12  # how far in a channel, of 1, the painted colour may be from its hint as shading
FOREIGN = 0.35  # from here on it is another colour that came in from outside, and the hint's takes its place


def contained(colour: Picture, line: NDArray[np.uint8], hints: NDArray[np.uint8], gap: float) -> Picture:
    """`colour` (H, W, 3) with what is foreign to a region put right.

    Regions are those of the `line` (H, W), white paper, with openings of up to `gap` pixels closed; `hints` (H, W, 4),
    straight alpha, are those that count. A region at the picture's border is open, and left alone.
    """
    labels = regions(line, gap)
    border = {int(label) for edge in (labels[0], labels[-1], labels[:, 0], labels[:, -1]) for label in np.unique(edge)}
    result = colour.copy()
    for label, colours in hint_colours(labels, line, hints).items():
        if label in border:
            continue
        where = labels == label
        pixels, wanted = colour[where], colours.astype(np.float32) / 255
        distance = np.abs(pixels[:, None] - wanted[None]).max(-1)  # (pixels, colours)
        near = distance.argmin(1)
        share = ((distance.min(1) - FREE) / (FOREIGN - FREE)).clip(0, 1)[:, None]
        result[where] = pixels + share * (wanted[near] - pixels)
    return result
