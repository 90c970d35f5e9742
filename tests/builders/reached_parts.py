"""The parts of streets from which a destination is reached, to compare drawn areas with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.travel.engine.graph import CLOSED, Positions

if TYPE_CHECKING:
    from circle15.arrays import Floats, Ints
    from circle15.network.walk_network import WalkNetwork
    from circle15.travel.engine.graph import TravelGraph


@dataclass(frozen=True)
class ReachedParts:
    """
    Parts of edges, by edge and then along it; parts of one edge do not touch.

    Attributes
    ----------
    edge : int64, shape (n,)
        The edge.
    start, end : float64, shape (n,)
        Where the part begins and ends, as fractions from the edge's first node, 0–1.
    """

    edge: Ints
    start: Floats
    end: Floats


def reached_parts(
    graph: TravelGraph,
    network: WalkNetwork,
    node_ms: Ints,
    destinations: Positions,
    *,
    cutoff_ms: int,
) -> ReachedParts:
    """
    Cut every edge to the parts whose points are within the cutoff.

    Parameters
    ----------
    node_ms
        Time from each node to its nearest destination, shape (nodes,), as a search from
        `node_positions` returns it; -1 where none is reached.
    destinations
        The same destinations: on their own edges people need not pass a node.
    cutoff_ms
        Inclusive.

    Returns
    -------
    Parts with a length; a single point that is just reached is not a part.
    """
    slack = np.where(node_ms >= 0, cutoff_ms - node_ms, -1)
    by_u = _share(slack[network.u], graph.ms_bwd)
    by_v = _share(slack[network.v], graph.ms_fwd)
    one, other = np.flatnonzero(by_u > 0), np.flatnonzero(by_v > 0)
    own = np.flatnonzero(destinations.edge >= 0)
    site = destinations.edge[own]
    at, left = destinations.fraction[own], cutoff_ms - destinations.access_ms[own]
    before, behind = _share(left, graph.ms_fwd[site]), _share(left, graph.ms_bwd[site])
    return _merged(
        np.r_[one, other, site],
        np.r_[np.zeros(len(one)), 1.0 - by_v[other], np.maximum(at - before, 0.0)],
        np.r_[by_u[one], np.ones(len(other)), np.minimum(at + behind, 1.0)],
    )


def _share(slack_ms: Ints, edge_ms: Ints) -> Floats:
    """Share of an edge that can be walked in the time that is left, 0–1."""
    able = (slack_ms >= 0) & (edge_ms < CLOSED)
    share = np.divide(slack_ms, edge_ms, out=np.ones(len(edge_ms)), where=edge_ms > 0)
    return np.where(able, np.minimum(share, 1.0), 0.0)


def _merged(edge: Ints, start: Floats, end: Floats) -> ReachedParts:
    """Join parts of one edge that touch; drop those without a length."""
    order = np.lexsort((start, edge))
    order = order[end[order] > start[order]]
    edge, start, end = edge[order], start[order], end[order]
    # Fractions are at most 1: edge + fraction · ½ keeps edges apart in one running maximum.
    furthest = np.maximum.accumulate(edge + 0.5 * end) if len(edge) else end
    new = np.r_[True, edge[1:] + 0.5 * start[1:] > furthest[:-1]][: len(edge)]
    first = np.flatnonzero(new)
    last_end = np.maximum.reduceat(end, first) if len(first) else end
    return ReachedParts(edge[first], start[first], last_end)
