"""Registers: exact numbers, units, names, years, sources, and rows that cannot be used."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.unit.rule_evidence import evidence, judge, number, sites, text

from circle15.errors import InputDataError
from circle15.inputs.registers import read_registers, unused_rows
from circle15.rules.evaluators.evidence import figures_of
from circle15.rules.packs.known import indicators_of
from circle15.rules.packs.load import load_pack
from circle15.study.vocabulary.indicators import known_indicators, unit_words

LX = load_pack("liangxi-2025")
HEAD = "indicator,value,unit,year,source,object\n"


def read(tmp_path, body, head=HEAD):
    path = tmp_path / "registers.csv"
    path.write_text(head + body, encoding="utf-8")
    return read_registers(path, indicators_of([LX]))


@pytest.mark.parametrize(
    ("row", "indicator", "value"),
    [
        ("institution_beds,6481,张,2025,a,", "institution_beds", Decimal(6481)),
        ("养老机构床位数,6481,beds,2025年,a,", "institution_beds", Decimal(6481)),
        ("p60,23.03,万人,2020,a,", "p60", Decimal("230300.00")),
        ('service_subsidy,"1,250.5",万元,,a,', "service_subsidy", Decimal("12505000.0")),
        (
            "community_care_floor_area,54999.999,㎡,2025,a,",
            "community_care_floor_area",
            Decimal("54999.999"),
        ),
        ("daily_meal_capacity,1.35,万客/日,2025,a,", "daily_meal_capacity", Decimal("13500.00")),
        ("LX-12,84.987,%,2025,a,", "LX-12", Decimal("84.987")),
        ("function_meals,是,,2025,a,C-001", "function_meals", Decimal(1)),
        ("rooms_delivered,2025-06-30,,,a,Z-1", "rooms_delivered", dt.date(2025, 6, 30)),
        ("hub,C-001,,,a,S-1", "hub", "C-001"),
    ],
)
def test_a_row_is_read_exactly(tmp_path, row, indicator, value):
    (found,), findings = read(tmp_path, row + "\n")
    assert (found.indicator, found.value, findings) == (indicator, value, [])
    assert found.origin == "registers.csv:2"


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("institution_bed,1,张,2025,a,", "UNKNOWN_INDICATOR", "indicator"),
        ("institution_beds,,张,2025,a,", "REGISTER_BLANK", "value"),
        ("institution_beds,约6000,张,2025,a,", "UNREADABLE", "value"),
        ("institution_beds,-1,张,2025,a,", "NEGATIVE_VALUE", "value"),
        ("institution_beds,6481,人,2025,a,", "WRONG_UNIT", "unit"),
        ("institution_beds,6481,,2025,a,", "WRONG_UNIT", "unit"),
        ("institution_beds,6481,张,二〇二五,a,", "UNREADABLE", "year"),
        ("institution_beds,6481,张,2025,,", "SOURCE_MISSING", "source"),
        ("institution_beds,6481,张,2025,a,H-001", "OBJECT_NOT_EXPECTED", "object"),
        ("function_meals,是,,2025,a,", "OBJECT_MISSING", "object"),
    ],
)
def test_a_row_that_cannot_be_used_is_listed(tmp_path, row, code, column):
    rows, (finding,) = read(tmp_path, row + "\n")
    assert rows == []
    assert (finding.code, finding.row, finding.column) == (code, 2, column)


def test_an_unknown_indicator_names_the_nearest(tmp_path):
    _, (finding,) = read(tmp_path, "institution_bed,1,张,2025,a,\n")
    assert finding.detail["nearest"] == "institution_beds (养老机构床位数)"
    _, (finding,) = read(tmp_path, "养老机构床位,1,张,2025,a,\n")
    assert finding.detail["nearest"] == "institution_beds (养老机构床位数)"


def test_one_figure_twice_is_refused_with_both_rows(tmp_path):
    row = "institution_beds,6481,张,2025,a,\n"
    with pytest.raises(InputDataError, match=r"row 3: 'institution_beds' is also in row 2"):
        read(tmp_path, row + row.replace("6481", "6482"))
    rows, _ = read(tmp_path, row + row.replace(",a,", ",b,") + row.replace("2025", "2024"))
    assert len(rows) == 3


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(InputDataError, match="has no column 'source'"):
        read(tmp_path, "p60,1,人\n", head="indicator,value,unit\n")


def test_of_each_source_the_latest_year_up_to_the_study_counts():
    rows = [
        number("total_beds", 1, year=2020),
        number("total_beds", 2, year=2024),
        number("total_beds", 3, year=2026),
        number("total_beds", 4, year=None, source="b"),
    ]
    found = figures_of("total_beds", evidence(LX, *rows, year=2025))
    assert [(f.value, f.year, f.source) for f in found] == [(2, 2024, "ledger"), (4, None, "b")]


def test_two_sources_with_two_verdicts_stand_side_by_side():
    rows = [
        number("nursing_beds", 5508, source="report"),
        number("nursing_beds", 5509, source="ledger"),
        number("institution_beds", 6481, source="report"),
    ]
    found = judge(LX, "LX-12", evidence(LX, *rows))
    assert {(r.verdict.value, str(r.alone), r.value) for r in found} == {
        ("source_conflict", "not_met", Fraction(550_800, 6481)),
        ("source_conflict", "met", Fraction(550_900, 6481)),
    }
    assert {r.reason for r in found} == {"SOURCES_DIFFER"}
    agreeing = [*rows[:1], number("nursing_beds", 5507, source="ledger"), rows[2]]
    found = judge(LX, "LX-12", evidence(LX, *agreeing))
    assert [r.verdict.value for r in found] == ["not_met", "not_met"]


def test_a_register_and_the_facility_table_may_conflict():
    home = {"category": "care_home", "beds": Decimal(100), "nursing_beds": Decimal(90)}
    table = sites(home)
    ledger = [number("nursing_beds", 80), number("institution_beds", 100)]
    found = judge(LX, "LX-12", evidence(LX, *ledger, facilities=table))
    assert {(r.data_source, r.value, str(r.alone)) for r in found} == {
        ("ledger", Fraction(80), "not_met"),
        ("", Fraction(90), "met"),
    }
    (alone,) = judge(LX, "LX-12", evidence(LX, facilities=table))
    assert (alone.verdict.value, alone.inputs) == ("met", ("F1",))


def test_beds_of_a_home_that_states_none_are_not_taken_for_zero():
    homes = [
        {
            "facility_id": "A",
            "category": "care_home",
            "beds": Decimal(100),
            "nursing_beds": Decimal(90),
        },
        {"facility_id": "B", "category": "care_home", "beds": Decimal(50)},
    ]
    (row,) = judge(LX, "LX-12", evidence(LX, facilities=sites(*homes)))
    assert (row.verdict.value, row.missing) == ("undetermined", ("nursing_beds",))


def test_a_register_may_state_the_value_of_a_rule_itself():
    (row,) = judge(LX, "LX-08", evidence(LX, number("LX-08", "79.99")))
    assert (row.value, row.verdict.value) == (Fraction("79.99"), "not_met")


def test_a_value_stated_outright_and_one_of_the_tables_may_conflict():
    home = {"category": "care_home", "beds": Decimal(100), "nursing_beds": Decimal(90)}
    stated = number("LX-12", "84.9")
    rows = judge(LX, "LX-12", evidence(LX, stated, facilities=sites(home)))
    assert {(r.value, r.verdict.value) for r in rows} == {
        (Fraction("84.9"), "source_conflict"),
        (Fraction(90), "source_conflict"),
    }


def test_rows_that_no_rule_will_use_are_listed(tmp_path):
    rows, _ = read(
        tmp_path,
        "total_beds,1,张,2026,a,\nfunction_meals,是,,2025,a,C-009\nfunction_meals,是,,2025,a,C-001\n",
    )
    found = unused_rows(rows, indicators_of([LX]), {"C-001"}, 2025)
    assert [(one.code, one.row) for one in found] == [("REGISTER_LATER", 2), ("UNKNOWN_OBJECT", 3)]


def test_a_share_of_nothing_is_undetermined():
    rows = [number("graded_care_homes", 0), number("care_homes", 0)]
    (row,) = judge(LX, "LX-14", evidence(LX, *rows))
    assert (row.value, row.verdict.value, row.reason) == (None, "undetermined", "ZERO_DENOMINATOR")


def test_a_share_above_100_is_warned_of():
    rows = [number("graded_care_homes", 38), number("care_homes", 37)]
    (row,) = judge(LX, "LX-14", evidence(LX, *rows))
    assert "SHARE_OVER_100" in {one.code for one in row.remarks}


def test_functions_come_from_registers_and_from_the_categories_of_a_site():
    """C1 is listed as complex, day care and meals; a register gives it nursing and no chores."""
    kinds = ("complex", "day_care", "meal_point", "nursing_small")
    table = sites(
        *({"facility_id": "C1", "category": one} for one in kinds),
        {"facility_id": "C2", "category": "complex"},
    )
    chores = number("function_housekeeping", 0, of="C1")
    rows = {row.scope: row for row in judge(LX, "LX-07", evidence(LX, chores, facilities=table))}
    assert (rows["C1"].value, rows["C1"].verdict.value) == (Fraction(4), "not_met")
    assert rows["study"].verdict.value == "undetermined"  # nothing is known of C2
    alone = judge(LX, "LX-07", evidence(LX, facilities=table))
    (open_row,) = [row for row in alone if row.scope == "C1"]
    assert (open_row.verdict.value, open_row.missing) == (
        "undetermined",
        ("function_housekeeping",),
    )


def test_a_hub_in_another_street_or_unknown_does_not_count():
    pack = load_pack("shaoxing-2020")
    table = sites(
        {"facility_id": "S1", "category": "home_care_station", "street_id": "a"},
        {"facility_id": "H1", "category": "complex", "street_id": "b"},
    )
    for named in ("H1", "H9"):
        (row,) = judge(pack, "SX-29", evidence(pack, text("hub", named, "S1"), facilities=table))
        assert (row.value, row.verdict.value) == (Fraction(0), "not_met")


def test_rooms_on_the_same_day_are_in_step_and_a_day_later_are_late():
    pack = load_pack("jingan-2025")
    day = dt.date(2025, 6, 30)
    late = [
        number("rooms_delivered", day + dt.timedelta(1), of="Z1"),
        number("housing_delivered", day, of="Z1"),
    ]
    (row,) = judge(pack, "JA-19", evidence(pack, *late))
    assert (row.value, row.verdict.value) == (
        Fraction(1),
        "not_met",
    )  # the other four are not needed
    (row,) = judge(
        pack, "JA-19", evidence(pack, *late[1:], number("rooms_delivered", day, of="Z1"))
    )
    assert row.verdict.value == "undetermined"
    assert "rooms_planned" in row.missing


def test_every_indicator_has_a_unit_and_a_name_of_its_own():
    known = known_indicators()
    kinds = {"date", "text", "flag"}
    assert {k for k, one in known.items() if one.unit not in {*unit_words(), *kinds}} == set()
    names = [name for one in known.values() for name in one.names]
    assert len(names) == len(set(names))


def test_sources_that_differ_on_one_site_stand_side_by_side():
    table = sites({"facility_id": "C1", "category": "complex"})
    flags = [
        number(f"function_{one}", 1, of="C1")
        for one in ("small_home", "day_care", "meals", "nursing", "housekeeping")
    ]
    other = number("function_meals", 0, of="C1", source="survey")
    rows = judge(LX, "LX-07", evidence(LX, *flags, other, facilities=table))
    assert {(r.value, r.verdict.value, str(r.alone)) for r in rows} == {
        (Fraction(5), "source_conflict", "met"),
        (Fraction(4), "source_conflict", "not_met"),
    }


def test_sites_without_a_position_may_decide_the_units():
    """One of two streets has a complex; a third complex stands nobody knows where."""
    placed = {"facility_id": "C1", "category": "complex", "street_id": "a"}
    lost = {"facility_id": "C2", "category": "complex", "x_m": float("nan"), "in_area": False}
    (row,) = judge(LX, "LX-05", evidence(LX, facilities=sites(placed, lost), streets=["a", "b"]))
    assert (row.verdict.value, row.reason, row.value) == (
        "undetermined",
        "SITES_UNPLACED",
        Fraction(50),
    )
    three = evidence(LX, facilities=sites(placed, lost), streets=["a", "b", "c"])
    (row,) = judge(LX, "LX-05", three)  # two streets have none, and only one site is lost
    assert row.verdict.value == "not_met"


def test_a_numerator_may_be_a_sum_and_one_each_of_several(tmp_path):
    """500 + 60 of 1,000 are 56 %."""
    path = tmp_path / "own.toml"
    path.write_text(
        'id = "own"\ntitle = { zh = "a", en = "a" }\nsource = { title = "t", publisher = "p" }\n'
        '[[rules]]\nid = "O-1"\nquote = "q"\nmeaning = { zh = "a", en = "a" }\n'
        'evaluator = "ratio"\nthreshold = 55\ncomparison = ">="\nunit = "%"\nlevel = "city"\n'
        'force = "status"\n[rules.parameters]\n'
        'numerator = ["centres_with_meals", "canteens"]\ndenominator = "communities"\n',
        encoding="utf-8",
    )
    pack = load_pack(path)
    found = evidence(
        pack,
        number("centres_with_meals", 500),
        number("canteens", 60),
        number("communities", 1000),
    )
    (row,) = judge(pack, "O-1", found)
    assert (row.value, row.verdict.value) == (Fraction(56), "met")
    (row,) = judge(pack, "O-1", evidence(pack, number("communities", 1000)))
    assert row.missing == ("centres_with_meals", "canteens")
