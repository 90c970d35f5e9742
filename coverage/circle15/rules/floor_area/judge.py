"""
Judge residential zones by the floor-area law: whether they have the required elder-care rooms.

Inputs are decimals, arithmetic is in exact rationals: a verdict never depends on binary floats. All
three readings and the plain sum are always given (see `readings`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError
from circle15.rules.floor_area.floor_area_sheet import FloorAreaSheet, agreed, not_applicable
from circle15.rules.floor_area.households import (
    Reason,
    ZoneHouseholds,
    households_by_kind,
    required_area_m2,
)
from circle15.rules.floor_area.readings import READINGS, Mend, counted_area_m2, is_met, ways_to_meet
from circle15.rules.floor_area.rooms import (
    Opens,
    Room,
    counts_for,
    is_measured,
    least_sites,
    most_sites,
    share_rooms,
    taken_off,
    unique_rooms,
)
from circle15.rules.packs.floor_area_law import Basis, FloorAreaLaw, MixedRule, PureKind
from circle15.rules.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from circle15.study.settings.rules.requirements import Reading

__all__ = [
    "FloorAreaLaw",
    "FloorAreaSheet",
    "Reason",
    "Room",
    "ZoneHouseholds",
    "judge_pool",
    "judge_zone",
    "required_area_m2",
    "share_rooms",
]

PURE_KINDS: Final[tuple[PureKind, ...]] = ("new", "existing")


@dataclass(frozen=True, slots=True)
class _Case:
    """Zones judged as one, with the parameters of the judgement."""

    zone_id: str
    name: str
    zones: tuple[ZoneHouseholds, ...]
    law: FloorAreaLaw
    reading: Reading
    basis: Basis
    mixed: MixedRule
    off: int = 0
    """Factor of the uncertainty by which approximate household counts are raised."""

    def is_rough(self, zone: ZoneHouseholds) -> bool:
        """Return whether a count of the basis is approximate."""
        return any(count.startswith(self.basis) for count in zone.approximate)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The result of one reading."""

    verdict: Verdict
    shortfall_m2: Fraction | None
    mend: tuple[Mend, ...] = ()
    reason: Reason | None = None


def judge_zone(
    zone: ZoneHouseholds,
    rooms: Iterable[Room],
    law: FloorAreaLaw,
    *,
    reading: Reading = "R3",
    basis: Basis = "households",
    mixed: MixedRule = "pooled",
) -> FloorAreaSheet:
    """
    Judge the rooms of one zone.

    Parameters
    ----------
    zone, rooms, law
        The zone, the rooms that belong to it (in any order), and the numbers of the law.
    reading
        The reading whose verdict is the zone's.
    basis
        `households`, or `dwellings` instead.
    mixed
        How a zone with new and existing households is judged: see `required_area_m2`.

    Raises
    ------
    InputDataError
        If two rooms with one id contradict each other.
    """
    case = _Case(zone.zone_id, zone.name, (zone,), law, reading, basis, mixed)
    return _judge(case, unique_rooms(rooms))


def judge_pool(
    pool_id: str,
    zones: Sequence[ZoneHouseholds],
    rooms: Iterable[Room],
    law: FloorAreaLaw,
    *,
    reading: Reading = "R3",
    basis: Basis = "households",
    mixed: MixedRule = "pooled",
) -> FloorAreaSheet:
    """
    Judge the zones of a pool as one: requirements are summed, each room counts once.

    Pass whole rooms, not shares of them. If one requirement is unknown, so is the pool's.

    Raises
    ------
    InputDataError
        If there is no zone, or two rooms with one id contradict each other.
    """
    if not zones:
        message = f"pool '{pool_id}' has no zones."
        raise InputDataError(message, column="pool_id", mend="Name a pool that a zone belongs to.")
    name = "、".join(zone.name for zone in zones if zone.name)
    case = _Case(pool_id, name, tuple(zones), law, reading, basis, mixed)
    return _judge(case, unique_rooms(rooms))


def _judge(case: _Case, rooms: tuple[Room, ...]) -> FloorAreaSheet:
    today = _judge_at(case, rooms, ("now",))
    if not any(room.opens == "plan" and counts_for(room, case.law) for room in rooms):
        return today
    return replace(today, at_plan=_judge_at(case, rooms, ("now", "plan")))


def _judge_at(case: _Case, rooms: tuple[Room, ...], opening: tuple[Opens, ...]) -> FloorAreaSheet:
    """Judge with the open rooms, and note whether approximate numbers decide."""
    sheet = _as_written(case, rooms, opening)
    if not (sheet.approximate or sheet.approximate_households):
        return sheet
    # Readings are monotonic in area and households: the two ends bound all cases between them.
    ends = (_as_written(replace(case, off=-off), taken_off(rooms, off), opening) for off in (-1, 1))
    hangs = any(end.verdict is not sheet.verdict for end in ends)
    return replace(sheet, hangs_on_approximate=hangs)


def _as_written(case: _Case, rooms: tuple[Room, ...], opening: tuple[Opens, ...]) -> FloorAreaSheet:
    """Judge the numbers as written, for both kinds where the kind is unknown."""
    counting = [room for room in rooms if counts_for(room, case.law)]
    opened = tuple(room for room in counting if room.opens in opening)
    sheet = replace(
        _undetermined(case, opened),
        not_open=tuple(room.room_id for room in counting if room.opens not in opening),
        excluded=tuple(room.room_id for room in rooms if not counts_for(room, case.law)),
    )
    alone = _compared(case, sheet, opened)
    if alone.reason is not Reason.KIND_MISSING:
        return alone
    both = (_sized(case, sheet, opened, kind) for kind in PURE_KINDS)
    return agreed(
        *(_compared(case, own, opened, k) for own, k in zip(both, PURE_KINDS, strict=True))
    )


def _sized(
    case: _Case, sheet: FloorAreaSheet, opened: tuple[Room, ...], kind: PureKind
) -> FloorAreaSheet:
    """Return a sheet of the rooms with the least area of a site for one kind of zone."""
    own = _undetermined(case, opened, kind)
    return replace(own, not_open=sheet.not_open, excluded=sheet.excluded)


def _minimum_m2(case: _Case, unknown_as: PureKind | None) -> Fraction:
    """Return the least area of a site for the kinds of households that these zones have."""
    kinds: set[str] = set()
    for zone in case.zones:
        counts = households_by_kind(zone, case.basis)
        if isinstance(counts, Reason):
            kinds.add(zone.kind)
        else:
            kinds |= {kind for kind, number in counts.items() if number}
    if unknown_as is not None:
        kinds = {unknown_as if kind == "unknown" else kind for kind in kinds}
    return case.law.least_site_m2(kinds)


def _undetermined(
    case: _Case, opened: tuple[Room, ...], unknown_as: PureKind | None = None
) -> FloorAreaSheet:
    """Return the sheet with the areas of the rooms, before households are compared."""
    kinds = {zone.kind for zone in case.zones}
    minimum_m2 = _minimum_m2(case, unknown_as)
    sites = least_sites(opened)
    unmeasured = tuple(room.room_id for room in opened if not is_measured(room))
    nothing_known = bool(opened) and len(unmeasured) == len(opened)
    counted: dict[Reading, Fraction | None] = {
        r: None if nothing_known else counted_area_m2(r, sites, minimum_m2) for r in READINGS
    }
    plain_sum_m2 = sum((site.part_m2 for site in sites), Fraction(0))
    return FloorAreaSheet(
        zone_id=case.zone_id,
        zones=tuple(zone.zone_id for zone in case.zones),
        name=case.name,
        kind=kinds.pop() if len(kinds) == 1 else "unknown" if "unknown" in kinds else "mixed",
        basis=case.basis,
        mixed=case.mixed,
        reading=case.reading,
        households=None,
        required_m2=None,
        effective_m2=None,
        rate_m2_per_100=None,
        counted=counted,
        counted_m2=counted[case.reading],
        plain_sum_m2=None if nothing_known else plain_sum_m2,
        plain_gap_m2=None,
        shortfall_m2=None,
        shortfalls=dict.fromkeys(READINGS),
        readings=dict.fromkeys(READINGS, Verdict.UNDETERMINED),
        reading_dependent=False,
        verdict=Verdict.UNDETERMINED,
        too_small=tuple(
            room.room_id
            for room in opened
            if room.area_m2 is not None and room.area_m2 < minimum_m2
        ),
        unmeasured=unmeasured,
        approximate=tuple(room.room_id for room in opened if room.approximate),
        approximate_households=any(map(case.is_rough, case.zones)),
        not_open=(),
        excluded=(),
        mend=(),
        reason=None,
        min_site_m2=minimum_m2,
    )


def _compared(
    case: _Case, sheet: FloorAreaSheet, opened: tuple[Room, ...], unknown_as: PureKind | None = None
) -> FloorAreaSheet:
    """Compare the open rooms with the requirement, under each reading."""
    households = _households(case)
    if isinstance(households, Reason):
        return replace(sheet, reason=households)
    if households == 0:
        return not_applicable(sheet, Reason.NO_HOUSEHOLDS)
    households = _bound(case, unknown_as)
    if households == 0:
        return not_applicable(sheet, Reason.OTHER_KIND_OF_ZONE)
    required_m2 = _required(case, unknown_as)
    if isinstance(required_m2, Reason):
        return replace(sheet, reason=required_m2)
    minimum_m2 = sheet.min_site_m2
    outcomes = {r: _outcome(r, opened, required_m2, minimum_m2) for r in READINGS}
    judged = outcomes[case.reading]
    gap_m2 = max(Fraction(0), required_m2 - (sheet.plain_sum_m2 or 0))
    counted_m2 = sheet.counted_m2
    return replace(
        sheet,
        households=households,
        required_m2=required_m2,
        effective_m2=max(required_m2, minimum_m2),
        rate_m2_per_100=None if counted_m2 is None else counted_m2 * 100 / households,
        plain_gap_m2=None if gap_m2 and sheet.unmeasured else gap_m2,
        shortfall_m2=judged.shortfall_m2,
        shortfalls={reading: outcome.shortfall_m2 for reading, outcome in outcomes.items()},
        readings={reading: outcome.verdict for reading, outcome in outcomes.items()},
        reading_dependent=len({outcome.verdict for outcome in outcomes.values()}) > 1,
        verdict=judged.verdict,
        mend=judged.mend,
        reason=judged.reason,
    )


def _required(case: _Case, unknown_as: PureKind | None) -> Fraction | Reason:
    total_m2 = Fraction(0)
    for zone in case.zones:
        required_m2 = required_area_m2(
            zone, case.law, basis=case.basis, mixed=case.mixed, unknown_as=unknown_as, off=case.off
        )
        if isinstance(required_m2, Reason):
            return required_m2
        total_m2 += required_m2
    return total_m2


def _households(case: _Case) -> Fraction | Reason:
    total = Fraction(0)
    for zone in case.zones:
        counts = households_by_kind(zone, case.basis)
        if isinstance(counts, Reason):
            return counts
        total += sum(counts.values())
    return total


def _bound(case: _Case, unknown_as: PureKind | None) -> Fraction:
    """Return the households of the kinds for which the law has a rate."""
    total = Fraction(0)
    for zone in case.zones:
        counts = households_by_kind(zone, case.basis)
        if isinstance(counts, Reason):
            continue
        for kind, number in counts.items():
            judged = unknown_as or kind if kind == "unknown" else kind
            if judged not in case.law.rates or case.law.rates[judged] is not None:
                total += number
    return total


def _outcome(
    reading: Reading, opened: tuple[Room, ...], required_m2: Fraction, minimum_m2: Fraction
) -> _Outcome:
    """
    Judge one reading, with unknown areas of rooms taken as none and as enough.

    A reading is monotonic in the area of a room, so where both ends agree the result is known.
    """
    least = least_sites(opened)
    most = most_sites(opened, enough_m2=max(required_m2, minimum_m2))
    if is_met(reading, least, required_m2, minimum_m2):
        return _Outcome(Verdict.MET, Fraction(0))
    if not all(is_measured(room) for room in opened):
        if not is_met(reading, most, required_m2, minimum_m2):
            return _Outcome(Verdict.NOT_MET, None)
        area_missing = any(room.area_m2 is None for room in opened)
        reason = Reason.ROOM_AREA_MISSING if area_missing else Reason.ROOM_SHARE_MISSING
        return _Outcome(Verdict.UNDETERMINED, None, reason=reason)
    mend = ways_to_meet(reading, least, required_m2, minimum_m2)
    return _Outcome(Verdict.NOT_MET, mend[0].m2, mend)
