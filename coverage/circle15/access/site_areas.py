"""The area from which each single facility is reached, drawn by the rule that counts people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.access.records import SiteAreas

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shapely.geometry.base import BaseGeometry

    from circle15.access.joining.sites import Sites
    from circle15.network.snapping import Snaps
    from circle15.travel.engine.graph import Positions
    from circle15.travel.served_areas.isochrones import Isochrones


def site_areas(
    drawing: Isochrones,
    sites: Sites,
    positions: Callable[[Snaps], Positions],
    categories: Sequence[str],
    limits_ms: Sequence[int],
) -> SiteAreas:
    """
    Draw the areas of every open facility of the judged categories.

    Several services of one site are drawn once: they join the streets at the same place. A site
    with entrances has the areas of all of them together.

    Parameters
    ----------
    positions
        Gives places on the streets their access legs.
    limits_ms
        The study's cutoffs, each inclusive.

    Returns
    -------
    Areas in the study CRS; a facility that has not joined the streets has none.
    """
    found = [sites.rows(category, sure=False) for category in categories]
    rows = np.concatenate(found) if found else np.zeros(0, np.int64)
    goals, owner = sites.goals(rows)
    own = positions(goals)
    place = np.column_stack([own.edge, own.fraction, own.access_ms])
    _, first, same = np.unique(place, axis=0, return_index=True, return_inverse=True)
    # The drawing goes on beside the counting, which has the other processors.
    drawn = dict(drawing.each(own.take(first), limits_ms, threads=1))
    places: dict[int, set[int]] = {}
    for place_of, one in zip(owner.tolist(), same.ravel().tolist(), strict=True):
        if one in drawn:
            places.setdefault(int(rows[place_of]), set()).add(one)
    areas: dict[tuple[int, ...], tuple[BaseGeometry, ...]] = {
        (one,): tuple(drawn[one]) for one in sorted(drawn)
    }
    for ones in sorted({tuple(sorted(found)) for found in places.values() if len(found) > 1}):
        joined = zip(*(drawn[one] for one in ones), strict=True)
        areas[ones] = tuple(shapely.union_all(list(parts)) for parts in joined)
    number = {ones: k for k, ones in enumerate(areas)}
    by_row = {row: number[tuple(sorted(found))] for row, found in places.items()}
    return SiteAreas(by_row, {number[ones]: area for ones, area in areas.items()})
