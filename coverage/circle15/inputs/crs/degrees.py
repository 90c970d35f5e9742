"""Positions of the study CRS in WGS 84 degrees, and integer keys of positions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.inputs.crs.positions import WGS84, moved

if TYPE_CHECKING:
    from pyproj import CRS

    from circle15.arrays import Floats, Ints


DECIMALS: Final = 9
"""Of degrees in files: a tenth of a millimetre, so that positions can be read back exactly."""

SCALE = 100_000
"""Units per degree: one unit is about a metre, finer than any line on the map."""

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
    Return an integer key of each position, to 2 cm, ascending west to east, then south to north.

    Integers are sorted many times faster than pairs of numbers.
    """
    east, north = (np.round((degrees + 180) * 5e6).astype(np.int64) for degrees in (lon, lat))
    return east << 31 | north
