"""
Where points and pieces of the network would join if barriers and gaps were ignored.

What does not join is not known to be out of reach: a barrier may have an unmapped gate, and
streets that come close without a shared node are mostly connected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.network.snapping import (
    SnapCode,
    Snaps,
    record_joined,
    snap_to_network,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.arrays import Floats, Ints
    from circle15.network.walk_network import WalkNetwork


@dataclass(frozen=True)
class Breaks:
    """
    Places where a piece of the network comes close to a larger one without connecting to it.

    Attributes
    ----------
    node
        Nodes of the smaller pieces.
    snaps
        Where each would join a larger piece, ignoring barriers.
    """

    node: Ints
    snaps: Snaps


def snap_across(x_m: Floats, y_m: Floats, network: WalkNetwork, *, limit_m: float) -> Snaps:
    """
    Join points to the nearest edge that takes snaps, ignoring barriers.

    Parameters
    ----------
    x_m, y_m
        Points in the study CRS, metres, shape (n,); NaN where a position is missing.
    limit_m
        Longest straight leg, inclusive.
    """
    result = _nothing(len(x_m))
    if not network.snappable.any() or not len(x_m):
        return result
    edge, fraction, distance, _ = network.edge_grid.nearest(network, x_m, y_m, limit_m)
    found = np.flatnonzero(edge >= 0)
    record_joined(result, found, edge[found], fraction[found], distance[found])
    return result


def snap_without_barriers(
    x_m: Floats,
    y_m: Floats,
    snaps: Snaps,
    network: WalkNetwork,
    opened: WalkNetwork,
    *,
    max_snap_m: float,
) -> Snaps:
    """
    Return where points would join a network without some of its barriers.

    Only points whose leg meets a barrier, or that barriers keep from the nearest edge, can differ.

    Parameters
    ----------
    x_m, y_m
        Points in the study CRS, metres, shape (n,); NaN where a position is missing.
    snaps
        Where they join `network`.
    opened
        From `network.without_barriers`.
    max_snap_m
        Longest straight leg, metres, inclusive.
    """
    if not network.snappable.any() or not len(x_m):
        return snaps
    nearest, *_ = network.edge_grid.nearest(network, x_m, y_m, max_snap_m)
    kept_away = np.flatnonzero((nearest >= 0) & ((nearest != snaps.edge) | (snaps.barrier >= 0)))
    again = snap_to_network(x_m[kept_away], y_m[kept_away], opened, max_snap_m=max_snap_m)
    return snaps.replaced(kept_away, again)


def rank_of_pieces(network: WalkNetwork) -> Ints:
    """
    Return for each edge the rank of its connected piece by length: 0 is the longest.

    Of pieces with the same length the one with the first node ranks first.
    """
    piece = network.component[network.u]
    # To the millimetre, so that the order of adding does not break ties of length.
    total_m = np.round(np.bincount(piece, weights=network.length_m), 3)
    rank = np.empty(len(total_m), np.int64)
    rank[np.argsort(-total_m, kind="stable")] = np.arange(len(total_m))
    return rank[piece]


def snap_to_larger_piece(
    x_m: Floats, y_m: Floats, snaps: Snaps, network: WalkNetwork, *, max_snap_m: float
) -> Snaps:
    """
    Join points on a piece that is not connected to a larger one within reach to that larger one.

    Returns
    -------
    For each point the nearest point of a larger piece of the network within `max_snap_m`,
    ignoring barriers; not joined where there is none, or where the point has not joined.
    """
    result = _nothing(len(x_m))
    rank = rank_of_pieces(network)
    rows = np.flatnonzero(snaps.joined & np.isfinite(x_m) & np.isfinite(y_m))
    rows = rows[rank[snaps.edge[rows]] > 0]
    if not len(rows) or not network.snappable.any():
        return result
    edge, fraction, distance = network.edge_grid.nearest_of_lower_rank(
        network, x_m[rows], y_m[rows], rank[snaps.edge[rows]], rank, max_snap_m
    )
    found = np.flatnonzero(edge >= 0)
    record_joined(result, rows[found], edge[found], fraction[found], distance[found])
    return result


def breaks_between_pieces(network: WalkNetwork, *, max_snap_m: float) -> Breaks:
    """Find where pieces of the network come within `max_snap_m` of a larger one."""
    rank = rank_of_pieces(network)
    # Points never lie on a piece none of whose edges takes snaps.
    takes = (
        network.snappable
        if network.last_resort is None
        else (network.snappable | network.last_resort)
    )
    inhabited = np.isin(rank, np.unique(rank[takes])) & (rank > 0)
    edges = np.flatnonzero(inhabited)
    node, first = np.unique(np.r_[network.u[edges], network.v[edges]], return_index=True)
    edge = np.r_[edges, edges][first]
    at = Snaps(edge, np.zeros(len(node)), np.zeros(len(node), np.int64), _codes(len(node)))
    x_m, y_m = network.x_m[node], network.y_m[node]
    found = snap_to_larger_piece(x_m, y_m, at, network, max_snap_m=max_snap_m)
    return Breaks(node[found.joined], found.take(found.joined))


def _codes(n: int) -> npt.NDArray[np.object_]:
    return np.full(n, SnapCode.SNAPPED, dtype=object)


def _nothing(n: int) -> Snaps:
    return Snaps(
        np.full(n, -1, np.int64),
        np.full(n, np.nan),
        np.full(n, -1, np.int64),
        np.full(n, SnapCode.TOO_FAR, dtype=object),
    )
