"""Draw the area from which each single facility is reached, by the rule that counts people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
import shapely

from circle15.access.records import SiteAreas
from circle15.study.settings.records import speed_ratio
from circle15.travel.served_areas.drawing import Drawing
from circle15.travel.served_areas.raster_frame import RasterFrame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from shapely.geometry.base import BaseGeometry

    from circle15.access.joining.sites import Sites
    from circle15.access.judging import Judge
    from circle15.network.snapping import Snaps
    from circle15.network.walk_network import WalkNetwork
    from circle15.travel.engine.graph import Positions


CELL_M: Final = 45.0


class Draws(Protocol):
    """What draws the areas of single sites: `Drawing`, or `Isochrones` over one raster."""

    def each(
        self, destinations: Positions, cutoffs_ms: Sequence[int], *, threads: int | None = None
    ) -> Iterator[tuple[int, list[BaseGeometry]]]:
        """Yield the row of each destination, and its area for each cutoff."""
        ...


def drawing_over(
    over: BaseGeometry,
    network: WalkNetwork,
    judge: Judge,
    sites: Positions,
    *,
    cell_m: float = CELL_M,
) -> Drawing:
    """
    Prepare the drawing of areas with the network and rules of a judge.

    Parameters
    ----------
    over
        Shape over whose bounding box areas are drawn, CRS of the network.
    network
        The whole network, which points join.
    judge
        The network as it may be walked, speed and rules.
    sites
        All points around which areas will be drawn.
    cell_m
        Side of a cell, metres; enlarged where there would be too many cells.
    """
    walk = judge.walk
    drawing = Drawing(
        RasterFrame.over(over, cell_m=cell_m),
        judge.network,
        judge.graph,
        joined=network,
        access_speed_m_s=speed_ratio(judge.speed_m_s) * speed_ratio(walk.access_speed_factor),
        max_snap_m=float(walk.max_snap_m),
        round_trip=judge.round_trip,
    )
    return drawing.fitting(sites, max(judge.limit_ms(cutoff) for cutoff in walk.cutoffs_min))


def site_areas(
    drawing: Draws,
    sites: Sites,
    positions: Callable[[Snaps], Positions],
    categories: Sequence[str],
    limits_ms: Sequence[int],
    *,
    most: int | None = None,
) -> SiteAreas:
    """
    Draw the areas of every open facility of the judged categories.

    Services that join the streets at the same place are drawn once. A site with entrances has the
    union of their areas.

    Parameters
    ----------
    drawing
        Such as `drawing_over` prepares.
    sites
        The facilities.
    positions
        Returns snapped points with the times of their access legs.
    categories
        Judged categories.
    limits_ms
        The study's cutoffs, milliseconds, inclusive.
    most
        Draw at most so many places; by default all of them.

    Returns
    -------
    Areas in the study CRS; a facility that has not joined the streets has none, nor has one that
    was left out because of `most`.
    """
    found = [sites.rows(category, sure=False) for category in categories]
    rows = np.concatenate(found) if found else np.zeros(0, np.int64)
    goals, owner = sites.goals(rows)
    own = positions(goals)
    place = np.column_stack([own.edge, own.fraction, own.access_ms])
    _, first, same = np.unique(place, axis=0, return_index=True, return_inverse=True)
    wanted = np.arange(len(first)) if most is None else np.sort(np.argsort(first)[:most])
    # Drawing runs in parallel with the counting, which uses the other processors.
    found_areas = drawing.each(own.take(first[wanted]), limits_ms, threads=1)
    drawn = {int(wanted[k]): area for k, area in found_areas}
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
    by_place = {number[ones]: area for ones, area in areas.items()}
    return SiteAreas(by_row, by_place, len(first) - len(wanted))
