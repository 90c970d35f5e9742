"""Paint again the picture of cells that the script of the map paints."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from circle15.results.cell_grid import place_cells


@dataclass(frozen=True)
class CellPicture:
    """
    Which cell every pixel of a picture shows.

    Attributes
    ----------
    cell : int64, shape (height, width)
        Index of the cell, north row first; -1 where there is none.
    bounds
        South, west, north, east of the picture, degrees.
    """

    cell: np.ndarray
    bounds: tuple[float, float, float, float]


def lay_out_cells(lon: np.ndarray, lat: np.ndarray, *, cell_m: float) -> CellPicture | None:
    """Lay cells out as `place_cells` does, and paint them; None if there is no cell."""
    grid = place_cells(lon, lat, cell_m=cell_m)
    if grid is None:
        return None
    return CellPicture(_paint(grid.left, grid.top, grid.size, grid.shape), grid.bounds)


def _paint(left: np.ndarray, top: np.ndarray, size: int, shape: tuple[int, int]) -> np.ndarray:
    """Fill a square of pixels per cell, and the seams one pixel wide that rounding leaves."""
    cell = np.full(shape, -1, np.int64)
    number = np.arange(len(left))
    for down in range(size):
        for right in range(size):
            row, column = top + down, left + right
            inside = (row >= 0) & (row < shape[0]) & (column >= 0) & (column < shape[1])
            cell[row[inside], column[inside]] = number[inside]
    for view in (cell, cell.T):
        seam = (view[1:-1] < 0) & (view[:-2] >= 0) & (view[2:] >= 0)
        view[1:-1][seam] = view[:-2][seam]
    return cell
