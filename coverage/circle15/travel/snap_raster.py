"""A grid over the study area whose cells join the network once, by the same rule as homes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.inputs.shapes import straight_lines
from circle15.network.snapping import Snaps, snap_to_network

if TYPE_CHECKING:
    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from circle15.network.walk_network import WalkNetwork

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

CELL_M: Final = 20.0
MAX_CELLS: Final = 4_000_000
BEYOND_CELLS: Final = 1.5
"""Cells join edges this much farther away than homes do: their edge says where the border is."""


@dataclass(frozen=True)
class SnapRaster:
    """
    Cells in rows and columns over an area, each joined to the network at its middle.

    Cells are numbered row by row from the south-west.

    Attributes
    ----------
    west_m, south_m
        Middle of the first cell, study CRS.
    cell_m
        Side of a cell.
    max_snap_m
        Longest leg of a home, inclusive.
    snaps
        Where each cell's middle joins the network; legs are up to 1.5 cells longer than those of
        homes.
    east, north : float32, shape (rows · columns,)
        Where a barrier crosses the way from the middle of a cell to that of its neighbour in the
        east or north, 0–1; NaN where none does. Of several the first counts.
    """

    west_m: float
    south_m: float
    cell_m: float
    rows: int
    columns: int
    max_snap_m: float
    snaps: Snaps
    east: npt.NDArray[np.float32]
    north: npt.NDArray[np.float32]

    @classmethod
    def over(
        cls,
        shape: BaseGeometry,
        network: WalkNetwork,
        *,
        max_snap_m: float = 200.0,
        cell_m: float = CELL_M,
        max_cells: int = MAX_CELLS,
    ) -> SnapRaster:
        """
        Lay a grid over the box of a shape and join its cells to the network.

        Parameters
        ----------
        shape
            Not empty, study CRS.
        max_cells
            Where cells of `cell_m` would be more than about this many, they are made larger.
        """
        west, south, east, north = map(float, shapely.bounds(shape))
        coarser = math.sqrt((east - west) * (north - south) / max_cells)
        if coarser > cell_m:
            cell_m = float(math.ceil(coarser))
        columns, rows = (
            max(2, math.ceil(side / cell_m) + 1) for side in (east - west, north - south)
        )
        x = np.tile(west + cell_m * np.arange(columns), rows)
        y = np.repeat(south + cell_m * np.arange(rows), columns)
        snaps = snap_to_network(
            x, y, network, max_snap_m=max_snap_m + BEYOND_CELLS * cell_m
        )
        near = _cells_near(network.barriers, (west, south), cell_m, (rows, columns))
        tree = shapely.STRtree(network.barriers)
        steps = (cell_m, 0.0), (0.0, cell_m)
        crossings = [_crossings(x, y, step, near, tree) for step in steps]
        return cls(
            west, south, cell_m, rows, columns, max_snap_m, snaps, crossings[0], crossings[1]
        )

    def __len__(self) -> int:
        return self.rows * self.columns

    @property
    def habitable(self) -> npt.NDArray[np.bool_]:
        """Which cells would join the network if their middle were a home."""
        limit = math.floor(self.max_snap_m * 1000 + 0.5)
        return self.snaps.joined & (self.snaps.access_mm <= limit)


def _cells_near(
    barriers: npt.NDArray[np.object_],
    corner: tuple[float, float],
    cell_m: float,
    shape: tuple[int, int],
) -> Ints:
    """Cells from whose middle a step to the east or north might cross a barrier."""
    pieces = shapely.segmentize(barriers, cell_m)
    xy, owner = shapely.get_coordinates(pieces, return_index=True)
    if not len(xy):
        return np.empty(0, np.int64)
    place = np.floor((xy - np.array(corner)) / cell_m).astype(np.int64)
    same = owner[1:] == owner[:-1]
    low = np.minimum(place[1:], place[:-1])[same]
    # A piece no longer than a cell touches at most 2 × 2 squares between middles; the step along
    # their upper side begins in the next row, and that along their right side in the next column.
    steps = np.stack(np.meshgrid(np.arange(3), np.arange(3)), axis=-1).reshape(-1, 2)
    column, row = (low[:, None, :] + steps).reshape(-1, 2).T
    rows, columns = shape
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    return np.unique(row[inside] * columns + column[inside])


def _crossings(
    x: Floats, y: Floats, step: tuple[float, float], near: Ints, tree: shapely.STRtree
) -> npt.NDArray[np.float32]:
    """Where barriers first cross the steps from the given cells; NaN for all others."""
    found = np.full(len(x), np.nan, np.float32)
    lines = straight_lines(x[near], y[near], x[near] + step[0], y[near] + step[1])
    which, barrier = tree.query(lines, "intersects")
    if not len(which):
        return found
    crossing = shapely.intersection(lines[which], tree.geometries[barrier])
    xy, owner = shapely.get_coordinates(crossing, return_index=True)
    length = step[0] + step[1]
    cell = near[which[owner]]
    along = (np.abs(xy[:, 0] - x[cell]) + np.abs(xy[:, 1] - y[cell])) / length
    first = np.full(len(x), np.inf)
    np.minimum.at(first, cell, along)
    found[cell] = first[cell]
    return found
