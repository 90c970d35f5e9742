"""Streets as lines from junction to junction, made of the edges of a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.inputs.shapes import straight_lines
from circle15.travel.engine.chains import contract, hilbert_index

if TYPE_CHECKING:
    from circle15.arrays import Bools, Floats, Ints
    from circle15.network.walk_network import WalkNetwork


@dataclass(frozen=True)
class NodeLines:
    """
    Lines through nodes of a network.

    Attributes
    ----------
    node : int64, shape (vertices,)
        Node of each vertex, line after line.
    start : int64, shape (lines + 1,)
        Start of each line in `node`.
    """

    node: Ints
    start: Ints


def joined_streets(network: WalkNetwork, edges: Bools) -> NodeLines:
    """
    Join edges into few long lines, each edge in exactly one line.

    At a junction a line runs straight on: the ends of streets are paired by direction, and a line
    ends where one is left over. So a net of streets needs a third of the lines that it has pieces
    between junctions.

    Parameters
    ----------
    edges
        Mask of the edges to join. Only these count: they run on through a junction with others.
        A ring begins at one of its nodes.
    """
    u, v = network.u[edges], network.v[edges]
    node, end_u, end_v = _paired_ends(network, u, v)
    chains = contract(len(node), end_u, end_v, network.x_m[node], network.y_m[node])
    mine, backward = chains.edges, chains.reversed[chains.edges]
    begin, end = np.where(backward, v[mine], u[mine]), np.where(backward, u[mine], v[mine])
    n_lines = len(chains.start) - 1
    start = chains.start + np.arange(n_lines + 1)
    vertex = np.empty(len(mine) + n_lines, np.int64)
    vertex[np.arange(len(mine)) + chains.chain[mine] + 1] = end
    vertex[start[:-1]] = begin[chains.start[:-1]]
    return NodeLines(vertex, start)


def _paired_ends(network: WalkNetwork, u: Ints, v: Ints) -> tuple[Ints, Ints, Ints]:
    """
    Split each node into as many as its edges have pairs of ends.

    Returns
    -------
    The node of each of these, and which of them is the first and last of each edge.
    """
    x, y = network.x_m, network.y_m
    ends = np.r_[u, v]
    # Streets that run straight on have directions that differ by half a turn.
    direction = np.arctan2(y[v] - y[u], x[v] - x[u]) % np.pi
    order = np.lexsort((np.tile(direction, 2), ends))
    sorted_ends = ends[order]
    first = np.flatnonzero(np.diff(sorted_ends, prepend=-1))
    rank = np.arange(len(ends)) - np.repeat(first, np.diff(np.r_[first, len(ends)]))
    number = np.cumsum(rank % 2 == 0) - 1
    pair = np.empty(len(ends), np.int64)
    pair[order] = number
    return sorted_ends[rank % 2 == 0], pair[: len(u)], pair[len(u) :]


def edges_near(network: WalkNetwork, around: shapely.Geometry) -> Bools:
    """Return a mask of the edges that touch an area."""
    x, y, u, v = network.x_m, network.y_m, network.u, network.v
    shapely.prepare(around)
    inside = np.asarray(shapely.contains_xy(around, x, y), bool)
    near: Bools = inside[u] | inside[v]
    # Of the edges with both ends outside, only those whose box meets that of the area can touch it.
    west, south, east, north = shapely.bounds(around)
    maybe = ~near & (np.maximum(x[u], x[v]) >= west) & (np.minimum(x[u], x[v]) <= east)
    maybe &= (np.maximum(y[u], y[v]) >= south) & (np.minimum(y[u], y[v]) <= north)
    a, b = u[maybe], v[maybe]
    near[maybe] = shapely.intersects(around, straight_lines(x[a], y[a], x[b], y[b]))
    return near


def along_curve(x: Floats, y: Floats) -> Ints:
    """Return an order of positions in which neighbours lie close to each other."""
    return np.argsort(hilbert_index(x, y), kind="stable")
