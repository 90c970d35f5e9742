"""Where points would join the network if nothing stopped them: what is not known about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.inputs.shapes import points_at
from circle15.network.snapping import SnapCode, Snaps, place_on_edges

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.network.walk_network import WalkNetwork

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]


def snap_across(x_m: Floats, y_m: Floats, network: WalkNetwork, *, limit_m: float) -> Snaps:
    """
    Join points to the nearest edge that takes snaps, whatever lies between.

    Parameters
    ----------
    limit_m
        Longest straight leg, inclusive.
    """
    return _nearest(x_m, y_m, network, *network.snap_tree, limit_m=limit_m)


def piece_length_m(network: WalkNetwork) -> Floats:
    """Length of the connected piece on which each edge lies, metres."""
    piece = network.component[network.u]
    total = np.bincount(piece, weights=network.length_m)
    return np.asarray(total[piece], np.float64)


def snap_to_larger_piece(
    x_m: Floats, y_m: Floats, snaps: Snaps, network: WalkNetwork, *, max_snap_m: float
) -> Snaps:
    """
    Join points that stand on a piece that does not connect to a larger one in reach of them.

    Returns
    -------
    For each point the nearest point of a larger piece of the network within `max_snap_m`,
    whatever lies between; not joined where there is none, or where the point has not joined.
    """
    result = _nothing(len(x_m))
    length_m = piece_length_m(network)
    usable = np.flatnonzero(network.snappable)
    joined = np.flatnonzero(snaps.joined)
    own_m = length_m[snaps.edge[joined]]
    # The lengths of the pieces on which points stand; on the largest nobody is cut off.
    for piece_m in np.unique(own_m):
        larger = usable[length_m[usable] > piece_m]
        rows = joined[own_m == piece_m]
        if not len(larger):
            continue
        tree = shapely.STRtree(network.lines[larger])
        found = _nearest(x_m[rows], y_m[rows], network, larger, tree, limit_m=max_snap_m)
        for whole, part in (
            (result.edge, found.edge),
            (result.fraction, found.fraction),
            (result.access_mm, found.access_mm),
            (result.code, found.code),
        ):
            whole[rows] = part
    return result


def _nothing(n: int) -> Snaps:
    return Snaps(
        np.full(n, -1, np.int64),
        np.full(n, np.nan),
        np.full(n, -1, np.int64),
        np.full(n, SnapCode.TOO_FAR, dtype=object),
    )


def _nearest(
    x_m: Floats,
    y_m: Floats,
    network: WalkNetwork,
    usable: Ints,
    tree: shapely.STRtree,
    *,
    limit_m: float,
) -> Snaps:
    """Find the nearest of some edges; of edges at the same distance the first in the network."""
    result = _nothing(len(x_m))
    placed = np.flatnonzero(np.isfinite(x_m) & np.isfinite(y_m))
    if not len(placed) or not len(usable):
        return result
    (near, edges), _ = tree.query_nearest(
        points_at(x_m[placed], y_m[placed]), max_distance=limit_m + 1e-3, return_distance=True
    )
    point, edge = placed[near], usable[edges]
    fraction, _, _, distance = place_on_edges(x_m[point], y_m[point], edge, network)
    order = np.lexsort((edge, distance, point))
    order = order[distance[order] <= limit_m]
    first = order[np.r_[True, point[order][1:] != point[order][:-1]][: len(order)]]
    rows = point[first]
    result.edge[rows] = edge[first]
    result.fraction[rows] = fraction[first]
    result.access_mm[rows] = np.floor(distance[first] * 1000 + 0.5).astype(np.int64)
    result.code[rows] = SnapCode.SNAPPED
    return result
