"""
Find lines of a layer that meet on the map but not in the network, and the people cut off.

Lines of a layer do not join where a line ends on another between two of its vertices, where ends
miss each other by a centimetre, or where lines cross without a vertex.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.inputs.crs.positions import WGS84, transform
from circle15.inputs.shapes import points_at
from circle15.network.sources.near_lines import NEAR_M
from circle15.study.limits import PASSED_BY
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.arrays import Bools, Floats, Ints
    from circle15.network.snapping import Snaps
    from circle15.network.sources.near_lines import NearPairs
    from circle15.network.walk_network import WalkNetwork


AROUND_M: Final = 50.0
"""A gap with a way around of at most this length is not listed."""

LISTED: Final = 50
"""Pieces of a network that are listed one by one."""

_PLACES: Final = 5


@dataclass(frozen=True)
class _Meetings:
    """Places where lines meet without a joint: a node and an edge, the position, and the gap."""

    node: Ints
    edge: Ints
    x_m: Floats
    y_m: Floats
    gap_m: Floats

    def take(self, rows: Ints | Bools) -> _Meetings:
        return _Meetings(
            self.node[rows], self.edge[rows], self.x_m[rows], self.y_m[rows], self.gap_m[rows]
        )


def loose_lines(
    network: WalkNetwork, pairs: NearPairs | None, snaps: Snaps, weight: Ints, file: str
) -> list[Finding]:
    """
    List where lines touch, nearly touch or cross without being joined.

    Lines on different levels pass each other and are not listed, nor are those with a short way
    around.

    Parameters
    ----------
    pairs
        From `near_pairs`.
    snaps, weight
        Where homes join the network, and their people, micro-persons.
    file
        Name of the layer, for the findings.

    Returns
    -------
    A warning for each piece of the network that is cut off in this way, with the people on it,
    most people first; the pieces beyond 50 share one warning. Another warning counts the places
    whose sides are connected, but by a long way.
    """
    if pairs is None:
        return []
    found = _joined_up(
        _touching(network, pairs.node, pairs.beside), _crossing(network, pairs.first, pairs.second)
    )
    if not len(found.node):
        return []
    mine, theirs = network.component[found.node], network.component[network.u[found.edge]]
    findings = _cut_off(network, found, (mine, theirs), _people(network, snaps, weight), file)
    around = np.flatnonzero(mine == theirs)
    ways = _ShortWays(network, file)
    around = around[[not ways.leads(found, row) for row in around.tolist()]]
    if len(around):
        places = _distinct(found.take(around))
        detail = {"places": f"{len(places.node):,}", "first": _first(network, places)}
        findings.append(Finding("LINES_MEET_UNJOINED", "warning", file, detail=detail))
    return findings


def _joined_up(*parts: _Meetings) -> _Meetings:
    return _Meetings(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("node", "edge", "x_m", "y_m", "gap_m")
        )
    )


def _touching(network: WalkNetwork, node: Ints, edge: Ints) -> _Meetings:
    """Keep the nodes near an edge that is on a level of one of theirs."""
    assert network.level is not None
    levels = np.r_[network.level, network.level]
    ends = np.r_[network.u, network.v]
    degree = np.bincount(ends, minlength=len(network.x_m))
    wanted = np.column_stack([node, network.level[edge]])
    # The end of a bridge meets the street that it leads to, which is on another level.
    raised = np.zeros(len(network.x_m), bool)
    raised[ends[levels != 0]] = True
    asked = np.zeros(len(network.x_m), bool)
    asked[node] = True
    here = asked[ends]
    known = np.column_stack([ends[here], levels[here]])
    alike = _rows_in(wanted, known) | ((degree[node] == 1) & raised[node])
    node, edge = node[alike], edge[alike]
    points = points_at(network.x_m[node], network.y_m[node])
    gap_m = np.asarray(shapely.distance(points, network.lines_of(edge)), np.float64)
    return _Meetings(node, edge, network.x_m[node], network.y_m[node], gap_m)


def _rows_in(rows: Ints, known: Ints) -> Bools:
    """Return a mask of the rows of two columns that are among others."""
    low = int(min(rows[:, 1].min(initial=0), known[:, 1].min(initial=0)))
    wide = int(max(rows[:, 1].max(initial=0), known[:, 1].max(initial=0))) - low + 1
    keys, among = (one[:, 0] * wide + one[:, 1] - low for one in (rows, known))
    return np.isin(keys, among)


def _crossing(network: WalkNetwork, a: Ints, b: Ints) -> _Meetings:
    """Return where edges cross."""
    where = shapely.centroid(shapely.intersection(network.lines_of(a), network.lines_of(b)))
    x_m, y_m = shapely.get_x(where), shapely.get_y(where)
    return _Meetings(network.u[a], b, x_m, y_m, np.zeros(len(a)))


def _people(network: WalkNetwork, snaps: Snaps, weight: Ints) -> Ints:
    """Return the people on each piece of the network, micro-persons."""
    total = np.zeros(int(network.component.max()) + 1, np.int64)
    joined = snaps.joined
    np.add.at(total, network.component[network.u[snaps.edge[joined]]], weight[joined])
    return total


def _cut_off(
    network: WalkNetwork,
    found: _Meetings,
    sides: tuple[Ints, Ints],
    persons: Ints,
    file: str,
) -> list[Finding]:
    """List the shorter of each two pieces that meet without being joined."""
    length = np.bincount(
        network.component[network.u], weights=network.length_m, minlength=len(persons)
    )
    rows: defaultdict[int, list[int]] = defaultdict(list)
    for row, (a, b) in enumerate(zip(*(one.tolist() for one in sides), strict=True)):
        if a != b:
            rows[min((a, b), key=lambda piece: (length[piece], -piece))].append(row)
    order = sorted(rows, key=lambda piece: (-persons[piece], -length[piece], piece))
    findings = []
    for piece in order[:LISTED]:
        places = _distinct(found.take(np.array(rows[piece], np.int64)))
        detail = {
            "length_m": f"{length[piece]:,.0f}",
            "people": f"{persons[piece] / c.MICRO:,.1f}",
            "places": f"{len(places.node):,}",
            "first": _first(network, places),
            "gap_m": f"{places.gap_m.min():.3f}",
        }
        people = int(persons[piece])
        findings.append(
            Finding("LINES_NOT_JOINED", "warning", file, None, None, people, None, detail)
        )
    if rest := order[LISTED:]:
        people = int(persons[rest].sum())
        detail = {
            "pieces": f"{len(rest):,}",
            "length_m": f"{length[rest].sum():,.0f}",
            "people": f"{people / c.MICRO:,.1f}",
        }
        findings.append(
            Finding("LINES_NOT_JOINED_MORE", "warning", file, None, None, people, None, detail)
        )
    return findings


def _distinct(found: _Meetings) -> _Meetings:
    """Keep one of the meetings in each 2 m square, the one with the narrowest gap."""
    order = np.lexsort((found.y_m, found.x_m, found.gap_m))
    cells = np.floor(np.column_stack([found.x_m, found.y_m])[order] / (2 * NEAR_M))
    first = np.unique(cells, axis=0, return_index=True)[1]
    return found.take(order[np.sort(first)])


def _first(network: WalkNetwork, places: _Meetings) -> str:
    """Return the longitude and latitude of the first places, as text."""
    x_m, y_m = places.x_m[:_PLACES], places.y_m[:_PLACES]
    lon, lat = transform(x_m, y_m, network.crs, WGS84)
    return "; ".join(f"{a:.6f}, {b:.6f}" for a, b in zip(lon.tolist(), lat.tolist(), strict=True))


class _ShortWays:
    """Searches for short ways around gaps, within a limit on the edges visited in all."""

    def __init__(self, network: WalkNetwork, file: str) -> None:
        self._network, self._file = network, file
        self._passed = 0

    def leads(self, found: _Meetings, row: int) -> bool:
        """Return whether a walk of at most 50 m joins the two sides of a meeting."""
        network = self._network
        start, edge = int(found.node[row]), int(found.edge[row])
        x, y = float(found.x_m[row]), float(found.y_m[row])

        def beside(node: int) -> float:
            return float(np.hypot(network.x_m[node] - x, network.y_m[node] - y))

        goals = {int(end): beside(int(end)) for end in (network.u[edge], network.v[edge])}
        waiting, done = [(beside(start), start)], set[int]()
        while waiting and waiting[0][0] <= AROUND_M:
            walked, node = heapq.heappop(waiting)
            if node in done:
                continue
            done.add(node)
            if node in goals and walked + goals[node] <= AROUND_M:
                return True
            for length_m, other in self._beside(node):
                further = walked + length_m
                if further <= AROUND_M and other not in done:
                    heapq.heappush(waiting, (further, other))
        return False

    def _beside(self, node: int) -> Iterator[tuple[float, int]]:
        """Return the lengths of the edges at a node that are short enough, and their far ends."""
        network = self._network
        order, starts = network.edges_of_nodes
        pieces = order[starts[node] : starts[node + 1]]
        self._passed += len(pieces)
        if self._passed > PASSED_BY.most:
            raise PASSED_BY.fault("has too many lines where lines meet", file=self._file)
        n = len(network.u)
        pieces = pieces[network.length_m[pieces % n] <= AROUND_M]
        others = np.where(pieces < n, network.v[pieces % n], network.u[pieces % n])
        return zip(network.length_m[pieces % n].tolist(), others.tolist(), strict=True)
