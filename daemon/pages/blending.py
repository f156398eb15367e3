"""How a layer's colours meet those below it: the ways of OpenRaster, after W3C's "Compositing and Blending Level 1"."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float32]  # (rows, W, channels) in [0, 1]
Blend = Callable[[Values, Values], Values]  # of a backdrop's and a source's straight colours
LUMA = np.array([0.3, 0.59, 0.11], np.float32)
TINY = np.float32(1e-6)


def _hard_light(below: Values, above: Values) -> Values:
    return np.where(above <= 0.5, below * 2 * above, 1 - (1 - below) * (2 - 2 * above))


def _soft_light(below: Values, above: Values) -> Values:
    curve = np.where(below <= 0.25, ((16 * below - 12) * below + 4) * below, np.sqrt(below))
    darker = below - (1 - 2 * above) * below * (1 - below)
    return np.where(above <= 0.5, darker, below + (2 * above - 1) * (curve - below))


def _dodge(below: Values, above: Values) -> Values:
    lighter = np.minimum(1, below / np.maximum(1 - above, TINY))
    return np.where(below <= 0, 0, np.where(above >= 1, 1, lighter)).astype(np.float32)


def _burn(below: Values, above: Values) -> Values:
    darker = 1 - np.minimum(1, (1 - below) / np.maximum(above, TINY))
    return np.where(below >= 1, 1, np.where(above <= 0, 0, darker)).astype(np.float32)


def _luma(colour: Values) -> Values:
    luma: Values = (colour @ LUMA)[..., None]
    return luma


def _saturation(colour: Values) -> Values:
    saturation: Values = np.ptp(colour, axis=-1, keepdims=True)
    return saturation


def _with_luma(colour: Values, luma: Values) -> Values:
    """Colours of that lightness, drawn towards grey where they would leave the range."""
    colour = colour + (luma - _luma(colour))
    least, most = colour.min(-1, keepdims=True), colour.max(-1, keepdims=True)
    up, down = luma / np.maximum(luma - least, TINY), (1 - luma) / np.maximum(most - luma, TINY)
    colour = np.where(least < 0, luma + (colour - luma) * up, colour)
    return np.where(most > 1, luma + (colour - luma) * down, colour)


def _with_saturation(colour: Values, saturation: Values) -> Values:
    least = colour.min(-1, keepdims=True)
    scaled: Values = (colour - least) * (saturation / np.maximum(_saturation(colour), TINY))
    return scaled


BLENDS: dict[str, Blend] = {  # by OpenRaster's names without their `svg:`
    "multiply": lambda below, above: below * above,
    "screen": lambda below, above: below + above - below * above,
    "overlay": lambda below, above: _hard_light(above, below),
    "darken": np.minimum,
    "lighten": np.maximum,
    "color-dodge": _dodge,
    "color-burn": _burn,
    "hard-light": _hard_light,
    "soft-light": _soft_light,
    "difference": lambda below, above: np.abs(below - above),
    "exclusion": lambda below, above: below + above - 2 * below * above,
    "hue": lambda below, above: _with_luma(_with_saturation(above, _saturation(below)), _luma(below)),
    "saturation": lambda below, above: _with_luma(_with_saturation(below, _saturation(above)), _luma(below)),
    "color": lambda below, above: _with_luma(above, _luma(below)),
    "luminosity": lambda below, above: _with_luma(below, _luma(above)),
}
COMPOSITES = ("plus", "dst-in", "dst-out", "src-atop", "dst-atop")
BEYOND = ("dst-in", "dst-atop")  # what lies below is taken away where the layer is not
KNOWN = {"normal", *BLENDS, *COMPOSITES}


def composite(colour: Values, alpha: Values, above: Values, cover: Values, blend: str) -> None:
    """Lay `above`, straight colours (rows, W, 1 | 3) of alpha `cover`, on `colour`, premultiplied, and `alpha`.

    The way is one of `KNOWN`.
    """
    shown = above * cover
    if blend in COMPOSITES:
        _combine(colour, alpha, shown, cover, blend)
        return
    if blend != "normal":
        straight = np.divide(colour, alpha, out=np.zeros_like(colour), where=alpha > 0)
        mixed = BLENDS[blend](straight, np.broadcast_to(above, straight.shape))
        shown = (shown + (mixed - above) * (cover * alpha)).astype(np.float32)
    colour *= 1 - cover
    colour += shown
    alpha *= 1 - cover
    alpha += cover


def _combine(colour: Values, alpha: Values, shown: Values, cover: Values, blend: str) -> None:
    """Porter and Duff's operators that are no mixture of colours."""
    if blend == "plus":
        np.minimum(1, colour + shown, out=colour)
        np.minimum(1, alpha + cover, out=alpha)
    elif blend == "dst-in":
        colour *= cover
        alpha *= cover
    elif blend == "dst-out":
        colour *= 1 - cover
        alpha *= 1 - cover
    elif blend == "src-atop":
        colour[:] = shown * alpha + colour * (1 - cover)
    else:  # dst-atop
        colour[:] = shown * (1 - alpha) + colour * cover
        alpha[:] = cover
