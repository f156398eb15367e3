"""Print resolution: how many pixels of a picture go on an inch of paper."""

from __future__ import annotations

import math
from typing import Any

Dpi = tuple[float, float]  # pixels an inch, across and down
MOST = 100_000.0  # beyond it, and below its reciprocal, a number means nothing
CENTIMETRES, X, Y, UNIT = 3, 282, 283, 296  # TIFF's and EXIF's tags and the unit that is not an inch
INCH = 2.54  # cm


def dpi_of(across: Any, down: Any, unit: Any = 2) -> Dpi | None:
    """Both numbers as pixels an inch; None if they are none."""
    try:
        factor = INCH if int(unit) == CENTIMETRES else 1.0
        values = float(across) * factor, float(down) * factor
    except (TypeError, ValueError, ArithmeticError):
        return None
    return values if all(math.isfinite(value) and 1 / MOST < value < MOST for value in values) else None


def dpi_in(image: Any) -> Dpi | None:
    """What an opened Pillow image says, in its own words or in EXIF's."""
    if "dpi" in image.info:
        return dpi_of(*image.info["dpi"])
    exif = image.getexif()
    return dpi_of(exif.get(X), exif.get(Y), exif.get(UNIT, 2))
