"""Check residential zones: the rooms that belong to each, and the floor-area law on them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from circle15.errors import InputDataError
from circle15.inputs.shapes import is_polygonal, points_at
from circle15.rules.floor_area import FloorAreaSheet, judge_pool, judge_zone
from circle15.rules.households import FloorAreaLaw, ZoneHouseholds
from circle15.rules.rooms import Room
from circle15.rules.shared_rooms import judge_jointly, split_shared, together, zones_named
from circle15.study import columns as c
from circle15.study.issues import Issue

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from circle15.access.zone_circle import ZoneCircle
    from circle15.inputs.residential import ResidentialZone
    from circle15.rules.rooms import Opens
    from circle15.study.config import Rules

    Row = dict[Hashable, Any]


_INDEX: Final = "index of the facility table"


@dataclass(frozen=True)
class ZoneCheck:
    """
    One residential zone, judged.

    `sheet` is the floor-area sheet of the zone, or of its pool (then `sheet.zone_id` is the pool
    id); None where the study has no rule pack with a floor-area law. `circle` has an entry per
    required category. `rooms` are the zone's own, whether or not they count.
    """

    zone: ResidentialZone
    rooms: tuple[Room, ...]
    sheet: FloorAreaSheet | None
    circle: tuple[ZoneCircle, ...]


def households_of(zone: ResidentialZone) -> ZoneHouseholds:
    """
    Return the counts of a zone.

    Raises
    ------
    InputDataError
        If they contradict each other or the kind; it names the row of the zone.
    """
    try:
        return ZoneHouseholds(
            zone_id=zone.zone_id,
            name=zone.name,
            kind=zone.kind,
            households=zone.households,
            households_new=zone.households_new,
            households_existing=zone.households_existing,
            dwellings=zone.dwellings,
            approximate=zone.approximate,
        )
    except InputDataError as error:
        raise InputDataError(
            error.found, file=zone.file, row=zone.row, column=error.column, mend=error.mend
        ) from None


def check_floor_areas(
    zones: Sequence[ResidentialZone],
    facilities: pd.DataFrame,
    law: FloorAreaLaw | None,
    rules: Rules,
    issues: list[Issue],
) -> dict[str, tuple[tuple[Room, ...], FloorAreaSheet | None]]:
    """
    Judge the floor area of every zone.

    Parameters
    ----------
    facilities
        The facility table; probable duplicates in it do not count.
    issues
        Facilities that name an unknown zone are added here.

    Returns
    -------
    Zone id to its rooms and its sheet.

    Raises
    ------
    InputDataError
        If the households of a zone contradict its kind.
    """
    rooms = rooms_of_zones(zones, facilities, law, issues)
    households = {zone.zone_id: households_of(zone) for zone in zones}
    if law is None:
        return {zone_id: (own, None) for zone_id, own in rooms.items()}
    rooms = split_shared(rooms, households, law, rules)
    pools: dict[str, list[str]] = defaultdict(list)
    for zone in zones:
        if zone.pool_id is not None:
            pools[zone.pool_id].append(zone.zone_id)
    sheets: dict[str, FloorAreaSheet] = {}
    for pool_id, members in pools.items():
        pooled = judge_pool(
            pool_id,
            [households[m] for m in members],
            together(r for m in members for r in rooms[m]),
            law,
            reading=rules.reading,
            basis=rules.basis,
            mixed=rules.mixed,
        )
        sheets |= dict.fromkeys(members, pooled)
    for zone_id, zone_households in households.items():
        if zone_id not in sheets:
            sheets[zone_id] = judge_zone(
                zone_households,
                rooms[zone_id],
                law,
                reading=rules.reading,
                basis=rules.basis,
                mixed=rules.mixed,
            )
    for zone_id, jointly in judge_jointly(rooms, households, law, rules).items():
        sheets[zone_id] = replace(sheets[zone_id], jointly=jointly)
    return {zone_id: (rooms[zone_id], sheets[zone_id]) for zone_id in rooms}


def rooms_of_zones(
    zones: Sequence[ResidentialZone],
    facilities: pd.DataFrame,
    law: FloorAreaLaw | None,
    issues: list[Issue],
) -> dict[str, tuple[Room, ...]]:
    """
    Collect the rooms of each zone: its own, and the facilities that stand in it.

    A facility belongs to the zone that its `zone_id` names (or to several, as in `A; B`), else to
    the zone polygon that contains it. In overlapping polygons it is unknown what each zone has of
    it, unless they are one pool, and it is listed. One whose `zone_id` is unknown, and one of a
    counting category that has a floor area but neither a zone id nor a position, is listed.
    A site that several rows list takes what any of them knows; of areas that differ the smallest
    counts, and they are listed.
    """
    rooms: dict[str, list[Room]] = {zone.zone_id: _own_rooms(zone) for zone in zones}
    counting = set(law.counts) if law is not None else set()
    containing = _containing_zones(zones, facilities)
    pool_of = {zone.zone_id: zone.pool_id or f"\0{zone.zone_id}" for zone in zones}
    counted = facilities[facilities[c.DUPLICATE_OF].isna()]
    of_site: dict[str, list[Row]] = defaultdict(list)
    for index, row in zip(counted.index, counted.to_dict("records"), strict=True):
        of_site[row[c.SITE_ID]].append(row | {_INDEX: index})
    for facility_id, rows in sorted(of_site.items()):
        first = rows[0]
        place = (first["file"], int(first["row"]))
        named = [row[c.ZONE_ID] for row in rows if isinstance(row[c.ZONE_ID], str)]
        around = () if named else containing.get(first[_INDEX], ())
        doubtful = len({pool_of[one] for one in around}) > 1
        around = around if doubtful else around[:1]
        zone_id = named[0] if named else next(iter(around), None)
        sharing = around or zones_named(zone_id, rooms)
        stated = (row[c.FLOOR_AREA_M2] for row in rows)
        areas = sorted({area for area in stated if isinstance(area, Decimal)})
        area_m2 = areas[0] if areas else None
        if len(areas) > 1:
            found = ", ".join(map(str, areas))
            detail = {"facility_id": str(facility_id), "areas": found}
            issues.append(Issue("AREAS_DIFFER", "warning", *place, detail=detail))
        if doubtful:
            detail = {"facility_id": str(facility_id), "zones": ", ".join(around)}
            issues.append(
                Issue(
                    "ROOM_IN_SEVERAL_ZONES",
                    "warning",
                    *place,
                    floor_area_m2=area_m2,
                    detail=detail,
                )
            )
        if zone_id is None:
            if np.isnan(first[c.X_M]) and counting & {row[c.CATEGORY] for row in rows}:
                issues.append(
                    Issue(
                        "ROOM_WITHOUT_ZONE",
                        "warning",
                        *place,
                        floor_area_m2=area_m2,
                        detail={"facility_id": str(facility_id)},
                    )
                )
        elif not sharing:
            issues.append(
                Issue(
                    "UNKNOWN_ZONE",
                    "warning",
                    *place,
                    c.ZONE_ID,
                    floor_area_m2=area_m2,
                    detail={"value": zone_id},
                )
            )
        else:
            room = Room(
                room_id=str(facility_id),
                name=first[c.NAME],
                area_m2=area_m2,
                opens=_opens(rows),
                categories=tuple(row[c.CATEGORY] for row in rows),
                origin=f"{place[0]}:{place[1]}",
                approximate=_is_rough(rows, area_m2),
                share=None if doubtful else Fraction(1),
                shared_by=sharing if len(sharing) > 1 and not doubtful else (),
            )
            for own in sharing:
                rooms[own].append(room)
    return {zone_id: tuple(own) for zone_id, own in rooms.items()}


def _own_rooms(zone: ResidentialZone) -> list[Room]:
    return [
        Room(
            room_id=f"{zone.zone_id}#{k}",
            area_m2=area,
            origin=f"{zone.file}:{zone.row}",
            approximate=f"#{k}" in zone.approximate,
        )
        for k, area in enumerate(zone.rooms_m2, 1)
    ]


def _is_rough(rows: Sequence[Row], area_m2: Decimal | None) -> bool:
    """Tell whether all rows of a site that state its area say that it is not exact."""
    stated = [row for row in rows if area_m2 is not None and row[c.FLOOR_AREA_M2] == area_m2]
    return bool(stated) and all(c.FLOOR_AREA_M2 in row[c.APPROXIMATE] for row in stated)


def _opens(rows: Sequence[Row]) -> Opens:
    if any(row[c.OPEN] for row in rows):
        return "now"
    return "plan" if any(row[c.OPEN_AT_PLAN] for row in rows) else "never"


def _containing_zones(
    zones: Sequence[ResidentialZone], facilities: pd.DataFrame
) -> dict[int, tuple[str, ...]]:
    """Zone polygons that contain each facility row, by id; no entry where none does."""
    polygons = [zone for zone in zones if is_polygonal(zone.shape)]
    if not polygons:
        return {}
    tree = shapely.STRtree(np.array([zone.shape for zone in polygons], dtype=object))
    points = points_at(facilities[c.X_M].to_numpy(), facilities[c.Y_M].to_numpy())
    placed = np.flatnonzero(facilities[c.X_M].notna().to_numpy())
    point, zone = tree.query(points[placed], "intersects")
    found: dict[int, tuple[str, ...]] = {}
    for p, z in sorted(zip(point.tolist(), zone.tolist(), strict=True)):
        row = facilities.index[placed[p]]
        found[row] = (*found.get(row, ()), polygons[z].zone_id)
    return found
