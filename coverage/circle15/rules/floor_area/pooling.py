"""
Pool neighbouring zones where a law allows it: within a radius on foot, without a `pool_id`.

Documents that allow it (可统筹配建) do not require it: neighbours that meet the law together all
meet it; where they do not, each zone is judged alone, and the joint result is given as well. So a
radius never worsens a verdict.

Every two zones of a pool are within the radius of each other: if nearness were chained, a row of
zones across a city would share one room that hardly any of them reaches.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from circle15.rules.floor_area.floor_area_sheet import Neighbour
from circle15.rules.floor_area.judge import judge_pool, judge_zone
from circle15.rules.floor_area.shared_rooms import together
from circle15.rules.verdicts import Verdict

if TYPE_CHECKING:
    from circle15.rules.floor_area.floor_area_sheet import FloorAreaSheet
    from circle15.rules.floor_area.households import ZoneHouseholds
    from circle15.rules.floor_area.rooms import Room
    from circle15.rules.packs.floor_area_law import FloorAreaLaw, Pooling
    from circle15.study.settings.rules.requirements import Rules

Apart = Mapping[tuple[str, str], int]
"""Millimetres on foot between pairs of zone ids, the smaller id first."""

ApartWithin = Callable[[Decimal], Apart]
"""Function that returns the pairs of zones within a distance on foot, in metres."""


def nowhere_near(_limit_m: Decimal) -> Apart:
    """Return no pairs: without a network no zone is known to be near another."""
    return {}


@dataclass(frozen=True)
class Judging:
    """Rooms and households of all zones, and the law by which they are judged."""

    rooms: Mapping[str, tuple[Room, ...]]
    households: Mapping[str, ZoneHouseholds]
    law: FloorAreaLaw
    rules: Rules

    def alone(self, zone_id: str) -> FloorAreaSheet:
        """Judge one zone."""
        rules = self.rules
        return judge_zone(
            self.households[zone_id],
            self.rooms[zone_id],
            self.law,
            reading=rules.reading,
            basis=rules.basis,
            mixed=rules.mixed,
        )

    def together(self, pool_id: str, zone_ids: Sequence[str]) -> FloorAreaSheet:
        """Judge zones as one."""
        rules = self.rules
        return judge_pool(
            pool_id,
            [self.households[one] for one in zone_ids],
            together(room for one in zone_ids for room in self.rooms[one]),
            self.law,
            reading=rules.reading,
            basis=rules.basis,
            mixed=rules.mixed,
        )


def judge_neighbours(
    judging: Judging, alone: Mapping[str, FloorAreaSheet], pooling: Pooling, apart: ApartWithin
) -> dict[str, FloorAreaSheet]:
    """
    Judge neighbours together.

    Parameters
    ----------
    judging
        Rooms, households and law.
    alone
        The sheets of the zones without a `pool_id`, each judged alone. A zone of unknown
        requirement is not pooled.
    pooling
        The radius.
    apart
        Returns the distances between zones.

    Returns
    -------
    New sheets of the zones with neighbours: that of the pool where it meets the law (its `zone_id`
    joins the ids of the zones with +), else their own, with that of the pool as `pooled`. Today's
    verdict decides; a pool that meets the law only in the plan year does so in `at_plan`.
    """
    known = [zone_id for zone_id, sheet in alone.items() if sheet.required_m2 is not None]
    pairs = apart(pooling.within_m)
    found: dict[str, FloorAreaSheet] = {}
    for members in neighbours_within(known, pairs, pooling):
        pool = judging.together("+".join(members), members)
        for zone_id in members:
            near = tuple(
                Neighbour(other, Fraction(pairs[_pair(zone_id, other)], 1000))
                for other in members
                if other != zone_id
            )
            sheet = pool if pool.verdict is Verdict.MET else _not_helped(alone[zone_id], pool)
            found[zone_id] = replace(sheet, neighbours=near)
    return found


def _not_helped(own: FloorAreaSheet, pool: FloorAreaSheet) -> FloorAreaSheet:
    """Return a zone's own sheet, with that of the pool beside it."""
    then = pool.at_plan
    helps_then = then is not None and then.verdict is Verdict.MET
    return replace(own, pooled=pool, at_plan=then if helps_then else own.at_plan)


def neighbours_within(
    zone_ids: Sequence[str], apart: Apart, pooling: Pooling
) -> list[tuple[str, ...]]:
    """
    Group neighbours so that every two zones of a group are within the radius.

    Pairs are joined nearest first (equal distances by id); two groups are merged where every zone
    of one is near every zone of the other. The order of the zones does not matter.

    Returns
    -------
    Groups of two or more zones, ids in ascending order; a zone is in at most one.

    Examples
    --------
    Three zones in a row: A and C are too far apart, so B goes with its nearer neighbour.

    >>> from circle15.rules.packs.floor_area_law import Pooling
    >>> row = {("A", "B"): 500_000, ("B", "C"): 400_000, ("A", "C"): 900_000}
    >>> neighbours_within(["A", "B", "C"], row, Pooling(Decimal(700)))
    [('B', 'C')]
    """
    near = {pair: mm for pair, mm in apart.items() if pooling.reaches(mm)}
    groups: dict[str, tuple[str, ...]] = {zone_id: (zone_id,) for zone_id in zone_ids}
    for one, other in sorted(near, key=lambda pair: (near[pair], pair)):
        if one not in groups or other not in groups or groups[one] is groups[other]:
            continue
        first, second = groups[one], groups[other]
        if all(_pair(a, b) in near for a in first for b in second):
            joined = tuple(sorted(first + second))
            groups |= dict.fromkeys(joined, joined)
    return sorted({group for group in groups.values() if len(group) > 1})


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)
