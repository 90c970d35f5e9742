"""Rules on numbers from registers and tables: shares, counts, capacities, area per person."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from circle15.rules.comparing import holds, least_whole
from circle15.rules.evaluators.answers import STUDY, Maker, Remark, RuleResult, remark
from circle15.rules.evaluators.approximate import turning
from circle15.rules.evaluators.evidence import (
    TABLES,
    Figure,
    approximate_ids,
    doubt_of_sites,
    figure_sets,
    figures_of,
    inputs_of,
    site_values,
    sources_of,
    year_of,
)
from circle15.rules.verdicts import Verdict
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from circle15.rules.evaluators.evidence import Evidence
    from circle15.rules.packs.evaluator_parameters import (
        CapacitySum,
        Count,
        FloorAreaPer1000,
        Ratio,
    )

PERCENT = "%"


def ratio(make: Maker, parameters: Ratio, evidence: Evidence) -> Iterator[RuleResult]:
    """
    Compare a share from registers: `value = per · Σ numerator / denominator` (per 100 by default).

    With `each` instead of `numerator` each one is compared on its own. A register may also state
    the share itself, under the id of the rule.
    """
    outside = not_of_this_kind(make, parameters.where, evidence)
    if outside is not None:
        yield outside
        return
    for one in parameters.each:
        yield from _ratio_rows(make, evidence, [one], parameters, scope=one)
    if not parameters.each:
        yield from _ratio_rows(make, evidence, parameters.numerator, parameters)


def _ratio_rows(
    make: Maker,
    evidence: Evidence,
    numerators: Sequence[str],
    parameters: Ratio,
    *,
    scope: str = STUDY,
) -> Iterator[RuleResult]:
    """Yield a row for each source of a share; one undetermined row where none states it."""
    own = list(own_rows(make, evidence)) if scope == STUDY else []
    yield from own
    sets, missing = figure_sets([*numerators, parameters.denominator], evidence)
    if not sets and not own:
        yield make.unknown("REGISTER_MISSING", scope=scope, missing=missing)
    for one in sets:
        yield _ratio_of(make, one, parameters, scope)


def _ratio_of(
    make: Maker, figures: Mapping[str, Figure], parameters: Ratio, scope: str
) -> RuleResult:
    denominator = parameters.denominator
    used = list(figures.values())
    part = sum((figure.value for key, figure in figures.items() if key != denominator), Fraction(0))
    part_doubt = sum((f.doubt for key, f in figures.items() if key != denominator), Fraction(0))
    whole: Fraction = figures[denominator].value
    if not whole:
        return make.unknown("ZERO_DENOMINATOR", scope=scope, inputs=inputs_of(used))
    per = Fraction(parameters.per)
    value = per * part / whole
    remarks = [remark("FROM", {"part": part, "whole": whole}), *doubts_of(used)]
    remarks += turning(make, value, _ends(part, part_doubt, figures[denominator], per))
    if make.rule.unit == PERCENT and value > 100:
        remarks.append(remark("SHARE_OVER_100"))
    return make.compared(
        scope,
        value,
        inputs=inputs_of(used),
        data_source=sources_of(used),
        data_year=year_of(used),
        lacking=_lacking(make, part, whole, per),
        remarks=remarks,
    )


def _ends(
    part: Fraction, part_doubt: Fraction, below: Figure, per: Fraction
) -> tuple[Fraction, Fraction]:
    """Return the least and greatest share that approximate numbers allow."""
    least = max(Fraction(0), part - part_doubt) / (below.value + below.doubt)
    fewest = below.value - below.doubt
    most = (part + part_doubt) / (fewest if fewest > 0 else below.value)
    return per * least, per * most


def _lacking(make: Maker, part: Fraction, whole: Fraction, per: Fraction) -> int | None:
    """Return the whole cases that the numerator lacks; None without a lower bound."""
    if make.threshold is None or make.rule.comparison is None or part.denominator != 1:
        return None
    least = least_whole(make.rule.comparison, make.threshold * whole / per)
    return None if least is None else max(0, least - int(part))


def doubts_of(figures: Sequence[Figure]) -> list[Remark]:
    """Return remarks where figures are of different years, or some are approximate."""
    years = sorted({figure.year for figure in figures if figure.year is not None})
    found = []
    if len(years) > 1:
        found.append(remark("YEARS_DIFFER", {"years": "、".join(map(str, years))}))
    rough = [site for figure in figures for site in figure.approximate]
    return found + approximate_sites(rough)


def approximate_sites(facility_ids: Sequence[str]) -> list[Remark]:
    """Return a remark that names the sites with an approximate number; none without any."""
    return [remark("APPROXIMATE_SITES", {"sites": "、".join(facility_ids)})] if facility_ids else []


def own_rows(make: Maker, evidence: Evidence) -> Iterator[RuleResult]:
    """Compare the values that registers state under the id of the rule itself."""
    for figure in figures_of(make.rule.id, evidence):
        yield make.compared(
            STUDY,
            figure.value,
            inputs=figure.inputs,
            data_source=figure.source,
            data_year=figure.year,
        )


def not_of_this_kind(
    make: Maker, where: Mapping[str, Decimal], evidence: Evidence
) -> RuleResult | None:
    """Return the result for an area to which the rule does not apply; None where it applies."""
    for indicator, wanted in where.items():
        found = figures_of(indicator, evidence)
        if not found:
            return make.unknown("REGISTER_MISSING", missing=[indicator])
        if all(figure.value != Fraction(wanted) for figure in found):
            return make.row(
                STUDY,
                Verdict.NOT_APPLICABLE,
                threshold=make.threshold,
                reason="OTHER_CLASS",
                inputs=inputs_of(found),
            )
    return None


def count(make: Maker, parameters: Count, evidence: Evidence) -> Iterator[RuleResult]:
    """
    Compare a number from a register: `value = indicator`.

    `threshold_from` names the indicator that sets the threshold, where the document states none.
    """
    indicator, quota = parameters.indicator, parameters.threshold_from
    own = list(own_rows(make, evidence)) if quota is None else []
    yield from own
    sets, missing = figure_sets([indicator, *([quota] if quota else [])], evidence)
    if not sets and not own:
        yield make.unknown("REGISTER_MISSING", missing=missing)
    for one in sets:
        used = list(one.values())
        figure = one[indicator]
        limit = one[quota].value if quota else None
        ends = (figure.value - figure.doubt, figure.value + figure.doubt)
        yield make.compared(
            STUDY,
            figure.value,
            threshold=limit,
            inputs=inputs_of(used),
            data_source=sources_of(used),
            data_year=year_of(used),
            remarks=[*doubts_of(used), *turning(make, figure.value, ends, threshold=limit)],
        )


def capacity_sum(make: Maker, parameters: CapacitySum, evidence: Evidence) -> Iterator[RuleResult]:
    """
    Compare the capacity of all open sites inside: `value = Σ_j capacity_j`.

    Sites of unknown capacity can only add to the sum: if it suffices without them, the rule is met,
    else it is undetermined. A register may state the sum as `indicator`.
    """
    yield from _sum_rows(
        make,
        evidence,
        parameters.categories,
        parameters.field,
        indicator=parameters.indicator,
    )


def floor_area_per_1000(
    make: Maker, parameters: FloorAreaPer1000, evidence: Evidence
) -> Iterator[RuleResult]:
    """
    Compare floor area per 1,000 persons: `value = Σ_j A_j / (persons / 1000)`, m².

    A_j is the area of the open sites of `categories` inside, or `floor_area` from a register; the
    indicator `persons` gives the persons. Unknown areas are treated like unknown capacities.
    """
    outside = not_of_this_kind(make, parameters.where, evidence)
    if outside is not None:
        yield outside
        return
    persons = figures_of(parameters.persons, evidence)
    if not persons:
        yield make.unknown("REGISTER_MISSING", missing=[parameters.persons])
        return
    yield from _sum_rows(
        make,
        evidence,
        parameters.categories,
        c.FLOOR_AREA_M2,
        indicator=parameters.floor_area,
        persons=persons,
    )


def _sum_rows(
    make: Maker,
    evidence: Evidence,
    categories: Sequence[str],
    field: str,
    *,
    indicator: str,
    persons: Sequence[Figure] = (),
) -> Iterator[RuleResult]:
    """
    Compare a sum from registers and that of the sites, each in its own row.

    With `persons` the sum is divided by each of these figures, per 1,000.
    """
    rows = list(own_rows(make, evidence))
    for below in persons or [Figure(Fraction(1000), None, TABLES, ())]:
        if not below.value:
            rows.append(make.unknown("ZERO_DENOMINATOR", inputs=below.inputs))
            continue
        extra = [remark("PER_PERSONS", {"persons": below.value})] if persons else []
        used = [below] if persons else []
        for figure in figures_of(indicator, evidence):
            both = [figure, *used]
            value = figure.value * 1000 / below.value
            ends = _ends(figure.value, figure.doubt, below, Fraction(1000))
            rows.append(
                make.compared(
                    STUDY,
                    value,
                    inputs=inputs_of(both),
                    data_source=sources_of(both),
                    data_year=year_of(both),
                    remarks=[*extra, *doubts_of(both), *turning(make, value, ends)],
                )
            )
        if evidence.listed(categories):
            found = _site_sum(make, evidence, categories, field, below=below, extra=extra)
            rows.append(found)
    yield from rows or [make.unknown("SITES_OR_REGISTER_MISSING", missing=[indicator])]


def _site_sum(
    make: Maker,
    evidence: Evidence,
    categories: Sequence[str],
    field: str,
    *,
    below: Figure,
    extra: Sequence[Remark],
) -> RuleResult:
    """Compare the sum of a field over the open sites, each site once (see `site_values`)."""
    here = evidence.open_sites(categories)
    values = site_values(here, field)
    silent = values.count(None)
    total = sum((value for value in values if value is not None), Fraction(0))
    extra = [*extra, *approximate_sites(approximate_ids(here, field))]
    value = total * 1000 / below.value
    source = sources_of([below])
    inputs = (*here[c.FACILITY_ID], *below.inputs)
    limit, comparison = make.threshold, make.rule.comparison
    if silent and (limit is None or comparison is None or not holds(value, comparison, limit)):
        return make.unknown(
            "SITES_WITHOUT_FIGURE",
            value=value,
            inputs=inputs,
            remarks=[*extra, remark("SITES_SILENT", {"sites": silent, "of": len(values)})],
        )
    ends = _ends(total, doubt_of_sites(here, field), below, Fraction(1000))
    extra = extra if silent else [*extra, *turning(make, value, ends)]
    return make.compared(
        STUDY, value, inputs=inputs, data_source=source, data_year=evidence.year, remarks=extra
    )
