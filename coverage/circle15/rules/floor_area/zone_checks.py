"""Check residential zones: the floor-area law on the rooms of each, or of each pool."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from circle15.errors import InputDataError
from circle15.rules.floor_area.households import ZoneHouseholds
from circle15.rules.floor_area.pooling import Judging, judge_neighbours, nowhere_near
from circle15.rules.floor_area.rooms import unique_rooms
from circle15.rules.floor_area.shared_rooms import judge_jointly, split_shared
from circle15.rules.floor_area.zone_rooms import rooms_of_zones

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from circle15.access.zone_circle import ZoneCircle
    from circle15.inputs.residential import ResidentialZone
    from circle15.rules.floor_area.judge import FloorAreaSheet
    from circle15.rules.floor_area.pooling import ApartWithin
    from circle15.rules.floor_area.rooms import Room
    from circle15.rules.packs.floor_area_law import FloorAreaLaw
    from circle15.study.settings.rules.requirements import Rules
    from circle15.study.vocabulary.finding import Finding


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

    @property
    def pool(self) -> tuple[str, ...]:
        """Ids of the zones that are judged as one with it, itself included."""
        return (self.zone.zone_id,) if self.sheet is None else self.sheet.zones

    @property
    def pool_id(self) -> str | None:
        """Id of its pool, declared or by a radius; None if it is judged alone."""
        if self.zone.pool_id is not None or len(self.pool) == 1 or self.sheet is None:
            return self.zone.pool_id
        return self.sheet.zone_id


def households_of(zone: ResidentialZone) -> ZoneHouseholds:
    """
    Return the counts of a zone.

    Raises
    ------
    InputDataError
        If they contradict each other or the kind; the error names the row of the zone.
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
    *,
    apart: ApartWithin = nowhere_near,
) -> tuple[dict[str, tuple[tuple[Room, ...], FloorAreaSheet | None]], list[Finding]]:
    """
    Judge the floor area of every zone.

    Zones of one `pool_id` are judged as one. Where the law pools neighbours by a radius, zones
    without a `pool_id` may meet it together (`pooling`).

    Parameters
    ----------
    facilities
        The facility table; probable duplicates in it do not count.
    apart
        Returns the walking distance between zones; called only where the law has a radius.

    Returns
    -------
    Zone id to its rooms and its sheet; and the findings: rooms that belong to no zone, or of which
    it is unknown to which zone they belong.

    Raises
    ------
    InputDataError
        If the households of a zone contradict its kind, or two rooms of one id each other.
    """
    rooms, findings = rooms_of_zones(zones, facilities, law)
    households = {zone.zone_id: households_of(zone) for zone in zones}
    if law is None:
        return {zone_id: (own, None) for zone_id, own in rooms.items()}, findings
    # Contradictions matter for all zones judged together: pooled, near, or sharing a room.
    unique_rooms(replace(room, share=Fraction(1)) for own in rooms.values() for room in own)
    rooms = split_shared(rooms, households, law, rules)
    judge = Judging(rooms, households, law, rules)
    declared: dict[str, list[str]] = defaultdict(list)
    for zone in zones:
        if zone.pool_id is not None:
            declared[zone.pool_id].append(zone.zone_id)
    sheets: dict[str, FloorAreaSheet] = {}
    for pool_id, members in declared.items():
        sheets |= dict.fromkeys(members, judge.together(pool_id, members))
    alone = {key: judge.alone(key) for key in households if key not in sheets}
    sheets |= alone
    if law.pooling is not None:
        sheets |= judge_neighbours(judge, alone, law.pooling, apart)
    for zone_id, jointly in judge_jointly(rooms, households, law, rules).items():
        sheets[zone_id] = replace(sheets[zone_id], jointly=jointly)
    return {zone_id: (rooms[zone_id], sheets[zone_id]) for zone_id in rooms}, findings
