"""Compiled walk along the chains between junctions."""

# mypy: disable-error-code="no-untyped-def"
# numba infers the types; the docstring gives shapes and units.

from __future__ import annotations

import numpy as np

from circle15.network.compiled import compiled


@compiled
def walk_chains(pointer, incident, u, v, is_core):
    """
    Walk every chain from a junction to the next, then every ring.

    Parameters
    ----------
    pointer, incident
        Edges at each node; a loop occurs twice.
    u, v
        Ends of the edges.
    is_core : bool, shape (nodes,)
        Whether a node is a junction or a dead end.

    Returns
    -------
    Edges of all chains, the start of each chain among them, its first and last node, and whether
    the chain runs along each edge from its last node to its first.
    """
    n_edges = len(u)
    edges = np.empty(n_edges, np.int64)
    start = np.empty(n_edges + 1, np.int64)
    first = np.empty(n_edges, np.int64)
    last = np.empty(n_edges, np.int64)
    backward = np.zeros(n_edges, np.bool_)
    seen = np.zeros(n_edges, np.bool_)
    n_chains = 0
    filled = 0
    for ring in range(2):
        for origin in range(len(pointer) - 1):
            if ring == 0 and not is_core[origin]:
                continue
            for k in range(pointer[origin], pointer[origin + 1]):
                edge = incident[k]
                if seen[edge]:
                    continue
                start[n_chains] = filled
                first[n_chains] = origin
                node = origin
                while True:
                    seen[edge] = True
                    edges[filled] = edge
                    filled += 1
                    backward[edge] = u[edge] != node
                    node = u[edge] if backward[edge] else v[edge]
                    if is_core[node] or node == origin:
                        break
                    one, other = incident[pointer[node]], incident[pointer[node] + 1]
                    edge = other if one == edge else one
                last[n_chains] = node
                n_chains += 1
    start[n_chains] = filled
    return edges, start[: n_chains + 1], first[:n_chains], last[:n_chains], backward
