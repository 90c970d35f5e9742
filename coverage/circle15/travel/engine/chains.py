"""
Contract a network: each chain of edges between junctions becomes one arc.

Searches skip nodes with exactly two edge ends. The contraction is lossless: parallel edges, loops
and rings are kept, and a position on an edge keeps its place in the chain, with times that are sums
of the edges' own milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.travel.engine.walking_chains import walk_chains

if TYPE_CHECKING:
    from circle15.arrays import Bools, Floats, Ints


@dataclass(frozen=True)
class Chains:
    """
    The chains of a network.

    Attributes
    ----------
    n_core
        Number of junctions; they are numbered along a Hilbert curve, so that neighbours lie close
        in memory.
    first, last : int64, shape (chains,)
        Junctions at both ends (equal for a loop or ring).
    start : int64, shape (chains + 1,)
        Start of the edges of each chain in `edges`.
    edges : int64, shape (edges,)
        The edges of all chains, each chain from its first junction to its last.
    chain, order : int64, shape (edges,)
        Chain of each edge, and its index in `edges`.
    reversed : bool, shape (edges,)
        Whether the chain runs along the edge from its last node to its first.
    """

    n_core: int
    first: Ints
    last: Ints
    start: Ints
    edges: Ints
    chain: Ints
    order: Ints
    reversed: Bools


def contract(n_nodes: int, u: Ints, v: Ints, x_m: Floats, y_m: Floats) -> Chains:
    """
    Find the chains of a network.

    Parameters
    ----------
    u, v
        Ends of the edges, shape (edges,).
    x_m, y_m
        Positions of the nodes, metres; they only affect the order in memory.
    """
    ends = np.r_[u, v]
    by_node = np.argsort(ends, kind="stable")
    pointer = np.searchsorted(ends[by_node], np.arange(n_nodes + 1))
    incident = by_node % max(len(u), 1)
    is_core = np.diff(pointer) != 2
    edges, start, first, last, backward = walk_chains(pointer, incident, u, v, is_core)
    # A ring without junctions uses one of its nodes as a junction.
    core = np.unique(np.r_[first, last])
    core = core[np.argsort(hilbert_index(x_m[core], y_m[core]), kind="stable")]
    number = np.full(n_nodes, -1, np.int64)
    number[core] = np.arange(len(core))
    first, last = number[first], number[last]
    # Chains follow their junctions, so that neighbours lie close in memory too.
    rank = np.lexsort((np.maximum(first, last), np.minimum(first, last)))
    size = np.diff(start)[rank]
    sorted_start = np.r_[np.int64(0), np.cumsum(size)]
    within = np.arange(len(edges)) - np.repeat(sorted_start[:-1], size)
    edges = edges[np.repeat(start[rank], size) + within]
    chain = np.empty(len(u), np.int64)
    order = np.empty(len(u), np.int64)
    chain[edges] = np.repeat(np.arange(len(rank)), size)
    order[edges] = np.arange(len(u))
    return Chains(len(core), first[rank], last[rank], sorted_start, edges, chain, order, backward)


def hilbert_index(x_m: Floats, y_m: Floats) -> Ints:
    """
    Return the index of points along a Hilbert curve over their box.

    Examples
    --------
    >>> x, y = np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 1.0, 1.0, 0.0])
    >>> hilbert_index(x, y).argsort().tolist()
    [0, 1, 2, 3]
    """
    if not len(x_m):
        return np.empty(0, np.int64)
    side = (1 << 16) - 1
    extent = max(float(np.ptp(x_m)), float(np.ptp(y_m)), 1e-9)
    x = ((x_m - x_m.min()) / extent * side).astype(np.int64)
    y = ((y_m - y_m.min()) / extent * side).astype(np.int64)
    index = np.zeros(len(x), np.int64)
    step = 1 << 15
    while step:
        right, top = (x & step) > 0, (y & step) > 0
        index += step * step * ((3 * right) ^ top)
        # Turn the quadrant so that the curve inside it continues the curve outside.
        flip = ~top & right
        x, y = np.where(flip, side - x, x), np.where(flip, side - y, y)
        x, y = np.where(top, x, y), np.where(top, y, x)
        step >>= 1
    return index
