"""Report polygons of residential zones that overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.inputs.near_shapes import pairs_that_meet
from circle15.inputs.shapes import is_polygonal
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.inputs.residential import ResidentialZone

LEAST_M2: Final = 10.0
"""Smaller overlaps are due to imprecise drawing of neighbours."""


def zone_overlaps(zones: Sequence[ResidentialZone]) -> list[Finding]:
    """Report each pair of zones whose polygons share more than 10 m², at the later one's row."""
    areal = [zone for zone in zones if is_polygonal(zone.shape)]
    if not areal:
        return []
    shapes = np.array([zone.shape for zone in areal], dtype=object)
    found = []
    for one, other in pairs_that_meet(shapes):
        shared_m2 = shapely.area(shapely.intersection(shapes[one], shapes[other]))
        for k in np.flatnonzero(shared_m2 > LEAST_M2):
            first, second = areal[one[k]], areal[other[k]]
            detail = {
                "zone_id": second.zone_id,
                "other": first.zone_id,
                "area_m2": f"{shared_m2[k]:,.0f}",
            }
            found.append(
                Finding("RESIDENTIAL_OVERLAP", "warning", second.file, second.row, detail=detail)
            )
    return found
