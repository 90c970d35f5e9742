"""
What the rules are judged on, gathered from homes and sites on one street.

    h1       m1       h2           k1   m2                    m3
A====+========+========+============+====+=====================+====B   x from 0 to 3000
    100      300      500          900  950                  2500

At 1.0 m/s a metre is a second; m are meal points, k1 is a clinic.
"""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from tests.builders.small_inputs import (
    CATEGORY,
    MICRO,
    in_subdistricts,
    inputs_of,
    streets,
    walks_of,
    zone,
)

from circle15.access.counting import Counts
from circle15.access.records import CoverageRow
from circle15.rules.evaluators.gathering import gather_evidence, under_law_of
from circle15.rules.floor_area.pooling import nowhere_near
from circle15.rules.floor_area.zone_checks import ZoneCheck, check_floor_areas
from circle15.rules.packs.load import load_pack

PACK = load_pack("liangxi-2025")
NODES = {"A": (0.0, 0.0), "B": (3000.0, 0.0)}
HOMES = {"h1": (100, 0, 25), "h2": (500, 0, 7)}
SITES = {"m1": (300.0, 2.0), "k1": (900.0, 0.0), "m2": (950.0, 3.0), "m3": (2500.0, 0.0)}
KINDS = [CATEGORY, "clinic", CATEGORY, CATEGORY]


def gathered(*, rows=(), checks=(), sites=None, kinds=None, units=(None, None), **columns: Any):
    columns = {"in_area": True, "category": kinds or KINDS} | columns
    network = streets(NODES, "AB")
    inputs = inputs_of(network, HOMES, sites or SITES, **columns)
    inputs = in_subdistricts(inputs, units)
    walks = walks_of(inputs)
    return gather_evidence(inputs, walks, rows=rows, checks=checks, packs=[PACK]), inputs


def people(covered=0, gap=0, unknown=0):
    return Counts((covered + gap + unknown) * MICRO, covered * MICRO, gap * MICRO, unknown * MICRO)


def test_people_are_counted_for_what_a_rule_needs():
    """Meal points are 202 s from both homes: in reach within 5 minutes, not known within 3."""
    found, _ = gathered()
    assert found.count(((CATEGORY,),), "p60", 5) == people(covered=32)
    assert found.count(((CATEGORY,), (CATEGORY,)), "p60", 5) == people(covered=32)
    assert found.count(((CATEGORY, "clinic"),), "p60", 5) == people(covered=32)


def test_what_is_not_judged_is_not_counted():
    """A category without a list, a group without people, a cutoff that was not searched."""
    found, _ = gathered()
    assert found.count((("clinic",),), "p60", 5) is None
    assert found.count(((CATEGORY,), ("clinic",)), "p60", 5) is None
    assert found.count(((CATEGORY,),), "p80", 5) is None
    assert found.count(((CATEGORY,),), "p60", 7) is None


def test_people_by_subdistrict():
    """h1 is in S1 and h2 in none; no home is in a community."""
    found, _ = gathered(units=("S1", None))
    assert found.by_unit("street", CATEGORY) == [people(covered=25), people()]
    assert found.by_unit("community", CATEGORY) == [people(), people()]
    assert found.by_unit("street", "clinic") == ()


def test_the_circle_is_that_of_the_judged_speed_and_cutoff():
    def row(category, cutoff, speed, number):
        return CoverageRow(category, "p60", cutoff, Decimal(speed), people(covered=number))

    rows = [
        row(CATEGORY, 15, "1.0", 1),
        row(CATEGORY, 10, "1.0", 2),
        row(CATEGORY, 15, "0.8", 3),
        row("clinic", 15, "1.0", 4),
        row("any", 15, "1.0", 5),
        row("all", 15, "1.0", 6),
    ]
    found, _ = gathered(rows=rows)
    assert {key[0]: counts.covered // MICRO for key, counts in found.circle.items()} == {
        CATEGORY: 1,
        "any": 5,
        "all": 6,
    }


def test_units_people_and_year():
    found, inputs = gathered()
    assert (list(found.street_ids), list(found.community_ids)) == (["S1", "S2"], ["K1", "K2"])
    assert found.people == {"p60": (32 * MICRO, 2020)}
    assert (found.year, found.circle_min) == (2025, 15)
    assert found.facilities is inputs.sites.table
    assert set(found.indicators) >= {"streets", "LX-05"}


def test_metres_to_the_nearest_partner_have_both_legs():
    """m1: 600 along + 2; m2: 50 + 3, and m3 has its next clinic 1,600 m away."""
    found, _ = gathered()
    assert found.nearest_m([CATEGORY], ["clinic"], 1000) == {
        "m1": 602.0,
        "m2": 53.0,
        "m3": math.inf,
    }
    assert found.nearest_m([CATEGORY], ["clinic"], 2000)["m3"] == 1600.0
    assert found.nearest_m(["clinic"], [CATEGORY], 1000) == {"k1": 53.0}


def test_the_limit_is_inclusive():
    found, _ = gathered()
    assert found.nearest_m([CATEGORY], ["clinic"], 602)["m1"] == 602.0
    assert found.nearest_m([CATEGORY], ["clinic"], 601)["m1"] == math.inf


def test_a_site_of_both_kinds_is_its_own_partner():
    """m1 is listed twice, as a meal point and as a clinic."""
    sites = {"m1": (300.0, 0.0), "m2": (700.0, 0.0), "m1 again": (300.0, 0.0)}
    kinds = [CATEGORY, CATEGORY, "clinic"]
    found, _ = gathered(sites=sites, kinds=kinds, facility_id=["m1", "m2", "m1"])
    assert found.nearest_m([CATEGORY], ["clinic"], 1000) == {"m1": 0.0, "m2": 400.0}


@pytest.mark.parametrize(("apart", "metres"), [(1.0, 0.0), (1.5, 1.5)])
def test_two_sites_within_a_metre_are_at_one_place(apart, metres):
    sites = {"m1": (300.0, 0.0), "k1": (300.0 + apart, 0.0)}
    found, _ = gathered(sites=sites, kinds=[CATEGORY, "clinic"])
    assert found.nearest_m([CATEGORY], ["clinic"], 1000) == {"m1": metres}


def test_a_site_that_has_not_joined_has_no_metres():
    """m1 is 500 m off the street."""
    sites = SITES | {"m1": (300.0, 500.0)}
    found, _ = gathered(sites=sites)
    apart = found.nearest_m([CATEGORY], ["clinic"], 1000)
    assert math.isnan(apart["m1"])
    assert apart["m2"] == 53.0


def test_closed_sites_are_neither_asked_nor_found_and_those_outside_are_partners_only():
    found, _ = gathered(open=[True, False, True, True])
    assert set(found.nearest_m([CATEGORY], ["clinic"], 1000).values()) == {math.inf}
    found, _ = gathered(open=[False, True, True, True])
    assert set(found.nearest_m([CATEGORY], ["clinic"], 1000)) == {"m2", "m3"}
    found, _ = gathered(in_area=[True, False, True, False])
    assert found.nearest_m([CATEGORY], ["clinic"], 1000) == {"m1": 602.0, "m2": 53.0}


def test_another_pack_judges_the_zones_by_its_own_law():
    """1,000 households and no rooms: LX asks 200 m² of an existing zone; without a law, nothing."""
    own = zone("Z1", 0, 100, households=Decimal(1000))
    _, inputs = gathered()
    floor, _ = check_floor_areas([own], inputs.sites.table, PACK.floor_area, inputs.study.rules)
    check = ZoneCheck(own, *floor["Z1"], ())
    found, inputs = gathered(checks=[check])
    again = under_law_of(PACK, found, inputs, nowhere_near)
    assert [(one.zone, one.sheet) for one in again.zones] == [(own, check.sheet)]
    assert check.sheet is not None
    assert check.sheet.required_m2 == 200
    bare = under_law_of(replace(PACK, floor_area=None), found, inputs, nowhere_near)
    assert bare.zones[0].sheet is None
    assert np.array_equal(bare.facilities.index, found.facilities.index)
