"""Divide the plane into blocks around points, so that few cells are drawn for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Bools, Floats, Ints

_ORIGIN: Final = np.zeros(2)


@dataclass(frozen=True)
class Block:
    """
    A box of the plane; all blocks together are the plane.

    Attributes
    ----------
    low_m, high_m : float64, shape (2,)
        Its south-western and north-eastern corner (x, y), metres; infinite where it has no side.
        A point on a western or southern side belongs to the block.
    points : int64
        The points in it, by number.
    """

    low_m: Floats
    high_m: Floats
    points: Ints

    def within(self, shape: BaseGeometry) -> BaseGeometry:
        """Return the part of a shape that lies in the block."""
        bounds = np.array(shapely.bounds(shape)).reshape(2, 2)
        low, high = np.fmax(self.low_m, bounds[0] - 1), np.fmin(self.high_m, bounds[1] + 1)
        if not (low < high).all():
            return shapely.MultiPolygon()
        part: BaseGeometry = shapely.intersection(shape, shapely.box(*low, *high))
        return part


def blocks_around(
    xy_m: Floats,
    *,
    reach_m: float,
    cell_m: float,
    most_cells: int,
    block_cells: int,
    corner_m: Floats = _ORIGIN,
) -> Iterator[Block]:
    """
    Divide the plane into blocks, each of which holds points.

    A block costs the cells of the box around its points, widened by the reach, and as much as some
    cells more. It is cut in the widest gap between its points where that makes both parts together
    cheaper, and in the middle of its points where it has too many cells.

    Parameters
    ----------
    xy_m : float64, shape (n, 2)
        The points, finite.
    reach_m
        Distance around each that is drawn, metres.
    cell_m
        Side of a cell, metres.
    most_cells
        Most cells of a block; more where one point alone, or several in one place, have more.
    block_cells
        What a block costs beside its cells, in cells.
    corner_m : float64, shape (2,)
        Centre of a cell. Blocks are cut along lines through or midway between centres, if one lies
        between the points: outlines have their vertices there.
    """
    free = np.full(2, np.inf)
    waiting = [Block(-free, free, np.arange(len(xy_m)))] if len(xy_m) else []

    def cells(points: Ints) -> float:
        return cells_around(xy_m[points], reach_m=reach_m, cell_m=cell_m)

    while waiting:
        block = waiting.pop()
        whole = cells(block.points)
        halves = [
            _cut(block, xy_m, axis, gap=gap, lines=(corner_m[axis], cell_m / 2))
            for gap in (False, True)
            for axis in (0, 1)
        ]
        costs = [
            np.inf if pair is None else sum(cells(one.points) for one in pair) + block_cells
            for pair in halves
        ]
        best = int(np.argmin(costs))
        if np.isfinite(costs[best]) and (whole > most_cells or costs[best] < whole):
            waiting += [one for one in halves[best] or () if len(one.points)]
        else:
            yield block


def cells_around(xy_m: Floats, *, reach_m: float, cell_m: float) -> float:
    """Return how many cells the box around some points has, widened by the reach."""
    return float(np.prod((np.ptp(xy_m, axis=0) + 2 * reach_m) / cell_m + 1))


def _cut(
    block: Block, xy_m: Floats, axis: int, *, gap: bool, lines: tuple[float, float]
) -> tuple[Block, Block] | None:
    """Cut a block across an axis; None where all its points have one position there."""
    along = xy_m[block.points, axis]
    places = np.unique(along)
    if len(places) < 2:
        return None
    k = int(np.argmax(np.diff(places))) if gap else (len(places) - 2) // 2
    middle = float(places[k] + (places[k + 1] - places[k]) / 2)
    first, step = lines
    on_line = first + step * round((middle - first) / step)
    tried = (on_line, middle, float(places[k + 1]))
    side = next(one for one in tried if places[k] < one <= places[k + 1])
    before: Bools = along < side
    stop, begin = block.high_m.copy(), block.low_m.copy()
    stop[axis] = begin[axis] = side
    return (
        Block(block.low_m, stop, block.points[before]),
        Block(begin, block.high_m, block.points[~before]),
    )
