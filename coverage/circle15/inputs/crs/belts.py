"""Find the CGCS2000 belts that coordinates in metres fit; local grids fit none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.errors import CrsError

if TYPE_CHECKING:
    from pyproj import CRS

    from circle15.arrays import Floats
    from circle15.study.database_tables import Source


FIRST_ZONE, LAST_ZONE = 25, 45  # 75°E to 135°E
_LONGEST_CODE = 20
WITH_PREFIX: Final = 4513  # EPSG code of zone 25: false easting 25 500 000
WITHOUT_PREFIX: Final = 4534  # EPSG code of 75°E: false easting 500 000
_FIRST_WIDE, _LAST_WIDE = 13, 23  # belts of 6 degrees, 75°E to 135°E
_WIDE_WITH_PREFIX: Final = 4491  # EPSG code of zone 13: false easting 13 500 000
_WIDE_WITHOUT_PREFIX: Final = 4502

_NORTHING_M = (1.8e6, 6.0e6)  # China from the south of Hainan to the Amur
_EASTING_M = (2.5e5, 7.5e5)  # a belt extends 167 km to either side; some use it beyond
_WIDE_EASTING_M = (1.5e5, 8.5e5)  # a belt of 6 degrees extends twice that
_FARTHEST_DEG = 9.0  # from the central meridian of a belt
_BEYOND_DEG = 3.0  # bureaus use a CRS beyond its area of use


_SWAPPED: Final = ", x and y swapped"


def fitting_belts(x: Floats, y: Floats) -> list[str]:
    """
    Return the belts that the median of positions fits, as given or with x and y swapped.

    Chinese surveying calls the northing X, so swapped columns are common.

    Returns
    -------
    Phrases for a message; empty where no belt fits.

    Examples
    --------
    >>> fitting_belts(np.array([40528480.0]), np.array([3494300.0]))
    ["crs = 'EPSG:4528' (zone prefix 40)"]
    """
    east, north = float(np.nanmedian(x)), float(np.nanmedian(y))
    found = []
    for easting, northing, note in ((east, north, ""), (north, east, _SWAPPED)):
        if not _NORTHING_M[0] <= northing <= _NORTHING_M[1]:
            continue
        zone, within = divmod(easting, 1e6)
        code, wide = _prefixed(int(zone))
        lowest, highest = _WIDE_EASTING_M if wide else _EASTING_M
        if not lowest <= within <= highest:
            continue
        if zone == 0:
            found.append(f"a belt without zone prefix, such as crs = 'EPSG:4549' for 120°E{note}")
        elif code is not None:
            width = ", a belt of 6 degrees" if wide else ""
            found.append(f"crs = 'EPSG:{code}' (zone prefix {int(zone)}{width}{note})")
    return found


def _prefixed(zone: int) -> tuple[int | None, bool]:
    """Return the EPSG code of the belt with a zone prefix, and whether it spans 6 degrees."""
    if FIRST_ZONE <= zone <= LAST_ZONE:
        return WITH_PREFIX + zone - FIRST_ZONE, False
    if _FIRST_WIDE <= zone <= _LAST_WIDE:
        return _WIDE_WITH_PREFIX + zone - _FIRST_WIDE, True
    return None, False


def candidate_belts(x: Floats, y: Floats, lon: float) -> list[tuple[str, bool]]:
    """
    Return the CRS that coordinates in metres could be in, near a longitude in degrees.

    Returns
    -------
    EPSG codes of CGCS2000 belts with and without zone prefix, and of UTM north, each with whether
    x and y must be swapped for it.
    """
    east, north = float(np.median(x)), float(np.median(y))
    found: list[tuple[str, bool]] = []
    for easting, exchanged in ((east, False), (north, True)):
        zone = int(easting // 1e6)
        code, _ = _prefixed(zone)
        if code is not None:
            found.append((f"EPSG:{code}", exchanged))
        if 0 < easting < 1e6:
            middle = round(lon / 3)
            near = [z for z in (middle, middle - 1, middle + 1) if FIRST_ZONE <= z <= LAST_ZONE]
            found += [(f"EPSG:{WITHOUT_PREFIX + z - FIRST_ZONE}", exchanged) for z in near]
            wide = int(lon // 6) + 1
            if _FIRST_WIDE <= wide <= _LAST_WIDE:
                code = _WIDE_WITHOUT_PREFIX + wide - _FIRST_WIDE
                found.append((f"EPSG:{code}", exchanged))
            found.append((f"EPSG:{32601 + int((lon + 180) // 6)}", exchanged))
    return found


def fit_in_words(x: Floats, y: Floats, source: CRS | None = None) -> str:
    """
    Return a sentence on the belts that coordinates fit; a local grid fits none.

    Parameters
    ----------
    source
        The CRS that they do not fit, which is not suggested again.
    """
    found = fitting_belts(x, y) if np.isfinite(x).any() else []
    used = None if source is None else f"'EPSG:{source.to_epsg()}'"
    others = [belt for belt in found if used is None or used not in belt or _SWAPPED in belt]
    if others:
        return f"The values fit {' or '.join(others)}."
    if found:
        return "Their middle fits this CRS: check for rows whose digits are wrong or missing."
    return (
        "The values fit no CGCS2000 belt. If they are in a local grid, have the surveying bureau "
        "convert them to CGCS2000."
    )


def require_own_area(
    x: Floats, y: Floats, lonlat: tuple[Floats, Floats], source: CRS, file: Source
) -> None:
    """
    Refuse positions of which none is near the area of use of their CRS.

    Degrees are refused if none of them is a position on the earth.

    Parameters
    ----------
    x, y
        Coordinates in the file, longitude or easting first; finite, shape (n,) with n > 0.
    lonlat
        The same positions in WGS 84, degrees; not finite where there is none.
    source
        CRS of the file.
    file
        The file, for messages.

    Raises
    ------
    CrsError
        With the belts that the values fit, or the fix for degrees.
    """
    if _near_own_area(y, lonlat, source):
        return
    use = source.area_of_use
    where = f" ({use.name})" if source.is_projected and use is not None else ""
    raise CrsError(
        f"no position lies where {short_name(source)} is used{where}; the first is "
        f"{x[0]:.10g}, {y[0]:.10g}.",
        file=file,
        column="crs",
        mend=likely_mend(x, y, source),
    )


def _near_own_area(y: Floats, lonlat: tuple[Floats, Floats], source: CRS) -> bool:
    """Return whether any position is near the area of use of a CRS."""
    lon, lat = lonlat
    near = (np.abs(lon) <= 360) & (np.abs(lat) <= 90)
    if source.is_geographic:
        degrees = source.axis_info[0].unit_name == "degree"
        return bool((np.abs(y) <= 90).any() if degrees else near.any())
    use = source.area_of_use
    if use is not None and use.west <= use.east:  # an area over the date line is not judged
        near &= (lon >= use.west - _BEYOND_DEG) & (lon <= use.east + _BEYOND_DEG)
        near &= (lat >= use.south - _BEYOND_DEG) & (lat <= use.north + _BEYOND_DEG)
    elif use is None and (middle := _middle_meridian(source)) is not None:
        lon = np.where(near, lon, middle)
        near &= np.abs((lon - middle + 180) % 360 - 180) <= _FARTHEST_DEG
    return bool(near.any())


def _middle_meridian(source: CRS) -> float | None:
    """Return the central meridian of a transverse Mercator projection, degrees; else None."""
    operation = source.coordinate_operation
    if operation is None or "Transverse Mercator" not in operation.method_name:
        return None
    name = "Longitude of natural origin"
    found = (float(one.value) for one in operation.params if one.name == name)
    return next(found, None)


def short_name(crs: CRS) -> str:
    """Return the code of a CRS, else its name, for messages."""
    text = crs.to_string()
    return text if ":" in text and len(text) < _LONGEST_CODE else crs.name


def likely_mend(x: Floats, y: Floats, source: CRS) -> str:
    """Return the likely fix for coordinates of which none is a position in their CRS."""
    if source.is_projected and (np.abs([x, y]) <= 180).all():
        return (
            "They are degrees, not metres: for a table, name the columns `lon` and `lat` and "
            "remove `crs`; for a layer, assign its CRS."
        )
    if source.is_projected:
        return fit_in_words(x, y, source)
    if (np.abs(x) <= 90).all() and (np.abs(y) <= 180).all():
        return (
            "Longitude and latitude are swapped: swap the columns `lon` and `lat`, or the "
            "coordinates of the layer."
        )
    if (np.abs([x, y]) > 180).all():
        return (
            "They are metres, not degrees: for a table, name the columns `x_m` and `y_m` and add "
            f"`crs`; for a layer, assign its CRS. {fit_in_words(x, y)}"
        )
    return "Check the columns of coordinates, their order and the CRS."
