"""
Waiting times at signals, crossings of main roads, and lifts.

A wait belongs to a node or to a way; it is charged on edges, since only edges carry a time.

- **A way that is a crossing** (`footway=crossing` and the like, or a foot path with `crossing`)
  carries its wait along its length: walking all of it costs the whole wait, walking part of it
  the same part of the wait. Nodes on it charge nothing on its edges, so
  that a way and a node that describe one crossing are not charged twice. It has signals if it or
  one of its nodes says so; else it is a crossing of a main road if one of its nodes lies on one.
- **A crossing node on a foot path** is charged on the foot path: half on the edge into the node,
  half on the edge out of it. Walking along the road through the node crosses nothing and costs
  no wait. Without signals only crossings of main roads cost a wait.
- **Signals at a junction of streets** are charged in the same way on all its edges: streets are
  drawn as one line, and a walk through the junction crosses the other street. A junction has
  signals too if the nearest node with signals lies on one of its arms, at most `junction_m` away
  (a stop line); that node itself costs no wait. Turning is charged like going straight on, since
  the network has no turn costs.
- **A junction of several nodes** (divided roads) is one: an edge of at most `junction_m` between
  two nodes that charge it carries nothing, so entering and leaving add up to one wait.
- **A lift** (`highway=elevator`) is charged like a crossing: as a way along its length, as a node
  half and half.

The halves make a wait the same in both directions from any start: a home in the middle of an edge
that leads to a crossing pays its share of the edge's half both on the way out and on the way back.
Charged wholly on the edge into the node, or out of it, the two directions would differ.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.network.osm.walk_filter import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from circle15.arrays import Bools, Floats, Ints
    from circle15.study.vocabulary.profiles import Profile

    Test = Callable[[Mapping[str, str]], bool]

_FOOT: Final = frozenset(
    {
        "footway",
        "path",
        "steps",
        "pedestrian",
        "corridor",
        "platform",
        "elevator",
        "bridleway",
        "cycleway",
        "track",
    }
)
_CROSSING_KEYS: Final = ("footway", "path", "cycleway")
_SIGNALS: Final = frozenset({"traffic_signals", "toucan", "pelican", "puffin", "pegasus"})
_JUNCTION: Final = 3
"""A node with this many road edges is a junction."""


def is_foot_path(tags: Mapping[str, str]) -> bool:
    """Return whether a way is a path, not a street with a carriageway."""
    return kind_of(tags) in _FOOT


def is_crossing_way(tags: Mapping[str, str]) -> bool:
    """Return whether a way is nothing but a crossing of a road."""
    if not is_foot_path(tags):
        return False
    named = any(tags.get(key) == "crossing" for key in _CROSSING_KEYS)
    return named or tags.get("crossing", "no") != "no"


def has_signals(tags: Mapping[str, str]) -> bool:
    """
    Return whether the tags of a node or way state signals that apply to people on foot.

    Examples
    --------
    >>> has_signals({"highway": "traffic_signals"}), has_signals({"crossing": "traffic_signals"})
    (True, True)
    >>> has_signals({"highway": "traffic_signals", "crossing": "no"})
    False
    """
    if tags.get("crossing") == "no":
        return False
    return (
        tags.get("highway") == "traffic_signals"
        or tags.get("crossing") in _SIGNALS
        or tags.get("crossing:signals", "no") != "no"
    )


@dataclass(frozen=True)
class TaggedEdges:
    """
    Edges with the tags of their ways and nodes.

    Attributes
    ----------
    ways
        Tags of each way.
    nodes
        Tags by the index of the node, for nodes with tags that matter.
    u, v, owner : int64, shape (edges,)
        First and last node of each edge, and its way. The edges of a way are consecutive and in
        their order.
    length_m : float64, shape (edges,)
        Ellipsoidal.
    n_nodes
        Number of nodes.
    """

    ways: Sequence[Mapping[str, str]]
    nodes: Mapping[int, Mapping[str, str]]
    u: Ints
    v: Ints
    owner: Ints
    length_m: Floats
    n_nodes: int

    def edges_where(self, test: Test) -> Bools:
        """Return a mask of the edges whose way passes a test of its tags."""
        return self.ways_where(test)[self.owner]

    def ways_where(self, test: Test) -> Bools:
        """Return a mask of the ways that pass a test of their tags."""
        return np.fromiter((test(tags) for tags in self.ways), bool, len(self.ways))

    def nodes_where(self, test: Test) -> Bools:
        """Return a mask of the nodes that pass a test of their tags."""
        found = np.zeros(self.n_nodes, bool)
        found[[node for node, tags in self.nodes.items() if test(tags)]] = True
        return found

    def ends_of(self, edges: Bools) -> Bools:
        """Return a mask of the nodes at the ends of some edges."""
        found = np.zeros(self.n_nodes, bool)
        found[self.u[edges]] = True
        found[self.v[edges]] = True
        return found

    def ways_at(self, nodes: Bools) -> Bools:
        """Return a mask of the ways that have one of these nodes."""
        found = np.zeros(len(self.ways), bool)
        found[self.owner[nodes[self.u] | nodes[self.v]]] = True
        return found


def waits_ms(profile: Profile, edges: TaggedEdges) -> tuple[Ints, Ints]:
    """
    Return the milliseconds of waiting on each edge.

    Returns
    -------
    Two int64 arrays of shape (edges,), from the first node to the last and back. A path through a
    crossing sums up to its wait exactly, in both directions.
    """
    u, v = edges.u, edges.v
    foot = edges.edges_where(is_foot_path)
    main = edges.edges_where(lambda tags: tags.get("highway") in profile.main_roads)
    crossing = edges.edges_where(is_crossing_way)
    signals = edges.nodes_where(has_signals)
    unsignalled = edges.nodes_where(_is_crossing) & ~signals & edges.ends_of(main)
    junction = signals | _near_stop_lines(profile, edges, ~foot, signals & ~edges.ends_of(foot))
    junction &= _degree(edges, ~foot) >= _JUNCTION

    def charged(end: Ints) -> Ints:
        at_signals = (junction[end] | (signals[end] & foot)) & ~crossing
        at_road = unsignalled[end] & ~main & ~junction[end] & ~crossing
        waits = [_ms(profile.signal_s), _ms(profile.unsignalled_s)]
        return np.select([at_signals, at_road], waits, 0).astype(np.int64)

    at_u, at_v = charged(u), charged(v)
    inside = (at_u > 0) & (at_v > 0) & (edges.length_m <= profile.junction_m)
    at_u, at_v = np.where(inside, 0, at_u), np.where(inside, 0, at_v)
    lifts = _ms(profile.lift_s) * edges.nodes_where(_is_lift)
    walked = ~edges.edges_where(_is_lift)
    at_u, at_v = at_u + lifts[u] * walked, at_v + lifts[v] * walked
    spread = _spread(_way_waits(profile, edges, signals, main), edges.owner, edges.length_m)
    # The odd millisecond is charged on the edge into the node, in either direction.
    return (at_v + 1) // 2 + at_u // 2 + spread, (at_u + 1) // 2 + at_v // 2 + spread


def _ms(seconds: Fraction) -> int:
    return math.floor(seconds * 1000 + Fraction(1, 2))


def _is_crossing(tags: Mapping[str, str]) -> bool:
    said = tags.get("crossing", "yes" if tags.get("highway") == "crossing" else "no")
    return said != "no"


def _is_lift(tags: Mapping[str, str]) -> bool:
    return tags.get("highway") == "elevator"


def _degree(edges: TaggedEdges, which: Bools) -> Ints:
    ends = np.r_[edges.u[which], edges.v[which]]
    return np.bincount(ends, minlength=edges.n_nodes).astype(np.int64)


def _near_stop_lines(profile: Profile, edges: TaggedEdges, roads: Bools, signals: Bools) -> Bools:
    """Return the nearest junctions along a street from each stop line, within `junction_m`."""
    found = np.zeros(edges.n_nodes, bool)
    degree = _degree(edges, roads)
    stop_lines = np.flatnonzero(signals & (degree > 0) & (degree < _JUNCTION))
    ends = np.r_[edges.u[roads], edges.v[roads]]
    order = np.argsort(ends, kind="stable")
    start = np.searchsorted(ends[order], np.arange(edges.n_nodes + 1))
    other = np.r_[edges.v[roads], edges.u[roads]][order]
    metres = np.tile(edges.length_m[roads], 2)[order]
    for stop_line in stop_lines:
        for arm in range(start[stop_line], start[stop_line + 1]):
            came, node, walked = stop_line, other[arm], metres[arm]
            while walked <= profile.junction_m and degree[node] == 2 and node != stop_line:
                a = start[node]
                on = a + 1 if other[a] == came else a
                came, node, walked = node, other[on], walked + metres[on]
            if walked <= profile.junction_m and degree[node] >= _JUNCTION:
                found[node] = True
    return found


def _way_waits(profile: Profile, edges: TaggedEdges, signals: Bools, main: Bools) -> Ints:
    """Return the milliseconds of waiting of each way as a whole, shape (ways,)."""
    crossing = edges.ways_where(is_crossing_way)
    with_signals = crossing & (edges.ways_where(has_signals) | edges.ways_at(signals))
    over_main = crossing & edges.ways_at(edges.ends_of(main))
    waits = [_ms(profile.signal_s), _ms(profile.unsignalled_s), _ms(profile.lift_s)]
    which = [with_signals, over_main, edges.ways_where(_is_lift)]
    return np.select(which, waits, 0).astype(np.int64)


def _spread(along: Ints, owner: Ints, length_m: Floats) -> Ints:
    """Split the wait of each way over its edges by their length; the parts sum to the whole."""
    spread = np.zeros(len(owner), np.int64)
    edges = np.flatnonzero(along[owner] > 0)
    if not len(edges):
        return spread
    way = owner[edges]
    starts = np.flatnonzero(np.r_[True, way[1:] != way[:-1]])
    run = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(way)]))
    reached = np.cumsum(length_m[edges])
    before = np.r_[0.0, reached][starts]
    total = np.add.reduceat(length_m[edges], starts)
    share = np.divide(
        reached - before[run], total[run], out=np.ones(len(run)), where=total[run] > 0
    )
    last = np.r_[starts[1:], len(way)] - 1
    share[last] = 1.0  # exactly, whatever the rounding of the sums
    until = np.floor(along[way] * share + 0.5).astype(np.int64)
    spread[edges] = np.diff(until, prepend=0)
    spread[edges[starts]] = until[starts]
    return spread
