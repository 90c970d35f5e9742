"""
Find pairs of edges, and of nodes and edges, that lie near each other.

The search runs in slices, so that memory stays bounded however many lie in one place; a layer with
more such pairs than any city has is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
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

NEAR_M: Final = 1.0
"""Lines at most this far apart nearly touch."""

_AT_ONCE: Final = 500_000
"""Pairs that are held at once."""

_NEAR_EACH: Final = 50
"""Most pairs per line of a large layer."""


@dataclass(frozen=True)
class NearPairs:
    """
    What lies near without a joint, whatever the levels of the streets at a node.

    Attributes
    ----------
    node, beside
        Nodes within 1 m of an edge that does not end at them, and those edges.
    first, second
        Edges of the same level that cross between their nodes, the one with the lower index first.
    """

    node: Ints
    beside: Ints
    first: Ints
    second: Ints


def near_pairs(network: WalkNetwork, file: str) -> NearPairs | None:
    """Search a whole network; None where its lines join by the ids of nodes, and for no lines."""
    if network.level is None or not len(network.u):
        return None
    return NearPairs(*nodes_beside_edges(network, NEAR_M, file), *crossing_edges(network, file))


def near_pairs_after(
    before: NearPairs | None, network: WalkNetwork, stays: Ints, n_before: int, file: str
) -> NearPairs | None:
    """
    Return the same of a network with links: only the links and the edges that they split are new.

    Parameters
    ----------
    stays
        Index in `network` of each edge of the network before; -1 for those that are split.
    n_before
        Number of nodes before, which are the first of `network`.
    """
    if before is None:
        return None
    new = np.ones(len(network.u), bool)
    new[stays[stays >= 0]] = False
    nodes, edges = _around(network, np.flatnonzero(new))
    node, beside = nodes_beside_edges(network, NEAR_M, file, among=(nodes, edges))
    first, second = crossing_edges(network, file, among=edges)
    found = (new[beside] | (node >= n_before)), new[first] | new[second]
    old = stays[before.beside], stays[before.first], stays[before.second]
    whole = old[0] >= 0, (old[1] >= 0) & (old[2] >= 0)
    return NearPairs(
        np.r_[before.node[whole[0]], node[found[0]]],
        np.r_[old[0][whole[0]], beside[found[0]]],
        np.r_[old[1][whole[1]], first[found[1]]],
        np.r_[old[2][whole[1]], second[found[1]]],
    )


def _around(network: WalkNetwork, edges: Ints) -> tuple[Ints, Ints]:
    """Return the nodes and edges in the box around some edges, with a metre or more to spare."""
    left, below, right, above = boxes_of(*ends_of(network))
    spare = 2 * NEAR_M
    west, south = left[edges].min(initial=np.inf), below[edges].min(initial=np.inf)
    east, north = right[edges].max(initial=-np.inf), above[edges].max(initial=-np.inf)
    west, south, east, north = west - spare, south - spare, east + spare, north + spare
    x, y = network.x_m, network.y_m
    return (
        np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north)),
        np.flatnonzero((right >= west) & (left <= east) & (above >= south) & (below <= north)),
    )


def crossing_edges(
    network: WalkNetwork, file: str, *, among: Ints | None = None
) -> tuple[Ints, Ints]:
    """
    Find edges of the same level that cross between their nodes, each pair once.

    `among` are the edges that are compared, ascending; by default all.

    Raises
    ------
    InputDataError
        If more pairs lie near each other, or cross, than the limits allow.
    """
    assert network.level is not None
    level = network.level
    edges = np.arange(len(network.u)) if among is None else among
    ends = ends_of(network)
    boxes = boxes_of(*(side[edges] for side in ends))

    def cross(a: Ints, b: Ints) -> Bools:
        once = (a < b) & (level[a] == level[b])
        for p in (network.u, network.v):  # straight lines with a common end never cross
            for q in (network.u, network.v):
                once &= p[a] != q[b]
        once[once] = may_cross(ends, a[once], b[once])
        once[once] = shapely.crosses(network.lines_of(a[once]), network.lines_of(b[once]))
        return np.asarray(once, bool)

    return _pairs(network, (edges, boxes), edges, cross, file)


def nodes_beside_edges(
    network: WalkNetwork,
    reach_m: float,
    file: str,
    *,
    among: tuple[Ints, Ints] | None = None,
) -> tuple[Ints, Ints]:
    """
    Find nodes within `reach_m` of an edge that does not end at them, and those edges.

    `among` are the nodes and the edges that are compared; by default all.

    Raises
    ------
    InputDataError
        If more pairs lie near each other, or within `reach_m`, than the limits allow.
    """
    nodes, edges = among or (np.arange(len(network.x_m)), np.arange(len(network.u)))
    wide = reach_m * (1 + SURE)
    x, y = network.x_m, network.y_m
    ends = ends_of(network)
    boxes = (x[nodes] - wide, y[nodes] - wide, x[nodes] + wide, y[nodes] + wide)

    def beside(node: Ints, edge: Ints) -> Bools:
        other = (network.u[edge] != node) & (network.v[edge] != node)
        other[other] = _may_lie_beside(ends, x[node[other]], y[node[other]], edge[other], wide)
        points = points_at(x[node[other]], y[node[other]])
        other[other] = shapely.dwithin(points, network.lines_of(edge[other]), reach_m)
        return np.asarray(other, bool)

    return _pairs(network, (nodes, boxes), edges, beside, file)


def ends_of(network: WalkNetwork) -> tuple[Floats, Floats, Floats, Floats]:
    """Return x and y of the first node of each edge, and of its last, metres."""
    x, y, u, v = network.x_m, network.y_m, network.u, network.v
    return x[u], y[u], x[v], y[v]


def _pairs(
    network: WalkNetwork,
    boxed: tuple[Ints, tuple[Floats, Floats, Floats, Floats]],
    edges: Ints,
    kept: Callable[[Ints, Ints], Bools],
    file: str,
) -> tuple[Ints, Ints]:
    """Pair what has boxes with the edges whose boxes meet them, where `kept` selects the pair."""
    tree = shapely.STRtree(network.lines_of(edges))
    number, boxes = boxed
    left, below, right, above = boxes
    among = boxes_of(*(side[edges] for side in ends_of(network)))
    found: list[tuple[Ints, Ints]] = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    n_near = n_kept = 0
    near = replace(LINE_PAIRS, most=max(LINE_PAIRS.most, _NEAR_EACH * len(network.u)))
    meetings = replace(MEETINGS, most=max(MEETINGS.most, len(network.u)))
    for rows in slices_of(boxes, among, _AT_ONCE):
        one, other = tree.query(
            shapely.box(left[rows], below[rows], right[rows], above[rows])
        ).astype(np.int64)
        a, b = number[one + rows.start], edges[other]
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
