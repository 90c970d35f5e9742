"""The heights of the invented city: a plain with two hills, as an elevation model."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import rasterio
from _city import HALF_M, HILL_M, NORTH_M, RISE_M, Floats, to_degrees, to_metres
from rasterio.transform import from_origin

CELL: Final = 1 / 3600
NODATA: Final = -9999.0
EDGE_M: Final = 300.0
"""The model ends so far inside the network, as a neighbour's sheet that nobody has asked for."""


def heights_m(xy_m: Floats) -> Floats:
    """Return the height of places in local metres, to 10 cm; shape (n,)."""
    x, y = xy_m.T
    height = 6.0 + 1.8 * np.sin(x / 2100 + 0.3) * np.cos(y / 1900)
    for hill_x, hill_y, top, width in (HILL_M, RISE_M):
        height = height + top * np.exp(-((x - hill_x) ** 2 + (y - hill_y) ** 2) / (2 * width**2))
    rounded: Floats = np.round(height, 1)
    return rounded


def write_dem(path: Path) -> None:
    """Write cells of one arc second over the network but its rim, north first."""
    reach = HALF_M - EDGE_M
    corners = to_degrees(np.array([[-reach, EDGE_M - HALF_M], [reach, NORTH_M]]))
    west, south = np.floor(corners[0] * 3600) / 3600
    east, north = np.ceil(corners[1] * 3600) / 3600
    shape = (round((north - south) / CELL), round((east - west) / CELL))
    lon = west + (np.arange(shape[1]) + 0.5) * CELL
    lat = north - (np.arange(shape[0]) + 0.5) * CELL
    middles = np.column_stack([np.tile(lon, shape[0]), np.repeat(lat, shape[1])])
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=shape[0],
        width=shape[1],
        count=1,
        dtype="float32",
        crs="EPSG:4326",
        transform=from_origin(float(west), float(north), CELL, CELL),
        nodata=NODATA,
        compress="deflate",
        predictor=3,
        zlevel=9,
    ) as out:
        out.write(heights_m(to_metres(middles)).reshape(shape).astype("float32"), 1)
