"""Sums that several outputs show, each against numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from tests.builders.report_result import (
    STATION,
    make_checks,
    make_facilities,
    make_result,
)

from circle15.access.counting import Counts
from circle15.access.records import ZoneRow
from circle15.network.quality import Band
from circle15.output.map.facilities import facility_rows
from circle15.output.map.tables import quality_rows
from circle15.output.text.wording import Words
from circle15.results.figures import (
    balance_holds,
    catchments_by_row,
    everybody_has_a_state,
    facility_sums,
    people_outside,
    reading_sum,
    snapping_of_demand,
    snapping_sum,
    unsnapped_homes,
    zone_sum,
)
from circle15.results.network_quality import band_sum
from circle15.rules.verdicts import Verdict
from circle15.travel.paths.records import beyond_level_s, stairs_ms, waiting_ms
from circle15.travel.paths.steps import Part, Step

MICRO = 1_000_000


def zone(gap: int, claimed: int) -> ZoneRow:
    counts, inside = Counts(10 + gap, 6, gap, 4), Counts(claimed, 0, claimed, 0)
    return ZoneRow("street", str(gap), "", STATION, "p60", 15, Decimal(1), counts, inside)


def test_zones_sum_up_with_what_circles_claim():
    total = zone_sum([zone(5, 2), zone(7, 0), zone(0, 0)])
    assert total.counts == Counts(42, 18, 12, 12)
    assert total.claimed == Counts(2, 0, 2, 0)
    nothing = zone_sum([])
    assert (nothing.counts.persons, nothing.share) == (0, None)


def test_points_and_people_of_all_codes_sum_up():
    """Of 5 people 4 have joined and 1 is too far; the one outside is not counted."""
    total = snapping_sum(snapping_of_demand(make_result()).values())
    assert (total.points, total.persons) == (3, 5 * MICRO)
    none = snapping_sum([])
    assert (none.points, none.persons) == (0, 0)


def test_homes_that_have_not_joined_stand_by_their_people():
    """Of homes that have not joined those without people or position, or outside, are none."""
    result = make_result()
    assert unsnapped_homes(result).tolist() == [2]
    demand = result.demand.assign(snap_code="ACCESS_BARRIER", in_area=True)
    weights = np.array([1, 3, 3, 9]) * MICRO  # the last has no position
    result = replace(result, demand=demand.assign(p60_micro=weights))
    assert unsnapped_homes(result).tolist() == [1, 2, 0]
    assert [one["id"] for one in quality_rows(result, "en")["homes"]] == ["b", "c", "a"]
    through = replace(result, demand=result.demand.assign(snap_code="THROUGH_WALL"))
    assert unsnapped_homes(through).tolist() == []
    nobody = replace(result, demand=result.demand.assign(p60_micro=0))
    assert unsnapped_homes(nobody).tolist() == []


def test_each_row_of_the_facilities_has_its_own_catchment():
    result = make_result()
    assert list(catchments_by_row(result)) == [0]
    assert catchments_by_row(replace(result, catchments={})) == {}
    first, second = facility_rows(result, Words("en", result.study))
    assert (first["people"], first["within"]) == (3, [1, 2, 3])  # of 2.5 people, halves up
    assert second["people"] is None


@pytest.mark.parametrize("categories", [[STATION], [STATION, "meal_point"], []])
def test_facilities_are_summed_in_the_order_of_the_categories(categories):
    found = facility_sums(make_facilities(""), categories)
    assert [one.category for one in found] == categories
    for one in found:
        rows, opened = (2, 1) if one.category == STATION else (0, 0)
        assert (one.rows, one.open, one.open_inside) == (rows, opened, opened)


def test_people_of_the_balance_are_found_again_or_missed():
    result = make_result()
    (balance,) = result.population.balances
    assert people_outside(result) == MICRO
    assert balance_holds(result, balance)
    lost = result.demand.assign(p60_micro=result.demand["p60_micro"] - 1)
    assert not balance_holds(replace(result, demand=lost), balance)
    moved = result.demand.assign(in_area=True)
    assert not balance_holds(replace(result, demand=moved), balance)
    counts = Counts(5 * MICRO, 2 * MICRO, 2 * MICRO, MICRO)
    assert everybody_has_a_state(counts, balance)
    assert not everybody_has_a_state(replace(counts, gap=counts.gap - 1), balance)


def test_readings_count_zones_and_a_pool_lacks_once():
    check = make_checks("")[0][0]
    assert check.sheet is not None
    lacks = replace(check.sheet, shortfalls={"R1": Fraction(50), "R2": None, "R3": Fraction(0)})
    pool = [replace(check, sheet=lacks), replace(check, sheet=lacks)]
    unjudged = replace(check, sheet=None)
    one = reading_sum([*pool, unjudged], "R1")
    assert (one.shortfall_m2, one.some_unknown) == (Fraction(50), False)
    assert sum(one.verdicts.values()) == 2
    assert one.verdicts[check.sheet.readings["R1"].value] == 2
    other = replace(check, sheet=replace(lacks, zone_id="Z2"))
    two = reading_sum([*pool, other], "R2")
    assert (two.shortfall_m2, two.some_unknown) == (Fraction(0), True)
    assert reading_sum([*pool, other], "R1").shortfall_m2 == 100
    assert reading_sum([], "R1").verdicts[Verdict.MET.value] == 0


def test_bands_sum_up():
    assert band_sum([Band(2, 4 * MICRO), Band(0, 0), Band(1, MICRO)]) == Band(3, 5 * MICRO)
    assert band_sum([]) == Band(0, 0)


def step(part: Part, kind: str, metres: float, ms: int, waiting: int = 0) -> Step:
    return Step(part, "", kind, (), False, metres, metres, 0.0, 0.0, 0, waiting, ms, ())


def test_a_way_is_made_of_its_level_metres_its_waiting_and_the_rest():
    """A leg of 10 s, 100 m in 120 s with 15 s of waiting, and stairs of 5 m in 20 s."""
    steps = (
        step("access", "", 8.0, 10_000),
        step("way", "footway", 100.0, 120_000, 15_000),
        step("way", "steps", 5.0, 20_000),
    )
    assert stairs_ms(steps) == 20_000
    assert waiting_ms(steps) == 15_000
    assert beyond_level_s(steps, 1.0) == 150 - 15 - 105
    assert beyond_level_s(steps, 0.7) == 135 - 105 / 0.7  # less than the level way: below zero
    assert (stairs_ms(()), waiting_ms(()), beyond_level_s((), 1.0)) == (0, 0, 0.0)
