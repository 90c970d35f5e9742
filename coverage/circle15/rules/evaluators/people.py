"""Rules on people: the share who reach services on foot, and how evenly it is spread."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from circle15.rules.evaluators.answers import STUDY, Maker, RuleResult, remark
from circle15.study.vocabulary.scopes import COMBINED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circle15.access.counting import Counts
    from circle15.rules.evaluators.evidence import Evidence
    from circle15.rules.packs.evaluator_parameters import Equity, ServiceCircle, ServiceRadius

CIRCLE_MIN = 15


def service_circle(
    make: Maker, parameters: ServiceCircle, evidence: Evidence
) -> Iterator[RuleResult]:
    """
    Report the share who reach services: `value = 100 · Σ P_i [t_i ≤ cutoff] / Σ P_i`, per cent.

    Without `needs` a row each for `any`, for `all` and for every category that the study requires;
    with `needs` one row: any one category of every list must be reached.
    """
    group = parameters.group
    year = evidence.people.get(group, (0, None))[1]
    cutoff_min = parameters.cutoff_min or CIRCLE_MIN
    if parameters.needs is not None:
        counts = evidence.count(parameters.needs, group, cutoff_min)
        yield _share(make, STUDY, counts, "NOT_COUNTED", year=year)
        return
    if cutoff_min != evidence.circle_min:
        yield make.unknown("OTHER_CUTOFF")
        return
    scopes = [*COMBINED, *(s for s, g in evidence.circle if g == group)]
    for scope in dict.fromkeys(scopes):
        yield _share(make, scope, evidence.circle.get((scope, group)), "NO_CIRCLE", year=year)


def _share(
    make: Maker, scope: str, counts: Counts | None, reason: str, *, year: int | None
) -> RuleResult:
    if counts is None or not counts.persons:
        return make.unknown(reason, scope=scope)
    if counts.unknown == counts.persons:
        return make.unknown("PEOPLE_UNKNOWN", scope=scope)
    value = Fraction(counts.covered * 100, counts.persons)
    if make.threshold is None:
        return make.compared(scope, value, data_year=year)
    most = Fraction((counts.covered + counts.unknown) * 100, counts.persons)
    low = make.compared(scope, value, data_year=year)
    high = make.compared(scope, most)
    if low.verdict is not high.verdict:  # the people of unknown state decide
        return make.unknown("PEOPLE_UNKNOWN", scope=scope, value=value)
    return low


def service_radius(
    make: Maker, parameters: ServiceRadius, evidence: Evidence
) -> Iterator[RuleResult]:
    """
    Report the share within metres on foot: `value = 100 · Σ P_i [d_i ≤ within_m] / Σ P_i`, %.

    d_i is the length of streets and both access legs from home i to the nearest open site of
    any of the categories; stairs, slopes and signals do not count. A row for each distance.
    """
    year = evidence.people.get(parameters.group, (0, None))[1]
    for metres in parameters.within_m:
        counts = evidence.within_m(parameters.any_of, parameters.group, metres)
        scope = STUDY if len(parameters.within_m) == 1 else f"within:{metres}"
        row = _share(make, scope, counts, "NOT_COUNTED", year=year)
        yield replace(row, remarks=(remark("WITHIN_M", {"metres": metres}),))


def equity(make: Maker, parameters: Equity, evidence: Evidence) -> Iterator[RuleResult]:
    """
    Report how evenly the covered share x_i is spread over units with p_i persons.

    Three rows for each category, all 0 where all units are alike: `gini = Σ_ij p_i p_j |x_i − x_j|
    / (2 P² μ)` with P = Σ p_i and μ = Σ p_i x_i / P, `cv = √(Σ p_i (x_i − μ)² / P) / μ`, and
    `range = max x_i − min x_i`. Units without people do not count. The Gini index and the
    coefficient of variation are undefined if no people are covered.
    """
    for category in parameters.each_of:
        units = [u for u in evidence.by_unit(make.rule.level, category) if u.persons]
        if not units or not evidence.listed([category]):
            yield make.unknown("NOT_COUNTED", scope=category)
            continue
        shares = [Fraction(u.covered, u.persons) for u in units]
        spread = max(shares) - min(shares)
        worst = remark("UNITS_COMPARED", {"units": len(units)})
        for name, measure in (("gini", gini), ("cv", variation)):
            found = measure(shares, [u.persons for u in units])
            if found is None:
                yield make.unknown("NOBODY_COVERED", scope=f"{category}:{name}")
            else:
                yield make.compared(f"{category}:{name}", found, remarks=[worst])
        yield make.compared(f"{category}:range", spread, remarks=[worst])


def gini(values: Sequence[Fraction], weights: Sequence[int]) -> Fraction | None:
    """
    Return the exact weighted Gini index; None where all values are 0.

    Examples
    --------
    >>> gini([Fraction(n) for n in (10, 20, 30, 40)], [1, 1, 1, 1])
    Fraction(1, 4)
    """
    people = sum(weights)
    total = sum((w * x for w, x in zip(weights, values, strict=True)), Fraction(0))
    if not total:
        return None
    pairs = list(zip(weights, values, strict=True))
    apart = sum((p * q * abs(x - y) for p, x in pairs for q, y in pairs), Fraction(0))
    return apart / (2 * people * total)


def variation(values: Sequence[Fraction], weights: Sequence[int]) -> Fraction | None:
    """
    Return the weighted coefficient of variation, rounded down to 12 decimals; None if all are 0.

    Examples
    --------
    >>> float(variation([Fraction(1), Fraction(3)], [1, 1]))
    0.5
    """
    people = sum(weights)
    mean = sum((w * x for w, x in zip(weights, values, strict=True)), Fraction(0)) / (people or 1)
    if not mean:
        return None
    pairs = zip(weights, values, strict=True)
    spread = sum((w * (x - mean) ** 2 for w, x in pairs), Fraction(0)) / people
    return Fraction(math.isqrt(int(spread / mean**2 * 10**24)), 10**12)
