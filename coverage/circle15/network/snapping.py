"""Join points to the nearest point on the nearest edge, never to a node, never across a barrier."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.network.walk_network import WalkNetwork

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


class SnapCode(StrEnum):
    """Why a point has or has not joined the network."""

    SNAPPED = ""
    TOO_FAR = "TOO_FAR"
    ACCESS_BARRIER = "ACCESS_BARRIER"
    NO_POSITION = "NO_POSITION"


# The tree measures by its own formula; this margin lets every edge that could be nearest by ours
# be compared by ours.
_TREE_MARGIN_M = 1e-6


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
        np.full(n, -1, np.int64),
        np.full(n, np.nan),
        np.full(n, -1, np.int64),
        np.full(n, SnapCode.TOO_FAR, dtype=object),
    )
    placed = np.isfinite(x_m) & np.isfinite(y_m)
    snaps.code[~placed] = SnapCode.NO_POSITION
    usable = np.flatnonzero(network.snappable)
    if not len(usable) or not placed.any():
        return snaps
    tree = shapely.STRtree(network.lines[usable])
    barriers = shapely.STRtree(network.barriers)
    index = np.flatnonzero(placed)
    points = shapely.points(x_m[index], y_m[index])
    reach = _nearest_distance(tree, points, max_snap_m)
    found = np.isfinite(reach)
    near, edges = tree.query(points[found], "dwithin", distance=reach[found] + _TREE_MARGIN_M)
    blocked = _take_best(
        snaps, index[found][near], usable[edges], x_m, y_m, network, barriers, max_snap_m
    )
    if len(blocked):
        points = shapely.points(x_m[blocked], y_m[blocked])
        near, edges = tree.query(points, "dwithin", distance=max_snap_m + _TREE_MARGIN_M)
        _take_first_free(
            snaps, blocked[near], usable[edges], x_m, y_m, network, barriers, max_snap_m
        )
    return snaps


def _nearest_distance(
    tree: shapely.STRtree, points: npt.NDArray[np.object_], limit: float
) -> Floats:
    """Distance to the nearest edge; infinite beyond the limit."""
    (which, _), distance = tree.query_nearest(
        points, max_distance=limit + _TREE_MARGIN_M, return_distance=True, all_matches=False
    )
    reach = np.full(len(points), np.inf)
    reach[which] = distance
    return reach


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


def _ranked(
    point: Ints, edge: Ints, x_m: Floats, y_m: Floats, network: WalkNetwork, limit: float
) -> tuple[Ints, Ints, Floats, Floats, npt.NDArray[np.object_]]:
    """Candidates by point, then distance, then the network's order, with their straight legs."""
    fraction, qx, qy, distance = place_on_edges(x_m[point], y_m[point], edge, network)
    order = np.lexsort((edge, distance, point))
    order = order[distance[order] <= limit]
    point, edge, fraction, distance = point[order], edge[order], fraction[order], distance[order]
    ends = np.stack(
        [np.column_stack([x_m[point], y_m[point]]), np.column_stack([qx[order], qy[order]])], axis=1
    )
    return point, edge, fraction, distance, shapely.linestrings(ends)


def _take_best(
    snaps: Snaps,
    point: Ints,
    edge: Ints,
    x_m: Floats,
    y_m: Floats,
    network: WalkNetwork,
    barriers: shapely.STRtree,
    limit: float,
) -> Ints:
    """Join each point to its nearest edge; return the points whose leg touches a barrier."""
    point, edge, fraction, distance, legs = _ranked(point, edge, x_m, y_m, network, limit)
    first = (
        np.flatnonzero(np.r_[True, point[1:] != point[:-1]]) if len(point) else np.array([], int)
    )
    touching = np.zeros(len(first), bool)
    touching[barriers.query(legs[first], "intersects")[0]] = True
    free = first[~touching]
    _join(snaps, point[free], edge[free], fraction[free], distance[free])
    blocked = point[first[touching]]
    snaps.code[blocked] = SnapCode.ACCESS_BARRIER
    return blocked


def _take_first_free(
    snaps: Snaps,
    point: Ints,
    edge: Ints,
    x_m: Floats,
    y_m: Floats,
    network: WalkNetwork,
    barriers: shapely.STRtree,
    limit: float,
) -> None:
    """Join each point to the nearest edge that it reaches without touching a barrier."""
    point, edge, fraction, distance, legs = _ranked(point, edge, x_m, y_m, network, limit)
    free = np.ones(len(point), bool)
    free[barriers.query(legs, "intersects")[0]] = False
    point, edge, fraction, distance = point[free], edge[free], fraction[free], distance[free]
    if len(point):
        first = np.flatnonzero(np.r_[True, point[1:] != point[:-1]])
        _join(snaps, point[first], edge[first], fraction[first], distance[first])


def _join(snaps: Snaps, point: Ints, edge: Ints, fraction: Floats, distance: Floats) -> None:
    snaps.edge[point] = edge
    snaps.fraction[point] = fraction
    snaps.access_mm[point] = np.floor(distance * 1000 + 0.5).astype(np.int64)
    snaps.code[point] = SnapCode.SNAPPED
