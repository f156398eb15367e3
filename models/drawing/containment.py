"""Painted colour kept inside the lines: a region stays near its hints, or without any near its own main colour."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.segmentation import watershed

from .flats import HINTED, Colours, frequent, hint_colours
from .regions import INK, Labels, at_border, everywhere, regions
from .twins import twins

Picture = NDArray[np.float32]  # (H, W, C) in [0, 1]
Mask = NDArray[np.bool_]  # (H, W)

FREE = 0.12  # how far in a channel, of 1, the painted colour may be from the region's as shading
FOREIGN = 0.35  # from here on it is another colour that came in from outside, and the region's takes its place
FAINT, STAIN = 0.04, 0.08  # a difference in hue, of 1, that is left alone, and one that is taken out of a hinted region
REACH = 0.1  # of the longer side: so far from a hint its colour can be meant on open paper; from twice that it is not
LONG = 0.15  # of the longer side: a stroke from this length on is no stray one
OPEN = 2.5  # ways to the border, of four, that are free of lines on the mean around a stroke that means the backdrop
WIDE = 0.05  # of the longer side: paper so far from lines is no opening in them
PAPER = 0.9  # colours lighter than this in every channel are paper


def contained(colour: Picture, line: NDArray[np.uint8], hints: NDArray[np.uint8], gap: float) -> Picture:
    """`colour` (H, W, 3) with what is foreign to a region put right.

    A closed region with hints keeps to their colours, lighter or darker; one without takes the colour of a hinted one
    that has its shape, or else the colour that most of it has. A hinted region at the picture's border is open: a long
    stroke with hardly a line around it fills it, as far as no other hint is nearer; if most of it is paper and its
    hints are not, then what is like none of them is paper too; else it is left alone. Regions are those of the `line`
    (H, W), white paper, with openings of up to `gap` pixels closed; `hints` (H, W, 4), straight alpha, are those that
    count.
    """
    colour, labels = colour.copy(), regions(line, gap)
    border = at_border(labels)
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
            far[where] = np.where(wanted[where].min(-1) > PAPER, FOREIGN, far[where])  # what is to be white is white
        elif (filled := _backdrop(where, line, hints, colours, distance.argmin(1) + 1)).any():
            wanted[where] = (colours / np.float32(255))[filled[where] - 1]
            far[where] = np.where(filled[where] > 0, FOREIGN, 0)
        elif own[label].min() < PAPER or colours.min() > 255 * PAPER:
            far[where] = 0
        else:
            away = _away_from(where & (hints[..., 3] >= HINTED))
            far[where] = np.maximum(far[where], FOREIGN * (away[where] / (REACH * max(line.shape)) - 1))
    share = ((far - FREE) / (FOREIGN - FREE)).clip(0, 1)[..., None]
    return np.asarray(colour + share * (wanted - colour), np.float32)


def _ways_out(line: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How many of the four straight ways from each pixel to the border of `line` (H, W) meet no line, (H, W)."""
    ways = np.zeros(line.shape, np.uint8)
    for turns in range(4):
        stopped = np.logical_or.accumulate(np.rot90(line <= INK, turns), 0)
        ways += np.rot90(~stopped, -turns)
    return ways


def _backdrop(
    where: Mask, line: NDArray[np.uint8], hints: NDArray[np.uint8], colours: Colours, painted: NDArray[np.int64]
) -> Labels:
    """Which of `colours`, numbered from 1, fills each pixel of the open region `where` (H, W); 0 where none is to.

    Colours flow from their strokes over wide paper first and then through openings, by a watershed of the distance to
    lines (Meyer 1994): they meet half way, or in an opening that is on their way. Short strokes and those among lines
    do not flow: beside them what is `painted` like them, by number (N,), is left. Where white is hinted, the paper is
    meant to stay.
    """
    paper, free = where & (line > INK), _ways_out(line)
    said = np.zeros(where.shape, np.int32)
    hinted = paper & (hints[..., 3] >= HINTED)
    said[hinted] = np.abs(hints[hinted][:, None, :3].astype(np.int16) - colours).max(-1).argmin(1) + 1
    seeds = said.copy()
    for number in range(1, len(colours) + 1):
        stroke = said == number
        if _length(stroke) < LONG * max(where.shape) or free[stroke].mean() < OPEN:
            seeds[stroke] = 0
    if not seeds.any() or colours.min(1).max() > 255 * PAPER:
        return np.zeros_like(seeds)
    clearance = np.minimum(_away_from(~paper), WIDE * max(where.shape))
    filled = everywhere(np.asarray(watershed(-clearance, seeds, mask=paper), np.int32))
    dab = _away_from((said > 0) & (said != filled)) < REACH * max(where.shape)
    filled[where] *= ~dab[where] | (painted == filled[where])
    return filled


def _away_from(strokes: Mask) -> NDArray[np.float32]:
    """Pixels to the nearest of `strokes` (H, W)."""
    return np.asarray(cv2.distanceTransform(1 - strokes.astype(np.uint8), cv2.DIST_L2, 3), np.float32)


def _length(stroke: Mask) -> float:
    """Pixels from corner to corner around the longest connected part of a `stroke` (H, W)."""
    count, _, figures, _ = cv2.connectedComponentsWithStats(stroke.astype(np.uint8))
    sizes = figures[1:count, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    return float(np.hypot(*sizes.T).max(initial=0))


def _unstained(colour: Picture, hint: Picture) -> Picture:
    """`colour` (N, 3) as a shade or a tint of its `hint` (N, 3): other hues, which seeped in, are taken out of it."""
    off = colour - hint
    axis = np.where(off.sum(-1, keepdims=True) < 0, hint, 1 - hint)  # towards black, or towards white
    along = (off * axis).sum(-1, keepdims=True) / np.square(axis).sum(-1, keepdims=True).clip(1e-3)
    seeped = off - along * axis
    share = ((np.abs(seeped).max(-1, keepdims=True) - FAINT) / (STAIN - FAINT)).clip(0, 1)
    return np.asarray(colour - share * seeped, np.float32)
