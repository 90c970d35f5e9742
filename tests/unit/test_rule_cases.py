"""The worked cases on rules, with their exact numbers, and the printed figures of the documents."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.unit.rule_evidence import evidence, judge, number, sites, zone_check

from circle15.rules.evaluators.people import gini
from circle15.rules.evaluators.remarks import needed_denominators
from circle15.rules.packs.load import load_pack

LX, SX, CQ, JA = (
    load_pack(name) for name in ("liangxi-2025", "shaoxing-2020", "chongqing-2025", "jingan-2025")
)


def only(pack, rule_id, found):
    (row,) = judge(pack, rule_id, found)
    return row


@pytest.mark.parametrize(
    ("area", "residents", "value", "verdict"),
    [
        (55_000, 1_000_000, Fraction(55), "met"),
        (54_999, 1_000_000, Fraction(54_999, 1000), "not_met"),
        (55_000, 920_000, Fraction(5500, 92), "met"),
    ],
)
def test_q01_floor_area_per_1000_persons(area, residents, value, verdict):
    """55.000 passes, 54.999 fails although it prints 55.0; the denominator is named."""
    found = evidence(JA, number("community_care_floor_area", area), number("residents", residents))
    row = only(JA, "JA-01", found)
    assert (row.value, row.verdict.value) == (value, verdict)
    assert ("persons", Fraction(residents)) in row.remarks[0].numbers


@pytest.mark.parametrize(
    ("meals", "total", "verdict", "gap"), [(116, 13_456, "not_met", 44), (117, 13_572, "met", 0)]
)
def test_q02_meal_capacity_of_116_sites(meals, total, verdict, gap):
    rows = [
        {"facility_id": f"M{k}", "category": "meal_point", "meals_per_day": Decimal(meals)}
        for k in range(116)
    ]
    row = only(JA, "JA-02", evidence(JA, facilities=sites(*rows)))
    assert (row.value, row.verdict.value, row.shortfall) == (total, verdict, gap)
    assert row.near_threshold


def test_q02_a_site_of_unknown_capacity_leaves_it_open_unless_the_rest_is_enough():
    silent = {"facility_id": "M2", "category": "meal_point"}
    for meals, verdict in ((13_499, "undetermined"), (13_500, "met")):
        known = {"facility_id": "M1", "category": "meal_center", "meals_per_day": Decimal(meals)}
        row = only(JA, "JA-02", evidence(JA, facilities=sites(known, silent)))
        assert (row.value, row.verdict.value) == (meals, verdict)


@pytest.mark.parametrize(
    ("nursing", "value", "verdict", "lacking"),
    [(5508, "84.987", "not_met", 1), (5509, "85.002", "met", 0)],
)
def test_q03_nursing_beds(nursing, value, verdict, lacking):
    found = evidence(LX, number("nursing_beds", nursing), number("institution_beds", 6481))
    row = only(LX, "LX-12", found)
    assert row.value == Fraction(nursing * 100, 6481)
    assert f"{float(row.value):.3f}" == value
    assert (row.verdict.value, row.lacking) == (verdict, lacking)


def test_q04_seventeen_complexes_in_sixteen_of_seventeen_streets():
    streets = [f"s{k:02}" for k in range(1, 18)]
    rows = [
        {"facility_id": f"C{k}", "category": "complex", "street_id": street}
        for k, street in enumerate([*streets[:16], "s01"])
    ]
    row = only(LX, "LX-05", evidence(LX, facilities=sites(*rows), streets=streets))
    assert (row.value, row.verdict.value, row.lacking) == (Fraction(1600, 17), "not_met", 1)
    # The ledger's 17 of 17, by totals, stands beside it: the two sources conflict.
    ledger = (number("streets_with_complex", 17), number("streets", 17))
    both = judge(LX, "LX-05", evidence(LX, *ledger, facilities=sites(*rows), streets=streets))
    assert {(r.value, r.verdict.value, r.alone and r.alone.value) for r in both} == {
        (Fraction(1600, 17), "source_conflict", "not_met"),
        (Fraction(100), "source_conflict", "met"),
    }


def tier(found, level):
    return next(row for row in judge(CQ, "CQ-01", found) if row.scope == level)


def test_q05_fifty_two_places_in_thirty_five_of_thirty_eight_districts():
    places = number("care_places", 52)
    units = number("districts", 38)
    row = tier(evidence(CQ, places, units, number("districts_with_care_place", 35)), "district")
    assert (row.value, row.verdict.value, row.lacking) == (Fraction(3500, 38), "not_met", 3)
    totals = tier(evidence(CQ, places, units), "district")  # 52 / 38 = 136.8 % says nothing
    assert (totals.value, totals.verdict.value) == (None, "undetermined")
    assert totals.reason == "TOTALS_PROVE_NOTHING"
    assert totals.missing == ("districts_with_care_place",)


def test_chongqing_totals_need_the_number_of_units():
    """52, 955 and 2,871 alone tell nothing; fewer sites than units miss the tier."""
    printed = (
        number("care_places", 52),
        number("street_centres", 955),
        number("community_stations", 2871),
    )
    rows = judge(CQ, "CQ-01", evidence(CQ, *printed))
    assert {(r.verdict.value, r.reason) for r in rows} == {("undetermined", "REGISTER_MISSING")}
    assert {r.scope: r.missing for r in rows}["street"] == ("streets_with_centre", "streets")
    registered = (*printed, number("streets", 1030), number("communities", 11_164))
    found = {r.scope: r for r in judge(CQ, "CQ-01", evidence(CQ, *registered))}
    assert found["district"].verdict.value == "undetermined"
    for level, sites_, units in (("street", 955, 1030), ("community", 2871, 11_164)):
        row = found[level]
        assert (row.verdict.value, row.reason, row.value) == ("not_met", "TOTALS_TOO_FEW", None)
        assert dict(row.remarks[0].numbers) == {"sites": sites_, "units": units}


def test_q06_meals_over_centres_and_over_communities():
    found = evidence(
        SX,
        number("communities", 1000),
        number("care_centres", 900),
        number("centres_with_meals", 500),
        number("communities_with_meals", 560),
    )
    over_centres, over_communities = only(SX, "SX-04", found), only(SX, "SX-05", found)
    assert (over_centres.value, over_centres.verdict.value) == (Fraction(500, 9), "met")
    assert (over_communities.value, over_communities.verdict.value) == (56, "met")


@pytest.mark.parametrize(
    ("agreements", "text", "table"),
    [
        (700, ("source_conflict", "not_met"), ("source_conflict", "met")),
        (599, ("not_met", None), ("not_met", None)),
        (1000, ("met", None), ("met", None)),
    ],
)
def test_q07_text_and_task_table_of_shaoxing(agreements, text, table):
    """70 %: the table's 60 % is met, the text's 100 % is not; both stand, each with its own."""
    found = evidence(SX, number("centres_with_agreement", agreements), number("care_centres", 1000))
    rows = {rule: only(SX, rule, found) for rule in ("SX-13", "SX-14")}
    said = {k: (r.verdict.value, r.alone and r.alone.value) for k, r in rows.items()}
    assert said == {"SX-13": text, "SX-14": table}
    assert [r.threshold for r in rows.values()] == [100, 60]
    assert {r.value for r in rows.values()} == {Fraction(agreements, 10)}


@pytest.mark.parametrize(("yuan", "verdict"), [(6_000_000, "not_met"), (6_000_001, "met")])
def test_q08_above_six_million_yuan_is_strict(yuan, verdict):
    stars = number("star_grade", 5, of="K1")
    row = only(SX, "SX-23a", evidence(SX, stars, number("total_investment", yuan, of="K1")))
    assert (row.verdict.value, row.scope, row.shortfall) == (verdict, "K1", 0)


def test_q08_other_stars_and_strict_shares():
    four = number("star_grade", 4, of="K1")
    found = evidence(SX, four, number("total_investment", 9_000_000, of="K1"))
    assert only(SX, "SX-23a", found).verdict.value == "not_applicable"
    toddlers = evidence(
        JA, number("kindergartens_with_toddler_class", 55), number("kindergartens", 100)
    )
    assert only(JA, "JA-13", toddlers).verdict.value == "not_met"
    meals = evidence(SX, number("centres_with_meals", 55), number("care_centres", 100))
    assert only(SX, "SX-04", meals).verdict.value == "met"


def test_q09_the_plan_of_liangxi_contradicts_itself():
    """8,811 beds over 230,300 people are 38.26 and not 39; 46,755 served are 20.30 %."""
    found = evidence(
        LX,
        number("total_beds", 8811),
        number("p60", 230_300),
        number("home_service_recipients", 46_755),
    )
    beds, served = only(LX, "LX-25", found), only(LX, "LX-09", found)
    assert beds.value == Fraction(8_811_000, 230_300)
    assert f"{float(beds.value):.2f}" == "38.26"
    assert beds.verdict.value == "reported"
    warning = next(r for r in beds.remarks if r.code == "STATED_NEEDS")
    assert dict(warning.numbers) == {
        "stated": 39,
        "value": beds.value,
        "least": 223_064,
        "most": 228_857,
    }
    assert f"{float(served.value):.2f}" == "20.30"
    assert served.verdict.value == "met"
    assert "BASELINE_MEETS" in {r.code for r in served.remarks}


def test_the_contradiction_is_told_without_any_data():
    row = only(LX, "LX-25", evidence(LX))
    assert row.verdict.value == "undetermined"
    assert "STATED_NEEDS" in {r.code for r in row.remarks}


def test_the_bounds_of_a_denominator_are_the_last_that_round():
    least, most = needed_denominators(Fraction(8811), 1000, Fraction(39), Fraction(1, 2))
    for persons, rounds in ((least - 1, False), (least, True), (most, True), (most + 1, False)):
        value = Fraction(8_811_000, persons)
        assert (Fraction("38.5") <= value < Fraction("39.5")) is rounds


def test_q10_beds_of_jingan():
    """7,466 beds: 60 % of them are 4,480; figures of different years are warned of."""
    found = evidence(
        JA, number("nursing_beds", 4479, year=2023), number("institution_beds", 7466, year=2025)
    )
    row = only(JA, "JA-04", found)
    assert (row.verdict.value, row.lacking, row.data_year) == ("not_met", 1, 2025)
    assert "YEARS_DIFFER" in {r.code for r in row.remarks}
    assert f"{float(Fraction(7_466_000, 410_000)):.2f}" == "18.21"


def test_q10_shanghai_asks_for_beds_for_two_and_a_half_per_cent():
    """2.5 % of 410,000 are 10,250 beds: 2,784 more than 7,466."""
    pack = load_pack("shanghai-2025")
    found = evidence(pack, number("institution_beds", 7466), number("registered_60plus", 410_000))
    row = only(pack, "SH-03", found)
    assert (row.verdict.value, row.lacking) == ("not_met", 2784)


@pytest.mark.parametrize(("district", "met"), [(1, "SH-01a"), (2, "SH-01b"), (3, "SH-01c")])
def test_shanghai_judges_a_district_by_its_class_only(district, met):
    pack = load_pack("shanghai-2025")
    found = evidence(
        pack,
        number("community_care_floor_area", 55_000),
        number("residents", 1_000_000),
        number("district_class", district),
    )
    said = {rule: only(pack, rule, found).verdict.value for rule in ("SH-01a", "SH-01b", "SH-01c")}
    assert said == dict.fromkeys(said, "not_applicable") | {met: "met"}


@pytest.mark.parametrize(
    ("name", "new", "existing", "site"),
    [
        ("anhui-2022", 30, 20, 350),
        ("guizhou", 20, 15, 350),
        ("guangdong", 20, 15, 0),
        ("jiangsu-draft-2022", 20, 15, 0),
        ("liangxi-2025", 30, 20, 300),
        ("yinchuan", 30, 20, 0),
        ("harbin", 30, 20, 0),
        ("shandong-2022", 20, None, 0),
        ("hubei-2022", 20, None, 0),
    ],
)
def test_the_laws_hold_what_was_verified(name, new, existing, site):
    law = load_pack(name).floor_area
    assert law is not None
    assert (law.new_m2_per_100, law.existing_m2_per_100, law.min_site_m2) == (new, existing, site)


def test_without_a_least_size_every_room_counts():
    """Guangdong, existing 1,000 households: 150 m² are needed, in rooms of any size."""
    pack = load_pack("guangdong")
    for rooms, verdict in (([100, 50], "met"), ([100, "49.99"], "not_met"), ([], "not_met")):
        check = zone_check(pack, "existing", 1000, rooms)
        (row,) = judge(pack, "GD-02", evidence(pack, zones=[check]))
        assert (row.verdict.value, row.threshold) == (verdict, Fraction(150))
        assert check.sheet is not None
        assert {v.value for v in check.sheet.readings.values()} == {verdict}


def test_social_workers_of_6481_beds():
    """64.81 are needed, so 65."""
    beds = number("institution_beds", 6481)
    row = only(LX, "LX-17", evidence(LX, beds, number("social_workers", 64)))
    assert (row.verdict.value, row.lacking, row.near_threshold) == ("not_met", 1, True)
    assert only(LX, "LX-17", evidence(LX, beds, number("social_workers", 65))).verdict == "met"


def test_g01_gini():
    assert gini([Fraction(n) for n in (10, 20, 30, 40)], [1, 1, 1, 1]) == Fraction(1, 4)
    f01 = [Fraction(1, 10), Fraction(1, 6), Fraction(1, 15)]
    assert f"{float(gini(f01, [100, 200, 100]) or 0):.6f}" == "0.183333"
    f02 = [Fraction("0.15"), Fraction("0.155"), Fraction("0.04")]
    assert gini(f02, [100, 200, 100]) == Fraction("0.175")
    assert gini([Fraction(0)] * 3, [1, 2, 3]) is None


@pytest.mark.real
def test_every_case_on_rules_is_here_or_in_its_own_module(rule_tables, repository):
    """A01–A15 and Q01–Q10 by their names in the tests."""
    with (rule_tables / "cases.csv").open(encoding="utf-8") as file:
        ids = [row["case"] for row in csv.DictReader(file)]
    wanted = [case for case in ids if case[0] in "AQ"]
    folder = repository / "tests" / "unit"
    text = "\n".join(path.read_text("utf-8").lower() for path in sorted(folder.glob("test_*.py")))
    assert len(wanted) == 25
    assert [case for case in wanted if case.lower() not in text] == []
