"""The quality of the network as `summary.json` and the report show it."""

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
    """All islands together: how many, their length, their people (micro-persons) and sites."""

    count: int
    length_m: float
    persons: int
    sites: int


def island_sum(result: StudyResult) -> IslandSum:
    """Sum up the islands."""
    found = result.quality.islands
    return IslandSum(
        len(found),
        sum(one.length_m for one in found),
        sum(one.persons for one in found),
        sum(one.sites for one in found),
    )


def band_sum(bands: Sequence[Band]) -> Band:
    """Sum up the points of all distance bands."""
    return Band(sum(one.points for one in bands), sum(one.weight for one in bands))


def degrees(x_m: float, y_m: float, result: StudyResult) -> tuple[float, float] | None:
    """Longitude and latitude of a position to 10⁻⁵ degrees; None without one."""
    lon, lat = lon_lat(np.array([x_m]), np.array([y_m]), result.crs)
    return (round(float(lon[0]), 5), round(float(lat[0]), 5)) if np.isfinite(lon[0]) else None
