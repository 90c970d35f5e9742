"""Join points to the nearest point on the nearest edge, never to a node, never across a barrier."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.inputs.shapes import points_at, straight_lines
from circle15.network.edge_grid import UNSURE

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.network.walk_network import WalkNetwork

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]
    Shapes = npt.NDArray[np.object_]


class SnapCode(StrEnum):
    """Why a point has or has not joined the network."""

    SNAPPED = ""
    TOO_FAR = "TOO_FAR"
    ACCESS_BARRIER = "ACCESS_BARRIER"
    NO_POSITION = "NO_POSITION"


# The tree measures by its own formula; this margin lets every edge that could be nearest by ours
# be compared by ours.
_TREE_MARGIN_M = 1e-6

# Most points find a free leg among the first few edges: few legs are tried at first.
_ROUNDS = (0, 3, 15, 60, 1 << 62)


@dataclass(frozen=True)
class Snaps:
    """
    Where points join the network, in the order of the points.

    Attributes
    ----------
    edge : int64, shape (n,)
        Index of the edge; -1 where a point has not joined.
    fraction : float64, shape (n,)
        Place on the edge from its first node, 0–1; NaN where a point has not joined.
    access_mm : int64, shape (n,)
        Length of the straight leg; -1 where a point has not joined.
    code : object, shape (n,)
        A `SnapCode`, empty where the point has joined.
    """

    edge: Ints
    fraction: Floats
    access_mm: Ints
    code: npt.NDArray[np.object_]

    @property
    def joined(self) -> npt.NDArray[np.bool_]:
        """Which points have joined."""
        return self.edge >= 0

    def take(self, index: Ints | Bools) -> Snaps:
        """Return some of the points, in the order of the index."""
        return Snaps(
            self.edge[index], self.fraction[index], self.access_mm[index], self.code[index]
        )

    def followed_by(self, other: Snaps) -> Snaps:
        """Return these points and then the others."""
        return Snaps(
            np.concatenate((self.edge, other.edge)),
            np.concatenate((self.fraction, other.fraction)),
            np.concatenate((self.access_mm, other.access_mm)),
            np.concatenate((self.code, other.code)),
        )


def snap_to_network(
    x_m: Floats, y_m: Floats, network: WalkNetwork, *, max_snap_m: float = 200.0
) -> Snaps:
    """
    Join points to the network.

    Parameters
    ----------
    x_m, y_m
        Points in the study CRS, shape (n,); NaN where a position is missing.
    max_snap_m
        Longest straight leg, inclusive.

    Returns
    -------
    For each point the nearest point on the nearest edge that takes snaps and whose straight leg
    touches no barrier. Of edges at the same distance the first in the network's order counts.
    """
    n = len(x_m)
    snaps = Snaps(
        edge=np.full(n, -1, np.int64),
        fraction=np.full(n, np.nan),
        access_mm=np.full(n, -1, np.int64),
        code=np.full(n, SnapCode.TOO_FAR, dtype=object),
    )
    placed = np.isfinite(x_m) & np.isfinite(y_m)
    snaps.code[~placed] = SnapCode.NO_POSITION
    if not network.snappable.any() or not placed.any():
        return snaps
    edge, fraction, distance, doubtful = network.edge_grid.nearest(network, x_m, y_m, max_snap_m)
    found = np.flatnonzero(edge >= 0)
    free = found[~doubtful[found]]
    _join(snaps, free, edge[free], fraction[free], distance[free])
    near = found[doubtful[found]]
    edge, fraction, distance = network.edge_grid.first_free(
        network, x_m[near], y_m[near], edge[near], max_snap_m
    )
    sure = edge >= 0
    _join(snaps, near[sure], edge[sure], fraction[sure], distance[sure])
    snaps.code[near[~sure]] = SnapCode.ACCESS_BARRIER
    if (edge == UNSURE).any():
        search = _Search(x_m, y_m, network, network.barrier_tree, max_snap_m)
        _take_first_free(snaps, search, near[edge == UNSURE])
    return snaps


@dataclass(frozen=True)
class _Search:
    """What candidates are measured with: the points, the network, its barriers, the longest leg."""

    x_m: Floats
    y_m: Floats
    network: WalkNetwork
    barriers: shapely.STRtree
    limit_m: float


@dataclass(frozen=True)
class _Candidates:
    """Pairs of a point and an edge: by point, then distance, then the network's order."""

    point: Ints
    edge: Ints
    fraction: Floats
    distance_m: Floats
    ends: Floats
    """Ends of the straight legs as x, y of the point and x, y on the edge; shape (n, 4)."""

    def take(self, index: Ints | Bools) -> _Candidates:
        return _Candidates(
            self.point[index],
            self.edge[index],
            self.fraction[index],
            self.distance_m[index],
            self.ends[index],
        )

    def first(self) -> _Candidates:
        """Return the first candidate of each point."""
        return self.take(np.r_[True, self.point[1:] != self.point[:-1]][: len(self.point)])

    def touching(self, barriers: shapely.STRtree) -> Bools:
        """Tell which legs touch a barrier."""
        touching = np.zeros(len(self.point), np.bool_)
        touching[barriers.query(straight_lines(*self.ends.T), "intersects")[0]] = True
        return touching


def place_on_edges(
    x_m: Floats, y_m: Floats, edge: Ints, network: WalkNetwork
) -> tuple[Floats, Floats, Floats, Floats]:
    """
    Find the nearest point of one edge to one point, pair by pair.

    This formula is the rule: numbers, polygons and the browser use the same.

    Returns
    -------
    Fraction from the first node, x and y of the point on the edge, and the distance in metres.
    """
    x0, y0 = network.x_m[network.u[edge]], network.y_m[network.u[edge]]
    x1, y1 = network.x_m[network.v[edge]], network.y_m[network.v[edge]]
    dx, dy = x1 - x0, y1 - y0
    square = dx * dx + dy * dy
    along = (x_m - x0) * dx + (y_m - y0) * dy
    fraction = np.clip(
        np.divide(along, square, out=np.zeros_like(along), where=square > 0), 0.0, 1.0
    )
    # The exact end where the fraction is 1: x0 + dx may miss it by one unit in the last place.
    qx = np.where(fraction == 1.0, x1, x0 + fraction * dx)
    qy = np.where(fraction == 1.0, y1, y0 + fraction * dy)
    ex, ey = x_m - qx, y_m - qy
    return fraction, qx, qy, np.sqrt(ex * ex + ey * ey)


def _ranked(search: _Search, point: Ints, edge: Ints) -> _Candidates:
    """Measure pairs of points and edges, and rank those within the limit."""
    x, y = search.x_m[point], search.y_m[point]
    fraction, qx, qy, distance = place_on_edges(x, y, edge, search.network)
    order = np.lexsort((edge, distance, point))
    order = order[distance[order] <= search.limit_m]
    ends = np.column_stack([x, y, qx, qy])[order]
    return _Candidates(point[order], edge[order], fraction[order], distance[order], ends)


def _take_first_free(snaps: Snaps, search: _Search, point: Ints) -> None:
    """Join each point to the nearest edge that it reaches without touching a barrier."""
    usable, tree = search.network.snap_tree
    near, edges = tree.query(
        points_at(search.x_m[point], search.y_m[point]),
        "dwithin",
        distance=search.limit_m + _TREE_MARGIN_M,
    )
    ranked = _ranked(search, point[near], usable[edges])
    begins = np.flatnonzero(np.r_[True, ranked.point[1:] != ranked.point[:-1]][: len(ranked.point)])
    rank = np.arange(len(ranked.point)) - np.repeat(
        begins, np.diff(np.r_[begins, len(ranked.point)])
    )
    joined = np.zeros(len(search.x_m), np.bool_)
    for low, high in pairwise(_ROUNDS):
        some = ranked.take((rank >= low) & (rank < high) & ~joined[ranked.point])
        best = some.take(~some.touching(search.barriers)).first()
        _join(snaps, best.point, best.edge, best.fraction, best.distance_m)
        joined[best.point] = True


def _join(snaps: Snaps, point: Ints, edge: Ints, fraction: Floats, distance_m: Floats) -> None:
    snaps.edge[point] = edge
    snaps.fraction[point] = fraction
    snaps.access_mm[point] = np.floor(distance_m * 1000 + 0.5).astype(np.int64)
    snaps.code[point] = SnapCode.SNAPPED
