"""
Every rule of every bundled pack, found automatically.

Each rule with a number gets data that give exactly the threshold, the smallest step above it, the
smallest step below it, and none at all; each rule without a number gets a value and none. How
data with a wanted value are made depends on the evaluator alone, never on the rule.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.rule_evidence import evidence, judge, number, sites, text, zone_check

from circle15.access.counting import Counts
from circle15.rules.packs.known import needed_categories, needed_indicators
from circle15.rules.packs.load import Evaluator, Rule, RulePack, known_packs, load_pack

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle15.rules.evaluators.evaluating import Evidence

PACKS = {name: load_pack(name) for name in known_packs()}
RULES = [(pack, rule) for pack in PACKS.values() for rule in pack.rules]
NUMBERED = [(p, r) for p, r in RULES if r.comparison is not None]
REPORTED = [(p, r) for p, r in RULES if r.comparison is None]
QUOTA = Fraction(321)  # stands for a threshold that a register sets

UNITS = 1000
WHOLE = 10_000  # denominators are this many times `per`, so that a step is 1/10,000 of the unit


def name_of(case: Any) -> str:
    return case.id if isinstance(case, Rule | RulePack) else str(case)


def asked(rule: Rule) -> Any:
    """Parameters of a rule, whose record is that of its evaluator."""
    return rule.parameters


def exact(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def of_where(rule: Rule, of: str | None = None) -> list[Any]:
    where = getattr(rule.parameters, "where", {})
    return [number(key, value, of=of) for key, value in where.items()]


def ratio(pack: RulePack, rule: Rule, value: Fraction) -> Evidence:
    parameters = asked(rule)
    parts = parameters.each or parameters.numerator
    assert all(isinstance(part, str) for part in parts)
    rows = [number(part, exact(value * WHOLE)) for part in parts]
    whole = number(parameters.denominator, WHOLE * parameters.per)
    return evidence(pack, *rows, whole, *of_where(rule))


def count(pack: RulePack, rule: Rule, value: Fraction) -> Evidence:
    rows = [number(asked(rule).indicator, exact(value))]
    if asked(rule).threshold_from is not None:
        rows.append(number(asked(rule).threshold_from, exact(QUOTA)))
    return evidence(pack, *rows)


def units(pack: RulePack, rule: Rule, value: Fraction) -> Evidence:
    """Of 1,000 units as many have a site as the value says; one of them has two."""
    ids = [f"u{k}" for k in range(UNITS)]
    held = ids[: int(value * UNITS / 100)]
    column = {"street": "street_id", "community": "community_id"}[rule.level]
    rows = [
        {"facility_id": f"{category}-{k}", "category": category, column: unit}
        for category in needed_categories(rule)
        for k, unit in enumerate([*held, *held[:1]])
    ]
    keyword = "streets" if rule.level == "street" else "community_ids"
    return evidence(pack, facilities=sites(*rows), **{keyword: ids})


def tiers(pack: RulePack, rule: Rule, value: Fraction) -> Evidence:
    rows = []
    for tier in asked(rule).tiers:
        rows += [number(tier.with_one, exact(value * UNITS / 100)), number(tier.units, UNITS)]
    return evidence(pack, *rows)


def capacity(pack: RulePack, rule: Rule, value: Fraction) -> Evidence:
    """Two sites share the capacity; one of them is listed under two categories."""
    field, categories = asked(rule).field, asked(rule).categories
    rows = [{"facility_id": "A", "category": one, field: Decimal(1000)} for one in categories]
    rest = {"facility_id": "B", "category": categories[0], field: exact(value - 1000)}
    return evidence(pack, facilities=sites(*rows, rest))


def per_1000(pack: RulePack, rule: Rule, value: Fraction) -> Evidence:
    category = asked(rule).categories[0]
    site = {"category": category, "floor_area_m2": exact(value * 1000)}
    persons = number(asked(rule).persons, 1_000_000)
    return evidence(pack, persons, *of_where(rule), facilities=sites(site))


def functions(pack: RulePack, rule: Rule, value: Fraction) -> Evidence:
    names = asked(rule).functions
    rows = [number(name, int(k < value), of="F1") for k, name in enumerate(names)]
    return evidence(pack, *rows, facilities=sites({"category": asked(rule).of[0]}))


def each_object(pack: RulePack, rule: Rule, value: Fraction) -> Evidence:
    figure = number(asked(rule).figure, exact(value), of="B1")
    return evidence(pack, figure, *of_where(rule, of="B1"))


def one_hub(pack: RulePack, rule: Rule, value: Fraction) -> Evidence:
    """A centre in street s; hubs in s as the value says, and one elsewhere that never counts."""
    member, hub = asked(rule).members[0], asked(rule).hubs[0]
    rows = [{"facility_id": "F1", "category": member, "street_id": "s"}]
    rows += [
        {"facility_id": f"H{k}", "category": hub, "street_id": "s" if k < value else "t"}
        for k in range(int(value) + 1)
    ]
    named = "、".join(f"H{k}" for k in range(int(value) + 1))
    return evidence(pack, text("hub", named, "F1"), facilities=sites(*rows))


def in_step(pack: RulePack, rule: Rule, value: Fraction) -> Evidence:
    """Every step on one day, but as many as the value says a day late."""
    day = dt.date(2025, 6, 30)
    rows = []
    for k, (rooms, housing) in enumerate(asked(rule).steps):
        rows += [
            number(rooms, day + dt.timedelta(k < value), of="Z9"),
            number(housing, day, of="Z9"),
        ]
    return evidence(pack, *rows)


def floor_area(pack: RulePack, rule: Rule, value: Fraction) -> Evidence:
    """10,000 households in one zone, whose one room has the area that the rate asks for."""
    kind = "new" if rule.evaluator is Evaluator.FLOOR_AREA_NEW else "existing"
    return evidence(pack, zones=[zone_check(pack, kind, 10_000, [exact(value * 100)])])


def site_size(pack: RulePack, rule: Rule, value: Fraction) -> Evidence:
    kind = {"new": "new"}.get(asked(rule).scope, "existing")
    return evidence(pack, zones=[zone_check(pack, kind, 100, [exact(value)])])


def circle(pack: RulePack, rule: Rule, value: Fraction) -> Evidence:
    """Of 100 people as many are covered as the value says, by any and by all."""
    covered = int(value)
    counts = Counts(100, covered, 100 - covered, 0)
    group = asked(rule).group
    table = {(scope, group): counts for scope in ("any", "all")}
    return evidence(pack, circle=table, count=lambda _needs, _group, _cutoff: counts)


def colocation(pack: RulePack, rule: Rule, value: Fraction) -> Evidence:
    """Of 100 sites as many have a partner 100 m away as the value says, none on one site."""
    apart = {f"F{k}": 100.0 if k < value else 101.0 for k in range(100)}
    rows = [{"category": one} for one in needed_categories(rule)]
    return evidence(pack, facilities=sites(*rows), nearest_m=lambda _a, _b, _c: apart)


def equity(pack: RulePack, rule: Rule, value: Fraction) -> Evidence:
    """Two streets of one person each: all are covered in one, the value's part in the other."""
    covered = int(value * 1_000_000 / 100)
    two = [Counts(1_000_000, 1_000_000, 0, 0), Counts(1_000_000, covered, 1_000_000 - covered, 0)]
    rows = [{"category": one} for one in needed_categories(rule)]
    return evidence(pack, facilities=sites(*rows), by_unit=lambda _level, _category: two)


def radius(pack: RulePack, rule: Rule, value: Fraction) -> Evidence:
    """Of 100 people as many are within any distance as the value says."""
    covered = int(value)
    counts = Counts(100, covered, 100 - covered, 0)
    assert asked(rule).within_m
    return evidence(pack, within_m=lambda _categories, _group, _metres: counts)


MAKE: dict[Evaluator, Callable[[RulePack, Rule, Fraction], Evidence]] = {
    Evaluator.RATIO: ratio,
    Evaluator.COUNT: count,
    Evaluator.UNITS_WITH_CATEGORY: units,
    Evaluator.TIERS: tiers,
    Evaluator.CAPACITY_SUM: capacity,
    Evaluator.FLOOR_AREA_PER_1000: per_1000,
    Evaluator.FUNCTIONS: functions,
    Evaluator.EACH_OBJECT: each_object,
    Evaluator.ONE_HUB: one_hub,
    Evaluator.IN_STEP: in_step,
    Evaluator.FLOOR_AREA_NEW: floor_area,
    Evaluator.FLOOR_AREA_EXISTING: floor_area,
    Evaluator.FLOOR_AREA_SITE: site_size,
    Evaluator.SERVICE_CIRCLE: circle,
    Evaluator.COLOCATION: colocation,
    Evaluator.EQUITY: equity,
    Evaluator.SERVICE_RADIUS: radius,
}

STEP: dict[Evaluator, Fraction] = {
    Evaluator.RATIO: Fraction(1, WHOLE),
    Evaluator.UNITS_WITH_CATEGORY: Fraction(100, UNITS),
    Evaluator.TIERS: Fraction(100, UNITS),
    Evaluator.FLOOR_AREA_PER_1000: Fraction(1, 100_000),
    Evaluator.FLOOR_AREA_NEW: Fraction(1, 10_000),
    Evaluator.FLOOR_AREA_EXISTING: Fraction(1, 10_000),
    Evaluator.FLOOR_AREA_SITE: Fraction(1, 100),
    Evaluator.EACH_OBJECT: Fraction(1, 100),
}
"""Smallest step of a value: one case, one m², one fen; 1 where not named."""

LARGEST: dict[Evaluator, Callable[[Rule], Fraction]] = {
    Evaluator.UNITS_WITH_CATEGORY: lambda _rule: Fraction(100),
    Evaluator.TIERS: lambda _rule: Fraction(100),
    Evaluator.FUNCTIONS: lambda rule: Fraction(len(asked(rule).functions)),
    Evaluator.IN_STEP: lambda rule: Fraction(len(asked(rule).steps)),
}


def threshold_of(rule: Rule) -> Fraction:
    return QUOTA if rule.threshold is None else Fraction(rule.threshold)


def cases(rule: Rule) -> dict[str, tuple[Fraction, bool]]:
    """Name of each case to its value and whether that meets the rule."""
    limit, step = threshold_of(rule), STEP.get(rule.evaluator, Fraction(1))
    comparison = str(rule.comparison)
    found = {
        "below": (limit - step, comparison in {"<", "<="}),
        "on": (limit, comparison in {">=", "<=", "=="}),
        "above": (limit + step, comparison in {">", ">="}),
    }
    largest = LARGEST.get(rule.evaluator, lambda _rule: None)(rule)
    return {
        name: case
        for name, case in found.items()
        if case[0] >= 0 and (largest is None or case[0] <= largest)
    }


@pytest.mark.parametrize(("pack", "rule"), NUMBERED, ids=name_of)
def test_a_rule_with_a_number_compares_exactly(pack, rule):
    """On the threshold, a step above and a step below it: 以上 is inclusive, 超过 strict."""
    tried = cases(rule)
    assert {met for _, met in tried.values()} == {True, False}
    for name, (value, met) in tried.items():
        rows = judge(pack, rule.id, MAKE[rule.evaluator](pack, rule, value))
        assert rows, (name, value)
        for row in rows:
            said = (row.alone or row.verdict).value
            assert said == ("met" if met else "not_met"), (name, value, row)
            assert row.inputs, name


@pytest.mark.parametrize(("pack", "rule"), NUMBERED, ids=name_of)
def test_the_value_threshold_margin_and_shortfall_are_exact(pack, rule):
    for value, met in cases(rule).values():
        for row in judge(pack, rule.id, MAKE[rule.evaluator](pack, rule, value)):
            areas = {Evaluator.FLOOR_AREA_NEW, Evaluator.FLOOR_AREA_EXISTING}
            times = 100 if rule.evaluator in areas else 1
            limit = threshold_of(rule) * times
            assert (row.value, row.threshold) == (value * times, limit)
            apart = abs(value * times - limit)
            assert row.shortfall == (0 if met else apart)
            assert row.margin is not None
            assert abs(row.margin) == apart
            assert (row.margin >= 0) == met or apart == 0
            assert row.near_threshold == (bool(limit) and apart <= limit / 50)


@pytest.mark.parametrize(("pack", "rule"), RULES, ids=name_of)
def test_without_data_a_rule_says_what_is_missing(pack, rule):
    """Undetermined, one row, and every indicator that a register could supply."""
    rows = judge(pack, rule.id, evidence(pack))
    assert rows
    assert {row.verdict.value for row in rows} == {"undetermined"}
    assert all(row.reason and row.value is None for row in rows)
    named = {key for row in rows for key in row.missing}
    needed = set(needed_indicators(rule)) - {"residents"}
    totals = {tier.sites for tier in getattr(rule.parameters, "tiers", ())}
    where = set(getattr(rule.parameters, "where", {}))
    assert named >= (where if where and rule.level == "district" else set())
    if rule.evaluator in {Evaluator.RATIO, Evaluator.COUNT, Evaluator.TIERS} and not where:
        assert named | {"residents"} >= needed - totals
    elif needed:
        assert named


@pytest.mark.parametrize(("pack", "rule"), REPORTED, ids=name_of)
def test_a_rule_without_a_number_only_reports(pack, rule):
    rows = judge(pack, rule.id, MAKE[rule.evaluator](pack, rule, Fraction(50)))
    assert rows
    for row in rows:
        assert row.verdict.value == "reported"
        assert (row.threshold, row.shortfall, row.margin) == (None, None, None)
        assert row.value is not None


def test_every_evaluator_is_tested():
    assert set(MAKE) == set(Evaluator)
    assert {rule.evaluator for _, rule in RULES} == set(Evaluator)
