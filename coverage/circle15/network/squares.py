"""Squares that one may walk across: straight ways between the streets that end at the rim."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.inputs.shapes import straight_lines

if TYPE_CHECKING:
    import numpy.typing as npt

MAX_JUNCTIONS = 64
"""A square with more streets at its rim is walked around: the pairs would outgrow the network."""


def crossings(
    x_m: npt.NDArray[np.float64], y_m: npt.NDArray[np.float64], junction: npt.NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """
    Pairs of junctions of a square between which one can walk straight across it.

    Parameters
    ----------
    x_m, y_m
        The rim in order, without the closing repeat, metres.
    junction
        Whether another way joins at each node of the rim.

    Returns
    -------
    Pairs of positions in the rim, smaller first. Neighbours along the rim are left out: that
    edge exists. An invalid rim (one that crosses itself) has no pairs.
    """
    square = shapely.Polygon(np.column_stack([x_m, y_m]))
    ends = np.flatnonzero(junction)
    if not square.is_valid or len(ends) > MAX_JUNCTIONS:
        return []
    n = len(x_m)
    pairs = [(int(a), int(b)) for a, b in combinations(ends, 2) if 1 < b - a < n - 1]
    if not pairs:
        return []
    first, second = np.array(pairs).T
    lines = straight_lines(x_m[first], y_m[first], x_m[second], y_m[second])
    inside = np.asarray(shapely.covers(square, lines))
    return [pair for pair, is_inside in zip(pairs, inside, strict=True) if is_inside]
