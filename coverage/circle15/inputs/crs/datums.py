"""The datums GCJ-02 and BD-09, which are offset from WGS 84 by a closed form and have no EPSG code.

CGCS2000 differs from WGS 84 by less than a metre and is treated as equal to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.errors import CrsError

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.arrays import Floats
    from circle15.study.database_tables import Source

    Pair = tuple[Floats, Floats]

NAMES: Final = {"wgs84": "WGS-84", "cgcs2000": "CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"}
"""Display names of datums."""

SHIFTED: Final = ("gcj02", "bd09")
"""Datums from which positions must be converted."""

# The published closed form of GCJ-02: Krassovsky 1940 axes, and the box in which it applies.
_AXIS_M: Final = 6378245.0
_ECCENTRICITY: Final = 0.00669342162296594323  # squared
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_BD_TURNS: Final = np.pi * 3000 / 180
_BD_LON, _BD_LAT = 0.0065, 0.006

_ROUNDS: Final = 30  # each iteration leaves at most a thirtieth of the error: 10 are enough
_CLOSE_DEG: Final = 1e-12


def in_china(lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
    """
    Return a mask of the positions (degrees) in the box in which GCJ-02 applies; NaN is outside.

    The box is that of the published form and extends beyond the borders.
    """
    inside = (lon >= _WEST) & (lon <= _EAST) & (lat >= _SOUTH) & (lat <= _NORTH)
    return np.asarray(inside, np.bool_)


def from_wgs84(lon: Floats, lat: Floats, datum: str) -> Pair:
    """
    Convert WGS 84 degrees to a datum.

    Parameters
    ----------
    lon, lat
        Degrees, shape (n,); NaN stays NaN.
    datum
        `wgs84`, `cgcs2000`, `gcj02` or `bd09`. Outside the box of `in_china` all are equal.

    Returns
    -------
    Longitude and latitude, degrees.

    Examples
    --------
    >>> lon, lat = from_wgs84(np.array([120.30]), np.array([31.57]), "gcj02")
    >>> round(float(lon[0]), 6), round(float(lat[0]), 6)
    (120.3046, 31.568099)
    """
    if datum not in SHIFTED:
        return lon, lat
    inside = in_china(lon, lat)
    x, y = np.array(lon, np.float64), np.array(lat, np.float64)
    x[inside], y[inside] = _shifted(x[inside], y[inside], datum)
    return x, y


def to_wgs84(lon: Floats, lat: Floats, datum: str) -> Pair:
    """
    Convert degrees of a datum to WGS 84: the inverse of `from_wgs84` to 10⁻¹² degrees.

    Within about a kilometre of the sides of the box the inverse is not defined: there the position
    as given decides whether it is shifted.
    """
    if datum not in SHIFTED:
        return lon, lat
    inside = in_china(lon, lat)
    wanted = np.array(lon, np.float64)[inside], np.array(lat, np.float64)[inside]
    x, y = wanted
    for _ in range(_ROUNDS):
        found_x, found_y = _shifted(x, y, datum)
        off_x, off_y = found_x - wanted[0], found_y - wanted[1]
        x, y = x - off_x, y - off_y
        if not (np.abs(off_x) > _CLOSE_DEG).any() and not (np.abs(off_y) > _CLOSE_DEG).any():
            break
    all_x, all_y = np.array(lon, np.float64), np.array(lat, np.float64)
    all_x[inside], all_y[inside] = x, y
    return all_x, all_y


def require_china(lon: Floats, lat: Floats, datum: str | None, file: Source) -> None:
    """Raise CrsError if a layer in GCJ-02 or BD-09 has no position in China."""
    if datum not in SHIFTED or in_china(lon, lat).any() or not np.isfinite(lon).any():
        return
    first = np.flatnonzero(np.isfinite(lon))[0]
    raise CrsError(
        f"is declared in {NAMES[datum]}, which only exists in China, but its first position is "
        f"{lon[first]:g}, {lat[first]:g}.",
        file=file,
        column="datum",
        mend="Declare 'wgs84', or fix the coordinates and their order.",
    )


def _shifted(lon: Floats, lat: Floats, datum: str) -> Pair:
    x, y = _to_gcj02(lon, lat)
    return _to_bd09(x, y) if datum == "bd09" else (x, y)


def _to_gcj02(lon: Floats, lat: Floats) -> Pair:
    x, y = lon - 105.0, lat - 35.0
    root, product = np.sqrt(np.abs(x)), x * y
    shared = (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * product + 0.2 * root + shared
    north += (20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)) * 2 / 3
    north += (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * product + 0.1 * root + shared
    east += (20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)) * 2 / 3
    east += (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)) * 2 / 3
    angle = np.radians(lat)
    magic = 1 - _ECCENTRICITY * np.sin(angle) ** 2
    meridian_m = _AXIS_M * (1 - _ECCENTRICITY) / magic**1.5
    parallel_m = _AXIS_M / np.sqrt(magic) * np.cos(angle)
    return lon + np.degrees(east / parallel_m), lat + np.degrees(north / meridian_m)


def _to_bd09(lon: Floats, lat: Floats) -> Pair:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_TURNS)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_TURNS)
    return radius * np.cos(angle) + _BD_LON, radius * np.sin(angle) + _BD_LAT
