"""Nearest destinations, exact to the millisecond.

The label of a time is the lexicographic minimum of (milliseconds, rank of the destination): the
two are packed into one integer, `milliseconds · 2ᵇⁱᵗˢ + rank`, which a shortest-path search
minimises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.travel.engine.graph import CLOSED
from circle15.travel.engine.kernels import FULL, SHIFT, best_keys, nearest_keys, take_labels
from circle15.travel.engine.own_chain import OwnChains, in_order

if TYPE_CHECKING:
    from typing import Any

    from circle15.arrays import Bools, Ints
    from circle15.travel.engine.graph import Placed, Positions, TravelGraph


NOWHERE = -1
"""Row and time of a point that reaches no destination within the horizon."""


@dataclass(frozen=True)
class Nearest:
    """
    Nearest destination of each point.

    Attributes
    ----------
    time_ms : int64, shape (n,)
        Walking time with both access legs, milliseconds; -1 where none is within the horizon.
    destination : int64, shape (n,)
        Row of the destination; -1 where there is none. Of equal times the earlier row counts.
    """

    time_ms: Ints
    destination: Ints


class SharedOrigins:
    """
    Origins of several searches, which are located on each network only once.

    `forget` frees what was located: about 170 bytes for each origin and network.
    """

    def __init__(self, positions: Positions) -> None:
        self.positions = positions
        self._on: dict[int, tuple[TravelGraph, Placed, tuple[Any, ...]]] = {}

    def __len__(self) -> int:
        return len(self.positions)

    def on(self, graph: TravelGraph) -> tuple[Placed, tuple[Any, ...]]:
        """Return the origins on the chains of a network, and the same in the order of these."""
        if id(graph) not in self._on:
            placed = graph.place(self.positions)
            # The graph is kept, so that no other gets its number.
            self._on[id(graph)] = graph, placed, in_order(placed)
        return self._on[id(graph)][1:]

    def forget(self) -> None:
        """Free what was located."""
        self._on.clear()


def nearest(
    graph: TravelGraph,
    origins: Positions | SharedOrigins,
    destinations: Positions,
    *,
    horizon_ms: int,
) -> Nearest:
    """
    Find the nearest destination of each origin.

    Parameters
    ----------
    origins, destinations
        Points on the network; those that have not joined it (edge -1) reach nothing.
    horizon_ms
        Longest time searched, milliseconds, inclusive.

    Returns
    -------
    Times and rows of `destinations`, which must be ordered by id for ties to go to the smaller id.
    """
    every = np.ones(len(destinations), bool)
    return NearestIndex(graph, origins, destinations, every, horizon_ms=horizon_ms).nearest()


class NearestIndex:
    """
    Nearest open destination of each origin, updated as destinations open and close.

    Opening searches from the new destination only, as far as it is the nearest. Closing repairs the
    junctions that it served, from their neighbours inwards. Both give exactly the result of a full
    search.

    Parameters
    ----------
    origins
        Points on the network.
    destinations
        Every destination that is or may become open, ordered by id: of equal times the earlier
        row counts.
    is_open : bool, shape (destinations,)
        Destinations that are open initially.
    horizon_ms
        Longest time searched, milliseconds, inclusive.
    """

    def __init__(
        self,
        graph: TravelGraph,
        origins: Positions | SharedOrigins,
        destinations: Positions,
        is_open: Bools,
        *,
        horizon_ms: int,
    ) -> None:
        self.graph = graph
        self.horizon_ms = horizon_ms
        self.n_origins = len(origins)
        shared = origins if isinstance(origins, SharedOrigins) else SharedOrigins(origins)
        self.homes, ordered = shared.on(graph)
        self.goals = graph.place(destinations)
        self.place_of_row = np.full(len(destinations), -1, np.int64)
        self.place_of_row[self.goals.row] = np.arange(len(self.goals))
        self.bits = max(len(self.goals).bit_length(), 1)
        self.far = CLOSED << self.bits
        goals, chains = self.goals, graph.chains
        self.seed = np.column_stack([chains.first[goals.chain], chains.last[goals.chain]])
        ms = np.column_stack([goals.from_first + goals.access, goals.from_last + goals.access])
        self.seed_key = (ms << self.bits) + np.arange(len(goals))[:, None]
        self._own_chains = OwnChains(graph, ordered, goals)
        self.keys = np.full(chains.n_core, self.far, np.int64)
        self.is_open = np.zeros(len(goals), bool)
        self.open(*np.flatnonzero(is_open))

    def open(self, *rows: int) -> None:
        """Open destinations; no effect for those already open or not on the network."""
        places = self.place_of_row[np.array(rows, np.int64)]
        places = np.unique(places[places >= 0])
        places = places[~self.is_open[places]]
        self.is_open[places] = True
        self._spread(self.seed[places].ravel(), self.seed_key[places].ravel())

    def close(self, row: int) -> None:
        """Close a destination; no effect if it is not open."""
        place = self.place_of_row[row]
        if place < 0 or not self.is_open[place]:
            return
        self.is_open[place] = False
        served = (self.keys & ((1 << self.bits) - 1) == place) & (self.keys < self.far)
        self.keys[served] = self.far
        arcs = self.graph.towards
        tail = np.repeat(np.arange(len(self.keys)), np.diff(arcs.pointer))
        inward = served[arcs.head] & ~served[tail]
        inward &= self.keys[tail] < self.far
        from_rim = self.keys[tail[inward]] + (arcs.ms[inward].astype(np.int64) << self.bits)
        others = np.flatnonzero(self.is_open & served[self.seed].any(axis=1))
        self._spread(
            np.r_[arcs.head[inward], self.seed[others].ravel()],
            np.r_[from_rim, self.seed_key[others].ravel()],
        )

    def nearest(self) -> Nearest:
        """Return the times and rows of the nearest open destination of each origin."""
        homes, chains = self.homes, self.graph.chains
        best = np.empty(len(homes), np.int64)
        best_keys(
            homes.chain,
            homes.to_first,
            homes.to_last,
            chains.first,
            chains.last,
            self.keys,
            self.bits,
            best,
        )
        self._own_chains.improve(best, self.is_open, self.bits)
        time = np.full(self.n_origins, NOWHERE, np.int64)
        label = np.full(self.n_origins, NOWHERE, np.int64)
        take_labels(
            best, homes.access, homes.row, self.goals.row, self.bits, self.horizon_ms, time, label
        )
        return Nearest(time, label)

    def _spread(self, seeds: Ints, seed_keys: Ints) -> None:
        """Continue the search from junctions with keys that may improve theirs."""
        arcs = self.graph.towards
        capacity = 4 * (len(arcs.head) + len(seeds)) + 1024
        while True:
            keys = self.keys.copy()
            bucket = np.full((self.horizon_ms >> SHIFT) + 1, -1, np.int32)
            link, entry = np.empty(capacity, np.int32), np.empty(capacity, np.int32)
            used = nearest_keys(
                arcs.pointer,
                arcs.head,
                arcs.ms,
                np.asarray(seeds, np.int64),
                seed_keys,
                self.bits,
                self.horizon_ms,
                keys,
                bucket,
                link,
                entry,
            )
            if used != FULL:
                self.keys = keys
                return
            capacity *= 2
