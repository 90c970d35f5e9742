"""
Find long stretches of divided main roads without a crossing, where one may be missing.

A divided road has two one-way carriageways in opposite directions. People get from one to the
other by a crossing, a bridge or an underpass; where that takes a long walk, either the street has
no crossing or the data lack one, in which case walks are modelled longer than they are.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from circle15.inputs.shapes import points_at
from circle15.network.compiled import compiled
from circle15.network.walk_network import node_components

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.arrays import Floats, Ints
    from circle15.network.walk_network import WalkNetwork


WIDEST_M: Final = 50.0
"""Carriageways further apart are two streets. A choice: eight lanes and their verges."""

AROUND_M: Final = 350.0
"""
A longer walk to the other side indicates a missing crossing.

A choice: with crossings every 300 m it is 150 m to the next one, 50 m across and 150 m back.
"""

LISTED: Final = 10
_AGAINST: Final = -0.8
"""Cosine of the angle between two carriageways of one road: at most 37° from opposite."""
_MAIN: Final = frozenset({"trunk", "primary", "secondary", "tertiary"})
_ONE_WAY: Final = frozenset({"yes", "true", "1"})


def is_carriageway(tags: Mapping[str, str]) -> bool:
    """
    Return whether a way may be one side of a divided main road.

    Examples
    --------
    >>> is_carriageway({"highway": "primary", "oneway": "yes"})
    True
    >>> is_carriageway({"highway": "primary", "oneway": "yes", "junction": "roundabout"})
    False
    """
    if tags.get("junction") in {"roundabout", "circular"}:
        return False
    return tags.get("highway") in _MAIN and tags.get("oneway") in _ONE_WAY


@dataclass(frozen=True, slots=True)
class Uncrossed:
    """A stretch of a divided road, in the study CRS; `name` may be empty."""

    x_m: float
    y_m: float
    name: str
    length_m: float


@dataclass(frozen=True)
class DividedRoads:
    """
    Lengths of divided roads, metres, of both carriageways together.

    Attributes
    ----------
    length_m
        Length of carriageways with an opposite one beside them.
    uncrossed_m
        Length of those whose other side is more than `AROUND_M` away on foot.
    worst
        The ten longest uncrossed stretches, the longest first.
    """

    length_m: float
    uncrossed_m: float
    worst: tuple[Uncrossed, ...]


def divided_roads(network: WalkNetwork) -> DividedRoads | None:
    """Measure the divided roads of a network; None where its file does not mark them."""
    if network.carriageways is None:
        return None
    edge, beside, along = _pairs(network, network.carriageways)
    around = _around_m(network, edge, beside, along)
    far = around > AROUND_M
    length = network.length_m
    return DividedRoads(
        float(length[edge].sum()),
        float(length[edge[far]].sum()),
        _stretches(network, edge[far], beside[far])[:LISTED],
    )


def _pairs(network: WalkNetwork, edges: Ints) -> tuple[Ints, Ints, Floats]:
    """
    Find the nearest edge of the opposite carriageway for the middle of each edge.

    Returns
    -------
    The edges that have one, the opposite edges, and the fraction (0–1) of the nearest point along
    these.
    """
    x, y, u, v = network.x_m, network.y_m, network.u[edges], network.v[edges]
    run = np.column_stack([x[v] - x[u], y[v] - y[u]])
    run /= np.maximum(np.hypot(*run.T), 1e-9)[:, None]
    lines = network.lines_of(edges)
    middles = points_at((x[u] + x[v]) / 2, (y[u] + y[v]) / 2)
    tree = shapely.STRtree(lines)
    mine, other = tree.query(middles, predicate="dwithin", distance=WIDEST_M)
    fits = ((run[mine] * run[other]).sum(axis=1) <= _AGAINST) & (
        network.way_id[edges[mine]] != network.way_id[edges[other]]
    )
    mine, other = mine[fits], other[fits]
    metres = shapely.distance(middles[mine], lines[other])
    order = np.lexsort((other, metres, mine))
    mine, other = mine[order], other[order]
    first = np.unique(mine, return_index=True)[1]
    mine, other = mine[first], other[first]
    along = shapely.line_locate_point(lines[other], middles[mine], normalized=True)
    return edges[mine], edges[other], np.asarray(along, np.float64)


def _around_m(network: WalkNetwork, edge: Ints, beside: Ints, along: Floats) -> Floats:
    """Return the walk from the middle of each edge to a point of another; inf past `AROUND_M`."""
    ends = np.r_[network.u, network.v]
    order = np.argsort(ends, kind="stable")
    start = np.searchsorted(ends[order], np.arange(len(network.x_m) + 1))
    half, whole = network.length_m[edge] / 2, network.length_m[beside]
    found: Floats = _walks(
        (start, np.r_[network.v, network.u][order], np.tile(network.length_m, 2)[order]),
        (np.column_stack([network.u[edge], network.v[edge]]), np.column_stack([half, half])),
        (
            np.column_stack([network.u[beside], network.v[beside]]),
            np.column_stack([along * whole, (1 - along) * whole]),
        ),
        AROUND_M,
    )
    return found


@compiled
def _walks(arms: Any, origins: Any, goals: Any, limit: Any) -> Any:
    """Return the shortest walk from two nodes to two nodes, by pair, up to a limit."""
    start, other, metres = arms
    tails, tail_m = origins
    heads, head_m = goals
    best = np.full(len(start) - 1, np.inf)
    found = np.full(len(tails), np.inf)
    for k in range(len(tails)):
        queue = [(tail_m[k, 0], tails[k, 0]), (tail_m[k, 1], tails[k, 1])]
        heapq.heapify(queue)
        touched = [tails[k, 0], tails[k, 1]]
        for metre, node in queue:
            best[node] = min(best[node], metre)
        while queue:
            now, node = heapq.heappop(queue)
            if now > best[node]:
                continue
            for side in range(2):
                if heads[k, side] == node and now + head_m[k, side] <= limit:
                    found[k] = min(found[k], now + head_m[k, side])
            for arm in range(start[node], start[node + 1]):
                later = now + metres[arm]
                if later <= limit and later < best[other[arm]]:
                    best[other[arm]] = later
                    touched.append(other[arm])
                    heapq.heappush(queue, (later, other[arm]))
        for node in touched:
            best[node] = np.inf
    return found


def _stretches(network: WalkNetwork, edge: Ints, beside: Ints) -> tuple[Uncrossed, ...]:
    """Join edges that follow or face each other into stretches, the longest first."""
    if not len(edge):
        return ()
    u, v, length = network.u, network.v, network.length_m
    facing = np.isin(beside, edge)
    part = node_components(
        len(network.x_m), np.r_[u[edge], u[edge[facing]]], np.r_[v[edge], u[beside[facing]]]
    )[u[edge]]
    number, of_edge = np.unique(part, return_inverse=True)
    total = np.bincount(of_edge.ravel(), weights=length[edge])
    found = []
    for k in range(len(number)):
        mine = edge[of_edge.ravel() == k]
        one = int(mine[length[mine].argmax()])
        name = network.names.get(int(network.way_id[one]), "")
        x, y = (float(at[u[one]] + at[v[one]]) / 2 for at in (network.x_m, network.y_m))
        found.append(Uncrossed(x, y, name, float(total[k])))
    return tuple(sorted(found, key=lambda one: (-one.length_m, one.x_m, one.y_m)))
