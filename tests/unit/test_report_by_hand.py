"""A result of three homes and two sites, made by hand; other tests of the outputs use it too.

    home a (2.5 people)   street S1   covered: 300 s to the station T1
    home b (1.5 people)   street S2   gap:     1200 s
    home c (1 person)     street S2   unknown: not joined to the network (TOO_FAR)

so that of 5 people 2.5 (50 %) are covered, 1.5 (30 %) are a gap and 1 (20 %) is unknown. One
more person lives outside the area: 6 people were read.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.builders.coverage import NOBODY_JUDGED
from tests.builders.report_page import build_report
from tests.builders.report_result import (
    STATION,
    make_area,
    make_facilities,
    make_quality,
    make_result,
    make_study,
    text_of,
)

from circle15.access.counting import Counts
from circle15.inputs.area.study_area import StudyArea
from circle15.output.text.numbers import (
    area,
    clock,
    count,
    people,
    percent,
    persons_exact,
    plain_decimal,
    points,
    share,
    split_people,
)
from circle15.results.figures import facility_sums, unknown_people
from circle15.study.settings.rules.requirements import Circle, Rules


@pytest.fixture(scope="module")
def page() -> str:
    return text_of(build_report(make_result(), "en"))


def test_headline_says_who_is_covered(page):
    # 1.5 are a gap and print as 2, 1 is unknown, 2.5 are covered: the rest of the printed 5.
    assert (
        "Of 5 in the study area (people aged 60+), 2 ( 50.0% ) reach a service of the kind "
        "“Home-care station” on foot within 15 minutes; "
        "2 (30.0%) do not; for 1 (20.0%) this is unknown." in page
    )


def test_circles_are_compared_with_walking(page):
    assert "would have claimed 75.0%; walking gives 62.5%, a difference of 12.5" in page


def test_worst_communities_come_first(page):
    section = page.partition("The largest gaps In 1 of 2")[2]
    # Of 2.5 people 1.5 are a gap and 1 is unknown; home b walks 1200 s = 20:00 to the station.
    assert "1 K 2 S 2 3 2 1 0.0% 0.0% 20:00 Home-care station" in section


def test_balance_prints_a_sum_that_can_be_checked(page):
    # 6 read = 5 inside + 1 outside; nothing was calibrated.
    assert "people aged 60+ 6 5 1 — 5 0 常住 2020" in page
    assert "Checked: the demand points sum to this sheet" in page


def test_a_broken_balance_is_said_aloud():
    result = make_result()
    result.demand["p60_micro"] += 1
    assert "CHECK FAILED" in build_report(result, "en")


def test_unknown_people_are_named_by_what_would_settle_them(page):
    assert unknown_people(make_result()) == {STATION: {"TOO_FAR": 1_000_000}}
    assert "street that can be joined Unknown Home-care station 1 1" in page
    assert "Add the missing compound ways" in page


def test_zone_sheet_gives_all_numbers_and_the_mend(page):
    # Required 0.20 · 1000 = 200; R3 counts nothing below 300; the sum is 230: no plain gap.
    assert "Z1 Zone 1 existing 1,000 200 0 230 0 150 ▲ ▲ ▲ ▲ not met" in page
    assert "enlarge the zone's room 1 (now 150 m²) by 150 m²" in page
    assert "or a new site of 300 m²" in page
    assert "▲ gap — 20:44 25.0%" in page


def test_first_line_of_the_zones_says_whether_the_reading_matters(page):
    section = page.partition("Residential zones The three readings")[2]
    assert section.startswith(" (R1, R2, R3) agree for every zone.")


def test_rules_show_value_threshold_and_shortfall(page):
    assert "Z1 Zone 1 ▲ not met 0 ≥ 200 150 m²" in page


def test_network_and_attribution(page):
    assert "Length (km) 2.0" in page
    assert "footways, paths, steps and the like 1" in page
    assert "© OpenStreetMap contributors" in page


def test_quality_shows_islands_bands_and_the_worst(page):
    assert "Dead ends (share of nodes) 2 (66.7%)" in page
    assert "Private ways, share of length 25.0%" in page
    assert "0.30 2 1" in page  # the island: 0.3 km, 1.5 persons, one site
    assert "0-25 m 4 80.0% 2 2" in page
    assert "not joined 1 20.0% 1 0" in page
    assert "400.0 too far from the nearest street" in page
    assert "T1 Station Home-care station" in page


def test_synthetic_streets_are_not_attributed_to_openstreetmap():
    page = build_report(make_result(make_study(synthetic=True)), "en")
    assert "SYNTHETIC DATA" in page
    assert "© OpenStreetMap" not in page


def test_facility_sums_count_open_sites_and_keep_unknown_apart():
    result = make_result()
    (one,) = facility_sums(result.facilities, result.categories)
    assert (one.rows, one.open, one.floor_area_m2, one.area_unknown) == (2, 1, Decimal("320.25"), 0)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_study_still_makes_sense(language):
    empty = make_area("").streets.iloc[:0]
    result = replace(
        make_result(make_study(facilities=(), rules=Rules(), circle=Circle())),
        area=StudyArea(None, empty, empty, empty, []),
        categories=[],
        coverage_rows=[],
        zone_rows=[],
        catchments={},
        access=[],
        rules=[],
        zone_checks=[],
        findings=[],
        judged=NOBODY_JUDGED,
        facilities=make_facilities("").iloc[:0],
        quality=replace(make_quality(), far_sites=()),
    )
    page = text_of(build_report(result, language))
    assert "nan" not in page.casefold().replace("provenance", "")
    assert {"zh": "没有设施名单", "en": "no list of facilities"}[language] in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nobody_prints_as_a_dash(language):
    result = make_result()
    nobody = Counts(0, 0, 0, 0)
    rows = [replace(row, counts=nobody, claimed=nobody) for row in result.coverage_rows]
    zones = [replace(row, counts=nobody) for row in result.zone_rows]
    page = text_of(build_report(replace(result, coverage_rows=rows, zone_rows=zones), language))
    assert "15 0 0 0 0 — — —" in page
    assert "NaN" not in page


def test_same_result_gives_the_same_page():
    assert build_report(make_result(), "zh") == build_report(make_result(), "zh")


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (people(None), "—"),
        (people(2_499_999), "2"),
        (share(0, 5), "0.0%"),
        (share(5, 5), "100.0%"),
        (percent(None), "—"),
        (percent(float("nan")), "—"),
        (points(0.5, 0.5), "±0.0"),
        (points(0.4, 0.5), "−10.0"),
        (area(Fraction(3004, 10)), "300.4"),
        (area(Fraction(1, 300)), "0.003"),
        (area(Fraction(300) - Fraction(1, 1000), apart_from=Fraction(300)), "299.999"),
        (area(Decimal("1234567.5")), "1,234,567.5"),
        (clock(900.001), "15:01"),
        (clock(59.0), "0:59"),
        (count(0), "0"),
        (persons_exact(1), "0.000001"),
        (plain_decimal(Decimal("0.80")), "0.8"),
    ],
)
def test_numbers(found, wanted):
    assert found == wanted


def test_printed_parts_always_sum_to_the_printed_total():
    """Two of three parts of two thirds are rounded up, the covered are the rest."""
    parts = split_people(Counts(2_000_000, 666_667, 666_667, 666_666))
    assert parts == ("2", "0", "1", "1")


@pytest.mark.parametrize(("language", "end"), [("en", r"\.(?=\s|$)"), ("zh", "。")])
def test_the_first_page_says_exactly_three_sentences_and_five_figures(language, end):
    html = build_report(make_result(), language)
    said = re.findall("<li>(.*?)</li>", html.partition('class="headline"')[2].partition("</ol>")[0])
    assert len(said) == 3
    assert [len(re.findall(end, text_of(one))) for one in said] == [1, 1, 1]
    assert html.count('<span class="figure">') == 5


def test_the_fifth_figure_is_the_floor_area_that_zones_lack(page):
    # Zone Z1 lacks 150 m² (see make_checks); without any zone it is what circles would claim.
    assert "Elder-care rooms to add 150 m² in 1 zones" in page
    bare = text_of(build_report(replace(make_result(), zone_checks=[]), "en"))
    assert "Straight-line circles 75.0% +12.5 points compared with walking" in bare


def test_the_report_says_how_it_is_computed_again():
    """An analyst who is handed the page alone finds the command; the study's file has its name."""
    assert "circle15 run study.toml" in build_report(make_result(), "zh")
    assert "circle15 run study.toml" in build_report(make_result(), "en")
