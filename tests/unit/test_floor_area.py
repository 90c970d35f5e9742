"""The floor-area law by hand: every worked case A01-A15, and questions that they leave open."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from circle15.errors import InputDataError
from circle15.rules.floor_area.judge import (
    FloorAreaLaw,
    Reason,
    Room,
    ZoneHouseholds,
    judge_pool,
    judge_zone,
    required_area_m2,
    share_rooms,
)
from circle15.rules.floor_area.readings import MendStep
from circle15.rules.packs.load import load_pack
from circle15.rules.verdicts import Verdict

LAW = FloorAreaLaw(Decimal(30), Decimal(20), Decimal(300), ("home_care_station", "day_care"))
MET, NOT_MET, OPEN = Verdict.MET, Verdict.NOT_MET, Verdict.UNDETERMINED


def zone(kind="existing", households=None, **counts):
    zone_id = counts.pop("zone_id", "z")
    if households is not None:
        counts["households"] = households
    given: dict[str, Any] = {key: Decimal(n) for key, n in counts.items()}
    return ZoneHouseholds(zone_id=zone_id, kind=kind, **given)


def mixed(new, existing):
    return zone("mixed", new + existing, households_new=new, households_existing=existing)


def rooms(*areas, **options):
    return [
        Room(room_id=f"r{i}", area_m2=None if a is None else Decimal(a), **options)
        for i, a in enumerate(areas, 1)
    ]


def verdicts(sheet):
    return tuple(sheet.readings[reading] for reading in ("R1", "R2", "R3"))


def steps(way):
    return [(step.kind, step.m2, step.room_id) for step in way.steps]


def judge(one, its_rooms, *, law=LAW, **options):
    return judge_zone(one, its_rooms, law, **options)


def judge_as_one(pool_id, zones, their_rooms):
    return judge_pool(pool_id, zones, their_rooms, LAW)


def share(shared, zones):
    return share_rooms(shared, zones, LAW)


def required(one, **options):
    return required_area_m2(one, LAW, **options)


def test_the_pack_is_the_law_of_these_cases():
    law = load_pack("liangxi-2025").floor_area
    assert law is not None
    assert replace(law, counts=LAW.counts) == LAW


def test_a01_new_zone_met_exactly():
    sheet = judge(zone("new", 1250), rooms(375))
    assert sheet.required_m2 == 375  # 0.30 * 1250
    assert (sheet.verdict, sheet.shortfall_m2, sheet.plain_gap_m2) == (MET, 0, 0)
    assert sheet.rate_m2_per_100 == 30
    assert sheet.mend == ()


def test_a02_ratio_met_but_site_too_small():
    sheet = judge(zone("new", 600), rooms(180))
    assert (sheet.required_m2, sheet.effective_m2) == (180, 300)  # 0.30 * 600; max(180, 300)
    assert (sheet.plain_gap_m2, sheet.counted_m2, sheet.too_small) == (0, 0, ("r1",))
    assert verdicts(sheet) == (NOT_MET, NOT_MET, NOT_MET)
    assert [steps(way) for way in sheet.mend] == [
        [("expand", 120, "r1")],  # 300 - 180
        [("new_site", 300, None)],
    ]
    assert judge(zone("new", 600), rooms(300)).verdict is MET


def test_a03_one_square_decimetre_decides():
    assert judge(zone("new", 1000), rooms("300.00")).verdict is MET
    sheet = judge(zone("new", 1000), rooms("299.99"))
    assert (sheet.verdict, sheet.shortfall_m2) == (NOT_MET, Fraction(1, 100))


def test_exact_where_binary_floats_err():
    assert 0.2 * 1502 != 300.4
    assert judge(zone("existing", 1502), rooms("300.4")).verdict is MET


def test_a04_area_test_met_site_test_not():
    sheet = judge(zone("existing", 1000), rooms(150, 80))
    assert (sheet.required_m2, sheet.plain_sum_m2, sheet.plain_gap_m2) == (200, 230, 0)
    assert sheet.plain_sum_m2 / sheet.required_m2 == Fraction(115, 100)
    assert verdicts(sheet) == (NOT_MET, NOT_MET, NOT_MET)
    assert not sheet.reading_dependent
    assert sheet.effective_m2 - sheet.plain_sum_m2 == 70  # 300 - 230
    # R1 and R3: 150 + 150 = 300; R2: 150 + 150 and 80 + 220.
    assert sheet.shortfalls == {"R1": 150, "R2": 370, "R3": 150}


def test_a05_fails_both_tests():
    sheet = judge(zone("existing", 1000), rooms(150, 40))
    assert (sheet.plain_sum_m2, sheet.plain_gap_m2) == (190, 10)
    assert verdicts(sheet) == (NOT_MET, NOT_MET, NOT_MET)


def test_a06_the_readings_differ():
    sheet = judge(zone("existing", 2000), rooms(300, 100))
    assert (sheet.required_m2, sheet.plain_sum_m2, sheet.counted_m2) == (400, 400, 300)
    assert verdicts(sheet) == (MET, NOT_MET, NOT_MET)
    assert sheet.reading_dependent
    assert sheet.shortfalls == {"R1": 0, "R2": 200, "R3": 100}
    assert [steps(way) for way in sheet.mend] == [
        [("expand", 100, "r1")],  # 300 + 100 = 400
        [("expand", 200, "r2")],  # 100 + 200 counts: 300 + 300 >= 400
        [("new_site", 300, None)],
    ]


@pytest.mark.parametrize("areas", [(600,), (300, 300)])
def test_a07_mixed_zone_is_pooled(areas):
    sheet = judge(mixed(1000, 1500), rooms(*areas))
    assert sheet.required_m2 == 600  # 0.30 * 1000 + 0.20 * 1500 = 300 + 300
    assert sheet.verdict is MET


def test_a08_pooled_and_split():
    pooled = judge(mixed(400, 500), rooms(300))
    assert (pooled.required_m2, pooled.effective_m2) == (220, 300)  # 120 + 100
    assert pooled.verdict is MET
    split = judge(mixed(400, 500), rooms(300), mixed="split")
    assert split.required_m2 == 600  # max(120, 300) + max(100, 300)
    assert (split.verdict, split.shortfall_m2, split.plain_gap_m2) == (NOT_MET, 300, 300)


def test_split_asks_nothing_of_a_part_without_households():
    assert required(mixed(0, 500), mixed="split") == 100


def test_a09_nobody_lives_there():
    sheet = judge(zone("new", 0), rooms(320))
    assert verdicts(sheet) == (Verdict.NOT_APPLICABLE,) * 3
    assert sheet.verdict is Verdict.NOT_APPLICABLE
    assert sheet.reason is Reason.NO_HOUSEHOLDS
    assert (sheet.required_m2, sheet.effective_m2, sheet.plain_sum_m2) == (0, 0, 320)
    assert sheet.rate_m2_per_100 is None
    assert (sheet.households, sheet.shortfall_m2) == (0, 0)


def test_a10_linear_in_households():
    assert required(zone("new", 1249)) == Fraction("374.70")


def test_a11_shared_site_joint_and_by_requirement():
    a, b = zone("existing", 1000, zone_id="A"), zone("existing", 2000, zone_id="B")
    site = rooms(500)
    joint = judge_as_one("P", [a, b], site)
    assert (joint.required_m2, joint.shortfall_m2) == (600, 100)  # 200 + 400; 600 - 500
    shares = share(site, [a, b])
    sheet_a, sheet_b = judge(a, shares["A"]), judge(b, shares["B"])
    # 500 * 200 / 600 = 166.67, 500 * 400 / 600 = 333.33; 200 - 166.67 and 400 - 333.33
    assert (sheet_a.counted_m2, sheet_a.shortfall_m2) == (Fraction(500, 3), Fraction(100, 3))
    assert (sheet_b.counted_m2, sheet_b.shortfall_m2) == (Fraction(1000, 3), Fraction(200, 3))
    assert sheet_a.too_small == ()  # 500 is tested whole
    assert sheet_a.verdict is sheet_b.verdict is NOT_MET


def test_a12_basis_decides_and_is_printed():
    both = zone("existing", 1700, dwellings=2000)
    by_households, by_dwellings = (
        judge(both, [], basis=basis) for basis in ("households", "dwellings")
    )
    assert (by_households.basis, by_households.required_m2) == ("households", 340)
    assert (by_dwellings.basis, by_dwellings.required_m2) == ("dwellings", 400)


def test_a13_one_site_from_two_sources_counts_once():
    twice = [Room(room_id="r", area_m2=Decimal(300), origin=origin) for origin in ("ledger", "map")]
    sheet = judge(zone("existing", 2000), twice)
    assert (sheet.counted_m2, sheet.shortfall_m2) == (300, 100)


def test_a14_under_construction_counts_in_the_plan_year_only():
    sheet = judge(zone("existing", 1000), rooms(350, opens="plan"))
    assert (sheet.verdict, sheet.counted_m2, sheet.shortfall_m2) == (NOT_MET, 0, 300)
    assert sheet.not_open == ("r1",)
    assert (sheet.at_plan.verdict, sheet.at_plan.counted_m2) == (MET, 350)
    undated = judge(zone("existing", 1000), rooms(350, opens="never"))
    assert (undated.at_plan, undated.not_open) == (None, ("r1",))


@pytest.mark.parametrize(("area", "verdict"), [(400, OPEN), (450, MET), (299, NOT_MET)])
def test_a15_unknown_kind_gives_both_results(area, verdict):
    sheet = judge(zone("unknown", 1500), rooms(area))
    new, existing = sheet.alternatives["new"], sheet.alternatives["existing"]
    assert (new.required_m2, existing.required_m2) == (450, 300)
    assert sheet.verdict is verdict
    assert sheet.required_m2 is None
    assert sheet.reason is (Reason.KIND_MISSING if verdict is OPEN else None)
    if area == 400:
        assert (existing.verdict, new.verdict, new.shortfall_m2) == (MET, NOT_MET, 50)


def test_kind_is_irrelevant_where_the_rates_are_equal():
    law = FloorAreaLaw(Decimal(20), Decimal(20), Decimal(300), ())
    sheet = judge(zone("unknown", 1500), rooms(300), law=law)
    assert (sheet.verdict, sheet.required_m2, sheet.alternatives) == (MET, 300, {})


def test_unknown_kind_with_both_counts_is_judged_by_them():
    both = zone("unknown", None, households_new=1000, households_existing=1500)
    assert judge(both, rooms(600)).required_m2 == 600


@pytest.mark.parametrize(
    ("incomplete", "basis", "reason"),
    [
        (zone("new"), "households", Reason.HOUSEHOLDS_MISSING),
        (zone("unknown"), "households", Reason.HOUSEHOLDS_MISSING),
        (zone("new", 10), "dwellings", Reason.DWELLINGS_MISSING),
        (zone("mixed", 900), "households", Reason.HOUSEHOLD_SPLIT_MISSING),
        (zone("mixed", 900, households_new=400), "households", Reason.HOUSEHOLD_SPLIT_MISSING),
        (zone("mixed", 900, dwellings=950), "dwellings", Reason.DWELLING_SPLIT_MISSING),
    ],
)
def test_missing_counts_are_undetermined_and_named(incomplete, basis, reason):
    sheet = judge(incomplete, rooms(5000), basis=basis)
    assert (sheet.verdict, sheet.reason) == (OPEN, reason)
    assert verdicts(sheet) == (OPEN,) * 3
    assert sheet.required_m2 is sheet.shortfall_m2 is sheet.rate_m2_per_100 is None
    assert sheet.plain_sum_m2 == 5000


def test_count_of_its_own_kind_replaces_a_missing_total():
    assert required(zone("new", None, households_new=1000)) == 300


def test_pool_sums_requirements_and_counts_each_room_once():
    a, b = zone("new", 500, zone_id="A"), zone("existing", 1000, zone_id="B")
    shared = rooms(350)
    sheet = judge_as_one("P", [a, b], [*shared, *shared])
    assert (sheet.zone_id, sheet.kind, sheet.households) == ("P", "mixed", 1500)
    assert (sheet.required_m2, sheet.counted_m2) == (350, 350)  # 150 + 200
    assert sheet.verdict is MET
    unknown = judge_as_one("P", [a, zone("unknown", 1000, zone_id="C")], shared)
    assert (unknown.kind, unknown.verdict) == ("unknown", OPEN)
    assert {k: s.required_m2 for k, s in unknown.alternatives.items()} == {
        "new": 450,  # 150 + 300
        "existing": 350,  # 150 + 200
    }
    missing = judge_as_one("P", [zone("unknown", 5, zone_id="C"), zone("new", zone_id="D")], [])
    assert (missing.reason, missing.alternatives) == (Reason.HOUSEHOLDS_MISSING, {})


def test_room_of_unknown_area():
    need_200 = zone("existing", 1000)
    met = judge(need_200, rooms(300, None))
    # The unknown room may be below 300, so R2 cannot be said.
    assert verdicts(met) == (MET, OPEN, MET)
    assert (met.shortfall_m2, met.unmeasured) == (0, ("r2",))
    open_ = judge(need_200, rooms(100, None))
    assert verdicts(open_) == (OPEN, NOT_MET, OPEN)  # 100 < 300 breaks R2 in any case
    assert (open_.reason, open_.shortfall_m2) == (Reason.ROOM_AREA_MISSING, None)
    assert (open_.plain_gap_m2, open_.mend) == (None, ())
    not_open = judge(need_200, rooms(None, opens="never"))
    assert not_open.verdict is NOT_MET


def test_share_is_unknown_where_a_requirement_is():
    a, b = zone("existing", 1000, zone_id="A"), zone("new", zone_id="B")
    large, small = rooms(500)[0], rooms(200)[0]
    sheet = judge(a, share([large], [a, b])["A"])
    assert (sheet.verdict, sheet.reason) == (OPEN, Reason.ROOM_SHARE_MISSING)
    # Too small as a whole: no share of it counts under R3.
    sheet = judge(a, share([small], [a, b])["A"])
    assert (sheet.verdict, sheet.shortfall_m2) == (NOT_MET, None)


def test_shares_of_zones_without_households():
    a, b, c = (zone("new", n, zone_id=i) for i, n in (("A", 0), ("B", 0), ("C", 100)))
    site = rooms(300)
    assert [r[0].share for r in share(site, [a, b]).values()] == [Fraction(1, 2)] * 2
    assert [r[0].share for r in share(site, [a, c]).values()] == [0, 1]


def test_only_counting_categories_count():
    station = rooms(300, categories=("care_home", "day_care"))
    home = [Room(room_id="h", area_m2=Decimal(9000), categories=("care_home",))]
    sheet = judge(zone("new", 1000), station + home)
    assert (sheet.plain_sum_m2, sheet.excluded, sheet.verdict) == (300, ("h",), MET)


def test_a_further_small_room_worsens_r2_only():
    before = judge(zone("existing", 1000), rooms(300))
    after = judge(zone("existing", 1000), rooms(300, 50))
    assert verdicts(before) == (MET, MET, MET)
    assert verdicts(after) == (MET, NOT_MET, MET)


def test_lifting_two_rooms_can_be_cheapest():
    # Required 600. Lift both: 2 * 50 = 100. Lift one only: 600 - 250 = 350. New site: 600.
    sheet = judge(zone("existing", 3000), rooms(250, 250))
    assert sheet.shortfalls == {"R1": 100, "R2": 100, "R3": 100}
    assert sheet.mend[0].steps == (
        MendStep("expand", Fraction(50), "r1"),
        MendStep("expand", Fraction(50), "r2"),
    )
    assert [way.m2 for way in sheet.mend] == [100, 350, 350, 600]


def test_lifting_a_small_room_beside_a_large_one_can_be_cheapest():
    # Required 600: 300 + (290 + 10) needs 10; enlarging the large room needs 300.
    sheet = judge(zone("existing", 3000), rooms(300, 290))
    assert steps(sheet.mend[0]) == [("expand", 10, "r2")]


def test_under_r1_a_small_room_beside_a_large_one_may_grow_by_little():
    sheet = judge(zone("existing", 2000), rooms(300, 50), reading="R1")
    assert [steps(way) for way in sheet.mend] == [
        [("expand", 50, "r1")],  # 400 - 350
        [("expand", 50, "r2")],
        [("new_site", 300, None)],
    ]


def test_no_room_at_all():
    sheet = judge(zone("existing", 100), [])
    assert verdicts(sheet) == (NOT_MET,) * 3
    assert [steps(way) for way in sheet.mend] == [[("new_site", 300, None)]]  # not 20


@pytest.mark.parametrize("reading", ["R1", "R2", "R3"])
def test_the_chosen_reading_is_the_verdict(reading):
    sheet = judge(zone("existing", 2000), rooms(300, 100), reading=reading)
    assert sheet.verdict is sheet.readings[reading]
    assert sheet.shortfall_m2 == sheet.shortfalls[reading]
    assert sheet.counted_m2 == (300 if reading == "R3" else 400)


@pytest.mark.parametrize("count", ["-1", "1.5", "NaN", "Infinity"])
@pytest.mark.parametrize("column", ["households", "households_new", "dwellings"])
def test_counts_are_whole_and_not_negative(column, count):
    with pytest.raises(InputDataError, match=column):
        zone("new", **{column: Decimal(count)})


@pytest.mark.parametrize("area", ["-0.01", "NaN", "Infinity"])
def test_areas_are_not_negative(area):
    with pytest.raises(InputDataError, match="room 'r1'"):
        rooms(area)


@pytest.mark.parametrize(
    ("kind", "households", "counts"),
    [
        ("new", 10, {"households_existing": 1}),
        ("existing", None, {"households_new": 1}),
        ("mixed", 10, {"households_new": 4, "households_existing": 5}),
        ("mixed", 10, {"households_new": 11}),
        ("new", 10, {"households_new": 9}),
    ],
)
def test_contradicting_counts_are_refused(kind, households, counts):
    with pytest.raises(InputDataError, match="zone 'z'"):
        zone(kind, households, **counts)


def test_contradicting_rooms_pools_and_laws_are_refused():
    with pytest.raises(InputDataError, match="'r' is listed twice"):
        judge(zone("new", 1), [Room(room_id="r", area_m2=Decimal(n)) for n in (1, 2)])
    with pytest.raises(InputDataError, match="no zones"):
        judge_as_one("P", [], [])
    with pytest.raises(InputDataError, match="same zone_id"):
        share(rooms(1), [zone("new", 1), zone("new", 2)])
    with pytest.raises(InputDataError, match="new_m2_per_100"):
        FloorAreaLaw(Decimal(0), Decimal(20), Decimal(300), ())
    with pytest.raises(InputDataError, match="min_site_m2"):
        FloorAreaLaw(Decimal(30), Decimal(20), Decimal(-1), ())
