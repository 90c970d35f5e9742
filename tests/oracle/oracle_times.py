"""
The oracle's snapping and walking times: brute force and networkx, exact throughout.

Times are Python integers, speeds are fractions, and the test whether a leg touches a barrier is
decided with rational numbers; only the position along an edge and the length of a leg are floats,
as the contract defines them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np

from tests.oracle.oracle_network import XY, Edge, Line, Node, OracleNetwork

TOO_FAR = "TOO_FAR"
ACCESS_BARRIER = "ACCESS_BARRIER"
HORIZON_MS = 3_600_000
SOURCE: Node = ("source of the search",)

Label = tuple[int, str]
"""A walking time in milliseconds and the facility it leads to."""


@dataclass(frozen=True)
class Snap:
    """Where a point joins the network: index of the edge, fraction from its u, leg in mm."""

    edge: int
    fraction: float
    access_mm: int


@dataclass(frozen=True)
class Place:
    """A home or a facility: its id, and its snap or the code of why it has none."""

    id: str
    snap: Snap | str


# --- Snapping ---------------------------------------------------------------------------------


def _side(a: XY, b: XY, p: XY) -> int:
    """On which side of the line from a to b a point lies (1 left, -1 right, 0 on it), exactly."""
    ax, ay, bx, by, px, py = (Fraction(value) for value in (*a, *b, *p))
    turn = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    return (turn > 0) - (turn < 0)


def _in_box(a: XY, b: XY, p: XY) -> bool:
    return min(a[0], b[0]) <= p[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= p[1] <= max(a[1], b[1])


def lines_touch(leg: Line, barrier: Line) -> bool:
    """Whether two closed straight lines share a point (ends included, points allowed)."""
    (a, b), (c, d) = leg, barrier
    sides = _side(c, d, a), _side(c, d, b), _side(a, b, c), _side(a, b, d)
    if sides[0] * sides[1] < 0 and sides[2] * sides[3] < 0:
        return True
    return (
        (sides[0] == 0 and _in_box(c, d, a))
        or (sides[1] == 0 and _in_box(c, d, b))
        or (sides[2] == 0 and _in_box(a, b, c))
        or (sides[3] == 0 and _in_box(a, b, d))
    )


OPEN_M = 1.0
"""Half the width of a gate, and of any node that a barrier shares with a street."""


class _Barriers:
    """
    Barrier lines, open at gates and street nodes; only those whose box meets the leg's are tested.

    A leg crosses where they lead from one of its sides to the other, more than a millimetre from
    both of its ends: lines half a millimetre to its left and to its right both meet some.
    """

    def __init__(self, network: OracleNetwork) -> None:
        walked = {n for e in network.edges if not e.motorway for n in (e.u, e.v)}
        gaps = [network.node_xy[n] for n in walked] + list(network.gates)
        opened = {(round(x, 3), round(y, 3)) for x, y in gaps}
        low = list(network.low) or [False] * len(network.barriers)
        self.lines: list[Line] = []
        self.low_kind: list[bool] = []
        for (a, b), kind in zip(network.barriers, low, strict=True):
            long_m = math.dist(a, b)
            first, last = (OPEN_M * ((round(p[0], 3), round(p[1], 3)) in opened) for p in (a, b))
            if long_m > first + last:
                self.lines.append((_towards(a, b, first), _towards(b, a, last)))
                self.low_kind.append(kind)
        x, y = np.array(self.lines, dtype=float).reshape(-1, 2, 2).transpose(2, 0, 1)
        self.west, self.east = x.min(axis=1), x.max(axis=1)
        self.south, self.north = y.min(axis=1), y.max(axis=1)

    def stop(self, leg: Line, *, walls: bool) -> bool:
        """Whether a leg crosses a wall, fence or hedge, or (without `walls`) anything else."""
        (px, py), (qx, qy) = leg
        long_m = math.dist(*leg)
        if long_m <= 0.002:
            return False
        beside = (self.west <= max(px, qx) + 0.001) & (self.east >= min(px, qx) - 0.001)
        beside &= (self.south <= max(py, qy) + 0.001) & (self.north >= min(py, qy) - 0.001)
        near = [i for i in np.flatnonzero(beside).tolist() if self.low_kind[i] == walls]
        if not near:
            return False
        ux, uy = (qx - px) / long_m, (qy - py) / long_m

        def met(side: float) -> bool:
            ox, oy = -uy * side, ux * side
            shifted = (
                (px + ux * 0.001 + ox, py + uy * 0.001 + oy),
                (qx - ux * 0.001 + ox, qy - uy * 0.001 + oy),
            )
            return any(lines_touch(shifted, self.lines[i]) for i in near)

        return met(0.0005) and met(-0.0005)


def _towards(a: XY, b: XY, step_m: float) -> XY:
    if step_m == 0:
        return a
    share = step_m / math.dist(a, b)
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def snap(
    points_xy: Iterable[XY], network: OracleNetwork, max_snap_m: float = 200.0
) -> list[Snap | str]:
    """
    Join each point to the nearest free point of the edges that take snaps.

    Where none of these lies within the limit, an edge indoors or underground is taken.
    """
    points = list(points_xy)
    found = _snap(points, network, [e.takes_snaps for e in network.edges], max_snap_m)
    far = [k for k, one in enumerate(found) if one == TOO_FAR]
    last = [e.last_resort for e in network.edges]
    if far and any(last):
        again = _snap([points[k] for k in far], network, last, max_snap_m)
        for k, one in zip(far, again, strict=True):
            found[k] = one
    return found


def _snap(
    points_xy: Iterable[XY], network: OracleNetwork, takes: Sequence[bool], max_snap_m: float
) -> list[Snap | str]:
    """
    Join each point to the nearest free point of some edges.

    Every edge whose box, grown by the limit, reaches into the square of a point is measured.
    Equal distances go to the first edge in canonical order; a leg that crosses a barrier passes
    the turn to the next nearest edge within the limit. Where walls, fences or hedges hide all,
    the nearest that nothing else hides is joined through them (`walls = "prefer"`).
    """
    takers = np.array([i for i, taken in enumerate(takes) if taken], dtype=int)
    ends = np.array(
        [(network.node_xy[network.edges[i].u], network.node_xy[network.edges[i].v]) for i in takers]
    ).reshape(-1, 2, 2)
    (x0, y0), (x1, y1) = ends[:, 0].T, ends[:, 1].T
    dx, dy = x1 - x0, y1 - y0
    squared = dx * dx + dy * dy
    barriers = _Barriers(network)
    squares = _edges_of_squares(ends, max_snap_m)
    nothing = np.empty(0, dtype=int)

    def one(point: XY) -> Snap | str:
        px, py = round(point[0], 3), round(point[1], 3)
        some = squares.get((int(px // SQUARE_M), int(py // SQUARE_M)), nothing)
        ax, ay, bx, by, ex, ey = (a[some] for a in (x0, y0, x1, y1, dx, dy))
        along = (px - ax) * ex + (py - ay) * ey
        f = np.divide(along, squared[some], out=np.zeros_like(along), where=squared[some] > 0)
        f = np.clip(f, 0.0, 1.0)
        qx = np.where(f == 0, ax, np.where(f == 1, bx, ax + f * ex))
        qy = np.where(f == 0, ay, np.where(f == 1, by, ay + f * ey))
        distance = np.sqrt((px - qx) * (px - qx) + (py - qy) * (py - qy))
        near = np.flatnonzero(distance <= max_snap_m)
        through: Snap | None = None
        for k in near[np.argsort(distance[near], kind="stable")]:
            leg = ((px, py), (float(qx[k]), float(qy[k])))
            if barriers.stop(leg, walls=False):
                continue
            access_mm = math.floor(float(distance[k]) * 1000 + 0.5)
            found = Snap(int(takers[some[k]]), float(f[k]), access_mm)
            if not barriers.stop(leg, walls=True):
                return found
            through = through or found
        if through is not None:
            return through
        return ACCESS_BARRIER if len(near) else TOO_FAR

    return [one(point) for point in points_xy]


SQUARE_M = 250.0


def _edges_of_squares(ends: np.ndarray, reach_m: float) -> dict[tuple[int, int], np.ndarray]:
    """Places (in canonical order) of the edges whose grown box reaches into each square."""
    lists: dict[tuple[int, int], list[int]] = {}
    low = np.floor((ends.min(axis=1) - reach_m - 1) / SQUARE_M).astype(int)
    high = np.floor((ends.max(axis=1) + reach_m + 1) / SQUARE_M).astype(int)
    for place, (a, b) in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
        for column in range(a[0], b[0] + 1):
            for row in range(a[1], b[1] + 1):
                lists.setdefault((column, row), []).append(place)
    return {square: np.array(places_, dtype=int) for square, places_ in lists.items()}


def places(
    ids: Iterable[Any], points_xy: Iterable[XY], network: OracleNetwork, max_snap_m: float = 200.0
) -> list[Place]:
    """Snapped homes or facilities; ids become text."""
    snaps = snap(points_xy, network, max_snap_m)
    return [Place(str(i), s) for i, s in zip(ids, snaps, strict=True)]


# --- Milliseconds -----------------------------------------------------------------------------


def walk_ms(mm: int, speed: Fraction) -> int:
    """Milliseconds for flat-equivalent millimetres (mm / (m/s) = ms), rounded once, halves up."""
    return math.floor(mm / speed + Fraction(1, 2))


def split_ms(fraction: float, ms: int) -> int:
    """Milliseconds between the first node of an edge and a point at a fraction of it."""
    return math.floor(fraction * ms + 0.5)


def edge_ms(edge: Edge, speed: Fraction) -> tuple[int | None, int | None]:
    """Milliseconds from u to v and from v to u, delays included; None: not allowed."""
    forward, backward = edge.base_mm_fwd, edge.base_mm_bwd
    return (
        None if forward is None else walk_ms(forward, speed) + edge.delay_ms_fwd,
        None if backward is None else walk_ms(backward, speed) + edge.delay_ms_bwd,
    )


def ways_out(edge: Edge, fraction: float, speed: Fraction) -> list[tuple[Node, int]]:
    """From a point of an edge to its ends."""
    forward, backward = edge_ms(edge, speed)
    to_u = [] if backward is None else [(edge.u, split_ms(fraction, backward))]
    to_v = [] if forward is None else [(edge.v, forward - split_ms(fraction, forward))]
    return to_u + to_v + _at_an_end(edge, fraction)


def ways_in(edge: Edge, fraction: float, speed: Fraction) -> list[tuple[Node, int]]:
    """From the ends of an edge to a point of it."""
    forward, backward = edge_ms(edge, speed)
    from_u = [] if forward is None else [(edge.u, split_ms(fraction, forward))]
    from_v = [] if backward is None else [(edge.v, backward - split_ms(fraction, backward))]
    return from_u + from_v + _at_an_end(edge, fraction)


def _at_an_end(edge: Edge, fraction: float) -> list[tuple[Node, int]]:
    """A point at the end of an edge is at its node, also where the edge is one-way."""
    return [(node, 0) for node, end in ((edge.u, 0.0), (edge.v, 1.0)) if fraction == end]


def along_ms(edge: Edge, start: float, end: float, speed: Fraction) -> int | None:
    """From one point of an edge to another without leaving it; None: against a one-way."""
    forward, backward = edge_ms(edge, speed)
    found = []
    if forward is not None and start <= end:
        found.append(split_ms(end, forward) - split_ms(start, forward))
    if backward is not None and start >= end:
        found.append(split_ms(start, backward) - split_ms(end, backward))
    return min(found, default=None)


# --- Searches ---------------------------------------------------------------------------------


def reversed_graph(network: OracleNetwork, speed: Fraction, unit: int = 1) -> nx.MultiDiGraph[Node]:
    """All directed edges reversed, so that a search from a facility finds the ways to it."""
    graph: nx.MultiDiGraph[Node] = nx.MultiDiGraph()
    for edge in network.edges:
        forward, backward = edge_ms(edge, speed)
        if forward is not None:
            graph.add_edge(edge.v, edge.u, weight=forward * unit)
        if backward is not None:
            graph.add_edge(edge.u, edge.v, weight=backward * unit)
    return graph


def nearest(
    homes: Sequence[Place],
    facilities: Sequence[Place],
    network: OracleNetwork,
    speed: Fraction,
    horizon_ms: int = HORIZON_MS,
    access_speed_factor: Fraction = Fraction(1),
    more_ms: Sequence[int] = (),
) -> list[Label | None]:
    """
    For each home the lexicographic minimum of (ms, facility_id), or None beyond the horizon.

    `more_ms` is walked beyond each facility, none where it is left out.

    One search from a super source. A cost is `ms * K + rank`, rank being the place of the facility
    among the K different ids sorted as text: each path holds exactly one rank, at its start, and
    rank < K, so the least cost is the least time and, among equal times, the first id.
    """
    access_speed = speed * access_speed_factor
    ids = sorted({facility.id for facility in facilities})
    unit = max(len(ids), 1)
    graph = reversed_graph(network, speed, unit)
    graph.add_node(SOURCE)
    on_edge: dict[int, list[tuple[float, int]]] = {}
    for number, facility in enumerate(facilities):
        if isinstance(facility.snap, str):
            continue
        site: Node = ("facility", number)
        leg = walk_ms(facility.snap.access_mm, access_speed) + (more_ms[number] if more_ms else 0)
        cost = leg * unit + ids.index(facility.id)
        graph.add_edge(SOURCE, site, weight=cost)
        edge = network.edges[facility.snap.edge]
        for node, ms in ways_in(edge, facility.snap.fraction, speed):
            graph.add_edge(site, node, weight=ms * unit)
        on_edge.setdefault(facility.snap.edge, []).append((facility.snap.fraction, cost))
    limit = horizon_ms * unit + unit - 1
    found_costs = nx.single_source_dijkstra_path_length(graph, SOURCE, cutoff=limit)
    costs = {node: int(cost) for node, cost in found_costs.items()}  # integers already

    def one(home: Place) -> Label | None:
        if isinstance(home.snap, str):
            return None
        edge = network.edges[home.snap.edge]
        leg = walk_ms(home.snap.access_mm, access_speed) * unit
        found = [
            leg + ms * unit + costs[node]
            for node, ms in ways_out(edge, home.snap.fraction, speed)
            if node in costs
        ]
        for fraction, cost in on_edge.get(home.snap.edge, []):
            ms_along = along_ms(edge, home.snap.fraction, fraction, speed)
            if ms_along is not None:
                found.append(leg + ms_along * unit + cost)
        best = min(found, default=limit + 1)
        return (best // unit, ids[best % unit]) if best <= limit else None

    return [one(home) for home in homes]


def all_pairs(
    homes: Sequence[Place],
    facilities: Sequence[Place],
    network: OracleNetwork,
    speed: Fraction,
    cutoff_ms: int,
    access_speed_factor: Fraction = Fraction(1),
) -> dict[tuple[str, str], int]:
    """
    Milliseconds of every (home, facility) within the cutoff, by a search per facility.

    With homes and facilities swapped it gives the ways back.
    """
    found: dict[tuple[str, str], int] = {}
    for facility in facilities:
        times = nearest(homes, [facility], network, speed, cutoff_ms, access_speed_factor)
        for home, label in zip(homes, times, strict=True):
            if label is not None:
                pair = (home.id, facility.id)
                found[pair] = min(label[0], found.get(pair, label[0]))
    return found
