"""What a layer looks like: lines, strokes of colour, a picture, an empty sheet; judged by a small picture of it."""

from __future__ import annotations

from typing import Tuple

LINES, HINTS, PICTURE = "lines", "hints", "picture"
BLANK = "blank"  # nothing is drawn on it, be it transparent or of one colour
UNKNOWN = ""  # drawn on, and neither this nor that: white strokes, say
SIDE = 48  # pixels of the small picture's longer side: enough to tell, and quick without a library

SEEN = 16  # of 255, alpha from which on a pixel counts
COLOURFUL = 48  # of 255, between a colour's strongest and weakest channel
LIGHT, DARK = 160, 128  # of 255, of paper and of ink
EVEN = 6  # of 255: a sheet whose lightness differs by less has nothing on it


def look(pixels: bytes) -> str:
    """What a layer with these `pixels` looks like: R, G, B, A, a byte each, straight alpha, of any size."""
    seen = [_tone(pixels[place : place + 4]) for place in range(0, len(pixels) - 3, 4) if pixels[place + 3] >= SEEN]
    if not seen:
        return BLANK
    weight = sum(alpha for _, _, alpha in seen)
    coloured = sum(alpha for chroma, _, alpha in seen if chroma >= COLOURFUL) / weight
    if weight < 255 * len(pixels) / 4 / 2:
        return _drawn(coloured, sum(luma * alpha for _, luma, alpha in seen) / weight)
    lumas = [luma for _, luma, _ in seen]
    if max(lumas) - min(lumas) < EVEN and len(seen) == len(pixels) // 4:
        return BLANK
    paper = sum(alpha for chroma, luma, alpha in seen if chroma < COLOURFUL and luma >= LIGHT) / weight
    return LINES if paper > 0.5 and coloured < 0.1 else PICTURE


def _drawn(coloured: float, luma: float) -> str:
    """Of a layer that is mostly transparent; the share of its ink that has colour, and the ink's mean lightness."""
    if coloured > 0.3:
        return HINTS
    return LINES if luma < DARK else UNKNOWN


def _tone(pixel: bytes) -> Tuple[int, int, int]:
    """Chroma, lightness and alpha, 0 to 255 each."""
    red, green, blue, alpha = pixel
    return max(red, green, blue) - min(red, green, blue), (3 * red + 6 * green + blue) // 10, alpha
