"""Evaluate the rules of a pack on the results of a study."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from circle15.rules.packs import Evaluator
from circle15.rules.presence import judge_presence
from circle15.rules.verdicts import Verdict
from circle15.study import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from circle15.access.counting import Counts
    from circle15.rules.packs import Rule, RulePack
    from circle15.rules.rooms import Room
    from circle15.rules.zone_checks import ZoneCheck

NEAR_THRESHOLD = Fraction(2, 100)


@dataclass(frozen=True, slots=True)
class RuleResult:
    """
    One rule for one scope: a zone, or the whole study.

    `value`, `threshold` and `shortfall` are exact and in `unit`; None where unknown or where the
    rule states no number. `inputs` names the rows that were used (`file:row`, or ids).
    """

    pack: str
    rule: Rule
    source: str
    scope: str
    verdict: Verdict
    value: Fraction | None
    threshold: Fraction | None
    unit: str
    shortfall: Fraction | None
    reason: str | None
    inputs: tuple[str, ...]

    @property
    def near_threshold(self) -> bool:
        """Whether the value is within 2 % of the threshold."""
        if self.value is None or not self.threshold:
            return False
        return abs(self.value - self.threshold) <= NEAR_THRESHOLD * self.threshold


@dataclass(frozen=True)
class Evidence:
    """
    What rules are judged on.

    Attributes
    ----------
    circle
        `any` and `all` to the people by state at the circle's cutoff, by group; empty where the
        study requires nothing.
    street_ids
        Every street once.
    facilities
        The facility table.
    zones
        Residential zones with their floor-area sheets.
    """

    circle: Mapping[tuple[str, str], Counts]
    street_ids: Sequence[str]
    facilities: pd.DataFrame
    zones: Sequence[ZoneCheck]


def evaluate_pack(pack: RulePack, evidence: Evidence) -> list[RuleResult]:
    """Evaluate every rule of a pack; a rule gives a row for each scope it is judged for."""
    return [row for rule in pack.rules for row in _EVALUATORS[rule.evaluator](pack, rule, evidence)]


def _circle(pack: RulePack, rule: Rule, evidence: Evidence) -> Iterator[RuleResult]:
    """Covered share of a group by any and by all of the required categories, per cent."""
    group = str(rule.parameters["group"])
    for scope in ("any", "all"):
        counts = evidence.circle.get((scope, group))
        known = counts is not None and counts.persons > 0
        value = Fraction(counts.covered * 100, counts.persons) if counts and known else None
        verdict = Verdict.REPORTED if known else Verdict.UNDETERMINED
        reason = None if known else "NO_CIRCLE"
        yield _result(pack, rule, scope, verdict, value=value, reason=reason)


def _units(pack: RulePack, rule: Rule, evidence: Evidence) -> Iterator[RuleResult]:
    """Share of streets with at least one open site of a category inside the area, per cent."""
    table = evidence.facilities
    category = rule.parameters["category"]
    here = table[(table[c.CATEGORY] == category) & table[c.OPEN] & table[c.IN_AREA]]
    streets = [s if isinstance(s, str) else None for s in here[c.STREET_ID]]
    found = judge_presence(evidence.street_ids, streets, threshold_percent=rule.threshold)
    missing = None
    if found.shortfall is not None and found.units:
        missing = max(Fraction(0), Fraction(rule.threshold or 0) - (found.value_percent or 0))
    reason = None if found.units else "NO_STREETS"
    threshold = Fraction(rule.threshold) if rule.threshold is not None else None
    yield _result(
        pack,
        rule,
        "study",
        found.verdict,
        value=found.value_percent,
        threshold=threshold,
        shortfall=missing,
        reason=reason,
        inputs=tuple(here[c.FACILITY_ID]),
    )


def _floor_area(pack: RulePack, rule: Rule, evidence: Evidence) -> Iterator[RuleResult]:
    """Counted floor area of each zone (or pool) whose households the rule binds, m²."""
    bound = "new" if rule.evaluator == Evaluator.FLOOR_AREA_NEW else "existing"
    for check in evidence.zones:
        sheet = check.sheet
        if sheet is None or check.zone.kind not in {bound, "mixed", "unknown"}:
            continue
        yield _result(
            pack,
            rule,
            check.zone.zone_id,
            sheet.verdict,
            value=sheet.counted_m2,
            threshold=sheet.required_m2,
            shortfall=sheet.shortfall_m2,
            reason=sheet.reason,
            inputs=_inputs(check),
            unit="m2",
        )


def _site_size(pack: RulePack, rule: Rule, evidence: Evidence) -> Iterator[RuleResult]:
    """
    Size of the site that decides the minimum in each zone, m².

    Under R2 every site must reach it, so the smallest decides; under R1 and R3 one site must, so
    the largest does.
    """
    minimum = Fraction(rule.threshold or 0)
    for check in evidence.zones:
        sheet = check.sheet
        if sheet is None:
            continue
        if sheet.verdict is Verdict.NOT_APPLICABLE:
            yield _result(
                pack,
                rule,
                check.zone.zone_id,
                sheet.verdict,
                value=None,
                threshold=minimum,
                reason=sheet.reason,
                inputs=_inputs(check),
            )
            continue
        idle = {*sheet.not_open, *sheet.excluded}
        open_rooms = [room for room in _pooled_rooms(check, evidence) if room.room_id not in idle]
        sizes = [Fraction(r.area_m2) for r in open_rooms if r.area_m2 is not None]
        unmeasured = len(sizes) < len(open_rooms)
        value = (min if sheet.reading == "R2" else max)(sizes, default=None)
        enough = value is not None and value >= minimum
        settled = not unmeasured or (
            enough if sheet.reading != "R2" else not enough and bool(sizes)
        )
        verdict = Verdict.MET if enough else Verdict.NOT_MET
        if not settled:
            verdict = Verdict.UNDETERMINED
        shortfall = max(Fraction(0), minimum - (value or 0)) if settled else None
        reason = None if settled else "ROOM_AREA_MISSING"
        yield _result(
            pack,
            rule,
            check.zone.zone_id,
            verdict,
            value=value,
            threshold=minimum,
            shortfall=shortfall,
            reason=reason,
            inputs=_inputs(check),
        )


def _pooled_rooms(check: ZoneCheck, evidence: Evidence) -> list[Room]:
    """Rooms on which a zone's sheet stands: its own, or those of all zones of its pool."""
    pool = check.zone.pool_id
    return [
        room
        for other in evidence.zones
        if other is check or (pool is not None and other.zone.pool_id == pool)
        for room in other.rooms
    ]


def _inputs(check: ZoneCheck) -> tuple[str, ...]:
    zone = check.zone
    return (f"{zone.file}:{zone.row}", *(room.origin for room in check.rooms))


def _result(
    pack: RulePack,
    rule: Rule,
    scope: str,
    verdict: Verdict,
    *,
    value: Fraction | None,
    threshold: Fraction | None = None,
    shortfall: Fraction | None = None,
    reason: str | None = None,
    inputs: tuple[str, ...] = (),
    unit: str | None = None,
) -> RuleResult:
    return RuleResult(
        pack=pack.id,
        rule=rule,
        source=f"{pack.source.title} ({pack.source.date})",
        scope=scope,
        verdict=verdict,
        value=value,
        threshold=threshold,
        unit=unit or rule.unit,
        shortfall=shortfall,
        reason=str(reason) if reason else None,
        inputs=tuple(dict.fromkeys(inputs)),
    )


_EVALUATORS = {
    Evaluator.SERVICE_CIRCLE: _circle,
    Evaluator.UNITS_WITH_CATEGORY: _units,
    Evaluator.FLOOR_AREA_NEW: _floor_area,
    Evaluator.FLOOR_AREA_EXISTING: _floor_area,
    Evaluator.FLOOR_AREA_SITE: _site_size,
}
