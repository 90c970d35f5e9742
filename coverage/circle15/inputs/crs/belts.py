"""Which CGCS2000 belts numbers of metres can belong to; local grids fit none."""

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
_EASTING_M = (2.5e5, 7.5e5)  # a belt is 167 km to either side at most; some use it farther
_WIDE_EASTING_M = (1.5e5, 8.5e5)  # one of 6 degrees twice that
_FARTHEST_DEG = 9.0  # from the middle meridian of a belt
_BEYOND_DEG = 3.0  # bureaus use a CRS beyond the area that it is meant for


def fitting_belts(x: Floats, y: Floats) -> list[str]:
    """
    Say which belts the middle of positions fits, as given or with x and y exchanged.

    Chinese surveying calls the northing X, so exchanged columns are common.

    Returns
    -------
    Sentences for a message; empty where no belt fits.

    Examples
    --------
    >>> fitting_belts(np.array([40528480.0]), np.array([3494300.0]))
    ["crs = 'EPSG:4528' (zone prefix 40)"]
    """
    east, north = float(np.nanmedian(x)), float(np.nanmedian(y))
    found = []
    for easting, northing, note in ((east, north, ""), (north, east, ", x and y exchanged")):
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
    """EPSG code of the belt with a zone prefix, and whether it is one of 6 degrees."""
    if FIRST_ZONE <= zone <= LAST_ZONE:
        return WITH_PREFIX + zone - FIRST_ZONE, False
    if _FIRST_WIDE <= zone <= _LAST_WIDE:
        return _WIDE_WITH_PREFIX + zone - _FIRST_WIDE, True
    return None, False


def candidate_belts(x: Floats, y: Floats, lon: float) -> list[tuple[str, bool]]:
    """
    List the CRS that numbers of metres could be in, near a longitude in degrees.

    Returns
    -------
    EPSG codes of CGCS2000 belts with and without zone prefix, and of UTM north, each with
    whether x and y must be exchanged for it.
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


def fit_in_words(x: Floats, y: Floats) -> str:
    """Say in a sentence which belts numbers fit; a local grid fits none."""
    found = fitting_belts(x, y) if np.isfinite(x).any() else []
    if found:
        return f"The values fit {' or '.join(found)}."
    return (
        "The values fit no CGCS2000 belt. A local grid needs its bureau's parameters: have it "
        "converted to CGCS2000."
    )


def require_own_area(
    x: Floats, y: Floats, lonlat: tuple[Floats, Floats], source: CRS, file: Source
) -> None:
    """
    Refuse positions of which none is near the area that their CRS is made for.

    Degrees are refused where none of them is a place.

    Parameters
    ----------
    x, y
        Numbers of the file, longitude or easting first; finite, shape (n,) with n > 0.
    lonlat
        The same places in WGS 84, degrees; what is no place is not finite.

    Raises
    ------
    CrsError
        With the belts that the values fit, or with the mend for degrees.
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
    """Tell whether any position is near where a CRS is used."""
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
    """Middle meridian of a transverse Mercator projection, degrees; None for another one."""
    operation = source.coordinate_operation
    if operation is None or "Transverse Mercator" not in operation.method_name:
        return None
    name = "Longitude of natural origin"
    found = (float(one.value) for one in operation.params if one.name == name)
    return next(found, None)


def short_name(crs: CRS) -> str:
    """Name a CRS for a message: its code, else its name."""
    text = crs.to_string()
    return text if ":" in text and len(text) < _LONGEST_CODE else crs.name


def likely_mend(x: Floats, y: Floats, source: CRS) -> str:
    """Say what numbers look like of which none is a place of their CRS."""
    if source.is_projected and (np.abs([x, y]) <= 180).all():
        return (
            "They are degrees, not metres: for a table, name the columns `lon` and `lat` and take "
            "`crs` out; for a layer, assign its CRS."
        )
    if source.is_projected:
        return fit_in_words(x, y)
    if (np.abs(x) <= 90).all() and (np.abs(y) <= 180).all():
        return (
            "Longitude and latitude are exchanged: exchange the columns `lon` and `lat`, or the "
            "coordinates of the layer."
        )
    if (np.abs([x, y]) > 180).all():
        return (
            "They are metres, not degrees: for a table, name the columns `x_m` and `y_m` and add "
            f"`crs`; for a layer, assign its CRS. {fit_in_words(x, y)}"
        )
    return "Mend the columns of coordinates, their order or the CRS."
