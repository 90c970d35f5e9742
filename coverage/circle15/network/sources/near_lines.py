"""
Find pairs of edges, and of nodes and edges, that lie near each other.

The search runs in slices, so that memory stays bounded however many lie in one place; a layer with
more such pairs than any city has is refused.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.inputs.near_boxes import SURE, boxes_of, may_cross, slices_of
from circle15.inputs.shapes import points_at
from circle15.study.limits import LINE_PAIRS, MEETINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle15.arrays import Bools, Floats, Ints
    from circle15.network.walk_network import WalkNetwork

_AT_ONCE: Final = 500_000
"""Pairs that are held at once."""

_NEAR_EACH: Final = 50
"""Most pairs per line of a large layer."""


def crossing_edges(network: WalkNetwork, file: str) -> tuple[Ints, Ints]:
    """
    Find edges of the same level that cross between their nodes, each pair once.

    Raises
    ------
    InputDataError
        If more pairs lie near each other, or cross, than the limits allow.
    """
    assert network.level is not None
    level = network.level
    x, y = network.x_m, network.y_m
    ends = (x[network.u], y[network.u], x[network.v], y[network.v])
    boxes = boxes_of(*ends)

    def cross(a: Ints, b: Ints) -> Bools:
        once = (a < b) & (level[a] == level[b])
        for p in (network.u, network.v):  # straight lines with a common end never cross
            for q in (network.u, network.v):
                once &= p[a] != q[b]
        once[once] = may_cross(ends, a[once], b[once])
        once[once] = shapely.crosses(network.lines[a[once]], network.lines[b[once]])
        return np.asarray(once, bool)

    return _pairs(network, boxes, cross, file)


def nodes_beside_edges(network: WalkNetwork, reach_m: float, file: str) -> tuple[Ints, Ints]:
    """
    Find nodes within `reach_m` of an edge that does not end at them, and those edges.

    Raises
    ------
    InputDataError
        If more pairs lie near each other, or within `reach_m`, than the limits allow.
    """
    points = points_at(network.x_m, network.y_m)
    wide = reach_m * (1 + SURE)
    x, y = network.x_m, network.y_m
    ends = (x[network.u], y[network.u], x[network.v], y[network.v])
    boxes = (x - wide, y - wide, x + wide, y + wide)

    def beside(node: Ints, edge: Ints) -> Bools:
        other = (network.u[edge] != node) & (network.v[edge] != node)
        other[other] = _may_lie_beside(ends, x[node[other]], y[node[other]], edge[other], wide)
        other[other] = shapely.dwithin(points[node[other]], network.lines[edge[other]], reach_m)
        return np.asarray(other, bool)

    return _pairs(network, boxes, beside, file)


def _pairs(
    network: WalkNetwork,
    boxes: tuple[Floats, Floats, Floats, Floats],
    kept: Callable[[Ints, Ints], Bools],
    file: str,
) -> tuple[Ints, Ints]:
    """Pair boxes with the edges whose boxes meet them; return the pairs that `kept` selects."""
    tree = shapely.STRtree(network.lines)
    left, below, right, above = boxes
    x, y = network.x_m, network.y_m
    among = boxes_of(x[network.u], y[network.u], x[network.v], y[network.v])
    found: list[tuple[Ints, Ints]] = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    n_near = n_kept = 0
    near = replace(LINE_PAIRS, most=max(LINE_PAIRS.most, _NEAR_EACH * len(network.u)))
    meetings = replace(MEETINGS, most=max(MEETINGS.most, len(network.u)))
    for rows in slices_of(boxes, among, _AT_ONCE):
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


def _may_lie_beside(
    ends: tuple[Floats, Floats, Floats, Floats], x: Floats, y: Floats, edge: Ints, reach_m: float
) -> Bools:
    """Return a mask of the pairs whose point may lie within `reach_m` of the line."""
    x1, y1 = ends[0][edge], ends[1][edge]
    dx, dy = ends[2][edge] - x1, ends[3][edge] - y1
    side = np.abs(dx * (y - y1) - dy * (x - x1))
    error = SURE * (np.abs(dx * (y - y1)) + np.abs(dy * (x - x1)))
    return np.asarray(side <= reach_m * np.hypot(dx, dy) + error, bool)
