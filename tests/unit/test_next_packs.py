"""The rules of GB 50437, Shandong, Hubei, Guizhou and others, worked by hand with exact numbers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from tests.unit.rule_evidence import evidence, judge, number, sites, zone_check

from circle15.access.counting import Counts
from circle15.rules.floor_area.households import ZoneHouseholds
from circle15.rules.floor_area.judge import judge_pool, judge_zone
from circle15.rules.floor_area.rooms import Room
from circle15.rules.packs.floor_area_law import FloorAreaLaw
from circle15.rules.packs.load import load_pack


def only(name, rule_id, *registers, **more):
    pack = load_pack(name)
    (row,) = judge(pack, rule_id, evidence(pack, *registers, **more))
    return row


@pytest.mark.parametrize(
    ("name", "rule_id", "part", "whole", "value", "verdict"),
    [
        # 9,212 beds for 230,300 people are 40.0 per 1,000; one bed less is 39.9957
        ("national-gb50437-2018", "GL-01", 9212, 230_300, Fraction(40), "met"),
        (
            "national-gb50437-2018",
            "GL-01",
            9211,
            230_300,
            Fraction(9_211_000, 230_300),
            "not_met",
        ),
        # 0.1 m² for each of 940,000 residents are 94,000 m²
        ("national-gb50437-2018", "GL-02", 94_000, 940_000, Fraction(1, 10), "met"),
        ("hubei-2022", "HB-02", 93_999, 940_000, Fraction(93_999, 940_000), "not_met"),
        # Shandong asks for twice that
        ("shandong-2022", "SD-03", 188_000, 940_000, Fraction(1, 5), "met"),
        ("shandong-2022", "SD-03", 187_999, 940_000, Fraction(187_999, 940_000), "not_met"),
    ],
)
def test_beds_and_land_per_person(name, rule_id, part, whole, value, verdict):
    above, below = {
        "GL-01": ("institution_beds", "p60"),
    }.get(rule_id, ("elder_care_land", "residents"))
    row = only(name, rule_id, number(above, part), number(below, whole))
    assert (row.value, row.verdict.value) == (value, verdict)
    assert row.lacking == (0 if verdict == "met" else 1)


@pytest.mark.parametrize(
    ("land", "low", "high"),
    [("17.99", "not_met", "met"), ("18", "met", "met"), ("44", "met", "met"), ("44.01",) * 3],
)
def test_land_per_bed_is_between_18_and_44(land, low, high):
    low, high = ("met", "not_met") if low == land else (low, high)
    found = [
        only("national-gb50437-2018", key, number("bed_land", land, of="H1"))
        for key in ("GL-03b", "GL-03c")
    ]
    assert [row.verdict.value for row in found] == [low, high]


def test_only_districts_of_more_than_500_000_people_need_a_centre_of_their_own():
    """3 of 4 have one; with no such district there is nothing to divide by."""
    of, have = "large_districts", "large_districts_with_activity_centre"
    row = only("national-gb50437-2018", "GL-05", number(of, 4), number(have, 3))
    assert (row.value, row.verdict.value, row.lacking) == (75, "not_met", 1)
    none = only("national-gb50437-2018", "GL-05", number(of, 0), number(have, 0))
    assert (none.verdict.value, none.reason) == ("undetermined", "ZERO_DENOMINATOR")


@pytest.mark.parametrize(
    ("name", "rule_id", "kind", "households", "rooms", "required", "verdict"),
    [
        ("shandong-2022", "SD-01", "new", 1502, ["300.4"], "300.4", "met"),
        ("shandong-2022", "SD-01", "new", 1502, ["300.39"], "300.4", "not_met"),
        ("hubei-2022", "HB-01", "new", 900, [100, 80], "180", "met"),
        ("yinchuan", "YC-01", "new", 1249, ["374.7"], "374.7", "met"),
        ("yinchuan", "YC-02", "existing", 1249, ["249.79"], "249.8", "not_met"),
        ("harbin", "HRB-01", "new", 100, [29], "30", "not_met"),
        ("harbin", "HRB-02", "existing", 100, [20], "20", "met"),
    ],
)
def test_rooms_of_a_zone(name, rule_id, kind, households, rooms, required, verdict):
    """No least size of a site is quoted, so that rooms of any size count."""
    check = zone_check(load_pack(name), kind, households, rooms)
    row = only(name, rule_id, zones=[check])
    assert (row.threshold, row.verdict.value) == (Fraction(required), verdict)
    assert check.sheet is not None
    assert {one.value for one in check.sheet.readings.values()} == {verdict}


LAW = FloorAreaLaw(Decimal(20), None, Decimal(0), ())


def zone(kind, **counts):
    given: dict[str, Any] = {key: Decimal(value) for key, value in counts.items()}
    return ZoneHouseholds(zone_id="Z", kind=kind, **given)


def rooms(*areas):
    return [
        Room(room_id=f"r{k}", area_m2=Decimal(area), categories=("day_care",))
        for k, area in enumerate(areas)
    ]


def test_a_law_for_new_zones_does_not_judge_existing_ones():
    sheet: Any = judge_zone(zone("existing", households=1000), (), LAW)
    assert (sheet.verdict.value, sheet.reason, sheet.required_m2) == (
        "not_applicable",
        "OTHER_KIND_OF_ZONE",
        0,
    )
    row = only(
        "shandong-2022", "SD-01", zones=[zone_check(load_pack("shandong-2022"), "existing", 9, [])]
    )
    assert (row.verdict.value, row.reason) == ("not_applicable", "NO_ZONE_OF_KIND")


def test_of_a_mixed_zone_the_new_households_count():
    """400 new and 600 existing: 0.2 · 400 = 80 m²; 60 m² are 15 per 100 of the new ones."""
    law = FloorAreaLaw(Decimal(20), None, Decimal(0), ("day_care",))
    mixed = zone("mixed", households_new=400, households_existing=600)
    sheet: Any = judge_zone(mixed, rooms(60), law)
    assert (sheet.required_m2, sheet.households, sheet.rate_m2_per_100) == (80, 400, 15)
    assert (sheet.verdict.value, sheet.shortfall_m2) == ("not_met", 20)
    assert judge_zone(mixed, rooms(80), law).verdict.value == "met"
    split = judge_zone(mixed, rooms(80), law, mixed="split")
    assert split.required_m2 == 80


def test_a_zone_of_unknown_kind_is_undetermined_and_says_so():
    sheet: Any = judge_zone(zone("unknown", households=1000), (), LAW)
    assert (sheet.verdict.value, sheet.reason) == ("undetermined", "KIND_MISSING")
    said = {kind: one.verdict.value for kind, one in sheet.alternatives.items()}
    assert said == {"new": "not_met", "existing": "not_applicable"}


def test_in_a_pool_existing_households_require_nothing():
    law = FloorAreaLaw(Decimal(20), None, Decimal(0), ("day_care",))
    pool = [
        ZoneHouseholds(zone_id="A", kind="new", households=Decimal(500)),
        ZoneHouseholds(zone_id="B", kind="existing", households=Decimal(500)),
    ]
    sheet: Any = judge_pool("P", pool, rooms(100), law)
    assert (sheet.required_m2, sheet.households, sheet.verdict.value) == (100, 500, "met")


DAYS = {"rooms_built": dt.date(2025, 6, 30), "housing_half_built": dt.date(2025, 6, 30)}


@pytest.mark.parametrize(
    ("later", "first_phase", "value", "verdict"),
    [
        (0, None, 0, "met"),  # the same day is not late
        (1, None, 1, "not_met"),
        (1, 0, 1, "not_met"),
        (1, 1, 0, "met"),  # in the first phase, whatever the dates say
    ],
)
def test_hubei_wants_the_first_phase_else_before_half_of_the_housing(
    later, first_phase, value, verdict
):
    days = DAYS | {"rooms_built": DAYS["rooms_built"] + dt.timedelta(later)}
    rows = [number(key, day, of="Z1") for key, day in days.items()]
    if first_phase is not None:
        rows.append(number("rooms_in_first_phase", first_phase, of="Z1"))
    row = only("hubei-2022", "HB-03", *rows)
    assert (row.scope, row.value, row.verdict.value) == ("Z1", value, verdict)


def test_the_first_phase_alone_settles_it_and_its_absence_does_not():
    met = only("hubei-2022", "HB-03", number("rooms_in_first_phase", 1, of="Z1"))
    assert (met.value, met.verdict.value) == (0, "met")
    open_ = only("hubei-2022", "HB-03", number("rooms_in_first_phase", 0, of="Z1"))
    assert open_.verdict.value == "undetermined"
    assert open_.missing == ("rooms_built", "housing_half_built")


@pytest.mark.parametrize(
    ("with_centre", "verdict", "lacking"), [(59, "not_met", 1), (60, "met", 0)]
)
def test_guizhou_wants_centres_in_three_fifths_of_the_subdistricts(with_centre, verdict, lacking):
    registers = number("streets_with_centre", with_centre), number("streets", 100)
    row = only("guizhou", "GZ-06", *registers)
    assert (row.value, row.verdict.value, row.lacking) == (with_centre, verdict, lacking)
    streets = [f"s{k}" for k in range(5)]
    listed = [
        {"facility_id": f"C{k}", "category": "complex", "street_id": streets[k]} for k in range(3)
    ]
    row = only("guizhou", "GZ-06", facilities=sites(*listed), streets=streets)
    assert (row.value, row.verdict.value) == (60, "met")


@pytest.mark.parametrize(("area", "judged"), [(2, "SH-05"), (3, "SH-06"), (1, None)])
def test_shanghai_has_a_rate_of_beds_for_each_kind_of_district(area, judged):
    """3.1 % of 300,000 are 9,300 beds, 3.5 % are 10,500."""
    of = number("bed_area", area), number("registered_60plus", 300_000)
    rows = {
        key: only("shanghai-2025", key, *of, number("institution_beds", 9300))
        for key in ("SH-05", "SH-06")
    }
    said = {key: row.verdict.value for key, row in rows.items()}
    verdicts = {"SH-05": "met", "SH-06": "not_met"}
    wanted = {key: verdicts[key] if key == judged else "not_applicable" for key in verdicts}
    assert said == wanted
    if judged == "SH-06":
        assert rows["SH-06"].lacking == 1200


@pytest.mark.parametrize(
    ("rule_id", "indicator", "target"),
    [
        ("SH-07", "city_care_beds", 178_000),
        ("SH-08", "dementia_beds", 15_000),
        ("SH-09", "street_complexes", 500),
        ("SH-10", "rural_elder_homes", 100),
    ],
)
def test_shanghai_has_totals_for_2025(rule_id, indicator, target):
    assert only("shanghai-2025", rule_id, number(indicator, target)).verdict.value == "met"
    row = only("shanghai-2025", rule_id, number(indicator, target - 1))
    assert (row.verdict.value, row.shortfall, row.rule.target_year) == ("not_met", 1, 2025)


def test_a_complex_of_embedded_services_is_compared_by_area_and_functions():
    """700 m² reach 600 and not 800; meals and childcare are 2 of 4."""
    area = number("embedded_floor_area", 700, of="F1")
    said = [only("ndrc-embedded-2023", key, area).verdict.value for key in ("EC-01", "EC-02")]
    assert said == ["met", "not_met"]
    flags = {"function_meals": 1, "function_childcare": 1, "function_elder_care": 0}
    row = only(
        "ndrc-embedded-2023",
        "EC-04",
        *(number(key, value, of="F1") for key, value in flags.items()),
        facilities=sites({"category": "embedded_complex"}),
    )
    assert (row.value, row.verdict.value) == (2, "met")
    three = only("ndrc-embedded-2023", "EC-03", number("embedded_functions", 2, of="F1"))
    assert (three.verdict.value, three.shortfall) == ("not_met", 1)


def test_chengdu_reports_a_share_for_each_of_its_radii():
    """Of 1,000 people 400 are within 500 m and 550 within 600 m; 291 sites are planned."""
    counts = {500: Counts(1000, 400, 600, 0), 600: Counts(1000, 550, 450, 0)}
    pack = load_pack("chengdu-2017")
    found = evidence(pack, within_m=lambda _categories, _group, metres: counts[metres])
    rows: list[Any] = judge(pack, "CD-01", found)
    assert [(row.scope, row.value) for row in rows] == [("within:500", 40), ("within:600", 55)]
    assert {row.verdict.value for row in rows} == {"reported"}
    assert only("chengdu-2017", "CD-02", number("community_care_sites", 290)).shortfall == 1


def test_jiangsu_pools_without_a_distance():
    law = load_pack("jiangsu-draft-2022").floor_area
    assert law is not None
    assert law.pooling is None
    assert law.pooling_quote == "多个占地面积较小的相邻住宅区可以统筹规划、集中配置"


def test_rushan_points_to_the_rule_of_its_province():
    notes = load_pack("rushan-2027").notes
    assert notes is not None
    assert all("shandong-2022" in notes[language] for language in ("zh", "en"))
