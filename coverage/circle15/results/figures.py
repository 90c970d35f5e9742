"""Figures of a result that several outputs show: headline, lookups, sums, unknown people."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.access.areas.covered_areas import BASES
from circle15.access.counting import NO_PEOPLE, Claimed
from circle15.access.states import State
from circle15.network.snapping import SnapCode
from circle15.results.once import once
from circle15.results.reasons import NOT_JOINED, TOLD_REASONS, ToldReasons
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.scopes import ALL, COMBINED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from circle15.access.areas.covered_areas import AreaRow
    from circle15.access.counting import CatchmentCount, Counts
    from circle15.access.records import CoverageRow, ZoneRow
    from circle15.arrays import Ints
    from circle15.inputs.demand.balance import Balance
    from circle15.results.records import StudyResult
    from circle15.rules.evaluators.evaluating import RuleResult
    from circle15.rules.floor_area.zone_checks import ZoneCheck
    from circle15.study.settings.rules.requirements import Reading


def shown_categories(result: StudyResult) -> list[str]:
    """Return the categories in table order, then `any` and `all` if several are required."""
    several = len(result.study.circle.require) > 1
    return [*result.categories, *(COMBINED if several else ())]


def headline_category(result: StudyResult) -> str | None:
    """Return the headline's category: `all` if several are required, else the first, or None."""
    required = result.study.circle.require
    if len(required) > 1:
        return ALL
    return next(iter((*required, *result.categories)), None)


PEOPLE: Final = "people"
"""What coverage is counted by where it is not counted by land or buildings."""


def counted_by(result: StudyResult) -> Iterator[tuple[AreaRow, str, Claimed]]:
    """
    Yield coverage by people, then by residential land and buildings, by category and cutoff.

    Each with the row of areas of its category and cutoff and with what it is counted by: `PEOPLE`
    (of the judged group, micro-persons), then those of `BASES` that the study has (millionths of a
    square metre). Nothing without `[coverage_basis]`.
    """
    for row in result.areas:
        people = coverage_row(result, row.category, cutoff_min=row.cutoff_min)
        if people is not None:
            yield row, PEOPLE, people.circles
        for basis in BASES:
            if basis in row.areas:
                yield row, basis, row.areas[basis]


def coverage_row(
    result: StudyResult,
    category: str,
    *,
    cutoff_min: int | None = None,
    speed_m_s: Decimal | None = None,
    group: str | None = None,
) -> CoverageRow | None:
    """Return a coverage row, by default of the judged group at circle cutoff and judged speed."""
    walk = result.study.walk
    key = (
        category,
        group or result.study.demand.group,
        cutoff_min or walk.circle_min,
        speed_m_s or walk.speed_m_s,
    )
    return next(
        (
            r
            for r in result.coverage_rows
            if (r.category, r.group, r.cutoff_min, r.speed_m_s) == key
        ),
        None,
    )


def zone_counts(result: StudyResult, level: str) -> dict[tuple[str, str], ZoneRow]:
    """Return the rows of a level at the circle's cutoff by (zone id, category)."""
    circle = result.study.walk.circle_min
    return {
        (row.zone_id, row.category): row
        for row in result.zone_rows
        if row.level == level and row.cutoff_min == circle
    }


def worst_zones(result: StudyResult, level: str, category: str) -> list[ZoneRow]:
    """Return the zones with people in the gap, most people first."""
    rows = [row for (_, k), row in zone_counts(result, level).items() if k == category]
    return sorted((r for r in rows if r.counts.gap), key=lambda r: (-r.counts.gap, r.zone_id))


def most_unknown_zones(result: StudyResult, level: str, category: str) -> list[ZoneRow]:
    """Return the zones with people of unknown state, most people first."""
    rows = [row for (_, k), row in zone_counts(result, level).items() if k == category]
    found = [row for row in rows if row.counts.unknown]
    return sorted(found, key=lambda row: (-row.counts.unknown, row.zone_id))


@once
def unknown_people(result: StudyResult) -> dict[str, dict[str, int]]:
    """
    Count the people of the judged group whose state is unknown at the circle's cutoff.

    Returns
    -------
    Micro-persons by category and reason. For unsnapped people the reason is their snapping code
    instead of `UNSNAPPED`.
    """
    circle, told = result.study.walk.circle_min, ToldReasons(result)
    found: dict[str, dict[str, int]] = {category: {} for category in result.categories}
    totals: dict[tuple[str, str], int] = defaultdict(int)
    for part, weight in result.judged_people:
        micro = weight[result.judged.rows]
        for category, one in result.judged_as(part).items():
            unknown = one.states[circle] == State.UNKNOWN
            reason, people = told.of(one.reasons[circle])[unknown], micro[unknown]
            for code in np.unique(reason):
                totals[category, TOLD_REASONS[code]] += int(people[reason == code].sum())
    for (category, word), total in sorted(totals.items()):
        found[category][word] = total
    return found


@dataclass(frozen=True, slots=True)
class Snapping:
    """Number of demand points inside the area, and their micro-persons."""

    points: int
    persons: int


@once
def snapping_of_demand(result: StudyResult) -> dict[str, Snapping]:
    """Count the demand points inside the area by snapping code (empty if snapped)."""
    inside = result.demand[result.demand[c.IN_AREA]]
    weight = inside[c.weight_column(result.study.demand.group)]
    codes = inside[c.SNAP_CODE].astype(str)
    return {
        code: Snapping(int((codes == code).sum()), int(weight[codes == code].sum()))
        for code in (code.value for code in SnapCode)
    }


def unsnapped_demand(result: StudyResult) -> Snapping:
    """Sum the demand points inside the area that could not be snapped."""
    found = snapping_of_demand(result)
    return snapping_sum(found[code] for code in NOT_JOINED)


def snapping_sum(found: Iterable[Snapping]) -> Snapping:
    """Sum counts of demand points."""
    every = list(found)
    return Snapping(sum(one.points for one in every), sum(one.persons for one in every))


def unsnapped_homes(result: StudyResult) -> Ints:
    """Return the rows of `demand` inside the area that are unsnapped, most people first."""
    demand = result.demand
    weight = demand[c.weight_column(result.study.demand.group)].to_numpy()
    rows = np.flatnonzero(
        demand[c.SNAP_CODE].isin([str(code) for code in NOT_JOINED]).to_numpy(bool)
        & demand[c.IN_AREA].to_numpy(bool)
        & np.isfinite(demand[c.X_M].to_numpy(float))
        & (weight > 0)
    )
    return rows[np.argsort(-weight[rows], kind="stable")]


def unsnapped_facilities(result: StudyResult) -> list[tuple[str, str, str, str]]:
    """Return the unsnapped facilities: id, category, name and snapping code."""
    table = result.facilities
    lost = table[table[c.EDGE_ID].isna()]
    columns = [c.FACILITY_ID, c.CATEGORY, c.NAME, c.SNAP_CODE]
    return [
        (str(a), str(b), str(n), str(k)) for a, b, n, k in lost[columns].itertuples(index=False)
    ]


@dataclass(frozen=True, slots=True)
class FacilitySum:
    """Sites of one category; floor area (m²) and capacities are sums over open sites."""

    category: str
    rows: int
    open: int
    open_inside: int
    duplicates: int
    floor_area_m2: Decimal | None
    area_unknown: int
    capacities: Mapping[str, Decimal]


def facility_sums(facilities: pd.DataFrame, categories: Sequence[str]) -> list[FacilitySum]:
    """Sum the facilities of each category; a sum without any known value is None."""
    sums = []
    for category in categories:
        rows = facilities[facilities[c.CATEGORY] == category]
        opened = rows[rows[c.OPEN].astype(bool)]
        areas = [a for a in opened[c.FLOOR_AREA_M2] if isinstance(a, Decimal)]
        known = {
            field: [n for n in opened[field] if isinstance(n, Decimal)] for field in c.CAPACITIES
        }
        sums.append(
            FacilitySum(
                category,
                len(rows),
                len(opened),
                int(opened[c.IN_AREA].astype(bool).sum()),
                int(rows[c.DUPLICATE_OF].notna().sum()),
                sum(areas, Decimal(0)) if areas else None,
                len(opened) - len(areas),
                {k: sum(v, Decimal(0)) for k, v in known.items() if v},
            )
        )
    return sums


def catchments_by_row(result: StudyResult) -> dict[int, CatchmentCount]:
    """Return the people in reach of a site by its row of `facilities`, where counted."""
    return {one.facility: one for ones in result.catchments.values() for one in ones}


def zone_sum(zones: Sequence[ZoneRow]) -> Claimed:
    """Sum the people of zones, by walking and by straight-line circles."""
    counts = sum((zone.counts for zone in zones), NO_PEOPLE)
    return Claimed(counts, sum((zone.claimed for zone in zones), NO_PEOPLE))


def is_detour(zone: ZoneRow) -> bool:
    """Whether straight-line circles would cover at least half of the people in the gap."""
    return 2 * zone.claimed.gap >= zone.counts.gap > 0


def people_outside(result: StudyResult) -> int:
    """Return the micro-persons of the judged group outside the area."""
    group = result.study.demand.group
    return sum(one.outside for one in result.population.balances if one.group == group)


def balance_holds(result: StudyResult, balance: Balance) -> bool:
    """Whether the demand points hold exactly the people stated in the balance."""
    people = result.demand[c.weight_column(balance.group)]
    inside = int(people[result.demand[c.IN_AREA].astype(bool)].sum())
    return inside == balance.inside and int(people.sum()) + balance.beyond == balance.total


def everybody_has_a_state(counts: Counts, balance: Balance) -> bool:
    """Whether people by state plus people outside the area equal the group's total."""
    return counts.covered + counts.gap + counts.unknown + balance.outside == balance.total


def verdict_counts(results: Sequence[RuleResult]) -> Counter[str]:
    """Count rule results by verdict."""
    return Counter(row.verdict.value for row in results)


@dataclass(frozen=True, slots=True)
class ReadingSum:
    """
    Totals of all zones under one reading of the floor-area rule.

    `verdicts` counts zones by verdict; `shortfall_m2` sums the known shortfalls, a pool counted
    once; `some_unknown` is true if a shortfall is unknown.
    """

    verdicts: Counter[str]
    shortfall_m2: Fraction
    some_unknown: bool


def reading_sum(checks: Sequence[ZoneCheck], reading: Reading) -> ReadingSum:
    """Count the verdicts of zones and sum their shortfalls under a reading."""
    sheets = [check.sheet for check in checks if check.sheet is not None]
    verdicts = Counter(one.readings[reading].value for one in sheets)
    lacking = [one.shortfalls.get(reading) for one in {s.zone_id: s for s in sheets}.values()]
    known = sum((area_m2 for area_m2 in lacking if area_m2 is not None), Fraction(0))
    return ReadingSum(verdicts, known, None in lacking)


def total_shortfall(checks: Sequence[ZoneCheck]) -> tuple[int, Fraction, int]:
    """
    Sum the shortfalls of zones; a pool counts once.

    Returns
    -------
    Number of zones and pools not met, their total known shortfall (m²), and the number of them
    whose shortfall is unknown.
    """
    sheets = {check.sheet.zones: check.sheet for check in checks if check.sheet is not None}
    missed = [sheet for sheet in sheets.values() if sheet.verdict == "not_met"]
    known = [s.shortfall_m2 for s in missed if s.shortfall_m2 is not None]
    return len(missed), sum(known, Fraction(0)), len(missed) - len(known)
