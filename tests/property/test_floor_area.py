"""Properties of the floor-area law for any rooms, and its shortfall against brute force."""

from __future__ import annotations

import itertools
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle15.rules.floor_area.judge import FloorAreaLaw, Room, ZoneHouseholds, judge_zone
from circle15.rules.floor_area.readings import READINGS, Site, is_met, ways_to_meet
from circle15.rules.verdicts import Verdict

LAW = FloorAreaLaw(Decimal(30), Decimal(20), Decimal(300), ())
HUNDREDTH = Decimal("0.01")

area = st.decimals(0, 700, places=2)
areas = st.lists(area, max_size=6)
households = st.integers(1, 4000).map(Decimal)
kinds = st.sampled_from(["new", "existing"])
readings = st.sampled_from(READINGS)


def room_list(sizes):
    return [Room(room_id=f"r{i}", area_m2=size) for i, size in enumerate(sizes)]


def zone(kind, count):
    return ZoneHouseholds(zone_id="z", kind=kind, households=count)


def judge(one, rooms, **options):
    return judge_zone(one, rooms, LAW, **options)


@given(kinds, households, areas, area)
def test_a_further_room_never_worsens_r1_and_r3(kind, count, sizes, further):
    before = judge(zone(kind, count), room_list(sizes))
    after = judge(zone(kind, count), room_list([*sizes, further]))
    for reading in ("R1", "R3"):
        met = before.readings[reading] is Verdict.MET
        assert not met or after.readings[reading] is Verdict.MET
        assert after.shortfalls[reading] <= before.shortfalls[reading]


@given(kinds, households, areas)
def test_r2_and_r3_each_imply_r1(kind, count, sizes):
    found = judge(zone(kind, count), room_list(sizes)).readings
    for stricter in ("R2", "R3"):
        assert found[stricter] is not Verdict.MET or found["R1"] is Verdict.MET


@given(kinds, households, households)
def test_splitting_a_zone_never_lowers_what_it_needs(kind, one, other):
    whole, part, rest = (judge(zone(kind, count), []) for count in (one + other, one, other))
    assert part.required_m2 + rest.required_m2 == whole.required_m2
    assert part.effective_m2 + rest.effective_m2 >= whole.effective_m2


@given(households, households, areas)
def test_judging_the_parts_is_never_milder_than_pooling(new, existing, sizes):
    both = ZoneHouseholds(
        zone_id="z", kind="mixed", households_new=new, households_existing=existing
    )
    pooled, split = (judge(both, room_list(sizes), mixed=rule) for rule in ("pooled", "split"))
    assert split.required_m2 >= pooled.required_m2
    assert split.shortfall_m2 >= pooled.shortfall_m2


@given(kinds, households, areas)
def test_shortfall_is_zero_exactly_where_the_reading_is_met(kind, count, sizes):
    sheet = judge(zone(kind, count), room_list(sizes))
    for reading in READINGS:
        assert (sheet.shortfalls[reading] == 0) is (sheet.readings[reading] is Verdict.MET)
    assert (sheet.mend == ()) is (sheet.verdict is Verdict.MET)


def mended(rooms, way, less=Decimal(0)):
    """Carry out a way to meet the rule, its first step smaller by `less`."""
    by_id = {room.room_id: room for room in rooms}
    for i, step in enumerate(way.steps):
        m2 = Decimal(step.m2.numerator) / step.m2.denominator - (less if i == 0 else 0)
        if step.kind == "new_site":
            by_id["new"] = Room(room_id="new", area_m2=m2)
        else:
            old = by_id[step.room_id]
            by_id[old.room_id] = replace(old, area_m2=old.area_m2 + m2)
    return list(by_id.values())


@given(kinds, households, areas, readings)
def test_every_way_meets_and_the_cheapest_is_tight(kind, count, sizes, reading):
    rooms = room_list(sizes)
    judged = zone(kind, count)
    sheet = judge(judged, rooms, reading=reading)
    for way in sheet.mend:
        assert judge(judged, mended(rooms, way), reading=reading).verdict is Verdict.MET
    if sheet.mend:
        assert sheet.mend[0].m2 == sheet.shortfall_m2
        short = mended(rooms, sheet.mend[0], HUNDREDTH)
        assert judge(judged, short, reading=reading).verdict is Verdict.NOT_MET


@given(kinds, households, areas, st.randoms(use_true_random=False), readings)
def test_order_of_rooms_is_irrelevant(kind, count, sizes, random, reading):
    rooms = room_list(sizes)
    sheet = judge(zone(kind, count), rooms, reading=reading)
    random.shuffle(rooms)
    assert judge(zone(kind, count), rooms, reading=reading) == sheet


@given(st.lists(st.tuples(area, st.booleans()), max_size=5), households, area, readings)
def test_an_unknown_area_is_undetermined_only_where_it_matters(sizes, count, truth, reading):
    """Whatever the area turns out to be, a verdict given without it stands."""
    rooms = [
        Room(room_id=f"r{i}", area_m2=None if hidden else size)
        for i, (size, hidden) in enumerate(sizes)
    ]
    verdict = judge(zone("new", count), rooms, reading=reading).verdict
    measured = [replace(r, area_m2=truth) if r.area_m2 is None else r for r in rooms]
    if verdict is not Verdict.UNDETERMINED:
        assert judge(zone("new", count), measured, reading=reading).verdict is verdict


# Brute force on small integers. All optima are whole: they are sums and differences of the input.
MINIMUM, MOST = 3, 9


def plainly_met(reading, wholes, parts, required):
    large = [whole >= MINIMUM for whole in wholes]
    if reading == "R1":
        return sum(parts) >= required and any(large)
    if reading == "R2":
        return sum(parts) >= required and all(large) and len(large) > 0
    counted = [part for part, ok in zip(parts, large, strict=True) if ok]
    return sum(counted) >= required and len(counted) > 0


def least_by_trial(reading, wholes, parts, required):
    """Try all expansions, with and without a new site, in the order of the area they add."""
    for total in itertools.count():
        for new in (0, *range(MINIMUM, total + 1)):
            for grown in itertools.product(range(total - new + 1), repeat=len(wholes)):
                if sum(grown) + new != total:
                    continue
                sites = [new] if new else []
                new_wholes = [w + g for w, g in zip(wholes, grown, strict=True)] + sites
                new_parts = [p + g for p, g in zip(parts, grown, strict=True)] + sites
                if plainly_met(reading, new_wholes, new_parts, required):
                    return total
    raise AssertionError


def least_by_law(reading, wholes, parts, required):
    sites = [
        Site(f"r{i}", Fraction(w), Fraction(p))
        for i, (w, p) in enumerate(zip(wholes, parts, strict=True))
    ]
    ways = ways_to_meet(reading, sites, Fraction(required), Fraction(MINIMUM))
    met = is_met(reading, sites, Fraction(required), Fraction(MINIMUM))
    assert met is plainly_met(reading, wholes, parts, required)
    return 0 if met else ways[0].m2


@pytest.mark.parametrize("reading", READINGS)
def test_shortfall_is_the_least_by_trial_of_all_small_cases(reading):
    for n in range(4):
        for wholes in itertools.combinations_with_replacement(range(5), n):
            for required in range(1, MOST + 1):
                expected = least_by_trial(reading, wholes, wholes, required)
                assert least_by_law(reading, wholes, wholes, required) == expected


shared_site = st.integers(0, 4).flatmap(lambda w: st.tuples(st.just(w), st.integers(0, w)))


@given(st.lists(shared_site, max_size=3), st.integers(1, MOST), readings)
def test_shortfall_is_the_least_by_trial_with_shared_rooms(sites, required, reading):
    wholes = [whole for whole, _ in sites]
    parts = [part for _, part in sites]
    expected = least_by_trial(reading, wholes, parts, required)
    assert least_by_law(reading, wholes, parts, required) == expected


@given(st.integers(0, 400), st.integers(0, 400), area, readings)
def test_kind_unknown_agrees_with_both_kinds(count, spare, size, reading):
    rooms = room_list([size, Decimal(spare)])
    unknown, new, existing = (
        judge(zone(kind, Decimal(count * 10)), rooms, reading=reading).verdict
        for kind in ("unknown", "new", "existing")
    )
    assert unknown is (new if new is existing else Verdict.UNDETERMINED)
