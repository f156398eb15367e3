"""The colour of every place of a drawing: as it was told, or what is proposed where nobody said any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import find_objects

from ..drawing.drawing import Drawing
from .assignment import NOBODY, Assignment
from .hints import Hints
from .painting import Painting, means, panels
from .palette import Colours, guessed, pale, white

AROUND = 2  # sides of the page: a place that reaches so many is the paper around what is drawn
LETTERS = 6  # marks that stand free in a place make a text of them
LETTER = 0.3  # of a place's height: the tallest letter
MOST = 0.75  # of the height and of the width of a panel: a place so large lies around what is drawn in it
FAMILIAR = 60  # greatest difference in a channel, of 255, from a colour that was said: a guess takes that
EDGE = 0.005  # of the longer side: what comes so near to a side of its panel reaches it
TWIN = 40  # pixels of the plan; of smaller places, many look alike by chance
SIZE, SHAPE = 0.2, 0.1  # part by which the sizes of two twins differ at most, and by which their shapes do
GRID = 16  # cells of a look along each side
PAPER, NOTHING = (255, 255, 255, 255), (255, 255, 255, 0)


def coloured(
    drawing: Drawing,
    hints: Hints | None,
    assignment: Assignment,
    paint: Callable[[], list[Painting]],
    *,
    unhinted: str,
    strength: float,
    palette: Colours | None,
    seed: int,
) -> NDArray[np.uint8]:
    """The colour (places, 4) of every place, straight alpha, to the last bit as it was told.

    Where nobody said any it stays empty (`unhinted` "leave"), or white ("paper"), or is one that what the network can
    `paint` proposes ("guess"); "auto" proposes one but leaves what is most likely paper: as white where there are no
    hints at all, and empty where there are some. The network paints only if any of that is shown.
    """
    colour = assignment.colour
    table = np.full((len(colour), 4), PAPER if unhinted == "paper" else NOTHING, np.uint8)
    if hints is not None:
        told = colour != NOBODY
        table[told] = hints.colours[colour[told]]
        if strength < 1:
            seen = means(drawing, assignment, paint(), odds=False)[told]
            table[told, :3] = (strength * table[told, :3] + (1 - strength) * 255 * seen).round()
    wanted = np.flatnonzero((colour == NOBODY) & (np.bincount(assignment.places.ravel(), minlength=len(colour)) > 0))
    if unhinted in ("leave", "paper") or not len(wanted):
        return table
    looks = _looks(assignment)
    spoken = hints is not None and hints.speaks
    sides = _sides(drawing, looks)
    like_paper = _like_paper(drawing, assignment, looks, sides)
    if not like_paper.issuperset(wanted.tolist()):  # else the network need not be asked
        table[wanted, :3] = (
            (means(drawing, assignment, paint(), odds=False)[wanted] * 255).round()
            if spoken and palette is None
            else guessed(
                {place: looks[place] for place in wanted.tolist()},
                means(drawing, assignment, paint(), odds=True), palette, seed,
            )
        )  # fmt: skip
    table[wanted, 3] = 255
    clean = {place: pale if spoken and sides[place] else white for place in looks}
    paper = [place for place in wanted.tolist() if place in like_paper or clean[place](table[place, :3])]
    if hints is not None and spoken and palette is None:
        table[wanted, :3] = _familiar(table[wanted, :3], hints.colours[hints.colours[:, 3] > 0, :3])
    table[paper] = NOTHING if spoken and unhinted == "auto" else PAPER
    _follow_twins(table, wanted.tolist(), [place for place in looks if colour[place] != NOBODY], looks, sides)
    return table


def _follow_twins(
    table: NDArray[np.uint8], wanted: list[int], told: list[int], looks: dict[int, Look], sides: dict[int, int]
) -> None:
    """Give each of the places `wanted` inside the page the colour of one that was `told` and looks like it, if any."""
    inside = [place for place in told if not sides[place]]
    for place in wanted:
        if not sides[place]:
            table[place] = table[next((other for other in inside if looks[place].like(looks[other])), place)]


def _familiar(seen: NDArray[np.uint8], said: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The colours `seen` (N, 3), or those that were `said` (colours, 3) instead where they are nearly the same."""
    far = np.abs(seen[:, None].astype(np.int16) - said).max(-1)
    return np.where(far.min(1, keepdims=True) < FAMILIAR, said[far.argmin(1)], seen)


@dataclass(frozen=True)
class Look:
    """What a place looks like, whichever way it is turned."""

    area: int
    window: tuple[slice, slice]
    shape: NDArray[np.float32]  # (GRID, GRID) its share of every cell of the rectangle around it

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        rows, columns = self.window
        return rows.stop - rows.start, columns.stop - columns.start

    def within(self, panel: tuple[slice, slice]) -> bool:
        """Whether all of it lies in a panel."""
        sides = zip(self.window, panel, strict=True)
        return all(side.start <= own.start and own.stop <= side.stop for own, side in sides)

    def like(self, other: Look) -> bool:
        """Whether both have about one size and one shape, perhaps mirrored, as two eyes or two ears do."""
        sizes = zip((*self.size, self.area), (*other.size, other.area), strict=True)
        if self.area < TWIN or any(abs(one - two) > SIZE * max(one, two) for one, two in sizes):
            return False
        turned = (other.shape, other.shape[:, ::-1], other.shape[::-1], other.shape[::-1, ::-1])
        return min(float(np.abs(self.shape - shape).mean()) for shape in turned) < SHAPE


def _looks(assignment: Assignment) -> dict[int, Look]:
    """The look of every place that there is."""
    looks = {}
    for place, window in enumerate(find_objects(assignment.places + 1)):
        if window is not None:
            ours = (assignment.places[window] == place).astype(np.float32)
            shape = np.asarray(cv2.resize(ours, (GRID, GRID), interpolation=cv2.INTER_AREA), np.float32)
            looks[place] = Look(int(ours.sum()), window, shape)
    return looks


def _like_paper(drawing: Drawing, assignment: Assignment, looks: dict[int, Look], sides: dict[int, int]) -> set[int]:
    """The places that are the paper around everything, on the page or in a panel, or hold a text."""
    left, top, height = drawing.marks.T
    beside = assignment.places[top + height // 2, np.maximum(left - 1, 0)]
    marks = np.bincount(beside, height < LETTER * np.array([looks[place].size[0] for place in beside]))
    found = set(np.flatnonzero(marks >= LETTERS).tolist()) | {p for p, reached in sides.items() if reached >= AROUND}
    for panel in panels(drawing):
        whole = np.array([side.stop - side.start for side in panel])
        found |= {place for place, look in looks.items() if look.within(panel) and (look.size > MOST * whole).all()}
    return found


def _sides(drawing: Drawing, looks: dict[int, Look]) -> dict[int, int]:
    """How many sides of its panel, or of the page, each place reaches."""
    edge, reached = EDGE * max(drawing.plan.shape), dict.fromkeys(looks, 0)
    page = tuple(slice(0, length) for length in drawing.plan.shape)
    for panel in ((page[0], page[1]), *panels(drawing)):
        for place, look in looks.items():
            if look.within(panel):
                near = [
                    (own.start - side.start <= edge) + (side.stop - own.stop <= edge)
                    for own, side in zip(look.window, panel, strict=True)
                ]
                reached[place] = max(reached[place], sum(near))
    return reached
