"""Properties of zones that a law pools by a radius, whatever the zones and the ways."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from circle15.inputs.residential import ResidentialZone
from circle15.rules.floor_area.pooling import neighbours_within
from circle15.rules.floor_area.zone_checks import check_floor_areas
from circle15.rules.packs.floor_area_law import FloorAreaLaw, Pooling
from circle15.rules.verdicts import Verdict
from circle15.study.settings.rules.requirements import Rules

RADIUS = Pooling(Decimal(500))
COUNTS = ("day_care",)
LAW = FloorAreaLaw(Decimal(30), Decimal(20), Decimal(300), COUNTS, RADIUS)
ALONE = FloorAreaLaw(Decimal(30), Decimal(20), Decimal(300), COUNTS)
NO_SITES = pd.DataFrame(columns=["site_id", "duplicate_of", "x_m", "y_m"])
IDS = "ABCDEF"

distances = st.dictionaries(
    st.sampled_from(list(itertools.combinations(IDS, 2))), st.integers(0, 700_000), max_size=15
)
zones = st.lists(
    st.tuples(
        st.sampled_from(["new", "existing"]),
        st.integers(0, 3000),
        st.lists(st.integers(0, 900), max_size=3),
    ),
    min_size=1,
    max_size=6,
)
readings = st.sampled_from(["R1", "R2", "R3"])


def city(given_zones):
    return [
        ResidentialZone(
            zone_id=zone_id,
            name="",
            kind=kind,
            households=Decimal(count),
            households_new=None,
            households_existing=None,
            dwellings=None,
            rooms_m2=tuple(map(Decimal, rooms)),
            pool_id=None,
            shape=None,
            file="z.csv",
            row=2,
        )
        for zone_id, (kind, count, rooms) in zip(IDS, given_zones, strict=False)
    ]


def judged(places, apart, law, reading):
    found = check_floor_areas(
        places, NO_SITES, law, Rules(reading=reading), apart=lambda _limit_m: apart
    )[0]
    return {zone_id: sheet for zone_id, (_, sheet) in found.items()}


@given(distances, st.permutations(IDS))
def test_pools_are_near_disjoint_and_whatever_the_order(apart, order):
    pools = neighbours_within(order, apart, RADIUS)
    assert pools == neighbours_within(IDS, apart, RADIUS)
    members = [one for pool in pools for one in pool]
    assert len(members) == len(set(members))
    for pool in pools:
        for pair in itertools.combinations(pool, 2):
            assert apart[pair] <= 500_000
    # No two pools (or zones alone) could still be one.
    rest = [(one,) for one in IDS if one not in members]
    for one, other in itertools.combinations([*pools, *rest], 2):
        pairs = (tuple(sorted(pair)) for pair in itertools.product(one, other))
        assert any(apart.get(pair, 10**9) > 500_000 for pair in pairs)


@given(zones, distances, readings)
def test_a_radius_never_worsens_a_verdict(given_zones, apart, reading):
    places = city(given_zones)
    alone = judged(places, apart, ALONE, reading)
    for zone_id, sheet in judged(places, apart, LAW, reading).items():
        if alone[zone_id].verdict is Verdict.MET:
            assert sheet.verdict is Verdict.MET
        if sheet.verdict is not alone[zone_id].verdict:
            assert sheet.verdict is Verdict.MET
            assert len(sheet.zones) > 1


@given(zones, distances, readings)
def test_a_pool_has_the_households_and_the_rooms_of_its_zones_once(given_zones, apart, reading):
    places = city(given_zones)
    alone = judged(places, apart, ALONE, reading)
    pools = {
        (sheet.pooled or sheet).zones: sheet.pooled or sheet
        for sheet in judged(places, apart, LAW, reading).values()
        if sheet.neighbours
    }
    for members, pool in pools.items():
        for figure in ("households", "required_m2", "plain_sum_m2"):
            assert getattr(pool, figure) == sum(getattr(alone[one], figure) for one in members)
        assert pool.counted["R3"] == sum(alone[one].counted["R3"] for one in members)


@given(zones, distances)
def test_neighbours_are_so_of_each_other_and_equally_far(given_zones, apart):
    sheets = judged(city(given_zones), apart, LAW, "R3")
    near = {
        (zone_id, one.zone_id): one.metres
        for zone_id, sheet in sheets.items()
        for one in sheet.neighbours
    }
    assert all(near[other, one] == metres for (one, other), metres in near.items())


@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(0, 900), st.integers(0, 500_000))
def test_splitting_a_zone_lowers_no_requirement_and_a_radius_undoes_it(one, other, room, mm):
    """One zone as two side by side: the sum is the same, and pooled they have the same verdict."""
    rooms = [room] if room else []
    (whole,) = judged(city([("new", one + other, rooms)]), {}, LAW, "R3").values()
    parts = judged(city([("new", one, rooms), ("new", other, [])]), {("A", "B"): mm}, LAW, "R3")
    pools = [sheet.pooled or sheet for sheet in parts.values()]
    assert {pool.required_m2 for pool in pools} == {whole.required_m2}
    assert {pool.verdict for pool in pools} == {whole.verdict}
    alone = judged(city([("new", one, rooms), ("new", other, [])]), {}, ALONE, "R3").values()
    assert sum(sheet.effective_m2 for sheet in alone) >= whole.effective_m2
