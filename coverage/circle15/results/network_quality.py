"""Sums of network quality for `summary.json` and the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.inputs.crs.degrees import lon_lat
from circle15.network.quality import Band

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.results.records import StudyResult

OSM_ATTRIBUTION: Final = "© OpenStreetMap contributors, ODbL 1.0"


@dataclass(frozen=True, slots=True)
class IslandSum:
    """Totals of all islands: number, length, people (micro-persons) and sites."""

    count: int
    length_m: float
    persons: int
    sites: int


def island_sum(result: StudyResult) -> IslandSum:
    """Sum the islands of the network."""
    found = result.quality.islands
    return IslandSum(
        len(found),
        sum(one.length_m for one in found),
        sum(one.persons for one in found),
        sum(one.sites for one in found),
    )


def band_sum(bands: Sequence[Band]) -> Band:
    """Sum the points and weights of all distance bands."""
    return Band(sum(one.points for one in bands), sum(one.weight for one in bands))


def degrees(x_m: float, y_m: float, result: StudyResult) -> tuple[float, float] | None:
    """Return longitude and latitude rounded to 10⁻⁵ degrees; None without a position."""
    lon, lat = lon_lat(np.array([x_m]), np.array([y_m]), result.crs)
    return (round(float(lon[0]), 5), round(float(lat[0]), 5)) if np.isfinite(lon[0]) else None
