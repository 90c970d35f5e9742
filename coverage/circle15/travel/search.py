"""Nearest destinations and catchments, exact to the millisecond.

The label of a time is the lexicographic minimum of (milliseconds, rank of the destination): the
two travel as one integer, `milliseconds · 2ᵇⁱᵗˢ + rank`, which a shortest-path search minimises
in one go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.travel.graph import CLOSED, Placed, Positions
from circle15.travel.kernels import FULL, SHIFT, nearest_keys

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.travel.graph import TravelGraph

    Ints = npt.NDArray[np.int64]

NOWHERE = -1
"""Rank and time of a point that reaches no destination within the horizon."""


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
    homes, goals = graph.place(origins), graph.place(destinations)
    time = np.full(len(origins), NOWHERE, np.int64)
    label = np.full(len(origins), NOWHERE, np.int64)
    if not len(homes) or not len(goals):
        return Nearest(time, label)
    bits = len(goals).bit_length()
    keys = nearest_junction_keys(graph, goals, bits, horizon_ms)
    first, last = graph.chains.first[homes.chain], graph.chains.last[homes.chain]
    best = np.minimum((homes.to_first << bits) + keys[first], (homes.to_last << bits) + keys[last])
    home, goal = pairs_on_one(homes.chain, goals.chain)
    direct = graph.along_chain_ms(homes, home, goals, goal) + goals.access[goal]
    np.minimum.at(best, home, (direct << bits) + goal)
    ms = (best >> bits) + homes.access
    inside = ms <= horizon_ms
    time[homes.row[inside]] = ms[inside]
    label[homes.row[inside]] = goals.row[best[inside] & ((1 << bits) - 1)]
    return Nearest(time, label)


def nearest_junction_keys(graph: TravelGraph, goals: Placed, bits: int, horizon_ms: int) -> Ints:
    """
    Key (milliseconds, rank of the goal) from every junction to its nearest goal.

    Returns
    -------
    int64, shape (junctions,); at least `CLOSED << bits` where no goal is within the horizon.
    """
    chains, arcs = graph.chains, graph.towards
    rank = np.arange(len(goals))
    seeds = np.r_[chains.first[goals.chain], chains.last[goals.chain]]
    ms = np.r_[goals.from_first + goals.access, goals.from_last + goals.access]
    seed_keys = (ms << bits) + np.r_[rank, rank]
    capacity = 4 * (len(arcs.head) + len(seeds)) + 1024
    while True:
        keys = np.full(chains.n_core, CLOSED << bits, np.int64)
        bucket = np.full((horizon_ms >> SHIFT) + 1, -1, np.int32)
        link, entry = np.empty(capacity, np.int32), np.empty(capacity, np.int32)
        used = nearest_keys(
            arcs.pointer, arcs.head, arcs.ms, seeds, seed_keys, bits, horizon_ms,
            keys, bucket, link, entry,
        )  # fmt: skip
        if used != FULL:
            return keys
        capacity *= 2


def pairs_on_one(first: Ints, second: Ints) -> tuple[Ints, Ints]:
    """
    All pairs of places that hold the same number, such as points on one chain.

    Examples
    --------
    >>> a, b = pairs_on_one(np.array([7, 3, 7]), np.array([7, 9, 7]))
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
