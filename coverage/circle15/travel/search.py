"""Nearest destinations and catchments, exact to the millisecond.

The label of a time is the lexicographic minimum of (milliseconds, rank of the destination): the
two travel as one number, `milliseconds · 2ᵏ + rank`, which a shortest-path search minimises in
one go. Such numbers stay below 2⁵³, where float64 holds every integer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from circle15.travel.graph import CLOSED, Positions

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from circle15.travel.graph import TravelGraph

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

NOWHERE = -1
"""Rank and time of a point that reaches no destination within the horizon."""

_CHUNK = 64  # facilities per search of the catchments: 64 rows of times at once


@dataclass(frozen=True)
class Nearest:
    """
    Nearest destination of each point.

    Attributes
    ----------
    time_ms : int64, shape (n,)
        Walking time with both access legs; -1 where none is within the horizon.
    destination : int64, shape (n,)
        Row of the destination; -1 where none. Of equal times the earlier row counts.
    """

    time_ms: Ints
    destination: Ints


def nearest(
    graph: TravelGraph, origins: Positions, destinations: Positions, *, horizon_ms: int
) -> Nearest:
    """
    Find the nearest destination of each origin.

    Parameters
    ----------
    origins, destinations
        Points on the network; those that have not joined it (edge -1) reach nothing.
    horizon_ms
        Longest time looked at, inclusive.

    Returns
    -------
    Times and rows of `destinations`; order these by id, so that ties go to the smaller id.
    """
    time = np.full(len(origins), NOWHERE, np.int64)
    label = np.full(len(origins), NOWHERE, np.int64)
    rows = np.flatnonzero(destinations.edge >= 0)
    homes = np.flatnonzero(origins.edge >= 0)
    if not len(rows) or not len(homes):
        return Nearest(time, label)
    bits = len(rows).bit_length()
    goals, start = destinations.take(rows), origins.take(homes)
    rank = np.arange(len(rows))
    node_key = _search_to(graph, goals, rank, bits, horizon_ms)
    best = _through_nodes(graph, start, node_key, bits)
    home, goal = pairs_on_one_edge(start.edge, goals.edge)
    direct = graph.along_ms(start.take(home), goals.take(goal)) + goals.access_ms[goal]
    np.minimum.at(best, home, (direct << bits) + rank[goal])
    ms = (best >> bits) + start.access_ms
    inside = ms <= horizon_ms
    time[homes[inside]] = ms[inside]
    label[homes[inside]] = rows[best[inside] & ((1 << bits) - 1)]
    return Nearest(time, label)


def _search_to(
    graph: TravelGraph, goals: Positions, rank: Ints, bits: int, horizon_ms: int
) -> Ints:
    """Key (milliseconds, rank) from every node to its nearest goal; beyond the horizon `CLOSED`."""
    from_u, from_v = graph.arrive_ms(goals)
    node = np.r_[graph.u[goals.edge], graph.v[goals.edge]]
    key = ((np.r_[from_u, from_v] + np.tile(goals.access_ms, 2)) << bits) + np.tile(rank, 2)
    usable = (key >> bits) <= horizon_ms
    order = np.lexsort((key[usable], node[usable]))
    node, key = node[usable][order], key[usable][order]
    first = np.r_[True, node[1:] != node[:-1]][: len(node)]
    base = graph.towards
    # One more node, from which an arc leads to each seed with the seed's own key.
    matrix = csr_array(
        (
            np.r_[base.data * float(1 << bits), key[first].astype(np.float64)],
            np.r_[base.indices, node[first]],
            np.r_[base.indptr, base.nnz + first.sum()],
        ),
        shape=(graph.n_nodes + 1, graph.n_nodes + 1),
    )
    limit = float((horizon_ms + 1) << bits)
    found = dijkstra(matrix, indices=graph.n_nodes, limit=limit)[: graph.n_nodes]
    return np.where(np.isfinite(found), found, float(CLOSED << bits)).astype(np.int64)


def _through_nodes(graph: TravelGraph, start: Positions, node_key: Ints, bits: int) -> Ints:
    """Best key of each start by way of the ends of its edge, without its access leg."""
    to_u, to_v = graph.leave_ms(start)
    return np.minimum(
        (to_u << bits) + node_key[graph.u[start.edge]],
        (to_v << bits) + node_key[graph.v[start.edge]],
    )


def pairs_on_one_edge(first: Ints, second: Ints) -> tuple[Ints, Ints]:
    """
    All pairs of positions that lie on one edge.

    Examples
    --------
    >>> a, b = pairs_on_one_edge(np.array([7, 3, 7]), np.array([7, 9, 7]))
    >>> sorted(zip(a.tolist(), b.tolist()))
    [(0, 0), (0, 2), (2, 0), (2, 2)]
    """
    order = np.argsort(second, kind="stable")
    ranked = second[order]
    low, high = np.searchsorted(ranked, first, "left"), np.searchsorted(ranked, first, "right")
    count = high - low
    a = np.repeat(np.arange(len(first)), count)
    offset = np.arange(len(a)) - np.repeat(np.cumsum(count) - count, count)
    return a, order[np.repeat(low, count) + offset]


def catchments(
    graph: TravelGraph, origins: Positions, destinations: Positions, *, cutoff_ms: int
) -> Iterator[tuple[int, Ints, Ints]]:
    """
    Stream the catchment of each destination.

    Yields
    ------
    Row of the destination, rows of the origins that reach it within the cutoff (inclusive), in
    rising order, and their times in milliseconds. Destinations that have not joined the network
    have no catchment and are left out.
    """
    rows = np.flatnonzero(destinations.edge >= 0)
    homes = np.flatnonzero(origins.edge >= 0)
    start = origins.take(homes)
    to_u, to_v = graph.leave_ms(start)
    u, v = graph.u[start.edge], graph.v[start.edge]
    for begin in range(0, len(rows), _CHUNK):
        chunk = rows[begin : begin + _CHUNK]
        goals = destinations.take(chunk)
        node_ms = _one_by_one(graph, goals, cutoff_ms)
        home, goal = pairs_on_one_edge(start.edge, goals.edge)
        direct = graph.along_ms(start.take(home), goals.take(goal)) + goals.access_ms[goal]
        for k, row in enumerate(chunk):
            best = np.minimum(to_u + node_ms[k][u], to_v + node_ms[k][v])
            mine = goal == k
            np.minimum.at(best, home[mine], direct[mine])
            best += start.access_ms
            inside = np.flatnonzero(best <= cutoff_ms)
            yield int(row), homes[inside], best[inside]


def _one_by_one(graph: TravelGraph, goals: Positions, cutoff_ms: int) -> Ints:
    """Milliseconds from every node to each goal, shape (goals, nodes); `CLOSED` beyond the cutoff."""
    from_u, from_v = graph.arrive_ms(goals)
    u, v = graph.u[goals.edge], graph.v[goals.edge]
    base = graph.towards
    # One more node per goal with an arc to each end of its edge; of a loop the shorter one.
    loop = u == v
    first = np.where(loop, np.minimum(from_u, from_v), from_u) + goals.access_ms
    second = np.where(loop, CLOSED, from_v + goals.access_ms)
    ends = np.column_stack([u, v]).ravel()
    ms = np.column_stack([first, second]).ravel()
    owner = np.repeat(np.arange(len(goals)), 2)
    usable = ms <= cutoff_ms
    counts = np.bincount(owner[usable], minlength=len(goals))
    size = graph.n_nodes + len(goals)
    matrix = csr_array(
        (
            np.r_[base.data, ms[usable].astype(np.float64)],
            np.r_[base.indices, ends[usable]],
            np.r_[base.indptr, base.nnz + np.cumsum(counts)],
        ),
        shape=(size, size),
    )
    found = dijkstra(matrix, indices=np.arange(graph.n_nodes, size), limit=float(cutoff_ms))
    found = found[:, : graph.n_nodes]
    return np.where(np.isfinite(found), found, float(CLOSED)).astype(np.int64)
