"""Cells of equal size that hold homes: which of them touch, and their outlines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import rasterio.features
import shapely
from rasterio.transform import Affine

from circle15.inputs.crs.positions import transform
from circle15.planning.spacing import spacing_m

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyproj import CRS
    from shapely import Polygon
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Floats, Ints

SQUARE_M = 100.0
"""Homes that are not cells of a raster are grouped into squares of at least this size."""
MOST_APART_M = 600.0
"""Homes further apart than this are not neighbours."""
_LOOSE = 1.1
_REACH_M = 2000.0

_BESIDE = ((0, 1), (1, -1), (1, 0), (1, 1))
"""Offsets in rows and columns from a cell to those that it touches, each pair once."""

_MOST_PIXELS = 8_000_000
_LONGEST_SIDE = 32
"""A longer side, in cells, gets more vertices, since rows of a raster may be curved in a CRS."""


@dataclass(frozen=True)
class Lattice:
    """
    An unbounded grid of equal cells.

    Attributes
    ----------
    crs
        CRS in which the cells are parallelograms: that of a raster, or the study's.
    affine
        Transform from (column, row) to the corner of a cell in `crs`.
    """

    crs: CRS
    affine: Affine

    @classmethod
    def of_squares(cls, places: Floats, crs: CRS) -> Lattice:
        """
        Return a grid of squares for homes that are not cells of a raster.

        The grid starts at the origin of the CRS, so that it does not depend on the homes' extent.

        Parameters
        ----------
        places : float64, shape (n, 2)
            Homes in `crs`, metres, at least one.
        """
        size = square_m(places)
        return cls(crs, Affine(size, 0.0, 0.0, 0.0, -size, 0.0))

    def cells_at(self, x_m: Floats, y_m: Floats, crs: CRS) -> tuple[Ints, Ints]:
        """Return row and column of the cell of each point, given in metres of `crs`."""
        column, row = ~self.affine * transform(x_m, y_m, crs, self.crs)
        return np.floor(row).astype(np.int64), np.floor(column).astype(np.int64)

    def outlines(self, row: Ints, column: Ints, area: Ints, n: int, crs: CRS) -> list[BaseGeometry]:
        """
        Return the outlines of areas that consist of cells.

        Parameters
        ----------
        row, column, area : int64, shape (cells,)
            Cells, each once, and the area (0 … n − 1) of each.
        n
            Number of areas; each has at least one cell.
        crs
            CRS of the outlines.

        Returns
        -------
        A valid polygon for each area, or a multipolygon whose parts touch at most at corners.
        """
        pieces: list[BaseGeometry] = []
        owner: list[int] = []
        for window in _windows(row, column, area):
            for polygon, one in _polygons(row[window], column[window], area[window]):
                pieces.append(polygon)
                owner.append(one)

        def move(xy: Floats) -> Floats:
            x, y = self.affine * (xy[:, 0], xy[:, 1])
            return np.column_stack(transform(x, y, self.crs, crs))

        moved = shapely.transform(shapely.segmentize(pieces, _LONGEST_SIDE), move)
        # A ring that meets itself at a corner becomes a hole or two polygons.
        parts, piece = shapely.get_parts(shapely.make_valid(moved), return_index=True)
        polygonal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
        found: list[list[Polygon]] = [[] for _ in range(n)]
        for part, one in zip(parts[polygonal], np.array(owner)[piece[polygonal]], strict=True):
            found[one].append(part)
        return [mine[0] if len(mine) == 1 else shapely.MultiPolygon(mine) for mine in found]


def square_m(places: Floats) -> float:
    """
    Choose the size of squares, metres, so that neighbouring homes lie in the same or touching ones.

    Parameters
    ----------
    places : float64, shape (n, 2)
        Homes, metres, at least one; often the centres of hexagons or blocks.
    """
    apart_m = _LOOSE * min(spacing_m(places, reach_m=_REACH_M, lonely_m=0.0))
    return apart_m if SQUARE_M < apart_m <= MOST_APART_M else SQUARE_M


def cell_keys(row: Ints, column: Ints) -> Ints:
    """Return a number for each cell, ascending from west to east, then from south to north."""
    if not len(row):
        return np.zeros(0, np.int64)
    west, north, height = int(column.min()), int(row.max()), int(np.ptp(row)) + 1
    return (column - west) * height + (north - row)


def touching_cells(row: Ints, column: Ints) -> tuple[Ints, Ints]:
    """
    Return the pairs of cells that touch at a side or a corner, each pair once.

    Parameters
    ----------
    row, column : int64, shape (cells,)
        Position of each cell, all different.

    Returns
    -------
    Indices of the cells of each pair, the smaller first, in ascending order.

    Examples
    --------
    >>> one, other = touching_cells(np.array([0, 0, 1]), np.array([0, 1, 2]))
    >>> one.tolist(), other.tolist()
    ([0, 1], [1, 2])
    """
    if not len(row):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    # A free column on either side keeps cells from touching the end of the next row.
    width = int(np.ptp(column)) + 3
    key = (row - row.min()) * width + column - column.min() + 1
    order = np.argsort(key)
    pairs = []
    for down, right in _BESIDE:
        there = key + down * width + right
        found = np.minimum(np.searchsorted(key, there, sorter=order), len(key) - 1)
        other = order[found]
        mine = np.flatnonzero(key[other] == there)
        pairs.append(np.sort(np.column_stack([mine, other[mine]]), axis=1))
    pair = np.concatenate(pairs)
    pair = pair[np.lexsort(pair.T[::-1])]
    return pair[:, 0], pair[:, 1]


def cells_around(row: Ints, column: Ints, at_row: Ints, at_column: Ints) -> tuple[Ints, Ints]:
    """
    Return for some places in the lattice the cells in which they lie or that touch these.

    Parameters
    ----------
    row, column : int64, shape (cells,)
        Position of each cell, all different.
    at_row, at_column : int64, shape (places,)
        Position of the cell of each place, which need not be among the cells.

    Returns
    -------
    Places and cells, as pairs of indices.

    Examples
    --------
    >>> place, cell = cells_around(np.array([0, 3]), np.array([0, 0]), np.array([1]), np.array([1]))
    >>> place.tolist(), cell.tolist()
    ([0], [0])
    """
    if not len(row):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    top, left, width = int(row.min()) - 1, int(column.min()) - 1, int(np.ptp(column)) + 3
    key = (row - top) * width + column - left
    order = np.argsort(key)
    ascending = key[order]
    beside = (at_row >= top) & (at_row <= row.max() + 1)
    beside &= (at_column >= left) & (at_column <= column.max() + 1)
    near = np.flatnonzero(beside)
    own = (at_row[near] - top) * width + at_column[near] - left
    places, cells = [], []
    for down in (-1, 0, 1):
        # The three cells of a row follow each other among the keys.
        low = np.searchsorted(ascending, own + down * width - 1)
        high = np.searchsorted(ascending, own + down * width + 1, side="right")
        count = high - low
        places.append(np.repeat(near, count))
        begin = np.repeat(np.cumsum(count) - high, count)
        cells.append(order[np.arange(int(count.sum())) - begin])
    return np.concatenate(places), np.concatenate(cells)


def _windows(row: Ints, column: Ints, area: Ints) -> Iterator[Ints]:
    """Yield the cells to outline together: all, or area by area where they lie far apart."""
    everything = np.arange(len(row))
    if not len(row):
        return
    if (int(np.ptp(row)) + 1) * (int(np.ptp(column)) + 1) <= _MOST_PIXELS:
        yield everything
        return
    order = np.argsort(area, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(area[order])) + 1)


def _polygons(row: Ints, column: Ints, area: Ints) -> Iterator[tuple[BaseGeometry, int]]:
    """Yield the outlines of the side-connected pieces of each area, in columns and rows."""
    top, left = int(row.min()), int(column.min())
    picture = np.zeros((int(row.max()) - top + 1, int(column.max()) - left + 1), np.int32)
    picture[row - top, column - left] = area + 1
    shift = Affine.translation(left, top)
    pieces = rasterio.features.shapes(picture, picture > 0, connectivity=4, transform=shift)
    for piece, value in pieces:
        outer, *holes = piece["coordinates"]
        yield shapely.Polygon(outer, holes), int(value) - 1
