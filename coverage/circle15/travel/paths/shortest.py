"""Find the shortest path between two points, edge by edge, for one walking time."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.travel.engine.graph import Placed, Positions, TravelGraph

HOME: Final = -2
GOAL: Final = -1
"""Node numbers of the origin and the destination in the search."""


class Side(Enum):
    """End of a hop on its chain: one of the junctions, or a point."""

    FIRST = 0
    LAST = 1
    POINT = 2


@dataclass(frozen=True, slots=True)
class Stretch:
    """
    An edge, or part of it, in the direction of walking.

    Attributes
    ----------
    edge
        Index of the edge in the network.
    start, end
        Where walking begins and ends, as fractions from the edge's first node, 0–1.
    ms
        Time on it, milliseconds.
    """

    edge: int
    start: float
    end: float
    ms: int

    @property
    def forward(self) -> bool:
        """Whether the edge is walked from its first node towards its last."""
        return self.end > self.start

    @property
    def share(self) -> float:
        """Share of the edge that is walked, 0–1."""
        return abs(self.end - self.start)


@dataclass(frozen=True, slots=True)
class ShortestPath:
    """
    A path with its access legs.

    Attributes
    ----------
    access_ms, egress_ms
        Times of the straight legs at the origin and at the destination, milliseconds.
    stretches
        The edges in walking order, each from the end of the one before.
    """

    access_ms: int
    stretches: tuple[Stretch, ...]
    egress_ms: int

    @property
    def time_ms(self) -> int:
        """Time of the whole walk, milliseconds."""
        return self.access_ms + sum(one.ms for one in self.stretches) + self.egress_ms


def shortest_path(
    graph: TravelGraph, origin: Positions, destination: Positions, *, horizon_ms: int
) -> ShortestPath | None:
    """
    Find the shortest path from one point to another.

    Parameters
    ----------
    origin, destination
        One point each.
    horizon_ms
        Longest time searched, milliseconds, inclusive.

    Returns
    -------
    The path, with exactly the time that `search.nearest` finds; None where there is none within
    the horizon, or where a point has not joined the network. The choice among paths with the same
    time is deterministic.
    """
    home, goal = graph.place(origin), graph.place(destination)
    if not len(home) or not len(goal):
        return None
    access_ms, egress_ms = int(home.access[0]), int(goal.access[0])
    hops = _search(_Hops(graph, home, goal), horizon_ms - access_ms - egress_ms)
    if hops is None:
        return None
    ends = _spot_of(home), _spot_of(goal)
    stretches = tuple(s for hop in hops for s in _stretches(graph, hop, *ends))
    return ShortestPath(access_ms, stretches, egress_ms)


@dataclass(frozen=True, slots=True)
class _Hop:
    """A walk along one chain, from a junction or `HOME` to a junction or `GOAL`."""

    tail: int
    head: int
    chain: int
    begin: Side
    end: Side


class _Hops:
    """The hops of the search, with their times."""

    def __init__(self, graph: TravelGraph, home: Placed, goal: Placed) -> None:
        chains = graph.chains
        start, stop = chains.start[:-1], chains.start[1:]
        self.first, self.last = chains.first.tolist(), chains.last.tolist()
        self.on_ms = (graph.on_before[stop] - graph.on_before[start]).tolist()
        self.back_ms = (graph.back_before[stop] - graph.back_before[start]).tolist()
        self.pointer, self.chains = (part.tolist() for part in graph.chain_sides[:2])
        self.out = self._from_home(graph, home, goal)
        chain = int(goal.chain[0])
        self.arriving = [
            (int(goal.from_first[0]), _Hop(self.first[chain], GOAL, chain, Side.FIRST, Side.POINT)),
            (int(goal.from_last[0]), _Hop(self.last[chain], GOAL, chain, Side.LAST, Side.POINT)),
        ]

    def _from_home(self, graph: TravelGraph, home: Placed, goal: Placed) -> list[tuple[int, _Hop]]:
        chain = int(home.chain[0])
        hops = [
            (int(home.to_first[0]), _Hop(HOME, self.first[chain], chain, Side.POINT, Side.FIRST)),
            (int(home.to_last[0]), _Hop(HOME, self.last[chain], chain, Side.POINT, Side.LAST)),
        ]
        if chain == goal.chain[0]:
            pair = np.array([0])
            direct = int(graph.along_chain_ms(home, pair, goal, pair)[0])
            hops.append((direct, _Hop(HOME, GOAL, chain, Side.POINT, Side.POINT)))
        return hops

    def of(self, node: int) -> Iterator[tuple[int, _Hop]]:
        """Yield every hop from `HOME` or a junction, with its milliseconds."""
        if node == HOME:
            yield from self.out
            return
        yield from (timed for timed in self.arriving if timed[1].tail == node)
        for chain in self.chains[self.pointer[node] : self.pointer[node + 1]]:
            first, last = self.first[chain], self.last[chain]
            if first == last:
                continue  # a loop leads nowhere
            if node == first:
                yield self.on_ms[chain], _Hop(node, last, chain, Side.FIRST, Side.LAST)
            else:
                yield self.back_ms[chain], _Hop(node, first, chain, Side.LAST, Side.FIRST)


def _search(hops: _Hops, limit_ms: int) -> list[_Hop] | None:
    """Search from `HOME` to `GOAL` (Dijkstra); None where the path is longer than the limit."""
    reached = {HOME: 0}
    came: dict[int, _Hop] = {}
    queue = [(0, HOME)]
    while queue:
        now_ms, node = heapq.heappop(queue)
        if node == GOAL:
            return _way_back(came)
        if now_ms > reached[node]:
            continue
        for ms, hop in hops.of(node):
            later_ms = now_ms + ms
            if later_ms < reached.get(hop.head, limit_ms + 1):
                reached[hop.head] = later_ms
                came[hop.head] = hop
                heapq.heappush(queue, (later_ms, hop.head))
    return None


def _way_back(came: dict[int, _Hop]) -> list[_Hop]:
    hops = [came[GOAL]]
    while hops[-1].tail != HOME:
        hops.append(came[hops[-1].tail])
    return hops[::-1]


@dataclass(frozen=True, slots=True)
class _Spot:
    """
    A position on a chain.

    `order` is the index of its edge in `Chains.edges`, `along` the position along the edge in the
    direction of the chain, 0–1; `on_in` and `back_in` are the times from the two ends of the edge
    to it, walking along the chain and against it.
    """

    order: int
    along: float
    on_in: int
    back_in: int


def _spot_of(point: Placed) -> _Spot:
    return _Spot(
        int(point.order[0]), float(point.along[0]), int(point.on_in[0]), int(point.back_in[0])
    )


def _edge_begin(graph: TravelGraph, order: int) -> _Spot:
    return _Spot(order, 0.0, 0, int(graph.back_ms[order]))


def _edge_end(graph: TravelGraph, order: int) -> _Spot:
    return _Spot(order, 1.0, int(graph.on_ms[order]), 0)


def _stretches(graph: TravelGraph, hop: _Hop, home: _Spot, goal: _Spot) -> Iterator[Stretch]:
    """Yield the edges of a hop, without parts of length 0."""
    start, stop = graph.chains.start[hop.chain : hop.chain + 2].tolist()
    sides = {Side.FIRST: _edge_begin(graph, start), Side.LAST: _edge_end(graph, stop - 1)}
    begin, end = sides.get(hop.begin, home), sides.get(hop.end, goal)
    on = (begin.order, begin.along) < (end.order, end.along)
    orders = range(begin.order, end.order + 1) if on else range(begin.order, end.order - 1, -1)
    near, far = (_edge_begin, _edge_end) if on else (_edge_end, _edge_begin)
    for order in orders:
        one = begin if order == begin.order else near(graph, order)
        other = end if order == end.order else far(graph, order)
        if one.along == other.along:
            continue
        edge = int(graph.chains.edges[order])
        if edge >= len(graph.ms_fwd) - graph.links:
            continue  # a link out of a compound, which is not a way and takes no time
        turned = graph.chains.reversed[edge]
        yield Stretch(
            edge=edge,
            start=1.0 - one.along if turned else one.along,
            end=1.0 - other.along if turned else other.along,
            ms=other.on_in - one.on_in if on else other.back_in - one.back_in,
        )
