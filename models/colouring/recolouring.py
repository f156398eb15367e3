"""Hints in other colours than they were drawn in."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from inkwash.protocol.recolouring import EMPTY


def recoloured(
    said: NDArray[np.uint8], clear: NDArray[np.bool_], swaps: Mapping[str, str], shade: int
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Hints (h, w, 4) with each colour, and its shades, as what it stands for; and what is to stay empty, (h, w).

    `clear` is what was to stay empty anyway; shades differ by no more than `shade`, of 255, in a channel. Colours are
    written #rrggbb, as `inkwash.protocol.recolouring` has them.
    """
    made, empty = said.copy(), clear.copy()
    for colour, other in swaps.items():
        far = np.abs(said[..., :3].astype(np.int16) - _rgb(colour)).max(-1)
        at = (said[..., 3] > 0) & (far <= shade)
        if other == EMPTY:
            made[at], empty[at] = 0, True
        else:
            made[at, :3] = _rgb(other)
    return made, empty


def _rgb(colour: str) -> NDArray[np.int16]:
    return np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)], np.int16)
