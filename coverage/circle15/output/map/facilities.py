"""Facilities and served areas as data for the map's script."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from circle15.inputs.crs.degrees import SCALE, lon_lat
from circle15.inputs.tables.shown_ids import is_made
from circle15.network.snapping import SnapCode
from circle15.output.map.geometry import encode_polygons
from circle15.output.text.numbers import area, area_or_none, whole_persons
from circle15.results.figures import catchments_by_row
from circle15.results.room import room_of_sites
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    import pandas as pd

    from circle15.access.supply.records import SiteSupply
    from circle15.inputs.crs.degrees import Polygons
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult

_SERVED_TOLERANCE_SHARE = 0.15
"""Tolerance for simplifying served areas, as a share of their raster cell size."""

_OWN_TOLERANCE_SHARE = 0.22
"""The same for the areas of single facilities: 10 m in a city."""


def facility_rows(result: StudyResult, words: Words) -> list[dict[str, Any]]:
    """
    Return a record per site and category, in the order of the facility table.

    Areas and capacities are text as the report prints them, null if unknown. `at` is longitude
    and latitude × 10⁵, null without a position. `people` and `only_here` count the judged group
    within the circle's cutoff, `within` that within each cutoff; null for a site that was not
    judged. `own` is the index of its service areas in `site_outlines`, null if it has none.
    `snap` is the reason why a site was not snapped; `joining` names the barrier met, if any.
    `same_as` is the id of the counted site where a site is a probable duplicate.
    `room` counts the people that a site has room for and that it serves, rounded down, null if its
    capacity is unknown; it is null where no `per_person` is stated or the site is not open.
    """
    table = result.facilities
    group = result.study.demand.group
    reach = catchments_by_row(result)
    rooms = room_of_sites(result)
    lon, lat = lon_lat(table[c.X_M].to_numpy(float), table[c.Y_M].to_numpy(float), result.crs)
    outlines = outline_of_rows(result)
    rows = []
    for place, row in enumerate(table.to_dict("records")):
        found = reach.get(place)
        at = None
        if np.isfinite(lon[place]) and np.isfinite(lat[place]):
            at = [round(lon[place] * SCALE), round(lat[place] * SCALE)]
        source = f"{row['file']}:{row['row']}"
        rows.append(
            {
                "id": row[c.FACILITY_ID],
                "name": row[c.NAME] or (source if is_made(row[c.FACILITY_ID]) else ""),
                "made": is_made(row[c.FACILITY_ID]),
                "category": row[c.CATEGORY],
                "at": at,
                "status": _status(row),
                "same_as": row[c.DUPLICATE_OF] if isinstance(row[c.DUPLICATE_OF], str) else None,
                "snap": "" if row[c.SNAP_CODE] == SnapCode.THROUGH_WALL else row[c.SNAP_CODE],
                "joining": _joining(row, words),
                "unsure": bool(row[c.POSITION_UNSURE]),
                "area": area_or_none(row[c.FLOOR_AREA_M2]),
                "capacity": {key: area(row[key]) for key in c.CAPACITIES if row[key] is not None},
                "room": _room(rooms.get(place)),
                "people": None if found is None else whole_persons(found.persons[group]),
                "only_here": None
                if found is None
                else whole_persons(found.persons_only_here[group]),
                "within": None
                if found is None
                else [whole_persons(n) for n in found.persons_within.get(group, ())],
                "own": outlines.get(place),
                "source": source,
            }
        )
    return rows


def _room(site: SiteSupply | None) -> dict[str, Any] | None:
    if site is None:
        return None
    return {
        "for": None if site.room is None else site.room // c.MICRO,
        "served": None if site.assigned is None else site.assigned // c.MICRO,
        "full": site.full,
        "idle": site.idle,
    }


def _joining(row: dict[Any, Any], words: Words) -> str | None:
    """Name the barrier that stops the access leg of a site, or that the leg passes through."""
    if not isinstance(row[c.BARRIER], str):
        return None
    named = words.barrier(row[c.BARRIER], row[c.BARRIER_KIND])
    return words.say(f"map.named_{row[c.SNAP_CODE]}", barrier=named)


def _status(row: dict[Any, Any]) -> str:
    """Return the status drawn on the map: `open`, `planned`, `duplicate`, or the site's own."""
    if isinstance(row[c.DUPLICATE_OF], str):
        return "duplicate"
    if row[c.OPEN]:
        return "open"
    status: str = row[c.STATUS]
    return "planned" if status == "open" else status  # opens after the study date


def served_areas(result: StudyResult) -> dict[str, dict[str, Any]]:
    """Return the encoded served area by choice and cutoff."""
    served = result.served
    tolerance = result.served_cell_m * _SERVED_TOLERANCE_SHARE
    found: dict[str, dict[str, Any]] = {}
    keys: pd.DataFrame = served[[c.CATEGORY, c.CUTOFF_MIN]]
    shapes = list(served.geometry)
    encoded = encode_polygons(shapes, result.crs, tolerance_m=tolerance)
    for (category, cutoff), polygons in zip(keys.itertuples(index=False), encoded, strict=True):
        found.setdefault(str(category), {})[str(cutoff)] = polygons
    return found


def site_outlines(result: StudyResult) -> list[list[Polygons]]:
    """Encode the service areas of each place of `site_areas`, in order of its keys, by cutoff."""
    areas = result.site_areas.areas
    tolerance = result.served_cell_m * _OWN_TOLERANCE_SHARE
    shapes = list(chain.from_iterable(areas.values()))
    flat = iter(encode_polygons(shapes, result.crs, tolerance_m=tolerance))
    return [[next(flat) for _ in own] for own in areas.values()]


def outline_of_rows(result: StudyResult) -> dict[int, int]:
    """Return the index in `site_outlines` by row of the facility table."""
    number = {place: k for k, place in enumerate(result.site_areas.areas)}
    return {row: number[place] for row, place in result.site_areas.place.items()}
