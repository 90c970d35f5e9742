"""Intersecting boxes, found in portions so that memory is bounded however many overlap."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.arrays import Bools, Floats, Ints

    Sides = tuple[Floats, Floats, Floats, Floats]

SURE: Final = 1e-9
"""Relative error of a cross product of two sides, far above its rounding error."""


def boxes_of(x1: Floats, y1: Floats, x2: Floats, y2: Floats) -> Sides:
    """Return the left, lower, right and upper sides of the bounding boxes of straight lines."""
    return np.minimum(x1, x2), np.minimum(y1, y2), np.maximum(x1, x2), np.maximum(y1, y2)


def slices_of(boxes: Sides, among: Sides, at_once: int) -> Iterator[slice]:
    """Cut boxes into slices that intersect few others: no more than lie in the strip of each."""
    most = np.minimum(
        _overlapping(among[0], among[2], boxes[0], boxes[2]),
        _overlapping(among[1], among[3], boxes[1], boxes[3]),
    )
    part = np.cumsum(most) // at_once
    starts = np.r_[0, np.flatnonzero(np.diff(part)) + 1, len(part)].tolist()
    for start, end in pairwise(starts):
        yield slice(start, end)


def _overlapping(low: Floats, high: Floats, from_: Floats, to: Floats) -> Ints:
    """Count the intervals from `low` to `high` that each of the others intersects."""
    begun = np.searchsorted(np.sort(low), to, side="right")
    ended = np.searchsorted(np.sort(high), from_, side="left")
    return np.asarray(begun - ended, np.int64)


def sides_apart(ends: Sides, a: Ints, b: Ints) -> Floats:
    """
    Return how pairs of straight lines cross.

    Returns
    -------
    The larger of two numbers: -1 where the ends of one lie clearly on both sides of the other, 1
    where clearly on one side, 0 where rounding leaves it open. So -1 is a crossing, 1 is not.
    """
    apart = np.full(len(a), -1.0)
    for one, other in ((a, b), (b, a)):
        x, y = ends[0][one], ends[1][one]
        dx, dy = ends[2][one] - x, ends[3][one] - y
        sides = []
        for k in (0, 2):
            ox, oy = ends[k][other] - x, ends[k + 1][other] - y
            side = dx * oy - dy * ox
            sure = np.abs(side) > SURE * (np.abs(dx * oy) + np.abs(dy * ox))
            sides.append(np.where(sure, np.sign(side), 0))
        apart = np.maximum(apart, sides[0] * sides[1])
    return np.asarray(apart, np.float64)


def may_cross(ends: Sides, a: Ints, b: Ints) -> Bools:
    """Return a mask of pairs of lines where neither lies clearly on one side of the other."""
    return np.asarray(sides_apart(ends, a, b) <= 0, bool)
