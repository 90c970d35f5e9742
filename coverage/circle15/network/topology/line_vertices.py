"""The vertices of many lines, in one array."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Floats, Ints

    Shapes = npt.NDArray[np.object_]

_SINGLE: Final = (shapely.GeometryType.MISSING, shapely.GeometryType.LINESTRING)


@dataclass(frozen=True)
class LineVertices:
    """
    Vertices of lines, concatenated.

    Attributes
    ----------
    xy : float64, shape (n, 2)
        Positions.
    sizes : int64, shape (lines,)
        Number of vertices of each line.
    """

    xy: Floats
    sizes: Ints

    def __len__(self) -> int:
        return len(self.sizes)

    @cached_property
    def starts(self) -> Ints:
        """First vertex of each line, int64."""
        return np.cumsum(self.sizes) - self.sizes

    def line(self, k: int) -> Floats:
        """Return the vertices of a line, shape (n, 2)."""
        start = self.starts[k]
        return self.xy[start : start + self.sizes[k]]

    def take(self, lines: Sequence[int] | Ints) -> LineVertices:
        """Return some of the lines, by number."""
        lines = np.asarray(lines, np.int64)
        sizes, starts = self.sizes[lines], self.starts[lines]
        begins = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
        return LineVertices(self.xy[begins + np.arange(len(begins))], sizes)


def vertices_of(shapes: Sequence[BaseGeometry | None] | Shapes) -> tuple[LineVertices, Ints]:
    """
    Return the vertices of all parts of lines, without heights and repeats of the one before.

    Returns
    -------
    The parts, of one vertex where all are the same; and the shape that each belongs to.

    Examples
    --------
    >>> line = shapely.LineString([(0, 0, 7), (0, 0, 8), (1, 0, 9)])
    >>> parts, owner = vertices_of([None, line, shapely.MultiLineString([[(2, 2), (2, 2)]])])
    >>> parts.xy.tolist(), parts.sizes.tolist(), owner.tolist()
    ([[0.0, 0.0], [1.0, 0.0], [2.0, 2.0]], [2, 1], [1, 2])
    """
    whole = np.array(shapes, dtype=object)
    if np.isin(shapely.get_type_id(whole), _SINGLE).all():  # parts would be copies of all
        owner = np.flatnonzero(shapely.get_num_geometries(whole))
        lines = whole[owner]
    else:
        lines, owner = shapely.get_parts(whole, return_index=True)
    xy, line = shapely.get_coordinates(lines, return_index=True)
    with np.errstate(invalid="ignore"):  # positions that are infinite are refused where placed
        moves = (np.diff(xy, axis=0) != 0).any(axis=1)
    kept = np.r_[True, moves | (np.diff(line) != 0)][: len(xy)]
    sizes = np.bincount(line[kept], minlength=len(lines)).astype(np.int64)
    return LineVertices(xy[kept], sizes), owner.astype(np.int64)
