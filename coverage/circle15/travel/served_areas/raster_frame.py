"""Where the cells of a raster lie, and its division into windows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Bools, Floats


@dataclass(frozen=True)
class RasterFrame:
    """
    Cells in rows from the south, numbered from the south-west.

    Attributes
    ----------
    west_m, south_m
        Centre of the first cell, metres in the study CRS.
    cell_m
        Side of a cell, metres.
    rows, columns
        Shape of the raster.
    first
        Row and column of the first cell in the frame of which this one is a window.
    """

    west_m: float
    south_m: float
    cell_m: float
    rows: int
    columns: int
    first: tuple[int, int] = (0, 0)

    @classmethod
    def over(cls, shape: BaseGeometry, *, cell_m: float, max_cells: int) -> RasterFrame:
        """
        Cover the bounding box of a shape that is not empty.

        Cells are enlarged where there would be more than about `max_cells`.
        """
        west, south, east, north = map(float, shapely.bounds(shape))
        coarser = math.sqrt((east - west) * (north - south) / max_cells)
        if coarser > cell_m:
            cell_m = float(math.ceil(coarser))
        columns, rows = (
            max(2, math.ceil(side / cell_m) + 1) for side in (east - west, north - south)
        )
        return cls(west, south, cell_m, rows, columns)

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

    def part(self, rows: tuple[int, int], columns: tuple[int, int]) -> RasterFrame:
        """Return the cells of some rows and columns, from the first to before the last."""
        (top, stop), (left, end) = rows, columns
        return RasterFrame(
            float(self.x_m[left]),
            float(self.y_m[top]),
            self.cell_m,
            stop - top,
            end - left,
            (top, left),
        )

    def windows(self, most_cells: int, around_m: float) -> Iterator[Window]:
        """
        Divide the raster into blocks, each with the cells within a distance around it.

        Parameters
        ----------
        most_cells
            Most cells of a window; more where the distance alone takes most of them.
        around_m
            The distance, metres.
        """
        around = math.ceil(around_m / self.cell_m)
        side = max(math.isqrt(most_cells) - 2 * around, around, 2)
        for top in range(0, self.rows, side):
            for left in range(0, self.columns, side):
                stop, end = min(top + side, self.rows), min(left + side, self.columns)
                cells = self.part(
                    (max(top - around, 0), min(stop + around, self.rows)),
                    (max(left - around, 0), min(end + around, self.columns)),
                )
                half = self.cell_m / 2
                yield Window(
                    cells,
                    west_m=float(self.x_m[left]) - half if left else -math.inf,
                    south_m=float(self.y_m[top]) - half if top else -math.inf,
                    east_m=float(self.x_m[end]) - half if end < self.columns else math.inf,
                    north_m=float(self.y_m[stop]) - half if stop < self.rows else math.inf,
                )


@dataclass(frozen=True)
class Window:
    """
    A block of a raster with the cells around it.

    Attributes
    ----------
    cells
        The cells of the block and those around it.
    west_m, south_m, east_m, north_m
        Sides of the block, metres; infinite at the rim of the raster. A point on the western or
        southern side belongs to it.
    """

    cells: RasterFrame
    west_m: float
    south_m: float
    east_m: float
    north_m: float

    def holds(self, x_m: Floats, y_m: Floats, *, around_m: float = 0.0) -> Bools:
        """Return a mask of the points in the block, or within a distance of its sides."""
        inside: Bools = (x_m >= self.west_m - around_m) & (x_m < self.east_m + around_m)
        return inside & (y_m >= self.south_m - around_m) & (y_m < self.north_m + around_m)

    def within(self, shape: BaseGeometry) -> BaseGeometry:
        """Return the part of a shape that lies in the block."""
        west, south, east, north = shapely.bounds(shape)
        box = shapely.box(
            max(self.west_m, west - 1),
            max(self.south_m, south - 1),
            min(self.east_m, east + 1),
            min(self.north_m, north + 1),
        )
        part: BaseGeometry = shapely.intersection(shape, box)
        return part
