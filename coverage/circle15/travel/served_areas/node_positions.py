"""The nodes of the network as origins of a search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.travel.engine.graph import Positions

if TYPE_CHECKING:
    from circle15.network.walk_network import WalkNetwork


def node_positions(network: WalkNetwork) -> Positions:
    """Return every node as a point on the network, for searches that give its time."""
    n_nodes, n_edges = len(network.x_m), len(network.u)
    edge = np.full(n_nodes, -1, np.int64)
    edge[network.v] = np.arange(n_edges)
    edge[network.u] = np.arange(n_edges)
    at_end = np.append(network.u, -1)[edge] != np.arange(n_nodes)
    return Positions(edge, at_end.astype(np.float64), np.zeros(n_nodes, np.int64))
