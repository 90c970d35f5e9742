"""Degrees of the map and metres of the study, each from the other, as polynomials for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.polynomial import chebyshev

from circle15.inputs.crs.degrees import lon_lat
from circle15.output.map.trials.streets import MM

if TYPE_CHECKING:
    from pyproj import CRS

    from circle15.arrays import Floats

WITHIN_MM: Final = 0.02
"""Largest error allowed: positions are whole millimetres."""
DEGREES: Final = range(3, 17)
_SIDE: Final = 33


class NotSmoothError(ValueError):
    """A CRS that no polynomial gives to a fiftieth of a millimetre over the area of a study."""


def degrees_of(crs: CRS, box_mm: tuple[int, int, int, int]) -> dict[str, Any]:
    """
    Return longitude and latitude of positions in a box as Chebyshev series in easting and northing.

    Parameters
    ----------
    box_mm
        West, south, east, north in the study CRS, mm.

    Returns
    -------
    `middle` and `half` of the box (x, y), mm; `lon` and `lat`: coefficients of T_i(u) · T_j(v), row
    by row, in degrees, with u and v from −1 to 1. The error is below a fiftieth of a millimetre.

    Raises
    ------
    NotSmoothError
        If no series of at most 17 × 17 coefficients is as exact.
    """
    west, south, east, north = box_mm
    middle = ((west + east) / 2, (south + north) / 2)
    half = (max((east - west) / 2, 1.0), max((north - south) / 2, 1.0))
    # At the zeros of a Chebyshev polynomial a fit is almost as good as the best.
    nodes = chebyshev.chebpts1(_SIDE)
    between = np.linspace(-1, 1, _SIDE + 8)
    fit, test = (_grid(one, middle, half, crs) for one in (nodes, between))
    for degree in DEGREES:
        basis = chebyshev.chebvander(nodes, degree)
        inverse = np.linalg.pinv(basis)
        series = [inverse @ one @ inverse.T for one in fit]
        at = chebyshev.chebvander(between, degree)
        errors = [
            np.abs(at @ one @ at.T - true).max() for one, true in zip(series, test, strict=True)
        ]
        if max(errors) * 111_320 * MM < WITHIN_MM:
            lon, lat = ([float(value) for value in one.ravel()] for one in series)
            return {"middle": middle, "half": half, "degree": degree, "lon": lon, "lat": lat}
    message = f"the CRS {crs.to_string()} is not smooth enough"
    raise NotSmoothError(message)


def _grid(
    side: Floats, middle: tuple[float, float], half: tuple[float, float], crs: CRS
) -> list[Floats]:
    """Return longitude and latitude at the places of a grid, shape (x, y)."""
    x, y = np.meshgrid(middle[0] + half[0] * side, middle[1] + half[1] * side, indexing="ij")
    found = lon_lat(x.ravel() / MM, y.ravel() / MM, crs)
    return [one.reshape(x.shape) for one in found]
