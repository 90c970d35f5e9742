"""
The check of residential zones on one street, from the homes to the sheets.

    Z1 0–100    Z2 300–400                 f1
A===[====]======[====]=====================o======B     a street from x = 0 to 1000
    25 75       325 375                   700           homes stand every 50 m along the street

At 1.0 m/s a metre is a second. f1 stands 3 m off the street.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from python_calamine import CalamineWorkbook
from shapely import box
from tests.builders.small_inputs import MICRO, inputs_of, streets, walks_of, zone
from tests.builders.zone_pages import has_section, lines, rows, verdict_of
from tests.streets import EAST_M, NORTH_M, Way

from circle15.output.document.texts import Badge
from circle15.output.text.wording import Words
from circle15.output.zones import workbook
from circle15.output.zones.pages import zone_pages
from circle15.output.zones.workbook import write_zone_workbook
from circle15.rules.packs.load import load_pack
from circle15.zones.dossiers import expected_people, zone_papers
from circle15.zones.judging import check_zones
from circle15.zones.records import ExpectedPeople

NODES = {"A": (0.0, 0.0), "B": (1000.0, 0.0)}
PACK = load_pack("liangxi-2025")
ZONES = (
    zone("Z1", 0, 100, households=Decimal(1000)),
    zone("Z2", 300, 400, households=Decimal(200)),
)
HOMES = {"h1": (650, 0, 25), "h2": (800, 0, 7)}


def judged(zones=ZONES, *, way="AB", packs=(PACK,), sites=None, **columns):
    network = streets(NODES, way)
    places = {"f1": (700.0, 3.0)} if sites is None else sites
    inputs = inputs_of(network, HOMES, places, zones=zones, **columns)
    walks = walks_of(inputs)
    judge = walks.judge(walks.usual)
    return inputs, judge, check_zones(zones, judge, inputs.study, packs)


def papers(*args, **kwargs):
    inputs, judge, found = judged(*args, **kwargs)
    packs = kwargs.get("packs", (PACK,))
    told = {"circle15": "0", "inputs": [{"path": "zones.csv", "sha256": "00ff"}], "columns": []}
    return zone_papers(inputs, judge, found, packs, told)


def test_how_far_the_homes_of_each_zone_walk():
    """Z1: 675 + 3 and 625 + 3 m; Z2: 375 + 3 and 325 + 3 m. The lower median is the nearer."""
    _, _, found = judged()
    times = {
        check.zone.zone_id: (one.worst_s, one.median_s, one.share_inside, one.state)
        for check in found.checks
        for one in check.circle
    }
    assert times == {"Z1": (678, 628, 1.0, "covered"), "Z2": (378, 328, 1.0, "covered")}
    assert found.homes.owner.tolist() == [0, 0, 1, 1]
    assert found.findings == []


def test_zones_are_as_far_apart_as_their_nearest_homes():
    """From 75 to 325: 250 m; within 249.999 m there is no pair."""
    _, _, found = judged()
    assert found.apart(Decimal(250)) == {("Z1", "Z2"): 250_000}
    assert found.apart(Decimal("249.999")) == {}


def test_zones_that_connect_one_way_only_are_not_neighbours():
    _, _, found = judged(way=Way("AB", one_way=True))
    assert found.apart(Decimal(2000)) == {}


def test_floor_area_is_judged_with_the_first_law():
    """20 m² per 100 households: 200 m² for Z1, and 40 m² for Z2; none has a room."""
    _, _, found = judged()
    sheets = {one.zone.zone_id: one.sheet for one in found.checks}
    assert [(key, sheet.required_m2) for key, sheet in sheets.items()] == [("Z1", 200), ("Z2", 40)]
    _, _, without = judged(packs=())
    assert [one.sheet for one in without.checks] == [None, None]


def test_a_zone_off_the_streets_and_an_entrance_off_them_are_reported():
    """Z3 lies 500 m north, farther than 200 m. Z4 has one entrance on the street, one far off."""
    far = replace(
        ZONES[0], zone_id="Z3", shape=box(EAST_M, NORTH_M + 500, EAST_M + 9, NORTH_M + 509)
    )
    doors = ((EAST_M + 10, NORTH_M), (EAST_M + 10, NORTH_M + 900))
    gated = replace(ZONES[0], zone_id="Z4", entrances=doors)
    _, _, found = judged((far, gated))
    said = {(one.code, one.detail["zone_id"], one.detail["lost"]) for one in found.findings}
    assert said == {("ZONE_OFF_STREETS", "Z3", "1"), ("ZONE_ENTRANCE_UNJOINED", "Z4", "1")}
    assert [one.state for check in found.checks for one in check.circle] == ["unknown", "unknown"]


def test_the_route_of_a_zone_begins_at_its_farthest_home():
    """From x = 25 along 675 m of street, then 3 m to the door: 678 s."""
    first = papers().dossiers[0]
    (reached,) = first.reached
    assert (reached.facility_id, reached.name, reached.origin) == (
        "f1",
        "site f1",
        "stations.csv:2",
    )
    assert sum(step.time_ms for step in reached.route.steps) == 678_000
    assert sum(step.length_m for step in reached.route.steps) == pytest.approx(678)
    assert len(first.homes_m) == 2
    assert not reached.from_entrance


def test_others_who_go_to_the_site_are_counted():
    """25 people at x = 650 and 7 at x = 800 have no nearer one."""
    (reached,) = papers().dossiers[0].reached
    assert reached.others_micro == 32 * MICRO


def test_expected_people_need_households_their_size_and_the_total():
    """1000 households · 2.45 · 32 ÷ 100 of the area = 784."""
    inputs, _, found = judged()
    check = found.checks[0]
    assert expected_people(inputs, check) == (None, "total")
    demand = replace(inputs.study.demand, household_size=None)
    without = replace(inputs, study=replace(inputs.study, demand=demand))
    assert expected_people(without, check) == (None, "household_size")
    unknown = replace(check, zone=replace(check.zone, households=None))
    assert expected_people(inputs, unknown) == (None, "households")
    all_of_them = replace(inputs.population.balances[0], group="total", inside=100 * MICRO)
    balances = [*inputs.population.balances, all_of_them]
    full = replace(inputs, population=replace(inputs.population, balances=balances))
    people, missing = expected_people(full, check)
    assert people is not None
    assert (people.persons, missing) == (Fraction(784), "")
    everybody = replace(full.study, demand=replace(full.study.demand, group="total"))
    people, _ = expected_people(replace(full, study=everybody), check)
    assert people == ExpectedPeople(Fraction(1000), Fraction("2.45"), Fraction(1), Fraction(1))


def test_without_a_site_there_is_no_route():
    """Its list is complete everywhere, so that the zone lies in a gap."""
    (reached,) = papers(sites={"f1": (700.0, 3.0)}, open=False).dossiers[0].reached
    assert (reached.circle.state, reached.facility_id, reached.route) == ("gap", "", None)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sheets_show_the_walk_and_the_verdict(language):
    found = papers()
    first, _ = zone_pages(found, Words(language, found.study))
    assert verdict_of(first) == "not_met"
    ((_, state, site, median, worst, inside),) = rows(first, "circle")
    assert isinstance(state, Badge)
    assert (state.word, median, worst, inside) == ("covered", "10:28", "11:18", "100.0%")
    assert "site f1" in str(site)
    assert any("11:18" in line or "678" in line for line in lines(first, "circle"))
    assert has_section(first, "circle")


def test_the_workbook_has_an_overview_and_a_sheet_for_each_zone(tmp_path, monkeypatch):
    """Text from data stays text: a name that begins with = is no formula."""
    named = replace(ZONES[0], name='=HYPERLINK("x")')
    found = papers((named, ZONES[1]))
    write_zone_workbook(found, tmp_path / "z.xlsx", "en")
    book = CalamineWorkbook.from_path(str(tmp_path / "z.xlsx"))
    overview, *sheets = book.sheet_names
    assert sheets[:2] == ["Z1", "Z2"]
    table = book.get_sheet_by_name(overview).to_python()
    assert [row[:3] for row in table[1:]] == [
        ["Z1", '=HYPERLINK("x")', "▲ not met"],
        ["Z2", "name Z2", "▲ not met"],
    ]
    first = [cell for row in book.get_sheet_by_name("Z1").to_python() for cell in row]
    assert "11:18" in first
    assert 200.0 in first  # m² required
    hashes = book.get_sheet_by_name(sheets[2]).to_python()
    assert hashes[1][:2] == ["zones.csv", "00ff"]
    again = tmp_path / "again.xlsx"
    write_zone_workbook(found, again, "en")
    assert again.read_bytes() == (tmp_path / "z.xlsx").read_bytes()
    monkeypatch.setattr(workbook, "MOST_SHEETS", 1)
    write_zone_workbook(found, again, "zh")
    shorter = CalamineWorkbook.from_path(str(again))
    assert "Z2" not in shorter.sheet_names
    assert "1" in str(shorter.get_sheet_by_name(shorter.sheet_names[0]).to_python()[-1][0])
