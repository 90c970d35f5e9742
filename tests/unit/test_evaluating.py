"""Rules of a pack on the results of a study: scopes, values, verdicts, inputs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest

from circle15.access.counting import Counts
from circle15.inputs.residential import ResidentialZone
from circle15.rules.evaluators.evaluating import Evidence, RuleResult, evaluate_pack
from circle15.rules.floor_area.zone_checks import ZoneCheck, check_floor_areas
from circle15.rules.packs.evaluator_parameters import UnitsWithCategory
from circle15.rules.packs.load import Evaluator, load_pack
from circle15.study.settings.rules.requirements import Rules

PACK = load_pack("liangxi-2025")
NOBODY = pd.DataFrame(
    [],
    columns=[
        "facility_id",
        "category",
        "open",
        "in_area",
        "street_id",
        "duplicate_of",
        "zone_id",
        "x_m",
    ],
)


def zone(zone_id, kind, households, rooms):
    return ResidentialZone(
        zone_id=zone_id,
        name="",
        kind=kind,
        households=Decimal(households),
        households_new=None,
        households_existing=None,
        dwellings=None,
        rooms_m2=tuple(None if r is None else Decimal(r) for r in rooms),
        pool_id=None,
        shape=None,
        file="z.csv",
        row=2,
    )


def checks(*zones, reading="R3") -> list[ZoneCheck]:
    far = {
        "facility_id": ["x"],
        "category": ["care_home"],
        "name": [""],
        "x_m": [0.0],
        "y_m": [0.0],
        "open": [True],
        "open_at_plan": [True],
        "floor_area_m2": [None],
        "zone_id": [None],
        "duplicate_of": [None],
        "approximate": [()],
        "site_id": ["x"],
        "file": ["f"],
        "row": [2],
    }
    found = check_floor_areas(zones, pd.DataFrame(far), PACK.floor_area, Rules(reading=reading))[0]
    return [ZoneCheck(one, *found[one.zone_id], ()) for one in zones]


def results(evaluator, *, circle=None, streets=(), facilities=NOBODY, zones=()) -> list[RuleResult]:
    evidence = Evidence(circle or {}, list(streets), facilities, list(zones))
    return [r for r in evaluate_pack(PACK, evidence) if r.rule.evaluator == evaluator]


def site(street, *, category, is_open=True, in_area=True):
    return {
        "facility_id": f"f-{street}-{is_open}-{in_area}",
        "category": category,
        "open": is_open,
        "in_area": in_area,
        "street_id": street,
        "duplicate_of": None,
        "zone_id": None,
        "x_m": 0.0,
        "approximate": (),
        "site_id": f"f-{street}-{is_open}-{in_area}",
    }


def test_the_circle_is_reported_in_per_cent():
    """83 of 100 by any, 40 by all: the plan states no number, so it is only reported."""
    circle = {
        ("any", "p60"): Counts(100, 83, 10, 7),
        ("all", "p60"): Counts(100, 40, 50, 10),
    }
    found = results(Evaluator.SERVICE_CIRCLE, circle=circle)
    assert {(r.scope, r.value, r.verdict.value) for r in found} == {
        ("any", Fraction(83), "reported"),
        ("all", Fraction(40), "reported"),
    }


def test_without_a_circle_it_is_undetermined():
    found = results(Evaluator.SERVICE_CIRCLE)
    assert {(r.verdict.value, r.reason) for r in found} == {("undetermined", "NO_CIRCLE")}
    nobody = {("any", "p60"): Counts(0, 0, 0, 0), ("all", "p60"): Counts(0, 0, 0, 0)}
    assert {r.value for r in results(Evaluator.SERVICE_CIRCLE, circle=nobody)} == {None}


def test_where_nobody_can_be_judged_nothing_is_reported():
    """All 100 are unknown: 0 % would be a claim. With one who is covered, 1 % is known."""
    unknown = {("any", "p60"): Counts(100, 0, 0, 100), ("all", "p60"): Counts(100, 1, 0, 99)}
    found = {row.scope: row for row in results(Evaluator.SERVICE_CIRCLE, circle=unknown)}
    row = found["any"]
    assert (row.verdict.value, row.reason, row.value) == ("undetermined", "PEOPLE_UNKNOWN", None)
    assert (found["all"].verdict.value, found["all"].value) == ("reported", Fraction(1))


def test_t07_presence_counts_open_sites_inside_only():
    """Of streets S1 … S4 only S1 has an open site inside: closed, outside, none elsewhere. 25 %."""
    rule = next(r for r in PACK.rules if r.evaluator == Evaluator.UNITS_WITH_CATEGORY)
    assert isinstance(rule.parameters, UnitsWithCategory)
    (category,) = rule.parameters.categories
    table = pd.DataFrame(
        [
            site("S1", category=category),
            site("S2", category=category, is_open=False),
            site("S3", category=category, in_area=False),
            site("S4", category="bath_point"),
        ]
    )
    found = results(
        Evaluator.UNITS_WITH_CATEGORY, streets=["S1", "S2", "S3", "S4"], facilities=table
    )
    mine = next(r for r in found if r.rule.id == rule.id)
    assert mine.value == 25
    assert mine.verdict.value in {"not_met", "reported"}
    assert mine.inputs == ("f-S1-True-True",)


def test_without_streets_presence_is_undetermined():
    for row in results(Evaluator.UNITS_WITH_CATEGORY):
        assert (row.verdict.value, row.reason) == ("undetermined", "NO_STREETS")


def test_floor_area_by_kind():
    """A new zone under its own rule, an existing one under its own, an unknown one under both."""
    zones = checks(
        zone("N", "new", 1000, [300]),
        zone("E", "existing", 1000, [300]),
        zone("U", "unknown", 1000, [320]),
    )
    new = {r.scope: r for r in results(Evaluator.FLOOR_AREA_NEW, zones=zones)}
    existing = {r.scope: r for r in results(Evaluator.FLOOR_AREA_EXISTING, zones=zones)}
    assert (set(new), set(existing)) == ({"N", "U"}, {"E", "U"})
    assert (new["N"].value, new["N"].threshold) == (Fraction(300), Fraction(300))
    assert new["N"].verdict.value == "met"
    assert existing["E"].threshold == 200
    assert new["N"].unit == "m2"
    assert new["N"].inputs == ("N", "N#1")


@pytest.mark.parametrize(
    ("reading", "rooms", "value", "verdict"),
    [
        ("R3", [300, 100], 300, "met"),  # one site must reach the minimum: the largest decides
        ("R2", [300, 100], 100, "not_met"),  # every site must: the smallest decides
        ("R3", ["299.99"], Fraction("299.99"), "not_met"),
        ("R3", [], None, "not_met"),
        ("R3", [300, None], 300, "met"),  # the unknown one cannot change it
        ("R3", [200, None], 200, "undetermined"),
        ("R2", [200, None], 200, "not_met"),
        ("R2", [300, None], 300, "undetermined"),
    ],
)
def test_the_size_of_the_site_that_decides(reading, rooms, value, verdict):
    zones = checks(zone("Z", "existing", 1000, rooms), reading=reading)
    (row,) = results(Evaluator.FLOOR_AREA_SITE, zones=zones)
    assert (row.value, row.verdict.value) == (value, verdict)
    assert row.threshold == 300
    if verdict == "undetermined":
        assert (row.shortfall, row.reason) == (None, "ROOM_AREA_MISSING")
    else:
        assert row.shortfall == max(Fraction(0), 300 - (value or Fraction(0)))


def test_nobody_lives_there():
    """A09: no households, a site of 320: not applicable, and no value at all."""
    zones = checks(zone("Z", "new", 0, [320]))
    for evaluator in (Evaluator.FLOOR_AREA_NEW, Evaluator.FLOOR_AREA_SITE):
        (row,) = results(evaluator, zones=zones)
        assert row.verdict.value == "not_applicable"


@pytest.mark.parametrize(
    ("value", "near"), [(300, True), (294, True), ("293.99", False), (306, True), (307, False)]
)
def test_within_two_per_cent_of_the_threshold(value, near):
    (row,) = results(Evaluator.FLOOR_AREA_SITE, zones=checks(zone("Z", "new", 1000, [value])))
    assert row.near_threshold is near
    assert not replace(row, threshold=None).near_threshold
    assert not replace(row, value=None).near_threshold
