"""Join lines at equal vertices, unless they pass each other on different levels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from circle15.network.osm.walk_filter import is_bridge, is_tunnel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.arrays import Bools, Floats, Ints


_ONWARD = -0.5
"""Cosine of 120°: two directions further apart than this count as straight on."""
_HIGHEST = 1000  # storeys; a `layer` beyond it is an error


def level_of(tags: Mapping[str, str]) -> int:
    """
    Return the level of a line: its `layer`, else 1 for a bridge and -1 for a tunnel.

    Examples
    --------
    >>> level_of({"layer": "2"}), level_of({"bridge": "yes"}), level_of({"layer": "up"})
    (2, 1, 0)
    """
    try:
        level = float(tags["layer"])
    except (KeyError, ValueError):
        level = math.nan
    if abs(level) <= _HIGHEST:
        return int(level)
    return int(is_bridge(tags)) - int(is_tunnel(tags))


def join_vertices(x: Floats, y: Floats, owner: Ints, level: Ints) -> Ints:
    """
    Find the vertices of lines that are one node.

    Vertices at the same millimetre are one node, ends and inner ones alike, except where lines of
    different levels pass each other: a layer with a vertex at every crossing also has one of each
    line where a bridge passes over a street, and there is no way from one to the other there. A
    level *passes* a point where two of its directions are more than 120° apart. Where two or more
    levels pass, each has its own node. A line that ends there (a ramp, the end of a bridge) joins
    the passing level nearest to its own, the lower of two; where fewer than two levels pass, all
    join, as a bridge and the streets that lead onto it do. Whether a line is cut at a vertex makes
    no difference.

    Parameters
    ----------
    x, y
        Vertices of all lines, one line after the other, metres.
    owner
        Number of the line of each vertex, ascending.
    level
        Level of each line.

    Returns
    -------
    For each vertex the first vertex that is the same node.
    """
    order = np.lexsort((y, x))
    apart = (np.diff(x[order]) != 0) | (np.diff(y[order]) != 0)
    starts = np.flatnonzero(np.r_[True, apart])
    stops = np.r_[starts[1:], len(order)]
    levels = level[owner]
    node = np.empty(len(x), np.int64)
    node[order] = np.repeat(np.minimum.reduceat(order, starts), stops - starts)
    lowest = np.minimum.reduceat(levels[order], starts)
    highest = np.maximum.reduceat(levels[order], starts)
    for point in np.flatnonzero(lowest != highest):
        here = order[starts[point] : stops[point]]
        group = _groups(levels[here], *_onward(here, x, y, owner, levels))
        for one in np.unique(group):
            node[here[group == one]] = here[group == one].min()
    return node


def _onward(here: Ints, x: Floats, y: Floats, owner: Ints, levels: Ints) -> tuple[Ints, Floats]:
    """Return levels and directions of the pieces of lines that meet at one position."""
    beside = np.r_[here - 1, here + 1]
    vertex = np.r_[here, here]
    within = (beside >= 0) & (beside < len(x))
    within[within] = owner[beside[within]] == owner[vertex[within]]
    beside, vertex = beside[within], vertex[within]
    return levels[vertex], np.column_stack([x[beside] - x[vertex], y[beside] - y[vertex]])


def _groups(own: Ints, levels: Ints, onward: Floats) -> Ints:
    """
    Group the vertices at one point, of levels `own`, by the levels that pass it.

    All are in group 0 if fewer than two pass.
    """
    passing = [int(one) for one in np.unique(levels) if _passes(onward[levels == one])]
    if len(passing) < 2:
        return np.zeros(len(own), np.int64)
    return np.asarray(np.abs(own[:, None] - passing).argmin(axis=1), np.int64)


def _passes(onward: Floats) -> bool:
    """Return whether two of these directions are more than 120° apart."""
    length = np.hypot(onward[:, 0], onward[:, 1])
    units = onward[length > 0] / length[length > 0, None]
    return bool((units @ units.T < _ONWARD).any())


def same_ends(ends: Ints, joints: Ints, n: int) -> Ints:
    """
    Find the vertices that are one node, where lines only join at their ends.

    Parameters
    ----------
    ends, joints
        Vertices at the ends of lines, and the number of the joint that each belongs to.
    n
        Number of vertices.

    Returns
    -------
    For each vertex the first vertex of its node.
    """
    _, first, same = np.unique(joints, return_index=True, return_inverse=True)
    node = np.arange(n)
    node[ends] = ends[first][same.ravel()]
    return node


def differs_from_before(nodes: Ints, line: Ints) -> Bools:
    """Return a mask of the nodes that do not repeat the one before in the same line."""
    differs: Bools = np.r_[True, (np.diff(nodes) != 0) | (np.diff(line) != 0)][: len(nodes)]
    return differs
