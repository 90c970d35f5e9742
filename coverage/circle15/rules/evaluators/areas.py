"""Floor-area rules: the area required in each residential zone, and the size of its sites."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from circle15.rules.evaluators.answers import DECIDES, STUDY, Maker, Remark, RuleResult, remark
from circle15.rules.floor_area.rooms import taken_off
from circle15.rules.packs.evaluator_parameters import Evaluator
from circle15.rules.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circle15.rules.evaluators.evidence import Evidence
    from circle15.rules.floor_area.judge import FloorAreaSheet
    from circle15.rules.floor_area.rooms import Room
    from circle15.rules.floor_area.zone_checks import ZoneCheck
    from circle15.rules.packs.evaluator_parameters import SiteFloorArea, ZoneFloorArea


def floor_area(make: Maker, _parameters: ZoneFloorArea, evidence: Evidence) -> Iterator[RuleResult]:
    """
    Compare the counted floor area (m²) of each zone (or pool) to which the rule applies.

    `required = rate · households / 100`; the reading (R1–R3) determines which rooms count.
    """
    bound = "new" if make.rule.evaluator == Evaluator.FLOOR_AREA_NEW else "existing"
    binds = [
        (check, check.sheet)
        for check in evidence.zones
        if check.sheet is not None and check.zone.kind in {bound, "mixed", "unknown"}
    ]
    for check, sheet in binds:
        yield make.row(
            check.zone.zone_id,
            sheet.verdict,
            value=sheet.counted_m2,
            threshold=sheet.required_m2,
            shortfall=sheet.shortfall_m2,
            reason=sheet.reason,
            inputs=_inputs(check, evidence),
            unit="m2",
            data_year=evidence.year,
            remarks=_rough(sheet, sheet.approximate),
        )
    if not binds:
        yield _no_zone(make, evidence)


def _no_zone(make: Maker, evidence: Evidence) -> RuleResult:
    """Return the result where the rule applies to no zone: none listed, or none of its kind."""
    if not evidence.zones:
        return make.unknown("NO_ZONES")
    return make.row(STUDY, Verdict.NOT_APPLICABLE, reason="NO_ZONE_OF_KIND")


def site_size(make: Maker, _parameters: SiteFloorArea, evidence: Evidence) -> Iterator[RuleResult]:
    """
    Compare the size (m²) of the deciding site of each zone with the minimum.

    Under R2 every site must reach the minimum, so the smallest decides; under R1 and R3 one site
    must, so the largest decides. A rule for one kind of zones does not apply to the other.
    """
    judged = [(check, check.sheet) for check in evidence.zones if check.sheet is not None]
    for check, sheet in judged:
        beyond = make.threshold and not sheet.min_site_m2
        if beyond or sheet.verdict is Verdict.NOT_APPLICABLE:
            yield make.row(
                check.zone.zone_id,
                Verdict.NOT_APPLICABLE,
                threshold=make.threshold,
                reason="OTHER_KIND_OF_ZONE" if beyond else sheet.reason,
                inputs=_inputs(check, evidence),
            )
        else:
            yield _deciding_site(make, evidence, check, sheet)
    if not judged:
        yield _no_zone(make, evidence)


def _deciding_site(
    make: Maker, evidence: Evidence, check: ZoneCheck, sheet: FloorAreaSheet
) -> RuleResult:
    minimum = make.threshold or Fraction(0)
    idle = {*sheet.not_open, *sheet.excluded}
    open_rooms = [room for room in _pooled_rooms(check, evidence) if room.room_id not in idle]
    sizes = [Fraction(r.area_m2) for r in open_rooms if r.area_m2 is not None]
    unmeasured = len(sizes) < len(open_rooms)
    value = (min if sheet.reading == "R2" else max)(sizes, default=None)
    enough = value is not None and value >= minimum
    settled = not unmeasured or (enough if sheet.reading != "R2" else not enough and bool(sizes))
    verdict = Verdict.MET if enough else Verdict.NOT_MET
    remarks = _rough(None, [room.room_id for room in open_rooms if room.approximate])
    if settled and remarks:
        ends = [_deciding_size(taken_off(open_rooms, off), sheet) for off in (-1, 1)]
        if any((size >= minimum) is not enough for size in ends):
            remarks.append(remark(f"{DECIDES}_ZONE"))
    return make.row(
        check.zone.zone_id,
        verdict if settled else Verdict.UNDETERMINED,
        value=value,
        threshold=minimum,
        shortfall=max(Fraction(0), minimum - (value or 0)) if settled else None,
        reason=None if settled else "ROOM_AREA_MISSING",
        inputs=_inputs(check, evidence),
        data_year=evidence.year,
        remarks=remarks,
    )


def _deciding_size(rooms: Sequence[Room], sheet: FloorAreaSheet) -> Fraction:
    sizes = [Fraction(room.area_m2) for room in rooms if room.area_m2 is not None]
    return (min if sheet.reading == "R2" else max)(sizes)


def _rough(sheet: FloorAreaSheet | None, room_ids: Sequence[str]) -> list[Remark]:
    """Return remarks on the approximate rooms and households behind a verdict."""
    found = [remark("APPROXIMATE_ROOMS", {"rooms": "、".join(room_ids)})] if room_ids else []
    if sheet is not None and sheet.approximate_households:
        found.append(remark("APPROXIMATE_HOUSEHOLDS"))
    if sheet is not None and sheet.hangs_on_approximate:
        found.append(remark(f"{DECIDES}_ZONE"))
    return found


def _pooled_rooms(check: ZoneCheck, evidence: Evidence) -> list[Room]:
    """Return the rooms of a zone's sheet: its own, or those of all zones of its pool."""
    by_id = evidence.zones_by_id
    return [room for one in check.pool for room in by_id[one].rooms]


def _inputs(check: ZoneCheck, evidence: Evidence) -> tuple[str, ...]:
    """Return the ids of the zones and rooms behind a verdict, the zone itself first."""
    rooms = (room.room_id for room in _pooled_rooms(check, evidence))
    return (check.zone.zone_id, *check.pool, *rooms)
