"""Which CGCS2000 3-degree belts numbers of metres can belong to; local grids fit none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.errors import CrsError
from circle15.inputs.positions import WGS84, transform

if TYPE_CHECKING:
    import numpy.typing as npt
    from pyproj import CRS

    from circle15.study.databases import Source

    Floats = npt.NDArray[np.float64]

FIRST_ZONE, LAST_ZONE = 25, 45  # 75°E to 135°E
WITH_PREFIX: Final = 4513  # EPSG code of zone 25: false easting 25 500 000
WITHOUT_PREFIX: Final = 4534  # EPSG code of 75°E: false easting 500 000

_NORTHING_M = (1.8e6, 6.0e6)  # China from the south of Hainan to the Amur
_EASTING_M = (2.5e5, 7.5e5)  # a belt is 167 km to either side at most; some use it farther
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
        if not _EASTING_M[0] <= within <= _EASTING_M[1]:
            continue
        if zone == 0:
            found.append(f"a belt without zone prefix, such as crs = 'EPSG:4549' for 120°E{note}")
        elif FIRST_ZONE <= zone <= LAST_ZONE:
            code = WITH_PREFIX + int(zone) - FIRST_ZONE
            found.append(f"crs = 'EPSG:{code}' (zone prefix {int(zone)}{note})")
    return found


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
        if FIRST_ZONE <= zone <= LAST_ZONE:
            found.append((f"EPSG:{WITH_PREFIX + zone - FIRST_ZONE}", exchanged))
        if 0 < easting < 1e6:
            middle = round(lon / 3)
            near = [z for z in (middle, middle - 1, middle + 1) if FIRST_ZONE <= z <= LAST_ZONE]
            found += [(f"EPSG:{WITHOUT_PREFIX + z - FIRST_ZONE}", exchanged) for z in near]
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


def require_own_area(x: Floats, y: Floats, source: CRS, file: Source) -> None:
    """
    Refuse positions of which none is near the area that their CRS is made for.

    Raises
    ------
    CrsError
        With the belts that the values fit.
    """
    use, placed = source.area_of_use, np.isfinite(x)
    if use is None or not placed.any():
        return
    lon, lat = transform(x[placed], y[placed], source, WGS84)
    near = (lon >= use.west - _BEYOND_DEG) & (lon <= use.east + _BEYOND_DEG)
    near &= (lat >= use.south - _BEYOND_DEG) & (lat <= use.north + _BEYOND_DEG)
    if use.west > use.east or near.any():  # an area over the date line is not judged
        return
    raise CrsError(
        f"no position lies where {source.to_string()} is used ({use.name}); the first is "
        f"{x[placed][0]:.10g}, {y[placed][0]:.10g}.",
        file=file,
        column="crs",
        mend=fit_in_words(x, y),
    )
