"""Painted colour kept inside the lines: a region stays near its hints, or without any near its own main colour."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .flats import HINTED, frequent, hint_colours
from .regions import INK, regions
from .twins import twins

Picture = NDArray[np.float32]  # (H, W, C) in [0, 1]

FREE = 0.12  # how far in a channel, of 1, the painted colour may be from the region's as shading
FOREIGN = 0.35  # from here on it is another colour that came in from outside, and the region's takes its place
FAINT, STAIN = 0.04, 0.08  # a difference in hue, of 1, that is left alone, and one that is taken out of a hinted region
REACH = 0.1  # of the longer side: so far from a hint its colour can be meant on open paper; from twice that it is not
PAPER = 0.9  # colours lighter than this in every channel are paper


def contained(colour: Picture, line: NDArray[np.uint8], hints: NDArray[np.uint8], gap: float) -> Picture:
    """`colour` (H, W, 3) with what is foreign to a region put right.

    A closed region with hints keeps to their colours, lighter or darker; one without takes the colour of a hinted one
    that has its shape, or else the colour that most of it has. A hinted region at the picture's border is open: if most
    of it is paper and its hints are not, then what is like none of them is paper too; else it is left alone. Regions
    are those of the `line` (H, W), white paper, with openings of up to `gap` pixels closed; `hints` (H, W, 4), straight
    alpha, are those that count.
    """
    colour, labels = colour.copy(), regions(line, gap)
    border = {int(label) for edge in (labels[0], labels[-1], labels[:, 0], labels[:, -1]) for label in np.unique(edge)}
    hinted = hint_colours(labels, line, hints)
    own = frequent(labels, (colour * 255).round().astype(np.uint8), line > INK) / np.float32(255)
    plain = {label: colours[0] for label, colours in hinted.items() if label not in border and len(colours) == 1}
    for label, twin in twins(labels, set(np.unique(labels).tolist()) - border - hinted.keys(), plain).items():
        own[label] = plain[twin] / np.float32(255)
    wanted = own[labels]
    far = np.full(line.shape, FOREIGN, np.float32)  # without a hint what differs is doubt more often than shading
    for label, colours in hinted.items():
        where = labels == label
        distance = np.abs(colour[where][:, None] - (colours / np.float32(255))[None]).max(-1)
        far[where] = distance.min(1)
        if label not in border:
            wanted[where] = (colours / np.float32(255))[distance.argmin(1)]
            colour[where] = _unstained(colour[where], wanted[where])
        elif own[label].min() < PAPER or colours.min() > 255 * PAPER:
            far[where] = 0
        else:
            hint = where & (hints[..., 3] >= HINTED)
            away = cv2.distanceTransform(1 - hint.astype(np.uint8), cv2.DIST_L2, 3)
            far[where] = np.maximum(far[where], FOREIGN * (away[where] / (REACH * max(line.shape)) - 1))
    share = ((far - FREE) / (FOREIGN - FREE)).clip(0, 1)[..., None]
    return np.asarray(colour + share * (wanted - colour), np.float32)


def _unstained(colour: Picture, hint: Picture) -> Picture:
    """`colour` (N, 3) as a shade or a tint of its `hint` (N, 3): other hues, which seeped in, are taken out of it."""
    off = colour - hint
    axis = np.where(off.sum(-1, keepdims=True) < 0, hint, 1 - hint)  # towards black, or towards white
    along = (off * axis).sum(-1, keepdims=True) / np.square(axis).sum(-1, keepdims=True).clip(1e-3)
    seeped = off - along * axis
    share = ((np.abs(seeped).max(-1, keepdims=True) - FAINT) / (STAIN - FAINT)).clip(0, 1)
    return np.asarray(colour - share * seeped, np.float32)
