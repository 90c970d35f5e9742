"""A grid over the study area whose cells join the network once, by the same rule as homes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

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
FREE: Final = -2
HALFWAY: Final = ((0.5, 0.0), (0.0, 0.5), (0.5, 0.5))
"""Steps from a cell to the points of `between`, in cells to the east and north."""


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
        Where each cell's middle joins the network; legs may be 1.5 cells longer than those of
        homes.
    between : int32, shape (3, rows · columns)
        Near barriers: the edges that homes join halfway to the neighbour in the east, to that in
        the north, and to that in the north-east; -1 where none, `FREE` away from barriers.
    """

    west_m: float
    south_m: float
    cell_m: float
    rows: int
    columns: int
    max_snap_m: float
    snaps: Snaps
    between: npt.NDArray[np.int32]

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
        reach = max_snap_m + BEYOND_CELLS * cell_m
        snaps = snap_to_network(x, y, network, max_snap_m=reach)
        near = _cells_near(network.barriers, (west, south), cell_m, (rows, columns))
        between = np.full((len(HALFWAY), rows * columns), FREE, np.int32)
        for k, (east_step, north_step) in enumerate(HALFWAY):
            half_x, half_y = x[near] + east_step * cell_m, y[near] + north_step * cell_m
            between[k, near] = snap_to_network(half_x, half_y, network, max_snap_m=reach).edge
        return cls(west, south, cell_m, rows, columns, max_snap_m, snaps, between)

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
    """Cells from which a barrier is at most about two cells away."""
    xy, owner = shapely.get_coordinates(shapely.segmentize(barriers, cell_m), return_index=True)
    square = np.floor((xy - np.array(corner)) / cell_m).astype(np.int64)
    same = owner[1:] == owner[:-1]
    low = np.minimum(square[1:], square[:-1])[same]
    # A piece no longer than a cell touches at most 2 × 2 squares between four middles. A point is
    # judged by the edges of the cells around the square it lies in: one square more on each side,
    # and the points of a square are kept with the cells at its corners.
    steps = np.stack(np.meshgrid(np.arange(-1, 4), np.arange(-1, 4)), axis=-1).reshape(-1, 2)
    column, row = (low[:, None, :] + steps).reshape(-1, 2).T
    rows, columns = shape
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    return np.unique(row[inside] * columns + column[inside])
