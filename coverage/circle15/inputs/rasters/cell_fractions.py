"""
Exact fraction of each grid cell that lies in a polygon: edges are cut at the grid lines.

    covered part of a cell =   area to the right of the edges inside the cell
                             + area that the edges in the cells to its left cover in its row

An edge that runs down by `dv` rows in the middle of a cell covers half of that cell over `dv`, and
the whole of every cell farther right. Summed over all edges of a ring, minus those that run up,
this is the area of the ring in each cell. Antialiased fonts are drawn in this way (R. Levien,
"Inside the fastest font renderer in the world"; FreeType's `ftgrays.c`).

Everything is in units of cells, in double precision. Positions refer to the whole grid, heights
are summed as integers and areas always in the order of the edges, so that a cell has the same
fraction, to the last digit, whichever tile it is read in.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.inputs.rasters.grid import Tile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rasterio.transform import Affine
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Floats, Ints

_CUTS: Final = 1_000_000
"""Pieces of edges that are processed at once: some 100 MB."""

_UNIT: Final = 2.0**40
"""Heights are summed in this fraction of a row, 10⁻¹²: integers, in any order."""

_ROUNDING: Final = 1e-9
"""A cell of which less than this is covered, or uncovered, counts as empty, or full."""


def cell_fractions(
    shape: BaseGeometry, affine: Affine, tile: Tile
) -> tuple[tuple[slice, slice], Floats]:
    """
    Fractions of the cells of a tile that lie in a polygon.

    Parameters
    ----------
    shape
        A valid polygon or multipolygon in the CRS of the grid; anything else covers nothing.
    affine
        Of a grid without rotation, its first row in the north.
    tile
        The cells to compute.

    Returns
    -------
    Rows and columns of the tile around the polygon, and float64 fractions, 0 to 1, of that shape.

    Examples
    --------
    A triangle that covers the lower right half of one cell, and a quarter of the next:

    >>> from rasterio.transform import Affine
    >>> from circle15.inputs.rasters.grid import Tile
    >>> triangle = shapely.Polygon([(0, 0), (1, 1), (1.5, 0)])
    >>> cell_fractions(triangle, Affine(1, 0, 0, 0, -1, 1), Tile(0, 1, 0, 3))
    ((slice(0, 1, None), slice(0, 2, None)), array([[0.5 , 0.25]]))
    """
    edges, sign = _edges(shape, affine)
    low, high = edges[:, :2].min(axis=0, initial=np.inf), edges[:, :2].max(axis=0, initial=-np.inf)
    left, right = np.clip([np.floor(low[0]), np.ceil(high[0])], tile.left, tile.right).astype(int)
    top, bottom = np.clip([np.floor(low[1]), np.ceil(high[1])], tile.top, tile.bottom).astype(int)
    part = Tile(int(top), max(int(bottom), int(top)), int(left), max(int(right), int(left)))
    down, across = part.shape
    # Besides the window there is one column for everything left of it and one for the right.
    inside, falls = np.zeros((down, across + 2)), np.zeros((down, across + 2), np.int64)
    for some in _portions(edges, part) if inside.size else ():
        cell, fall, middle = _cut(edges[some], sign[some], part)
        np.add.at(falls, cell, fall)
        np.add.at(inside, cell, fall / _UNIT * (1.0 - middle))
    found = inside[:, 1:-1] + np.cumsum(falls, axis=1)[:, :-2] / _UNIT
    found[np.abs(found) < _ROUNDING] = 0.0
    found[np.abs(found - 1.0) < _ROUNDING] = 1.0
    rows, columns = (part.top - tile.top, part.left - tile.left)
    return (slice(rows, rows + down), slice(columns, columns + across)), found


def _edges(shape: BaseGeometry, affine: Affine) -> tuple[Floats, Floats]:
    """
    Return the edges of all rings, in cells from the corner of the grid.

    Each is (column, row) of its start and end, and has the sign that makes the area of an outer
    ring positive and that of a hole negative. A shape with a non-finite position has no edges.
    """
    polygons = shapely.get_parts(shape)
    rings, owner = shapely.get_rings(polygons, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    if not np.isfinite(xy).all():
        xy, ring, rings = xy[:0], ring[:0], rings[:0]
    place = (xy - (affine.c, affine.f)) / (affine.a, affine.e)
    follows = np.flatnonzero(ring[1:] == ring[:-1])
    edges = np.column_stack([place[follows], place[follows + 1]])
    ring = ring[follows]
    # Relative to one of its vertices, so that a small ring far away loses no digits.
    first = edges[np.searchsorted(ring, ring), :2]
    u0, v0, u1, v1 = (edges - np.tile(first, 2)).T
    turn = np.sign(np.bincount(ring, u0 * v1 - u1 * v0, minlength=len(rings)))
    # A falling edge covers what lies to its right: it is the left side of an outer ring.
    is_hole = np.diff(owner[: len(rings)], prepend=-1) == 0
    return edges, np.where(is_hole, turn, -turn)[ring]


def _portions(edges: Floats, part: Tile) -> Iterator[slice]:
    """Divide the edges so that each portion is cut into about `_CUTS` pieces at most."""
    ends = edges.reshape(-1, 2, 2).clip((part.left, part.top), (part.right, part.bottom))
    cuts = np.abs(np.diff(np.floor(ends), axis=1)).sum(axis=(1, 2)) + 3
    portion = (np.cumsum(cuts) // _CUTS).astype(np.int64)
    bounds = [0, *(np.flatnonzero(np.diff(portion)) + 1).tolist(), len(edges)]
    yield from (slice(begin, end) for begin, end in pairwise(bounds))


def _cut(edges: Floats, sign: Floats, part: Tile) -> tuple[tuple[Ints, Ints], Ints, Floats]:
    """
    Cut edges at the grid lines in a part of the grid.

    Returns
    -------
    For each piece in the rows of the part: its cell (row, column; column 0 is everything left of
    the part), how far it falls in units of `_UNIT`, times its sign, and how far right in its cell
    its middle is; what is not inside covers no part of its cell.
    """
    u0, v0, u1, v1 = edges.T
    n = np.arange(len(edges))
    a, column, at_column = _crossings(u0, u1, part.left, part.right)
    b, row, at_row = _crossings(v0, v1, part.top, part.bottom)
    edge = np.concatenate([n, a, b, n])
    share = np.concatenate([np.zeros(len(n)), at_column, at_row, np.ones(len(n))])
    u = np.concatenate([u0, column, u0[b] + at_row * (u1 - u0)[b], u1])
    v = np.concatenate([v0, v0[a] + at_column * (v1 - v0)[a], row, v1])
    order = np.lexsort((share, edge))
    edge, u, v = edge[order], u[order], v[order]
    middle_u, line = (u[1:] + u[:-1]) / 2, np.floor((v[1:] + v[:-1]) / 2)
    kept = np.flatnonzero((edge[1:] == edge[:-1]) & (line >= part.top) & (line < part.bottom))
    middle_u, line = middle_u[kept], line[kept]
    cell = np.clip(np.floor(middle_u), part.left - 1, part.right)
    fall = np.rint((v[kept + 1] - line) * _UNIT) - np.rint((v[kept] - line) * _UNIT)
    beyond = (cell < part.left) | (cell == part.right)
    middle = np.where(beyond, 1.0, np.clip(middle_u - cell, 0.0, 1.0))
    place = (line - part.top).astype(np.int64), (cell - part.left + 1).astype(np.int64)
    return place, (fall * sign[edge[kept]]).astype(np.int64), middle


def _crossings(start: Floats, end: Floats, least: int, most: int) -> tuple[Ints, Floats, Floats]:
    """Return where edges cross the lines `least` … `most`: edge, line, and share of its length."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    first = np.clip(np.ceil(low), least, most + 1).astype(np.int64)
    last = np.clip(np.floor(high), least - 1, most).astype(np.int64)
    times = np.where(low < high, np.maximum(last - first + 1, 0), 0)
    edge = np.repeat(np.arange(len(start)), times)
    before = np.repeat(np.cumsum(times) - times, times)
    line = (first[edge] + np.arange(len(edge)) - before).astype(np.float64)
    return edge, line, (line - start[edge]) / (end - start)[edge]
