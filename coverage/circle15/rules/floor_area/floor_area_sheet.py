"""The floor-area sheet of a residential zone: every number of the law, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from circle15.rules.floor_area.households import Reason
from circle15.rules.floor_area.readings import READINGS, Mend
from circle15.rules.packs.floor_area_law import Basis, MixedRule, PureKind, ZoneKind
from circle15.rules.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.study.settings.rules.requirements import Reading

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A zone within the pooling radius of a law, and its distance on foot."""

    zone_id: str
    metres: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorAreaSheet:
    """
    Result of the law for one zone (or pool of zones) at one date; areas in m², exact.

    A null area is unknown. `counted_m2` and `plain_sum_m2` add up the rooms of known area: while
    a room is in `unmeasured` they are a lower bound, and null where no area is known at all.

    Attributes
    ----------
    zones
        Ids of the zones judged as one.
    households
        Households to which the law applies, or dwellings where that is the `basis`.
    required_m2
        Rate times households; 0 without households, whatever the minimum of a site. For a mixed
        zone judged `split`, the sum of the requirements of its parts with one site each.
    effective_m2
        The larger of the requirement and the minimum of one site; 0 without households.
    rate_m2_per_100
        Counted area per 100 households; null where there are none.
    counted, counted_m2
        Area that counts under each reading, and under the judged one.
    plain_sum_m2, plain_gap_m2
        Area of all open rooms that count by category, and the requirement minus it, at least 0.
    shortfalls, shortfall_m2
        Least area to add so that each reading (the judged one) is met; 0 if and only if it is met,
        null where it is unknown.
    reading_dependent
        Whether the three readings differ.
    too_small, unmeasured, approximate, not_open, excluded
        Ids of the open rooms below the minimum, of those of unknown area or share, of those of
        approximate area, of the rooms that are not open at the date, and of those whose category
        does not count.
    approximate_households
        Whether the number of households is approximate.
    hangs_on_approximate
        Whether the verdict would change if the approximate numbers were off by one unit of their
        last non-zero digit.
    mend
        Ways to meet the judged reading, least area first.
    reason
        Why the verdict is neither met nor not_met; else null.
    alternatives
        The results for both kinds where the kind of the households is unknown, else empty.
    jointly
        Where rooms are shared by requirement, the sheet of all zones that share them, as one.
    at_plan
        The sheet of the plan year, if a room opens by then.
    neighbours
        The zones with which the law pools this one by its radius; none with a `pool_id`.
    pooled
        Where neighbours do not meet the law together, the sheet of all of them as one.
    min_site_m2
        The least area of a site; 0 where the law states none for zones of this kind.
    """

    zone_id: str
    zones: tuple[str, ...]
    name: str
    kind: ZoneKind
    basis: Basis
    mixed: MixedRule
    reading: Reading
    households: Fraction | None
    required_m2: Fraction | None
    effective_m2: Fraction | None
    rate_m2_per_100: Fraction | None
    counted: Mapping[Reading, Fraction | None]
    counted_m2: Fraction | None
    plain_sum_m2: Fraction | None
    plain_gap_m2: Fraction | None
    shortfall_m2: Fraction | None
    shortfalls: Mapping[Reading, Fraction | None]
    readings: Mapping[Reading, Verdict]
    reading_dependent: bool
    verdict: Verdict
    too_small: tuple[str, ...]
    unmeasured: tuple[str, ...]
    approximate: tuple[str, ...]
    approximate_households: bool
    not_open: tuple[str, ...]
    excluded: tuple[str, ...]
    mend: tuple[Mend, ...]
    reason: Reason | None
    alternatives: Mapping[PureKind, FloorAreaSheet] = field(default_factory=dict)
    at_plan: FloorAreaSheet | None = None
    jointly: FloorAreaSheet | None = None
    hangs_on_approximate: bool = False
    neighbours: tuple[Neighbour, ...] = ()
    pooled: FloorAreaSheet | None = None
    min_site_m2: Fraction = Fraction(0)


def not_applicable(sheet: FloorAreaSheet, reason: Reason) -> FloorAreaSheet:
    """Return the sheet of zones without households to which the law applies."""
    nothing = Fraction(0)
    return replace(
        sheet,
        households=nothing,
        required_m2=nothing,
        effective_m2=nothing,
        plain_gap_m2=nothing,
        shortfall_m2=nothing,
        shortfalls=dict.fromkeys(READINGS, nothing),
        readings=dict.fromkeys(READINGS, Verdict.NOT_APPLICABLE),
        verdict=Verdict.NOT_APPLICABLE,
        reason=reason,
    )


def agreed(new: FloorAreaSheet, existing: FloorAreaSheet) -> FloorAreaSheet:
    """Combine the results for both kinds: values that differ become unknown."""
    if new == existing:
        return new
    readings = {
        reading: verdict if verdict is existing.readings[reading] else Verdict.UNDETERMINED
        for reading, verdict in new.readings.items()
    }
    shortfalls = {
        reading: _same(area_m2, existing.shortfalls[reading])
        for reading, area_m2 in new.shortfalls.items()
    }
    verdict = readings[new.reading]
    undecided = verdict is Verdict.UNDETERMINED
    return replace(
        new,
        required_m2=_same(new.required_m2, existing.required_m2),
        counted={r: _same(area_m2, existing.counted[r]) for r, area_m2 in new.counted.items()},
        counted_m2=_same(new.counted_m2, existing.counted_m2),
        rate_m2_per_100=_same(new.rate_m2_per_100, existing.rate_m2_per_100),
        effective_m2=_same(new.effective_m2, existing.effective_m2),
        plain_gap_m2=_same(new.plain_gap_m2, existing.plain_gap_m2),
        shortfall_m2=shortfalls[new.reading],
        shortfalls=shortfalls,
        readings=readings,
        reading_dependent=len(set(readings.values())) > 1,
        verdict=verdict,
        mend=new.mend if new.mend == existing.mend else (),
        reason=(_same(new.reason, existing.reason) or Reason.KIND_MISSING) if undecided else None,
        alternatives={"new": new, "existing": existing},
    )


def _same(one: _T | None, other: _T | None) -> _T | None:
    return one if one == other else None
