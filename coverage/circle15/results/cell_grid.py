"""Where cells lie on a picture whose pixels are on the web map's Mercator grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.inputs.shapes import points_at

if TYPE_CHECKING:
    from circle15.arrays import Floats, Ints


EARTH_M = 6_378_137.0
_FINE_UP_TO = 40_000
_MAX_PIXELS = 8_000_000
_SAMPLE = 2000
_MANY, _WINDOWS = 20_000, 40


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

    cell: Ints
    bounds: tuple[float, float, float, float]


@dataclass(frozen=True)
class CellGrid:
    """
    Where cells lie on a picture.

    Attributes
    ----------
    left, top : int64, shape (cells,)
        First column and row of each cell, pixels from the west and the north.
    size
        Pixels of a side of a cell.
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

    def painted(self) -> CellPicture:
        """Paint the cells; the script of the map does it in the same way (`map_cells.js`)."""
        return CellPicture(_paint(self.left, self.top, self.size, self.shape), self.bounds)


def lay_out_cells(lon: Floats, lat: Floats, *, cell_m: float) -> CellPicture | None:
    """Lay cells out as `place_cells` does, and paint them; None if there is no cell."""
    grid = place_cells(lon, lat, cell_m=cell_m)
    return grid.painted() if grid else None


def place_cells(lon: Floats, lat: Floats, *, cell_m: float) -> CellGrid | None:
    """
    Lay cells out on a picture, each as a rectangle around its centre.

    The size of the cells is that of the gaps between neighbours, so a grid in any CRS is drawn
    without seams and without resampling.

    Parameters
    ----------
    lon, lat
        Centres of the cells, degrees, all finite.
    cell_m
        Size of a cell that has no neighbour, metres.

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
        _latitude(south), float(np.degrees(west / EARTH_M)),
        _latitude(north), float(np.degrees(east / EARTH_M)),
    )  # fmt: skip
    return CellGrid(left, top, max(1, round(per_cell)), (rows, columns), bounds)


def lay_out_squares(lon: Floats, lat: Floats, *, size_m: float) -> tuple[CellPicture, Ints]:
    """
    Gather points in squares of one size, a pixel each, on the same grid wherever they stand.

    Parameters
    ----------
    lon, lat
        Places of the points, degrees, at least one, all finite.
    size_m
        Side of a square at the middle of the points; of points so far apart that there would be
        too many squares it is doubled until there are not.

    Returns
    -------
    The squares with a point in them, and the square of each point.
    """
    x = EARTH_M * np.radians(lon)
    y = EARTH_M * np.log(np.tan(np.pi / 4 + np.radians(lat) / 2))
    size = size_m / np.cos(np.radians((lat.min() + lat.max()) / 2))
    while (np.ptp(x) / size + 2) * (np.ptp(y) / size + 2) > _MAX_PIXELS:
        size *= 2
    column, row = (np.floor(v / size).astype(np.int64) for v in (x, -y))
    west, north = column.min() * size, -row.min() * size
    shape = (int(np.ptp(row)) + 1, int(np.ptp(column)) + 1)
    pixel = (row - row.min()) * shape[1] + column - column.min()
    inhabited, square = np.unique(pixel, return_inverse=True)
    cell = np.full(shape, -1, np.int64)
    cell.ravel()[inhabited] = np.arange(len(inhabited))
    south, east = north - shape[0] * size, west + shape[1] * size
    bounds = (
        _latitude(south), float(np.degrees(west / EARTH_M)),
        _latitude(north), float(np.degrees(east / EARTH_M)),
    )  # fmt: skip
    return CellPicture(cell, bounds), square.ravel()


def _latitude(y: float) -> float:
    return float(np.degrees(2 * np.arctan(np.exp(y / EARTH_M)) - np.pi / 2))


def spacing_m(places: Floats, *, reach_m: float, lonely_m: float) -> tuple[float, float]:
    """
    Tell how far neighbours are apart, beside and above: those around one of the middle tell of all.

    Parameters
    ----------
    places : float64, shape (n, 2)
        Metres, at least one.
    reach_m
        Places within this of the middle one, to each side, are looked at.
    lonely_m
        What is returned where there is only one.
    """
    middle = places[np.argsort(places[:, 0], kind="stable")[len(places) // 2]]
    near = places[np.abs(places - middle).max(axis=1) <= reach_m]
    return cell_size(near[:, 0], near[:, 1], lonely_m)


def cell_size(x: Floats, y: Floats, lonely: float) -> tuple[float, float]:
    """Width and height of a cell: the usual gap to the neighbour beside and above."""
    places = np.unique(_some_windows(np.column_stack([x, y])), axis=0)
    if len(places) < 2:
        return lonely, lonely
    points = points_at(places[:, 0], places[:, 1])
    tree = shapely.STRtree(points)
    sample = points[:: max(1, len(points) // _SAMPLE)]
    (one, _), nearest_m = tree.query_nearest(
        sample, exclusive=True, return_distance=True, all_matches=False
    )
    # The cell above may be up to three times as far away as the one beside.
    who, other = tree.query(sample[one], "dwithin", distance=3 * nearest_m)
    gap = np.abs(places[other] - places[:: max(1, len(points) // _SAMPLE)][one][who])
    sizes = []
    for along in (0, 1):
        straight = gap[:, along] > 2 * gap[:, 1 - along]
        nearest = np.full(len(one), np.inf)
        np.minimum.at(nearest, who[straight], gap[straight, along])
        nearest = nearest[np.isfinite(nearest)]
        sizes.append(float(np.median(nearest)) if len(nearest) else None)
    either = sizes[0] or sizes[1] or lonely
    return sizes[0] or either, sizes[1] or either


def _some_windows(places: Floats) -> Floats:
    """Of many places those in some windows: neighbours stay together, and are enough to measure."""
    if len(places) <= _MANY:
        return places
    places = places[np.argsort(places[:, 0], kind="stable")]
    half = np.ptp(places, axis=0) * np.sqrt(_MANY / _WINDOWS / len(places)) / 2
    chosen = np.zeros(len(places), bool)
    for middle in places[:: len(places) // _WINDOWS]:
        ends = np.searchsorted(places[:, 0], [middle[0] - half[0], middle[0] + half[0]])
        strip = slice(*ends.tolist())
        chosen[strip] |= np.abs(places[strip, 1] - middle[1]) <= half[1]
    return places[chosen]


def _paint(left: Ints, top: Ints, size: int, shape: tuple[int, int]) -> Ints:
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
