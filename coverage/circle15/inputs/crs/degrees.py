"""Positions of the study CRS in WGS 84 degrees, and whole numbers that name a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.inputs.crs.positions import WGS84, moved

if TYPE_CHECKING:
    from pyproj import CRS

    from circle15.arrays import Floats, Ints


SCALE = 100_000
"""Units per degree: about a metre, finer than the width of any line on the map."""

Flat = list[int]
"""lon, lat, then steps of lon and lat, all × 10⁵."""

Polygon = list[Flat]
"""Rings, the outer one first."""

Polygons = list[Polygon]


def lon_lat(x_m: Floats, y_m: Floats, crs: CRS) -> tuple[Floats, Floats]:
    """Return WGS 84 degrees of positions in the study CRS; NaN stays NaN."""
    lon, lat = moved(x_m, y_m, crs, WGS84)
    placed = np.isfinite(lon) & np.isfinite(lat)
    return np.where(placed, lon, np.nan), np.where(placed, lat, np.nan)


def place_keys(lon: Floats, lat: Floats) -> Ints:
    """
    Number places so that equal numbers are one place, to 2 cm, from west to east, south to north.

    Whole numbers are sorted many times faster than pairs of them.
    """
    east, north = (np.round((degrees + 180) * 5e6).astype(np.int64) for degrees in (lon, lat))
    return east << 31 | north
