"""A painting to learn from: what is seen of it."""

from __future__ import annotations

from torch import Tensor

from ..errors import BadPicture

FAINTEST = 1 / 255  # alpha below which nothing is seen
LEAST = 16  # pixels of a painting's shorter side that there is anything to learn from


def seen(painting: Tensor) -> Tensor:
    """What is seen of a painting (1, 4, H, W), on white, (1, 3, h, w); BadPicture if that is too little."""
    visible = painting[0, 3] > FAINTEST
    rows, columns = visible.any(1).nonzero(), visible.any(0).nonzero()
    if not len(rows):
        raise BadPicture("The style picture is empty: nothing in it can be seen.", "Choose another picture or layer.")
    part = painting[..., int(rows[0]) : int(rows[-1]) + 1, int(columns[0]) : int(columns[-1]) + 1]
    height, width = part.shape[-2:]
    if min(height, width) < LEAST:
        raise BadPicture(
            f"The style picture is too small to learn from: {width} x {height} pixels.",
            f"Choose one of at least {LEAST} x {LEAST}, better of 256 or more.",
        )
    return flat(part)


def flat(picture: Tensor) -> Tensor:
    """(1, 4, H, W) with straight alpha on white, (1, 3, H, W)."""
    alpha = picture[:, 3:]
    return picture[:, :3] * alpha + (1 - alpha)
