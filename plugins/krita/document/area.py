"""A rectangle in a document."""

from __future__ import annotations

from typing import Any, NamedTuple


class Area(NamedTuple):
    """Where pixels lie, in the document's pixels."""

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def of(cls, thing: Any) -> Area:
        """Of whatever has x(), y(), width() and height(): Qt's rectangles, Krita's selections."""
        return cls(thing.x(), thing.y(), thing.width(), thing.height())

    def within(self, other: Area) -> Area:
        """What the two have in common; no pixels wide if they have nothing."""
        left, right = max(self.x, other.x), min(self.x + self.width, other.x + other.width)
        top, bottom = max(self.y, other.y), min(self.y + self.height, other.y + other.height)
        if left >= right or top >= bottom:
            return Area(other.x, other.y, 0, 0)
        return Area(left, top, right - left, bottom - top)
