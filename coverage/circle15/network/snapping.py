"""Snap points to the nearest point on the nearest edge, not to nodes and not across barriers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.arrays import Bools, Floats, Ints
    from circle15.network.walk_network import WalkNetwork


class SnapCode(StrEnum):
    """Outcome of snapping a point to the network."""

    SNAPPED = ""
    TOO_FAR = "TOO_FAR"
    ACCESS_BARRIER = "ACCESS_BARRIER"
    THROUGH_WALL = "THROUGH_WALL"
    """Joined, although every leg within reach crosses a wall, fence or hedge."""
    NO_POSITION = "NO_POSITION"


@dataclass(frozen=True)
class Snaps:
    """
    Where points join the network, in the order of the points.

    Attributes
    ----------
    edge : int64, shape (n,)
        Index of the edge; -1 where a point has not joined.
    fraction : float64, shape (n,)
        Position along the edge from its first node, 0–1; NaN where a point has not joined.
    access_mm : int64, shape (n,)
        Length of the straight leg, millimetres; -1 where a point has not joined.
    code : object, shape (n,)
        A `SnapCode`: empty where the point has joined, or `THROUGH_WALL`.
    barrier : int64, shape (n,)
        Index in `network.barriers` of the barrier that stopped the leg to the nearest edge, or of
        the wall that the leg passes; -1 where there is none.
    """

    edge: Ints
    fraction: Floats
    access_mm: Ints
    code: npt.NDArray[np.object_]
    barrier: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def __post_init__(self) -> None:
        if len(self.barrier) != len(self.edge):  # constructed without barriers
            object.__setattr__(self, "barrier", np.full(len(self.edge), -1, np.int64))

    @property
    def joined(self) -> npt.NDArray[np.bool_]:
        """Mask of the points that have joined."""
        return self.edge >= 0

    def take(self, index: Ints | Bools) -> Snaps:
        """Return the snaps of some points, by index or mask."""
        return Snaps(
            self.edge[index],
            self.fraction[index],
            self.access_mm[index],
            self.code[index],
            self.barrier[index],
        )

    def replaced(self, rows: Ints, other: Snaps) -> Snaps:
        """Return these snaps with those of some rows replaced by others."""
        place = np.arange(len(self.edge))
        place[rows] = len(place) + np.arange(len(rows))
        return self.followed_by(other).take(place)

    def followed_by(self, other: Snaps) -> Snaps:
        """Return these snaps followed by others."""
        return Snaps(
            np.concatenate((self.edge, other.edge)),
            np.concatenate((self.fraction, other.fraction)),
            np.concatenate((self.access_mm, other.access_mm)),
            np.concatenate((self.code, other.code)),
            np.concatenate((self.barrier, other.barrier)),
        )


def snap_to_network(
    x_m: Floats, y_m: Floats, network: WalkNetwork, *, max_snap_m: float = 200.0
) -> Snaps:
    """
    Snap points to the network.

    Parameters
    ----------
    x_m, y_m
        Points in the study CRS, metres, shape (n,); NaN where a position is missing.
    max_snap_m
        Longest straight leg, metres, inclusive.

    Returns
    -------
    For each point the nearest point on the nearest edge that takes snaps and whose straight leg
    crosses no barrier; touching is not crossing. Where walls, fences and hedges may be passed
    (`network.walls` is `prefer`) and separate the point from every edge, the nearest edge behind
    them, with code `THROUGH_WALL`.
    Of edges at the same distance the first in the network's order counts. Where no such edge lies
    within `max_snap_m`, edges indoors and under ground are tried in the same way.
    """
    snaps = _snap(x_m, y_m, network, max_snap_m)
    far = np.flatnonzero(snaps.code == SnapCode.TOO_FAR)
    if len(far) and network.indoors is not None:
        snaps = snaps.replaced(far, _snap(x_m[far], y_m[far], network.indoors, max_snap_m))
    return snaps


def _snap(x_m: Floats, y_m: Floats, network: WalkNetwork, max_snap_m: float) -> Snaps:
    """Snap points to the edges that take snaps."""
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
    record_joined(snaps, free, edge[free], fraction[free], distance[free])
    near = found[doubtful[found]]
    edge, fraction, distance, barrier = network.edge_grid.first_free(
        network, x_m[near], y_m[near], edge[near], max_snap_m
    )
    sure = edge >= 0
    record_joined(snaps, near[sure], edge[sure], fraction[sure], distance[sure])
    snaps.barrier[near] = barrier
    snaps.code[near[sure & (barrier >= 0)]] = SnapCode.THROUGH_WALL
    snaps.code[near[~sure]] = SnapCode.ACCESS_BARRIER
    return snaps


def place_on_edges(
    x_m: Floats, y_m: Floats, edge: Ints, network: WalkNetwork
) -> tuple[Floats, Floats, Floats, Floats]:
    """
    Find the nearest point on an edge for each pair of a point and an edge.

    Times, polygons and the browser all use this formula.

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


def record_joined(
    snaps: Snaps, point: Ints, edge: Ints, fraction: Floats, distance_m: Floats
) -> None:
    """Set the edges that some points join, in place."""
    snaps.edge[point] = edge
    snaps.fraction[point] = fraction
    snaps.access_mm[point] = np.floor(distance_m * 1000 + 0.5).astype(np.int64)
    snaps.code[point] = SnapCode.SNAPPED
