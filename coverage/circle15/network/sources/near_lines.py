"""
Pairs of edges, and of nodes and edges, that lie near each other.

They are looked for some at a time, so that memory stays the same however many lie in one place;
a layer with more of them than any city has is refused.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.inputs.shapes import points_at
from circle15.study.limits import LINE_PAIRS, MEETINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from circle15.arrays import Bools, Floats, Ints
    from circle15.network.walk_network import WalkNetwork

_AT_ONCE: Final = 500_000
"""Pairs that are held at once."""

_NEAR_EACH: Final = 50
"""Pairs for each line of a large layer."""

_SURE: Final = 1e-9
"""Relative error of a cross product of two sides, far above what rounding does to it."""


def crossing_edges(network: WalkNetwork, file: str) -> tuple[Ints, Ints]:
    """
    Find edges of one level that cross each other between their nodes, each pair once.

    Raises
    ------
    InputDataError
        If more pairs lie near each other, or cross, than the limits let pass.
    """
    assert network.level is not None
    level = network.level
    x, y = network.x_m, network.y_m
    ends = (x[network.u], y[network.u], x[network.v], y[network.v])
    boxes = _boxes(*ends)

    def cross(a: Ints, b: Ints) -> Bools:
        once = (a < b) & (level[a] == level[b])
        once[once] = _may_cross(ends, a[once], b[once])
        once[once] = shapely.crosses(network.lines[a[once]], network.lines[b[once]])
        return np.asarray(once, bool)

    return _pairs(network, boxes, cross, file)


def nodes_beside_edges(network: WalkNetwork, reach_m: float, file: str) -> tuple[Ints, Ints]:
    """
    Find nodes that are no further than a reach from an edge that does not end there.

    Raises
    ------
    InputDataError
        If more pairs lie near each other, or that near, than the limits let pass.
    """
    points = points_at(network.x_m, network.y_m)
    wide = reach_m * (1 + _SURE)
    x, y = network.x_m, network.y_m
    ends = (x[network.u], y[network.u], x[network.v], y[network.v])
    boxes = (x - wide, y - wide, x + wide, y + wide)

    def beside(node: Ints, edge: Ints) -> Bools:
        other = (network.u[edge] != node) & (network.v[edge] != node)
        other[other] = _may_lie_beside(ends, x[node[other]], y[node[other]], edge[other], wide)
        other[other] = shapely.dwithin(points[node[other]], network.lines[edge[other]], reach_m)
        return np.asarray(other, bool)

    return _pairs(network, boxes, beside, file)


def _boxes(x1: Floats, y1: Floats, x2: Floats, y2: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    return np.minimum(x1, x2), np.minimum(y1, y2), np.maximum(x1, x2), np.maximum(y1, y2)


def _pairs(
    network: WalkNetwork,
    boxes: tuple[Floats, Floats, Floats, Floats],
    kept: Callable[[Ints, Ints], Bools],
    file: str,
) -> tuple[Ints, Ints]:
    """Pair boxes with the edges whose boxes meet them, and keep some of the pairs."""
    tree = shapely.STRtree(network.lines)
    left, below, right, above = boxes
    found: list[tuple[Ints, Ints]] = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    n_near = n_kept = 0
    near = replace(LINE_PAIRS, most=max(LINE_PAIRS.most, _NEAR_EACH * len(network.u)))
    meetings = replace(MEETINGS, most=max(MEETINGS.most, len(network.u)))
    for rows in _slices(network, boxes):
        a, b = tree.query(shapely.box(left[rows], below[rows], right[rows], above[rows])).astype(
            np.int64
        )
        a += rows.start
        n_near += len(a)
        if n_near > near.most:
            raise near.fault("has too many lines near each other", file=file)
        mask = kept(a, b)
        n_kept += int(mask.sum())
        if n_kept > meetings.most:
            raise meetings.fault("has too many lines that meet without a joint", file=file)
        found.append((a[mask], b[mask]))
    return np.concatenate([one for one, _ in found]), np.concatenate([two for _, two in found])


def _slices(network: WalkNetwork, boxes: tuple[Floats, Floats, Floats, Floats]) -> Iterator[slice]:
    """Cut the boxes into slices that meet few edges: no more than lie in the strip of each."""
    x, y = network.x_m, network.y_m
    left, below, right, above = _boxes(x[network.u], y[network.u], x[network.v], y[network.v])
    most = np.minimum(
        _overlapping(left, right, boxes[0], boxes[2]),
        _overlapping(below, above, boxes[1], boxes[3]),
    )
    part = np.cumsum(most) // _AT_ONCE
    starts = np.r_[0, np.flatnonzero(np.diff(part)) + 1, len(part)].tolist()
    for start, end in pairwise(starts):
        yield slice(start, end)


def _overlapping(low: Floats, high: Floats, from_: Floats, to: Floats) -> Ints:
    """Count the intervals from `low` to `high` that each of the others meets."""
    begun = np.searchsorted(np.sort(low), to, side="right")
    ended = np.searchsorted(np.sort(high), from_, side="left")
    return np.asarray(begun - ended, np.int64)


def _may_cross(ends: tuple[Floats, Floats, Floats, Floats], a: Ints, b: Ints) -> Bools:
    """Tell of which pairs of edges neither lies clearly on one side of the other."""
    may = np.ones(len(a), bool)
    for one, other in ((a, b), (b, a)):
        x, y = ends[0][one], ends[1][one]
        dx, dy = ends[2][one] - x, ends[3][one] - y
        sides = []
        for k in (0, 2):
            ox, oy = ends[k][other] - x, ends[k + 1][other] - y
            side = dx * oy - dy * ox
            sure = np.abs(side) > _SURE * (np.abs(dx * oy) + np.abs(dy * ox))
            sides.append(np.where(sure, np.sign(side), 0))
        may &= sides[0] * sides[1] <= 0
    return may


def _may_lie_beside(
    ends: tuple[Floats, Floats, Floats, Floats], x: Floats, y: Floats, edge: Ints, reach_m: float
) -> Bools:
    """Tell of which pairs the point is not clearly beyond the reach of the straight line."""
    x1, y1 = ends[0][edge], ends[1][edge]
    dx, dy = ends[2][edge] - x1, ends[3][edge] - y1
    side = np.abs(dx * (y - y1) - dy * (x - x1))
    error = _SURE * (np.abs(dx * (y - y1)) + np.abs(dy * (x - x1)))
    return np.asarray(side <= reach_m * np.hypot(dx, dy) + error, bool)
