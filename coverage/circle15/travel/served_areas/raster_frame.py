"""Where the cells of a raster lie."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Floats


@dataclass(frozen=True)
class RasterFrame:
    """
    Cells in rows, numbered from the south-west.

    Attributes
    ----------
    west_m, south_m
        Centre of the first cell, metres in the study CRS.
    cell_m
        Side of a cell, metres.
    rows, columns
        Shape of the raster.
    """

    west_m: float
    south_m: float
    cell_m: float
    rows: int
    columns: int

    @classmethod
    def over(cls, shape: BaseGeometry, *, cell_m: float) -> RasterFrame:
        """Cover the bounding box of a shape that is not empty."""
        west, south, east, north = map(float, shapely.bounds(shape))
        columns, rows = (
            max(2, math.ceil(side / cell_m) + 1) for side in (east - west, north - south)
        )
        return cls(west, south, cell_m, rows, columns)

    def with_cells(self, cell_m: float) -> RasterFrame:
        """Return a frame over the same box with cells of another size."""
        columns, rows = (
            max(2, math.ceil((n - 1) * self.cell_m / cell_m) + 1) for n in (self.columns, self.rows)
        )
        return RasterFrame(self.west_m, self.south_m, cell_m, rows, columns)

    def on_whole_metres(self) -> RasterFrame:
        """Return a frame that covers this one, its origin in whole metres."""
        west, south = math.floor(self.west_m), math.floor(self.south_m)
        more = 1 if (west, south) != (self.west_m, self.south_m) else 0
        return RasterFrame(
            float(west), float(south), self.cell_m, self.rows + more, self.columns + more
        )

    def __len__(self) -> int:
        return self.rows * self.columns

    @property
    def x_m(self) -> Floats:
        """Centres of the columns, float64, metres."""
        return np.asarray(self.west_m + self.cell_m * np.arange(self.columns), np.float64)

    @property
    def y_m(self) -> Floats:
        """Centres of the rows, float64, metres."""
        return np.asarray(self.south_m + self.cell_m * np.arange(self.rows), np.float64)

    def within(self, low_m: Floats, high_m: Floats) -> RasterFrame:
        """
        Return the cells that a box meets, at least two rows and columns of them.

        Parameters
        ----------
        low_m, high_m
            Its south-western and north-eastern corner (x, y), metres; may be infinite.
        """
        size = np.array([self.columns, self.rows])
        corner = np.array([self.west_m, self.south_m])
        first = np.clip(np.floor((low_m - corner) / self.cell_m), 0, size - 2).astype(np.int64)
        last = np.clip(np.ceil((high_m - corner) / self.cell_m), first + 1, size - 1)
        columns, rows = (last.astype(np.int64) - first + 1).tolist()
        west, south = (corner + self.cell_m * first).tolist()
        return RasterFrame(west, south, self.cell_m, rows, columns)
