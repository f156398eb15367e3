"""The colour of every place of a drawing: as it was told, or what is proposed where nobody said any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import find_objects

from .assignment import NOBODY, Assignment
from .drawing import Drawing
from .hints import Hints
from .painting import Painting, means, panels
from .palette import Colours, guessed, pale, white

AROUND = 2  # sides of the page: a place that reaches so many is the paper around what is drawn
LETTERS = 6  # marks that stand free in a place make a text of them
LETTER = 0.3  # of a place's height: the tallest letter
MOST = 0.75  # of the height and of the width of a panel: a place so large lies around what is drawn in it
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
    like_paper = _like_paper(drawing, assignment, looks)
    if like_paper.issuperset(wanted.tolist()):
        pass  # nothing to guess, so the network need not be asked
    elif not spoken or palette is not None:
        likely = means(drawing, assignment, paint(), odds=True)
        table[wanted, :3] = guessed({place: looks[place] for place in wanted.tolist()}, likely, palette, seed)
    else:
        table[wanted, :3] = (means(drawing, assignment, paint(), odds=False)[wanted] * 255).round()
    table[wanted, 3] = 255
    clean = [pale if spoken and beyond else white for beyond in assignment.beyond]
    paper = [place for place in wanted.tolist() if place in like_paper or clean[place](table[place, :3])]
    table[paper] = NOTHING if spoken and unhinted == "auto" else PAPER
    told = [place for place in looks if colour[place] != NOBODY and not assignment.sides[place]]
    for place in wanted.tolist():
        if not assignment.sides[place]:
            twin = next((other for other in told if looks[place].like(looks[other])), place)
            table[place] = table[twin]
    return table


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


def _like_paper(drawing: Drawing, assignment: Assignment, looks: dict[int, Look]) -> set[int]:
    """The places that are the paper around everything, on the page or in a panel, or hold a text."""
    left, top, height = drawing.marks.T
    beside = assignment.places[top + height // 2, np.maximum(left - 1, 0)]
    marks = np.bincount(beside, height < LETTER * np.array([looks[place].size[0] for place in beside]))
    found = set(np.flatnonzero(assignment.sides >= AROUND).tolist()) | set(np.flatnonzero(marks >= LETTERS).tolist())
    for rows, columns in panels(drawing):
        whole = np.array([rows.stop - rows.start, columns.stop - columns.start])
        found |= {
            place
            for place, look in looks.items()
            if look.window[0].start >= rows.start and look.window[1].start >= columns.start
            if look.window[0].stop <= rows.stop and look.window[1].stop <= columns.stop
            if (np.array(look.size) > MOST * whole).all()
        }
    return found
