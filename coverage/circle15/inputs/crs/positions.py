"""Coordinate reference systems: choose the projected CRS of a study, and transform positions."""

from __future__ import annotations

import math
import re
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyproj
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError
from pyproj.network import set_network_enabled  # type: ignore[attr-defined]  # not in its __all__

from circle15.errors import CrsError, require_memory_for
from circle15.inputs.crs.datums import SHIFTED, to_wgs84

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from circle15.arrays import Floats
    from circle15.study.database_tables import Source


WGS84 = CRS.from_epsg(4326)
_CHINA = (73.5, 17.5, 135.1, 53.6)  # lon/lat box in which CGCS2000 belts are customary
_MAX_SCALE_ERROR = 0.005  # of lengths: 1 % of areas
_AXIS_M = 6_378_137.0
_FLATTENING = (298.2572, 298.2573)  # GRS 80, WGS 84 and CGCS2000
_EARTH_M = 1e8  # no projected CRS, zone prefixes included, has larger coordinates


def choose_crs(
    wanted: str,
    lon: float,
    lat: float,
    file: Source,
    *,
    corners: Iterable[tuple[float, float]] = (),
) -> CRS:
    """
    Return the projected metric CRS of a study.

    Parameters
    ----------
    wanted
        `auto` for a CGCS2000 3-degree belt in China and UTM elsewhere, or a CRS such as
        `EPSG:4549`.
    lon, lat
        Middle of the study area, degrees, WGS 84.
    file
        The study file, for messages.
    corners
        Longitude and latitude of more places where the scale must be true.

    Raises
    ------
    CrsError
        If the CRS is unknown, not projected in metres, or off in length by over 0.5 % in any
        direction at one of the places.
    """
    places = [(lon, lat), *corners]
    if wanted == "auto":
        crs = CRS.from_epsg(_belt_epsg(lon, lat))
        mend = "Give a boundary: the study area is too wide for one CRS."
    else:
        crs, mend = _wanted_crs(wanted, file), "Use 'auto'."
    try:
        scale, lon, lat = max(((_scale(crs, *place), *place) for place in places), key=_error)
    except ProjError as error:
        require_memory_for(error)
        raise CrsError(
            f"{wanted!r} cannot be computed.", file=file, column="study.crs", mend=mend
        ) from None
    if not _error((scale, lon, lat)) <= _MAX_SCALE_ERROR:
        raise CrsError(
            f"{crs.name if wanted == 'auto' else wanted} is off in length by a factor of "
            f"{scale:.3f} at {lon:.3f}, {lat:.3f}.",
            file=file,
            column="study.crs",
            mend=mend,
        )
    return crs


def _wanted_crs(wanted: str, file: Source) -> CRS:
    """Return the CRS that a study names, projected in metres."""
    crs = _crs_of_text(wanted)
    if crs is None or not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        found = "is not a known CRS" if crs is None else "is not projected in metres"
        said = repr(wanted) if crs is None else wanted
        raise CrsError(f"{said} {found}.", file=file, column="study.crs", mend="Use 'auto'.")
    fault = _fault_of(crs)
    if fault is not None:
        raise CrsError(f"{wanted!r} {fault}.", file=file, column="study.crs", mend="Use 'auto'.")
    return crs


def _scale(crs: CRS, lon: float, lat: float) -> float:
    """Return the worst scale of length at a place over all directions (Tissot's ellipse)."""
    factors = pyproj.Proj(crs).get_factors(lon, lat)
    scales = (
        factors.meridional_scale,
        factors.parallel_scale,
        factors.tissot_semimajor,
        factors.tissot_semiminor,
    )
    return max(scales, key=lambda one: _error((one, lon, lat)))


def _error(found: tuple[float, float, float]) -> float:
    scale = found[0]
    return abs(scale - 1) if math.isfinite(scale) else math.inf


def _belt_epsg(lon: float, lat: float) -> int:
    west, south, east, north = _CHINA
    if west <= lon <= east and south <= lat <= north:
        # CGCS2000 / 3-degree Gauss-Kruger: EPSG:4534 is 75°E, EPSG:4554 is 135°E.
        return 4534 + round((3 * math.floor((lon + 1.5) / 3) - 75) / 3)
    zone = min(int((lon + 180) // 6) + 1, 60)
    return (32600 if lat >= 0 else 32700) + zone


def to_metric(lon: Floats, lat: Floats, crs: CRS) -> tuple[Floats, Floats]:
    """
    Project WGS 84 degrees into the study CRS.

    Returns
    -------
    Easting and northing in metres, rounded to the millimetre.
    """
    return transform(lon, lat, WGS84, crs)


def transform(x: Floats, y: Floats, source: CRS, target: CRS) -> tuple[Floats, Floats]:
    """
    Transform positions, easting or longitude first whatever the CRS declares.

    Returns
    -------
    Positions in the target CRS, rounded to 10⁻³ (metres) or 10⁻⁹ (degrees).
    """
    digits = 3 if target.is_projected else 9
    east, north = moved(x, y, source, target)
    with np.errstate(over="ignore"):  # numbers that are not positions
        return east.round(digits), north.round(digits)


def moved(x: Floats, y: Floats, source: CRS, target: CRS) -> tuple[Floats, Floats]:
    """Transform positions as `transform` does, without rounding."""
    shape = np.shape(x)
    for step in _steps(_one_wgs84(source), _one_wgs84(target)):
        x, y = step.transform(as_several(x), as_several(y))
    return np.asarray(x, np.float64).reshape(shape), np.asarray(y, np.float64).reshape(shape)


def as_several(values: Floats) -> Floats | list[float]:
    """
    Keep pyproj from treating one position as a number.

    With numpy before 2.4, pyproj converts an array of one value to a number, warns that this is
    deprecated, and answers with a number. It converts no list.
    """
    if np.size(values) != 1:
        return values
    alone: list[float] = np.ravel(values).tolist()
    return alone


def place(
    x: Floats, y: Floats, source: CRS, datum: str | None, target: CRS
) -> tuple[Floats, Floats]:
    """
    Transform positions of a layer to a CRS, from the datum in which the layer is declared.

    `datum` is None or a key of `datums.NAMES`; a projected layer in GCJ-02 or BD-09 is one whose
    shifted degrees were projected as if they were not shifted.

    Returns
    -------
    As `transform`.
    """
    if datum in SHIFTED:
        x, y = to_wgs84(*transform(x, y, source, WGS84), datum)
        source = WGS84
    return transform(x, y, source, target)


@lru_cache(maxsize=64)
def _steps(source: CRS, target: CRS) -> tuple[Transformer, ...]:
    """
    Return the transformers between two CRS, cached, since making them is slow.

    PROJ has shifts between old datums and WGS 84, but hardly any between an old datum and CGCS2000,
    which it would treat as the same. So an old datum is transformed via WGS 84.
    """
    # Grids are never downloaded.
    set_network_enabled(active=False)
    alike = is_modern(source) and is_modern(target)
    if alike or WGS84 in (source, target) or _is_same_datum(source, target):
        return (_one_step(source, target),)
    return _one_step(source, WGS84), _one_step(WGS84, target)


def _one_step(source: CRS, target: CRS) -> Transformer:
    """Return a transformer with the known shift, or without one where none is known."""
    if not (is_modern(source) and is_modern(target)):
        try:
            return Transformer.from_crs(source, target, always_xy=True, allow_ballpark=False)
        except ProjError as error:  # refused, or accepted by the study, before anything is moved
            require_memory_for(error)
    return Transformer.from_crs(source, target, always_xy=True)


def _is_same_datum(one: CRS, other: CRS) -> bool:
    return not (one.is_bound or other.is_bound) and _same_datum(one, other)


def is_modern(crs: CRS) -> bool:
    """Return whether a datum equals WGS 84 to a metre or two, as all on modern ellipsoids do."""
    ellipsoid = crs.ellipsoid
    if crs.is_bound or ellipsoid is None:
        return False
    sized = abs(ellipsoid.semi_major_metre - _AXIS_M) < 1
    return sized and _FLATTENING[0] < ellipsoid.inverse_flattening < _FLATTENING[1]


@lru_cache(maxsize=64)
def _one_wgs84(crs: CRS) -> CRS:
    """Return `WGS84` for any spelling of WGS 84; the order of axes does not matter here."""
    return WGS84 if crs.equals(WGS84, ignore_axis_order=True) else crs


def on_earth(x: Floats, y: Floats) -> npt.NDArray[np.bool_]:
    """Return a mask of the positions (study CRS, metres) with possible coordinates."""
    return np.asarray((np.abs(x) < _EARTH_M) & (np.abs(y) < _EARTH_M), np.bool_)


def horizontal(crs: CRS) -> CRS:
    """Return the horizontal part of a CRS."""
    if crs.is_compound:
        return horizontal(crs.sub_crs_list[0])
    if crs.is_bound and crs.source_crs is not None and crs.source_crs.is_compound:
        return horizontal(crs.source_crs)
    return crs.to_2d() if len(crs.axis_info) > 2 and not crs.is_geocentric else crs


def same_place(one: CRS, other: CRS) -> bool:
    """
    Return whether two CRS are equivalent, however they are spelled.

    The datum, the projection and the unit are compared, not names, codes and the order of axes.
    """
    if one.equals(other, ignore_axis_order=True):
        return True
    if one.is_bound or other.is_bound or one.is_projected != other.is_projected:
        return False
    if not _same_datum(one, other):
        return False
    units = {crs.axis_info[0].unit_conversion_factor for crs in (one, other)}
    if one.is_geographic or len(units) > 1:
        return one.is_geographic and len(units) == 1
    use = one.area_of_use or other.area_of_use
    box = (use.west, use.south, use.east, use.north) if use else (-60.0, -60.0, 60.0, 60.0)
    lon, lat = (g.ravel() for g in np.meshgrid(*np.linspace(box[:2], box[2:], 5).T))
    places = [np.array(pyproj.Proj(crs)(lon, lat)) for crs in (one, other)]
    finite = np.isfinite(places).all(axis=(0, 1))
    apart = np.abs(places[0][:, finite] - places[1][:, finite])
    return bool(finite.any() and (apart < 1e-6).all())


def _same_datum(one: CRS, other: CRS) -> bool:
    """Compare datums by their names without punctuation, their ellipsoids and meridians."""
    first, second = one.geodetic_crs, other.geodetic_crs
    if first is None or second is None:
        return False
    sizes = [
        (c.ellipsoid.semi_major_metre, c.ellipsoid.inverse_flattening)
        for c in (first, second)
        if c.ellipsoid is not None
    ]
    if len(sizes) < 2 or not np.allclose(sizes[0], sizes[1], rtol=1e-10, atol=0):
        return False
    meridians = [c.prime_meridian.longitude for c in (first, second) if c.prime_meridian]
    names = [
        re.sub(r"^D_|[^A-Za-z0-9]", "", c.datum.name if c.datum else "").lower()
        for c in (first, second)
    ]
    return len(set(meridians)) <= 1 and names[0] == names[1]


def require_crs(crs: CRS | None, file: Source) -> CRS:
    """
    Return the CRS of a layer.

    Raises
    ------
    CrsError
        If it has none, the undefined CRS of a GeoPackage, or one that is not tied to the earth.
    """
    if crs is None or crs.name.startswith("Undefined "):
        raise CrsError(
            "the layer has no coordinate reference system.",
            file=file,
            mend="Assign the one it was made in (for a shapefile: add the .prj).",
        )
    crs = horizontal(crs)
    fault = _fault_of(crs)
    if fault is not None:
        raise CrsError(
            f"the CRS {crs.name!r} {fault}.",
            file=file,
            mend="Assign the geographic or projected one that it was made in.",
        )
    return crs


@lru_cache(maxsize=64)
def _fault_of(crs: CRS) -> str | None:
    """Return what makes a CRS unusable for positions on the earth; None if nothing."""
    if not (crs.is_geographic or crs.is_projected):
        return "is not tied to the earth"
    operation = crs.coordinate_operation
    if crs.is_bound and operation is not None and operation.grids:
        return "needs a grid file for its datum"
    try:
        _steps(crs, WGS84)
        if crs.is_projected:
            pyproj.Proj(crs)
    except ProjError as error:
        require_memory_for(error)
        return "cannot be computed"
    return None


def require_place(lon: float, lat: float, file: Source) -> tuple[float, float]:
    """Return the middle of a layer in degrees; raise CrsError if it is not on the earth."""
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise CrsError(
            f"its CRS puts it at {lon:g}, {lat:g}, which is not on the earth.",
            file=file,
            mend="Assign the CRS that the layer was made in.",
        )
    return lon, lat


def parse_crs(text: str, file: Source) -> CRS:
    """Return the CRS that the study declares for a layer, or raise CrsError."""
    crs = _crs_of_text(text)
    if crs is None:
        raise CrsError(f"{text!r} is not a known CRS.", file=file, mend="Use e.g. 'EPSG:4549'.")
    return require_crs(crs, file)


def _crs_of_text(text: str) -> CRS | None:
    """Return the CRS that a text names; None where it names none."""
    with warnings.catch_warnings():  # of old spellings, which are accepted
        warnings.simplefilter("ignore", FutureWarning)
        try:
            return CRS.from_user_input(text)
        except ProjError as error:
            require_memory_for(error)
            return None
