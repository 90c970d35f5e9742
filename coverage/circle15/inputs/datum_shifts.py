"""No position moves between datums unless the shift between them is known."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
from pyproj import CRS
from pyproj.aoi import AreaOfInterest
from pyproj.transformer import TransformerGroup

from circle15.errors import CrsError
from circle15.inputs.belts import require_own_area
from circle15.inputs.positions import WGS84, transform

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.study.databases import Source

    Floats = npt.NDArray[np.float64]

_AXIS_M: Final = 6_378_137.0
_FLATTENING: Final = (298.2572, 298.2573)  # GRS 80, WGS 84 and CGCS2000
_AROUND_DEG: Final = 0.05


def require_known_place(x: Floats, y: Floats, source: CRS, file: Source) -> None:
    """
    Refuse positions that are not where their CRS is used, or whose datum cannot be left.

    Raises
    ------
    CrsError
        With the belts that the values fit, or with what to do about the datum.
    """
    placed = np.isfinite(x) & np.isfinite(y)
    if not placed.any():
        return
    if source.is_projected:
        require_own_area(np.where(placed, x, np.nan), y, source, file)
    require_known_shift(x[placed], y[placed], source, file)


def require_known_shift(x: Floats, y: Floats, source: CRS, file: Source) -> None:
    """
    Refuse positions in a datum whose shift to WGS 84 is not known where they lie.

    PROJ would take such a datum as WGS 84 (a "ballpark" transformation): Xi'an 80 and Beijing 54
    are then off by 50 to 150 m, and nothing shows it.

    Raises
    ------
    CrsError
        With what to do about it.
    """
    if is_modern(source):
        return
    lon, lat = transform(x, y, source, WGS84)
    middle = float(np.median(lon)), float(np.median(lat))
    if not (abs(middle[0]) <= 180 and abs(middle[1]) <= 90):
        return  # no place at all, which has its own message
    if not _shift_is_known(source, round(middle[0], 1), round(middle[1], 1)):
        geodetic = source.geodetic_crs
        name = source.name if geodetic is None else geodetic.name
        raise CrsError(
            f"is in {name}, and the shift from that datum to WGS 84 is not known at "
            f"{middle[0]:.2f}, {middle[1]:.2f}: its places would be off by up to 150 m.",
            file=file,
            column="crs",
            mend="Have the layer converted to CGCS2000 or WGS 84 with the parameters of the "
            "surveying bureau, or give a CRS with +towgs84.",
        )


def is_modern(crs: CRS) -> bool:
    """Tell whether a datum is WGS 84 to a metre or two: all on the ellipsoids of today are."""
    ellipsoid = crs.ellipsoid
    if crs.is_bound or ellipsoid is None:
        return False
    sized = abs(ellipsoid.semi_major_metre - _AXIS_M) < 1
    return sized and _FLATTENING[0] < ellipsoid.inverse_flattening < _FLATTENING[1]


@lru_cache(maxsize=64)
def _shift_is_known(source: CRS, lon: float, lat: float) -> bool:
    """Look for an operation that is meant for the land around a place."""
    if source.is_bound:
        return True
    d = _AROUND_DEG
    around = AreaOfInterest(
        max(lon - d, -180), max(lat - d, -90), min(lon + d, 180), min(lat + d, 90)
    )
    with warnings.catch_warnings():  # a better one that is not installed
        warnings.simplefilter("ignore", UserWarning)
        group = TransformerGroup(
            source, WGS84, always_xy=True, allow_ballpark=False, area_of_interest=around
        )
    return any(
        one.area_of_use is None
        or "offshore" not in one.area_of_use.name
        or "onshore" in one.area_of_use.name
        for one in group.transformers
    )
