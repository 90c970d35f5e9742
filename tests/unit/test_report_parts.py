"""Parts of the report, each against numbers worked out by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from tests.builders.coverage import with_coverage
from tests.builders.report_page import build_report
from tests.builders.report_result import STATION, make_area, make_result, make_study, text_of

from circle15.access.counting import Counts
from circle15.access.records import ZoneRow
from circle15.inputs.area.study_area import StudyArea
from circle15.output.charts.dots import DotChart, DotRow
from circle15.output.report.zones import ZONES_SHOWN
from circle15.output.text.sources import COMMUNITIES, SOURCES
from circle15.results.figures import is_detour
from circle15.results.gaps.gap_people import GapPeople
from circle15.results.gaps.gap_places import gap_homes, gap_place
from circle15.study.settings.rules.requirements import Circle


def homes(weight: list[int], minutes: list[float]) -> GapPeople:
    n = len(weight)
    return GapPeople(
        (STATION,),
        np.arange(n),
        np.array(weight),
        np.array(minutes) * 60_000.0,
        np.ones((1, n), bool),
        np.full(n, -1),
    )


@pytest.mark.parametrize(
    ("weight", "minutes", "median"),
    [
        ([1, 1, 1], [20, 30, 40], 30),
        ([2, 1, 1], [20, 30, 40], 20),  # half of the people are within 20 minutes
        ([1, 1, 5], [20, 30, np.inf], np.inf),  # most are beyond 60 minutes
        ([3], [17], 17),
    ],
)
def test_the_median_is_of_people_not_of_homes(weight, minutes, median):
    place = gap_place(homes(weight, minutes), np.ones(len(weight), bool))
    assert place.people == sum(weight)
    assert place.time_ms == median * 60_000


def test_homes_in_the_gap_are_those_that_are_counted():
    """Home b alone is in the gap: 1.5 people, 1200 s to the station, in community K2."""
    found = gap_homes(make_result())
    assert found is not None
    assert (found.row.tolist(), found.weight.tolist()) == ([1], [1_500_000])
    assert found.time_ms.tolist() == [1_200_000.0]
    place = gap_place(found, np.array([True]))
    assert place.lacking == {STATION: 1_500_000}


def test_what_is_lacking_is_told_apart():
    """Two services are required; home b lacks the meal site (25 min), not the station."""
    result = make_result(make_study(circle=Circle((STATION, "meal_point"))))
    rows = [
        {"demand_id": "a", "category": STATION, "time_ms": 300_000, "state": "covered"},
        {"demand_id": "b", "category": STATION, "time_ms": 600_000, "state": "covered"},
        {"demand_id": "a", "category": "meal_point", "time_ms": 300_000, "state": "covered"},
        {"demand_id": "b", "category": "meal_point", "time_ms": 1_500_000, "state": "gap"},
    ]
    table = pd.DataFrame(rows).assign(speed_m_s=1.0, cutoff_min=np.int32(15), facility_id="T1")
    table["time_ms"] = table["time_ms"].astype("Int64")
    found = gap_homes(with_coverage(result, table))
    assert found is not None
    place = gap_place(found, np.ones(1, bool))
    assert place.lacking == {STATION: 0, "meal_point": 1_500_000}
    assert place.time_ms == 1_500_000


@pytest.mark.parametrize(("claimed", "detour"), [(20, True), (19, False), (0, False)])
def test_a_detour_is_said_where_circles_claim_half_of_the_gap(claimed, detour):
    """100 people: 40 covered, 40 gap, 20 unknown; `claimed` of the gap are inside circles."""
    counts = Counts(100_000_000, 40_000_000, 40_000_000, 20_000_000)
    inside = Counts(0, 40_000_000, claimed * 1_000_000, 20_000_000)
    zone = ZoneRow("community", "K", "", STATION, "p60", 15, Decimal(1), counts, inside)
    assert is_detour(zone) is detour


def test_gap_areas_are_listed_without_communities_too():
    """Home b is the only gap: one area of one square, with its 1.5 people and 20:00."""
    area = make_area("")
    none = area.communities.iloc[:0]
    result = replace(make_result(), area=StudyArea(None, area.streets, none, area.parts, []))
    section = text_of(build_report(result, "en")).partition("Gap areas")[2]
    assert "There are 1 areas." in section
    assert re.search(r"reason 1 S 2 12\d\.\d{5}, 30\.\d{5} 2 20:00 Home-care station —", section)


def test_the_gap_areas_of_the_report_are_those_of_the_map():
    from circle15.output.map.gaps import gap_layers
    from circle15.results.states_by_choice import states_by_choice

    result = make_result()
    states = states_by_choice(result)
    (area,) = gap_layers(result, states)["all"]["15"]["areas"]
    assert area["persons"] == 2  # 1.5, as the report prints it


def test_everybody_of_the_balance_sheet_is_in_a_state_or_outside():
    # 2.5 covered + 1.5 gap + 1 unknown + 1 outside = 6 people: as printed 2 + 2 + 1 + 1 = 6.
    page = text_of(build_report(make_result(), "en"))
    assert "Covered Gap Unknown Outside the area Sum Home-care station 2 2 1 1 6" in page
    assert "in every row the four sum to the people of the balance sheet" in page


def test_people_lost_between_balance_and_states_are_said_aloud():
    result = make_result()
    rows = [
        replace(row, counts=Counts(4_000_000, 1_500_000, 1_500_000, 1_000_000))
        for row in result.coverage_rows
    ]
    page = build_report(replace(result, coverage_rows=rows), "en")
    assert "CHECK FAILED" in page


def test_each_reading_shows_its_verdicts_and_what_it_asks_for():
    """Zone Z1 needs 200 m² and has rooms of 150 and 80 m²; the least size of a site is 300 m².

    R1 and R3 are met by enlarging the room of 150 m² by 150 m². R2 wants every room to be large
    enough: 150 m² more for the one and 220 m² for the other are 370 m².
    """
    page = text_of(build_report(make_result(), "en")).partition("Sensitivity to the reading")[2]
    for reading, lacking in (("R1", 150), ("R2", 370), ("R3", 150)):
        row = page.partition(f"{reading} ")[2].partition(". ")[2]
        assert row.startswith(f"1 {lacking} ")


def test_of_many_zones_the_worst_are_shown_and_none_is_dropped_in_silence():
    result = make_result()
    (check,) = result.zone_checks
    many = [
        replace(check, zone=replace(check.zone, zone_id=f"Z{k:03}")) for k in range(ZONES_SHOWN + 9)
    ]
    html = build_report(replace(result, zone_checks=many), "en")
    said = f"Shown are the {ZONES_SHOWN} zones with the largest deficits; all {len(many)} are in"
    assert text_of(html).count(said) == 2  # floor areas and walking times
    few = build_report(result, "en")
    assert "zones with the largest deficits" not in few
    assert html.count("<strong>Z0") == 2 * ZONES_SHOWN


def test_every_part_with_a_table_names_its_source():
    html = build_report(make_result(), "en")
    for key in SOURCES:
        part = html.partition(f'id="{key}"')[2].partition("</section>")[0]
        assert ("<table" in part) == ('class="source"' in part), key


def test_sources_exist_in_the_other_results():
    from circle15.results.summary.schema import summary_schema
    from circle15.study.messages import messages

    keys = summary_schema()["properties"]
    for source in (*SOURCES.values(), COMMUNITIES):
        assert set(source.summary) <= set(keys)
        assert source.sheet is None or f"workbook.{source.sheet}" in messages("zh")


def test_dots_stand_at_their_share():
    svg = DotChart([DotRow("one", (0.5, 1.0))], ["walking", "circles"]).svg("Title")
    # The scale begins at 198 and is 450 wide.
    assert 'cx="423.0"' in svg
    assert 'cx="648.0"' in svg
    assert "50.0% · 100.0%" in svg
    assert "<title>Title</title>" in svg
    assert 'role="img"' in svg
    assert not DotChart([DotRow("one", (None, None))], ["a", "b"]).known
