"""Place raster cells on a picture whose pixels follow the Web Mercator grid of the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.planning.spacing import cell_size

if TYPE_CHECKING:
    from circle15.arrays import Floats, Ints


EARTH_M = 6_378_137.0
_FINE_UP_TO = 40_000
_MAX_PIXELS = 8_000_000


@dataclass(frozen=True)
class CellGrid:
    """
    The positions of raster cells on a picture.

    Attributes
    ----------
    left, top : int64, shape (cells,)
        First pixel column and row of each cell, counted from the west and the north.
    size
        Side of a cell, pixels.
    shape
        Height and width of the picture, pixels.
    bounds
        South, west, north, east of the picture, degrees.
    """

    left: Ints
    top: Ints
    size: int
    shape: tuple[int, int]
    bounds: tuple[float, float, float, float]


def place_cells(lon: Floats, lat: Floats, *, cell_m: float) -> CellGrid | None:
    """
    Place cells on a picture, each as a rectangle around its centre.

    The cell size is the spacing of neighbouring centres, so that a raster in any CRS is drawn
    without seams and without resampling.

    Parameters
    ----------
    lon, lat
        Centres of the cells, degrees (WGS 84), all finite.
    cell_m
        Size of a cell without neighbours, metres.

    Returns
    -------
    None if there is no cell.
    """
    if not len(lon):
        return None
    x = EARTH_M * np.radians(lon)
    y = EARTH_M * np.log(np.tan(np.pi / 4 + np.radians(lat) / 2))
    lonely = cell_m / np.cos(np.radians(np.median(lat)))
    width, height = cell_size(x, y, lonely)
    west, north = x.min() - width / 2, y.max() + height / 2
    spread = (np.ptp(x) / width + 1) * (np.ptp(y) / height + 1)
    fine = 4 if len(lon) <= _FINE_UP_TO else 2
    per_cell = min(float(fine), np.sqrt(_MAX_PIXELS / spread))
    step_x, step_y = width / per_cell, height / per_cell
    columns = max(1, round((np.ptp(x) + width) / step_x))
    rows = max(1, round((np.ptp(y) + height) / step_y))
    left = np.floor((x - width / 2 - west) / step_x + 0.5).astype(np.int64)
    top = np.floor((north - y - height / 2) / step_y + 0.5).astype(np.int64)
    south, east = north - rows * step_y, west + columns * step_x
    bounds = (
        _latitude(south),
        float(np.degrees(west / EARTH_M)),
        _latitude(north),
        float(np.degrees(east / EARTH_M)),
    )
    return CellGrid(left, top, max(1, round(per_cell)), (rows, columns), bounds)


def _latitude(y: float) -> float:
    return float(np.degrees(2 * np.arctan(np.exp(y / EARTH_M)) - np.pi / 2))
