"""Areas from which a facility is reached, drawn from a grid that joins the network like homes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from contourpy import FillType, contour_generator

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

MAX_CELLS = 40_000


@dataclass(frozen=True)
class Grid:
    """
    Points in rows and columns over an area.

    Attributes
    ----------
    west_m, south_m
        Middle of the first point's cell, study CRS.
    cell_m
        Distance between points.
    """

    west_m: float
    south_m: float
    cell_m: float
    rows: int
    columns: int

    def points(self) -> tuple[Floats, Floats]:
        """Return x and y of all points, row by row from the south-west."""
        x = self.west_m + self.cell_m * np.arange(self.columns)
        y = self.south_m + self.cell_m * np.arange(self.rows)
        return np.tile(x, self.rows), np.repeat(y, self.columns)


def grid_over(shape: shapely.Geometry, *, cell_m: float) -> Grid:
    """Lay a grid over the box of a shape; larger areas get larger cells (at most 40,000)."""
    west, south, east, north = map(float, shapely.bounds(shape))
    cell_m = max(cell_m, math.ceil(math.sqrt((east - west) * (north - south) / MAX_CELLS)))
    columns, rows = (max(2, math.ceil(side / cell_m) + 1) for side in (east - west, north - south))
    return Grid(west, south, cell_m, rows, columns)


def served_area(grid: Grid, time_ms: Ints, cutoff_ms: int) -> shapely.Geometry:
    """
    Draw the area within a cutoff.

    Parameters
    ----------
    time_ms
        Time at each point of the grid, -1 where nothing is reached, shape (rows · columns,).

    Returns
    -------
    A valid (multi)polygon with its holes; specks smaller than one cell are left out. For
    drawing only: people are counted at their demand points.
    """
    beyond = 2 * cutoff_ms
    surface = np.where((time_ms < 0) | (time_ms > beyond), beyond, time_ms).astype(np.float64)
    padded = np.pad(surface.reshape(grid.rows, grid.columns), 1, constant_values=beyond)
    x = grid.west_m + grid.cell_m * np.arange(-1, grid.columns + 1)
    y = grid.south_m + grid.cell_m * np.arange(-1, grid.rows + 1)
    lines = contour_generator(x, y, padded, fill_type=FillType.OuterOffset)
    outlines: Any = lines.filled(-1.0, float(cutoff_ms))  # OuterOffset: vertices and offsets
    polygons = []
    for vertices, offsets in zip(*outlines, strict=True):
        rings = [vertices[a:b] for a, b in pairwise(offsets)]
        polygons.append(shapely.Polygon(rings[0], rings[1:]))
    valid = shapely.make_valid(
        np.array(polygons, dtype=object), method="structure", keep_collapsed=False
    )
    parts = shapely.get_parts(valid)
    return shapely.union_all(parts[shapely.area(parts) >= grid.cell_m**2])
