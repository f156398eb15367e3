"""A line drawing as a value, made once from the line layer: its lines, walls, rooms and doors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ..colouring.strokes import Areas, areas
from .paper import Grey, darkest, levelled
from .rooms import Labels, Mask, Rooms, rooms
from .tones import tones

SIDE = 2048  # pixels of the longer side of the plan, on which rooms are looked for; a line is never lost there
LINE, SOFT = 128, 192  # grey below which a pixel surely belongs to a line, and below which it does beside such a one


@dataclass(frozen=True, eq=False)
class Drawing:
    """Lines with white paper and black ink, and what is derived from them once and kept."""

    line: Grey  # (H, W), paper 255, ordinary ink 0
    light: bool  # the lines were light on dark paper

    @classmethod
    def of(cls, grey: Grey) -> Drawing:
        """The drawing of a line layer (H, W); BadPicture if nothing is drawn on it."""
        return _of(grey.tobytes(), grey.shape)

    @cached_property
    def cell(self) -> int:
        """Pixels of the page that are one of the plan, along each side."""
        return int(-(-max(self.line.shape) // SIDE))

    @cached_property
    def plan(self) -> Grey:
        """The lines (h, w) at the size at which rooms are looked for, each cell as dark as its darkest pixel."""
        return darkest(self.line, self.cell)

    @cached_property
    def wall(self) -> Mask:
        """The lines of the plan (h, w) that part rooms: by hysteresis, without screentones."""
        tone = tones(self.plan < LINE)
        soft = (self.plan < SOFT) & ~tone
        _, parts = cv2.connectedComponents(soft.astype(np.uint8), connectivity=8)
        kept = np.zeros(int(parts.max()) + 1, np.bool_)
        kept[parts[(self.plan < LINE) & ~tone]] = True
        kept[0] = False
        return np.asarray(kept[parts])

    @cached_property
    def rooms(self) -> Rooms:
        """The rooms of the plan."""
        return rooms(self.wall)

    @cached_property
    def owner(self) -> Labels:
        """The room of every pixel of the plan, lines too: each takes the nearest."""
        return everywhere(self.rooms.labels)

    @cached_property
    def areas(self) -> Areas:
        """The connected paper of the plan on which strokes are judged."""
        return areas(np.where(self.wall, self.plan, 255).astype(np.uint8))

    @cached_property
    def marks(self) -> NDArray[np.int32]:
        """Left side, upper side and height of every connected line of the plan, (marks, 3)."""
        _, _, figures, _ = cv2.connectedComponentsWithStats(self.wall.astype(np.uint8), connectivity=8)
        return np.asarray(figures[1:, [cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP, cv2.CC_STAT_HEIGHT]])

    @cached_property
    def sides(self) -> NDArray[np.int64]:
        """How many of the page's four sides each room reaches, (rooms + 1,)."""
        owner, reached = self.owner, np.zeros(len(self.rooms), np.int64)
        for side in (owner[0], owner[-1], owner[:, 0], owner[:, -1]):
            reached[np.unique(side)] += 1
        return reached

    @cached_property
    def beyond(self) -> Mask:
        """Whether each room lies on paper that goes on beyond the page, (rooms + 1,)."""
        return np.isin(self.rooms.part, self.rooms.part[self.sides > 0])


@lru_cache(maxsize=1)
def _of(data: bytes, shape: tuple[int, ...]) -> Drawing:
    """The last drawing is kept: the next stroke is most likely drawn on the same lines."""
    return Drawing(*levelled(np.frombuffer(data, np.uint8).reshape(shape)))


def everywhere(labels: Labels) -> Labels:
    """`labels` with every pixel that has none given the label nearest to it; all 1 if there are none."""
    known = labels > 0
    if not known.any():
        return np.ones_like(labels)
    if known.all():
        return labels
    _, nearest = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    filled = labels.copy()
    filled[~known] = labels[known][nearest[~known] - 1]  # known pixels are numbered from 1, row by row
    return filled
