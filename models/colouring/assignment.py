"""Which colour every room gets: the one that it was told, the one that flows to it through doors, or none."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as sla
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from ..drawing.drawing import Drawing, everywhere
from ..drawing.rooms import Labels, Mask, Rooms
from .hints import Hints

NARROW = 0.35  # of a room's own clearance: through a door less wide than this it rather takes no colour than that one
STEEP = 5.0  # and the power of that share by which the flow falls
AJAR = 0.5  # part of that power that is left for openings wider than the gap that counts as closed
LOST = NARROW ** (STEEP + 1)  # what goes to nobody from each room
SURELY = 1e-9  # and what does from one on paper that lines enclose: all of that takes what was said in it
SLIVER = 0.005  # of the longer side: narrower rooms of which nobody said anything, such as in hatching, part nothing
COARSE = 128  # pixels of the longer side at which a room is parted between the colours that it was told
REACH = 0.1  # of that side: the distance over which a stroke's claim falls to 1/e
RIVAL = 0.4  # of the pixels of a room's main colour: one that has fewer reaches less far, by the cube of the part
NOBODY = -1


@dataclass(frozen=True, eq=False)
class Assignment:
    """The places of a drawing, each of one colour: rooms, parts of rooms, or rooms of which nobody said anything."""

    places: Labels  # (h, w) of the plan, from 0, lines too
    colour: NDArray[np.int32]  # (places,) the number of each one's colour, or NOBODY


def assigned(drawing: Drawing, hints: Hints | None, gap: float) -> Assignment:
    """Places and colours of a drawing; openings of up to `gap` pixels of the plan count as closed."""
    rooms = drawing.rooms
    told = np.zeros((len(rooms), 0)) if hints is None else hints.told
    firm = np.zeros(len(rooms)) if hints is None else hints.firmness
    narrow = rooms.width <= max(2, SLIVER * max(drawing.plan.shape))
    share = _shares(rooms, gap, narrow)
    colour = _flowed(told, firm, share, np.where(drawing.beyond, LOST, SURELY))
    alias = _together(colour, share, drawing.beyond)
    spoken = np.isin(rooms.part, rooms.part[(colour != NOBODY) | ~narrow]) & (rooms.part > 0)
    owner = _without(~spoken, rooms)
    places = alias[owner]
    for room in np.flatnonzero((told > 0).sum(1) > 1):
        assert hints is not None
        if told[room, colour[room]] == 0:
            continue  # nicked by strokes of its neighbours
        ours = np.flatnonzero(told[room])
        window, inside, part = _parted(hints, owner, int(room), ours)
        places[window][inside] = len(colour) + part[inside]
        colour = np.concatenate([colour, ours])
    return Assignment(places.astype(np.int32), colour.astype(np.int32))


def _without(slivers: NDArray[np.bool_], rooms: Rooms) -> Labels:
    """The room of every pixel (h, w), lines too; parts that are nothing but `slivers` go with what is most around."""
    owner = everywhere(np.where(slivers, 0, np.arange(len(rooms)))[rooms.labels].astype(np.int32))
    at = slivers[rooms.labels] & (rooms.labels > 0)
    pairs, often = np.unique(np.stack([rooms.part[rooms.labels[at]], owner[at]]), axis=1, return_counts=True)
    most = np.zeros(int(rooms.part.max()) + 1, np.int32)
    order = np.argsort(often, kind="stable")
    most[pairs[0, order]] = pairs[1, order]  # the last one stays
    owner[at] = most[rooms.part[rooms.labels[at]]]
    return owner


def _shares(rooms: Rooms, gap: float, narrow: NDArray[np.bool_]) -> sp.csr_array:
    """How much of a colour comes into each room (row) from each other (column).

    All of it through a door as wide as the room itself, hardly any through one that is narrow against it, unless it is
    wider than `gap`; into a `narrow` room all.
    """
    a, b = np.concatenate([rooms.doors, rooms.doors[:, ::-1]]).T
    opening = np.concatenate([rooms.opening, rooms.opening]).astype(np.float64)
    share = np.where(narrow[b], 1, (opening / np.maximum(rooms.width[b], 1e-3)).clip(0, 1))
    closed = (gap / 2 / np.maximum(opening, 1e-3)).clip(AJAR if gap else 0, 1)  # the less so, the wider the opening
    return sp.csr_array((share ** (1 + STEEP * closed), (b, a)), (len(rooms), len(rooms)))


def _flowed(
    told: NDArray[np.float64], firm: NDArray[np.float64], into: sp.csr_array, lost: NDArray[np.float64]
) -> NDArray[np.int64]:
    """The number of every room's colour, (rooms + 1,).

    A random walk over the rooms with a way out to nobody, in which some is `lost` from each, begun from strokes as
    `firm` as they are. A pocket takes what is beside it, a page not what leaks from a figure.
    """
    if not told.any():
        return np.full(len(told), NOBODY)
    away = np.asarray(into.sum(1)).ravel() + lost + firm
    source = told * (firm / np.maximum(told.sum(1), 1e-12))[:, None]
    solved = sla.splu((sp.diags_array(away) - into).tocsc()).solve(source)
    return np.where(solved.sum(1) > 0.5, solved.argmax(1), NOBODY)


def _together(colour: NDArray[np.int64], into: sp.csr_array, beyond: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For every room the first of those that are one place with it: nobody said anything of them, and each is open
    to the one that it is most open to, or not to what is `beyond` the page.
    """
    doors = into.tocoo()
    nobody = np.flatnonzero((colour == NOBODY)[doors.row] & (colour == NOBODY)[doors.col])
    widest = nobody[np.lexsort((-doors.data[nobody], doors.row[nobody]))]
    first = np.append(True, np.diff(doors.row[widest]) != 0)[: len(widest)]
    one = np.concatenate([widest[first & (doors.data[widest] >= LOST)], nobody[~beyond[doors.row[nobody]]]])
    links = sp.coo_array((np.ones(len(one)), (doors.row[one], doors.col[one])), into.shape)
    _, group = connected_components(links, directed=False)
    _, first = np.unique(group, return_index=True)
    return np.asarray(first[group])


def _parted(
    hints: Hints, owner: Labels, room: int, ours: NDArray[np.int64]
) -> tuple[tuple[slice, slice], Mask, Labels]:
    """Which of the colours `ours` each pixel of a room has, by its place among them, in the window around the room.

    The claim of a stroke falls with the way from it (the heat method of Crane et al. 2013), faster through narrow
    places and faint lines, and the faster the less there is of its colour: a dab in a sky stays a dab.
    """
    drawing = hints.drawing
    rows, columns = (np.flatnonzero((owner == room).any(axis)) for axis in (1, 0))
    window = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    inside = owner[window] == room
    scale = min(1.0, COARSE / max(inside.shape))
    size = max(1, round(inside.shape[1] * scale)), max(1, round(inside.shape[0] * scale))
    meant = (hints.weight[window] > 0) & (drawing.rooms.labels[window] == room)
    strokes = [meant & (hints.number[window] == number) for number in ours]
    width = _small(drawing.rooms.clearance[window], size) / max(float(drawing.rooms.width[room]), 1)
    ease = _small(drawing.plan[window].astype(np.float32) / 255, size) ** 2 * (0.2 + width)
    claims = _heat(np.stack([_small(stroke, size) for stroke in strokes]), _small(inside, size) > 0, ease)
    pixels = hints.told[room, ours]
    firm = (pixels / pixels.max() / RIVAL).clip(0, 1) ** 3
    grown = [
        cv2.resize(claim / part, inside.shape[::-1], interpolation=cv2.INTER_LINEAR)
        for claim, part in zip(claims, firm, strict=True)
    ]
    part = np.argmax(grown, 0).astype(np.int32)
    for place, stroke in enumerate(strokes):
        part[stroke] = place
    return window, inside, part


def _small(values: NDArray[np.generic], size: tuple[int, int]) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(values.astype(np.float32), size, interpolation=cv2.INTER_AREA))


def _heat(share: NDArray[np.float32], free: Mask, ease: NDArray[np.float32]) -> NDArray[np.float32]:
    """The logarithm of every claim, (claims, h, w), where a stroke has its `share` of a pixel."""
    index = np.cumsum(free).reshape(free.shape) - 1
    count, pairs, passes = int(free.sum()), [], []
    for one, other in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        both = free[one] & free[other]
        pairs.append(np.stack([index[one][both], index[other][both]], 1))
        passes.append(np.minimum(ease[one], ease[other])[both])
    (a, b), through = np.concatenate(pairs).T, np.concatenate(passes).astype(np.float64) + 1e-3
    links = sp.coo_matrix((np.r_[through, through], (np.r_[a, b], np.r_[b, a])), (count, count)).tocsr()
    fade = (1 / (REACH * max(free.shape))) ** 2
    taken = share.sum(0)[free] > 0
    system = sp.diags(np.asarray(links.sum(1)).ravel() + fade + 1e3 * taken) - links
    source = 1e3 * share[:, free] / np.maximum(share.sum(0)[free], 1e-6)
    solved = sla.splu(system.tocsc()).solve(source.T.astype(np.float64))
    claims = np.full(share.shape, -1e3, np.float32)
    claims[:, free] = np.log(np.maximum(solved, 1e-300)).T
    return claims
