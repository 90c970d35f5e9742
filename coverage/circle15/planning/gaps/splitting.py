"""Split gap areas that are larger than a service circle, so that each part fits into one."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.inputs.shapes import lines_through
from circle15.network.walk_network import node_components
from circle15.planning.gaps.halving import boxes, far_half, links_within

if TYPE_CHECKING:
    from circle15.arrays import Bools, Floats, Ints
    from circle15.inputs.shapes import Shapes

_TOUCH: Final = 1e-6
"""Metres by which a part may exceed the circle, for cells that lie on it."""


def split_areas(area: Ints, place: Floats, linked: tuple[Ints, Ints], circle_m: float) -> Ints:
    """
    Split areas that do not fit into a circle, until each part fits.

    An area is halved between its two ends; what is then no longer linked becomes an area of its
    own. Parts of one area that are linked and fit into a circle together are joined again, those
    that need the smallest circle first. A single cell always fits.

    Parameters
    ----------
    area : int64, shape (cells,)
        Area of each cell, from 0; -1 for a cell in none.
    place : float64, shape (cells, 2)
        Position of each cell, metres.
    linked
        Pairs of cells that belong together where both are in one area.
    circle_m
        Radius of the circle, metres; a part with this radius fits.

    Returns
    -------
    Area of each cell, numbered from 0 by its first cell; -1 for a cell in none.

    Examples
    --------
    Six cells in a row, 100 m apart, halved for a circle of 100 m radius (three cells):

    >>> place = np.column_stack([np.arange(6) * 100.0, np.zeros(6)])
    >>> beside = (np.arange(5), np.arange(1, 6))
    >>> split_areas(np.zeros(6, np.int64), place, beside, 100.0).tolist()
    [0, 0, 0, 1, 1, 1]
    """
    part = area.copy()
    cells = np.flatnonzero(area >= 0)
    of_cell, x, y = area[cells], place[cells, 0], place[cells, 1]
    links, number = linked, np.full(len(part), -1, np.int64)
    number[cells] = np.arange(len(cells))
    largest = int(part.max(initial=-1))
    while True:
        large = _too_large(x, y, of_cell, circle_m)[of_cell]
        cells, of_cell, x, y = cells[large], of_cell[large], x[large], y[large]
        if not len(cells):
            break
        kept = np.where(large, np.cumsum(large) - 1, -1)
        number = np.where(number >= 0, kept[number], -1)
        half = 2 * of_cell + far_half(x, y, of_cell, int(of_cell.max()) + 1)
        links = links_within(number, *links, half)
        of_cell = node_components(len(cells), *links)
        number = np.arange(len(cells))
        part[cells] = largest + 1 + of_cell
        largest += 1 + int(of_cell.max())
    return by_first_cell(_rejoined(part, area, place, linked, circle_m))


def _too_large(x: Floats, y: Floats, area: Ints, circle_m: float) -> Bools:
    """Return a mask of the areas whose cells do not fit into a circle; False for one without."""
    box = boxes(x, y, area, int(area.max(initial=-1)) + 1)
    side_m = np.maximum(box[:, 2:] - box[:, :2], 0.0)
    large = np.asarray(side_m.max(axis=1) > 2 * (circle_m + _TOUCH))
    # Only where the box neither fits nor is too long for it is the circle itself needed.
    open_ = ~large & (np.hypot(*side_m.T) > 2 * circle_m)
    some = np.flatnonzero(open_[area])
    if len(some):
        lines = _lines(x[some], y[some], (np.cumsum(open_) - 1)[area[some]])
        large[open_] = shapely.minimum_bounding_radius(lines) > circle_m + _TOUCH
    return large


def _lines(x: Floats, y: Floats, owner: Ints) -> Shapes:
    """Make a line through the cells of each owner (0 … n − 1), in any order, for its outline."""
    order = np.argsort(owner, kind="stable")
    first = order[np.diff(owner[order], prepend=-1) > 0]
    order = np.concatenate([first, order])  # a line has two ends, also of one cell
    order = order[np.argsort(owner[order], kind="stable")]
    return lines_through(x[order], y[order], owner[order])


def _rejoined(
    part: Ints, area: Ints, place: Floats, linked: tuple[Ints, Ints], circle_m: float
) -> Ints:
    """Join linked parts of one area that fit into a circle together."""
    one, other = linked
    cut = (part[one] != part[other]) & (area[one] == area[other]) & (area[one] >= 0)
    if not cut.any():
        return part
    n = int(part.max()) + 1
    low, high = np.sort([part[one[cut]], part[other[cut]]], axis=0)
    pairs = np.column_stack(np.divmod(np.unique(low * n + high), n))
    shapes = _Parts(part, place, pairs)
    waiting = shapes.fitting(pairs, circle_m)
    heapq.heapify(waiting)
    while waiting:
        _, a, b = heapq.heappop(waiting)
        if a not in shapes.beside or b not in shapes.beside:
            continue  # one of them has been joined already
        made = shapes.join(a, b)
        around = np.array([(c, made) for c in sorted(shapes.beside[made])]).reshape(-1, 2)
        for pair in shapes.fitting(around, circle_m):
            heapq.heappush(waiting, pair)
    return shapes.owners()[part]


class _Parts:
    """Parts of areas while they are joined: the outline of each, and those beside it."""

    def __init__(self, part: Ints, place: Floats, pairs: Ints) -> None:
        self.beside: dict[int, set[int]] = {}
        for a, b in pairs.tolist():
            self.beside.setdefault(a, set()).add(b)
            self.beside.setdefault(b, set()).add(a)
        owner = np.full(int(part.max()) + 1, -1, np.int64)
        owner[list(self.beside)] = np.arange(len(self.beside))
        mine = np.flatnonzero((part >= 0) & (owner[part] >= 0))
        lines = _lines(place[mine, 0], place[mine, 1], owner[part[mine]])
        self._hull = dict(zip(self.beside, shapely.convex_hull(lines), strict=True))
        self._next = len(owner)
        self._joined_into = list(range(len(owner) + len(self.beside)))

    def fitting(self, pairs: Ints, circle_m: float) -> list[tuple[float, int, int]]:
        """Return the pairs of parts that fit into a circle together, each after its radius."""
        if not len(pairs):
            return []
        hulls = np.array([[self._hull[a], self._hull[b]] for a, b in pairs.tolist()], dtype=object)
        box = shapely.bounds(hulls)
        side_m = box[:, :, 2:].max(axis=1) - box[:, :, :2].min(axis=1)
        may = side_m.max(axis=1) <= 2 * (circle_m + _TOUCH)
        hulls, pairs = hulls[may], pairs[may]
        radii_m = shapely.minimum_bounding_radius(shapely.geometrycollections(hulls))
        fit = radii_m <= circle_m + _TOUCH
        return [
            (r, a, b) for r, (a, b) in zip(radii_m[fit].tolist(), pairs[fit].tolist(), strict=True)
        ]

    def join(self, a: int, b: int) -> int:
        """Replace two parts by one, with the next number."""
        made, self._next = self._next, self._next + 1
        both = shapely.geometrycollections([self._hull.pop(a), self._hull.pop(b)])
        self._hull[made] = shapely.convex_hull(both)
        around = (self.beside.pop(a) | self.beside.pop(b)) - {a, b}
        self.beside[made] = around
        for c in around:
            self.beside[c] = (self.beside[c] - {a, b}) | {made}
        self._joined_into[a] = self._joined_into[b] = made
        return made

    def owners(self) -> Ints:
        """Return the part that each has become, with -1 as the last entry, for cells in none."""
        owner = [*self._joined_into, -1]
        for part in reversed(range(self._next)):  # what it has been joined into has a higher number
            owner[part] = owner[owner[part]]
        return np.array(owner)


def by_first_cell(part: Ints) -> Ints:
    """Number areas (from 0; -1 for a cell in none) anew, in the order of their first cells."""
    n = len(part)
    first = np.full(int(part.max(initial=-1)) + 2, n, np.int64)
    first[part[::-1]] = np.arange(n)[::-1]  # of those written to one place the last remains
    there = np.flatnonzero(first[:-1] < n)
    number = np.full(len(first), -1, np.int64)
    number[there[np.argsort(first[there])]] = np.arange(len(there))
    return number[part]
