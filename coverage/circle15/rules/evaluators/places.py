"""Rules that require at least one site in each unit: subdistrict, community, district."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from circle15.rules.comparing import least_whole
from circle15.rules.evaluators.answers import STUDY, Maker, RuleResult, remark
from circle15.rules.evaluators.evidence import (
    figure_sets,
    figures_of,
    inputs_of,
    sources_of,
    year_of,
)
from circle15.rules.evaluators.numbers import doubts_of, own_rows
from circle15.rules.evaluators.presence import judge_presence
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from circle15.rules.evaluators.evidence import Evidence
    from circle15.rules.packs.evaluator_parameters import Tier, Tiers, UnitsWithCategory

_NO_UNITS: Final = {
    "street": "NO_STREETS",
    "community": "NO_COMMUNITIES",
    "district": "REGISTER_MISSING",
}


def units_with_category(
    make: Maker, parameters: UnitsWithCategory, evidence: Evidence
) -> Iterator[RuleResult]:
    """
    Compare the units with at least one site: `value = 100 · n(units with ≥ 1) / n(units)`.

    Counted from the positions of the open sites inside the area, and from a register that states
    `with_one` and `units`. Totals of sites alone prove nothing: two sites in one unit do not
    compensate for a unit without any. `each_of` requires every category on its own.
    """
    level = make.rule.level
    for category in parameters.each_of:
        yield from _tier(make, evidence, [category], level, scope=category)
    if parameters.each_of:
        return
    own = list(own_rows(make, evidence))
    yield from own
    rows = list(_tier(make, evidence, parameters.categories, level, scope=STUDY, of=parameters))
    yield from (row for row in rows if row.value is not None or not own)


def tiers(make: Maker, parameters: Tiers, evidence: Evidence) -> Iterator[RuleResult]:
    """
    Compare the units with at least one site in every tier; a row for each name, else level.

    `value = 100 · n(units with ≥ 1) / n(units)` as in `units_with_category`. Where a register
    states only the numbers of sites and units, fewer sites than units miss the tier; as many or
    more prove nothing.
    """
    for tier in parameters.tiers:
        scope = tier.level if tier.name is None else tier.name
        yield from _tier(make, evidence, tier.any_of, tier.level, scope=scope, of=tier)


def _tier(
    make: Maker,
    evidence: Evidence,
    categories: Sequence[str],
    level: str,
    *,
    scope: str,
    of: UnitsWithCategory | Tier | None = None,
) -> Iterator[RuleResult]:
    """Yield a row for the sites on the map and one for each register; else what is missing."""
    rows: list[RuleResult] = []
    missing: tuple[str, ...] = ()
    with_one, of_units = (None, None) if of is None else (of.with_one, of.units)
    if with_one is not None and of_units is not None:
        sets, missing = figure_sets([with_one, of_units], evidence)
        rows += [_registered(make, one, (with_one, of_units), scope) for one in sets]
    units = evidence.units(level)
    if categories and units and evidence.listed(categories):
        rows.append(_on_map(make, evidence, categories, level, scope))
    if not rows and of is not None and with_one and of_units and of.sites:
        rows += _totals(make, evidence, (of.sites, of_units), scope, missing)
    if not rows:
        reason = "NO_SITES_LISTED" if units else _NO_UNITS[level]
        rows.append(make.unknown(reason, scope=scope, missing=missing))
    yield from rows


def _on_map(
    make: Maker,
    evidence: Evidence,
    categories: Sequence[str],
    level: str,
    scope: str,
) -> RuleResult:
    units = evidence.units(level)
    column = c.STREET_ID if level == "street" else c.COMMUNITY_ID
    here = evidence.open_sites(categories)
    standing = [unit if isinstance(unit, str) else None for unit in here[column]]
    found = judge_presence(units, standing, threshold_percent=make.rule.threshold)
    unplaced = evidence.unplaced_sites(categories)
    value = Fraction(found.with_one * 100, found.units)
    remarks = [remark("FROM", {"part": found.with_one, "whole": found.units})]
    if found.without and make.threshold is not None:
        remarks.append(remark("UNITS_WITHOUT", {"units": "、".join(found.without[:20])}))
    if found.shortfall and found.shortfall <= len(unplaced):
        return make.unknown(
            "SITES_UNPLACED",
            scope=scope,
            value=value,
            inputs=(*here[c.FACILITY_ID], *unplaced),
            remarks=remarks,
        )
    return make.compared(
        scope,
        value,
        inputs=tuple(here[c.FACILITY_ID]),
        data_year=evidence.year,
        lacking=found.shortfall,
        remarks=remarks,
    )


def _registered(
    make: Maker, figures: Mapping[str, Any], names: Sequence[str], scope: str
) -> RuleResult:
    used = [figures[name] for name in names]
    with_one, units = (figure.value for figure in used)
    if not units:
        return make.unknown("ZERO_DENOMINATOR", scope=scope, inputs=inputs_of(used))
    lacking = None
    if make.threshold is not None and make.rule.comparison is not None:
        least = least_whole(make.rule.comparison, make.threshold * units / 100)
        lacking = None if least is None else max(0, least - int(with_one))
    return make.compared(
        scope,
        with_one * 100 / units,
        inputs=inputs_of(used),
        data_source=sources_of(used),
        data_year=year_of(used),
        lacking=lacking,
        remarks=[remark("FROM", {"part": with_one, "whole": units}), *doubts_of(used)],
    )


def _totals(
    make: Maker,
    evidence: Evidence,
    names: tuple[str, str],
    scope: str,
    missing: Sequence[str],
) -> Iterator[RuleResult]:
    """Yield what totals alone can show: with fewer sites than units, a unit has none."""
    sets, unknown = figure_sets(names, evidence)
    if not sets:
        known = figures_of(names[0], evidence)
        numbers = {"sites": known[0].value} if known else {}
        remarks = [remark("TOTAL_WITHOUT_UNITS", numbers)] if known else []
        named = [*missing, *unknown]
        yield make.unknown("REGISTER_MISSING", scope=scope, missing=named, remarks=remarks)
        return
    for one in sets:
        used = list(one.values())
        sites, units = (figure.value for figure in used)
        most = remark("AT_MOST", {"sites": sites, "units": units})
        if units and make.threshold is not None and sites * 100 / units < make.threshold:
            row = make.compared(scope, sites * 100 / units, inputs=inputs_of(used))
            yield make.row(
                scope,
                row.verdict,
                threshold=make.threshold,
                reason="TOTALS_TOO_FEW",
                inputs=row.inputs,
                data_source=sources_of(used),
                data_year=year_of(used),
                lacking=None,
                remarks=[most],
            )
        else:
            yield make.unknown(
                "TOTALS_PROVE_NOTHING",
                scope=scope,
                missing=missing,
                inputs=inputs_of(used),
                remarks=[most],
            )
