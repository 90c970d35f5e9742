"""Where lines join: at equal ends, unless they pass each other on different levels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.network.walk_filter import is_bridge, is_tunnel

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

_ONWARD = -0.5
"""Cosine of 120°: two ends that are further apart than this go straight on."""


def level_of(tags: Mapping[str, str]) -> int:
    """
    Return the level of a line: its `layer`, else 1 for a bridge and -1 for a tunnel.

    Examples
    --------
    >>> level_of({"layer": "2"}), level_of({"bridge": "yes"}), level_of({"layer": "up"})
    (2, 1, 0)
    """
    try:
        return int(float(tags["layer"]))
    except (KeyError, ValueError, OverflowError):
        return int(is_bridge(tags)) - int(is_tunnel(tags))


def join_ends(x: Floats, y: Floats, first: Ints, last: Ints, level: Ints) -> Ints:
    """
    Number the nodes at the ends of lines.

    Ends at the same millimetre are one node. The exception is where lines of different levels
    pass each other: a layer that is cut at every crossing has four ends where a bridge passes
    over a street, and people do not get from one to the other there. So a level *passes* a point
    where two of its ends go on in directions more than 120° apart. Where two or more levels pass,
    each has a node of its own. A line that merely ends there (a ramp, the head of a bridge) joins
    the passing level that is nearest to its own, the lower one of two; where fewer than two levels
    pass, all ends join, as those of a bridge and the streets that lead onto it.

    Parameters
    ----------
    x, y
        Vertices of all lines, metres.
    first, last : shape (lines,)
        Index of the first and the last vertex of each line.
    level : shape (lines,)

    Returns
    -------
    Numbers of the nodes at all first ends, then at all last ends.
    """
    ends = np.r_[first, last]
    points = np.column_stack([x[ends], y[ends]])
    node = np.unique(points, axis=0, return_inverse=True)[1].ravel().astype(np.int64)
    levels = np.r_[level, level]
    order = np.argsort(node, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(node[order]) > 0])
    lowest = np.minimum.reduceat(levels[order], starts)
    highest = np.maximum.reduceat(levels[order], starts)
    onward = np.column_stack([x, y])[np.r_[first + 1, last - 1]] - points
    fresh = int(node.max()) + 1
    for point in np.flatnonzero(lowest != highest):
        stop = starts[point + 1] if point + 1 < len(starts) else len(order)
        here = order[starts[point] : stop]
        group = _groups(levels[here], onward[here])
        node[here[group > 0]] = fresh + group[group > 0] - 1
        fresh += int(group.max())
    return node


def _groups(levels: Ints, onward: Floats) -> Ints:
    """Group the ends at one point by the levels that pass it; all in group 0 if fewer than two."""
    passing = [int(one) for one in np.unique(levels) if _passes(onward[levels == one])]
    if len(passing) < 2:
        return np.zeros(len(levels), np.int64)
    return np.asarray(np.abs(levels[:, None] - passing).argmin(axis=1), np.int64)


def _passes(onward: Floats) -> bool:
    """Tell whether two of these directions are more than 120° apart."""
    length = np.hypot(onward[:, 0], onward[:, 1])
    units = onward[length > 0] / length[length > 0, None]
    return bool((units @ units.T < _ONWARD).any())
